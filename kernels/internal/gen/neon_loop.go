package gen

import (
	"fmt"
	"strings"
)

// The loop around a body on arm64. R0 is dst, R1 and R8 are the slices that are read, R2 counts, R3 is the
// constant table. What remains after the whole vectors is padded with zeros in the frame, goes through the same
// body, and is copied from the frame to dst: R2 is then negative, and R4 is how many values there are.

var neonPointers = []string{"R1", "R8"}

func (n neon) kernel(k kernel, b body) string {
	var w strings.Builder
	write := func(format string, args ...any) { fmt.Fprintf(&w, format+"\n", args...) }
	lines := func(lines []string) {
		for _, line := range lines {
			write("%s", line)
		}
	}
	copies := len(b.result)
	values, frame := n.lanes()*copies, 16*copies
	part := fmt.Sprintf("part-%d(SP)", frame)

	write("%s", k.head(n, frame))
	write("\tMOVD dst_base+0(FP), R0")
	for i, s := range k.slices {
		write("\tMOVD %s_base+%d(FP), %s", s, 24+24*i, neonPointers[i])
	}
	write("\tMOVD x_len+32(FP), R2")
	write("\tMOVD $constants<>(SB), R3")
	lines(b.once)
	write("\tB next")

	write("\nvector:")
	for i, s := range k.slices {
		write("\t%s", load(b.loaded[s], ".P", fmt.Sprintf("%d(%s)", frame, neonPointers[i])))
	}
	write("\nbody:")
	lines(b.each)
	write("\tTBNZ $63, R2, storePart")
	write("\t%s", store(b.result, ".P", fmt.Sprintf("%d(R0)", frame)))

	write("\nnext:")
	write("\tSUBS $%d, R2", values)
	write("\tBGE vector")
	write("\tADDS $%d, R2, R4", values)
	write("\tBEQ done")
	for i, s := range k.slices {
		if copies == 2 {
			write("\tSTP (ZR, ZR), part-16(SP)")
		}
		write("\tSTP (ZR, ZR), %s", part)
		write("\tMOVD $%s, R5", part)
		write("\tMOVD R4, R6")
		write("\nload%d:", i)
		write("\tMOVWU.P 4(%s), R7", neonPointers[i])
		write("\tMOVW.P R7, 4(R5)")
		write("\tSUBS $1, R6")
		write("\tBNE load%d", i)
		write("\t%s", load(b.loaded[s], "", part))
	}
	write("\tB body")

	write("\nstorePart:")
	write("\t%s", store(b.result, "", part))
	write("\tMOVD $%s, R5", part)
	write("\nstore:")
	write("\tMOVWU.P 4(R5), R7")
	write("\tMOVW.P R7, 4(R0)")
	write("\tSUBS $1, R4")
	write("\tBNE store")
	write("\ndone:")
	write("\tRET")
	return w.String()
}

// load and store move one vector or two.

func load(registers []string, suffix, from string) string {
	if len(registers) == 1 {
		return fmt.Sprintf("FMOVQ%s %s, F%s", suffix, from, registers[0][1:])
	}
	return fmt.Sprintf("FLDPQ%s %s, (F%s, F%s)", suffix, from, registers[0][1:], registers[1][1:])
}

func store(registers []string, suffix, to string) string {
	if len(registers) == 1 {
		return fmt.Sprintf("FMOVQ%s F%s, %s", suffix, registers[0][1:], to)
	}
	return fmt.Sprintf("FSTPQ%s (F%s, F%s), %s", suffix, registers[0][1:], registers[1][1:], to)
}

func (n neon) constantBytes() int { return 16 }

// constantTable writes each constant four times.
func (n neon) constantTable(constants []*value) string {
	var w strings.Builder
	w.WriteString(fourTimes)
	for i, c := range constants {
		fmt.Fprintf(&w, "FOUR(%d, $0x%08x%08x) // %s\n", 16*i, c.bits, c.bits, c.name)
	}
	fmt.Fprintf(&w, "GLOBL constants<>(SB), RODATA|NOPTR, $%d\n", 16*len(constants))
	return w.String()
}

const fourTimes = `// FOUR puts four copies of a constant, given as a pair, into the table.
#define FOUR(at, pair) \
	DATA constants<>+(at)(SB)/8, pair; \
	DATA constants<>+(at+8)(SB)/8, pair

`
