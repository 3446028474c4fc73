package gen

import (
	"fmt"
	"strings"
)

// The loop around a body on amd64. DI, SI and BX are the ends of dst and of the slices that are read, R8 is the
// constant table. CX counts up from −n, and is the end of the vector at hand: the vector is there in whole while
// CX is not positive. What then remains goes through the same body with a masked load and a masked store.

var x86Pointers = []string{"SI", "BX"}

func (x x86) kernel(k kernel, b body) string {
	var w strings.Builder
	write := func(format string, args ...any) { fmt.Fprintf(&w, format+"\n", args...) }
	lines := func(lines []string) {
		for _, line := range lines {
			write("%s", line)
		}
	}
	at := func(pointer string) string { return fmt.Sprintf("-%d(%s)(CX*4)", 4*x.lanes(), pointer) }
	result, mask := b.result[0], "K1"
	if !x.wide {
		mask = b.free[0]
	}

	write("%s", k.head(x, 0))
	write("\tMOVQ dst_base+0(FP), DI")
	for i, s := range k.slices {
		write("\tMOVQ %s_base+%d(FP), %s", s, 24+24*i, x86Pointers[i])
	}
	write("\tMOVQ x_len+32(FP), CX")
	for _, pointer := range append([]string{"DI"}, x86Pointers[:len(k.slices)]...) {
		write("\tLEAQ (%s)(CX*4), %s", pointer, pointer)
	}
	write("\tNEGQ CX")
	write("\tLEAQ constants<>(SB), R8")
	lines(b.once)
	write("\tJMP next")

	write("\nvector:")
	for i, s := range k.slices {
		write("\tVMOVUPS %s, %s", at(x86Pointers[i]), b.loaded[s][0])
	}
	write("\nbody:")
	lines(b.each)
	write("\tTESTQ CX, CX")
	write("\tJGT storePart")
	write("\tVMOVUPS %s, %s", result, at("DI"))

	write("\nnext:")
	write("\tADDQ $%d, CX", x.lanes())
	write("\tJLE vector")
	write("\tCMPQ CX, $%d", x.lanes())
	write("\tJEQ done")
	write("\tPART_MASK(%s)", mask)
	for i, s := range k.slices {
		if x.wide {
			write("\tVMOVUPS.Z %s, %s, %s", at(x86Pointers[i]), mask, b.loaded[s][0])
		} else {
			write("\tVMASKMOVPS %s, %s, %s", at(x86Pointers[i]), mask, b.loaded[s][0])
		}
	}
	write("\tJMP body")

	write("\nstorePart:")
	if x.wide {
		write("\tVMOVUPS %s, %s, %s", result, mask, at("DI"))
	} else {
		write("\tPART_MASK(%s)", mask)
		write("\tVMASKMOVPS %s, %s, %s", result, mask, at("DI"))
	}
	write("\ndone:")
	write("\tVZEROUPPER")
	write("\tRET")
	return w.String()
}

// constantTable is followed by the macro for the last vector.
func (x x86) constantTable(constants []*value) string {
	if x.wide {
		return x.constants(constants) + "\n" + partMaskAVX512
	}
	return x.constants(constants) + "\n" + partMaskAVX2
}

// constants writes each constant once for broadcasts, or once a lane for whole-vector operands.
func (x x86) constants(constants []*value) string {
	var w strings.Builder
	if x.wide {
		for i, c := range constants {
			fmt.Fprintf(&w, "DATA constants<>+%d(SB)/4, $0x%08x // %s\n", 4*i, c.bits, c.name)
		}
	} else {
		w.WriteString(eightTimes)
		for i, c := range constants {
			fmt.Fprintf(&w, "EIGHT(%d, $0x%08x%08x) // %s\n", 32*i, c.bits, c.bits, c.name)
		}
	}
	fmt.Fprintf(&w, "GLOBL constants<>(SB), RODATA|NOPTR, $%d\n", x.constantBytes()*len(constants))
	return w.String()
}

func (x x86) constantBytes() int {
	if x.wide {
		return 4
	}
	return x.bytes()
}

const eightTimes = `// EIGHT puts eight copies of a constant, given as a pair, into the table.
#define EIGHT(at, pair) \
	DATA constants<>+(at)(SB)/8, pair; \
	DATA constants<>+(at+8)(SB)/8, pair; \
	DATA constants<>+(at+16)(SB)/8, pair; \
	DATA constants<>+(at+24)(SB)/8, pair

`

const partMaskAVX512 = `// PART_MASK sets the low 16-CX bits of mask, for 0 < CX < 16.
#define PART_MASK(mask) \
	MOVL $0xffff, AX; \
	SHRL CX, AX; \
	KMOVW AX, mask
`

const partMaskAVX2 = `DATA partMasks<>+0(SB)/8, $-1
DATA partMasks<>+8(SB)/8, $-1
DATA partMasks<>+16(SB)/8, $-1
DATA partMasks<>+24(SB)/8, $-1
DATA partMasks<>+32(SB)/8, $0
DATA partMasks<>+40(SB)/8, $0
DATA partMasks<>+48(SB)/8, $0
DATA partMasks<>+56(SB)/8, $0
GLOBL partMasks<>(SB), RODATA|NOPTR, $64

// PART_MASK sets the low 8-CX lanes of mask, for 0 < CX < 8: a window on eight ones and eight zeros.
#define PART_MASK(mask) \
	LEAQ partMasks<>(SB), AX; \
	VMOVUPS (AX)(CX*4), mask
`
