//go:build cudabuild

package cuda

import (
	"fmt"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// registerTable is what ptxas makes of the kernels, for each generation of boards.
const registerTable = "REGISTERS.md"

// generations are the compute capabilities that the kernels are assembled for, which ptxas does it, and which boards
// have them. CUDA 13 left out what came before 7.5, and 12 does not know 11.0.
var generations = []struct {
	compute int
	tool    string
	boards  string
}{
	{53, "12", "Nano, TX1"},
	{62, "12", "TX2"},
	{72, "12", "Xavier NX, AGX Xavier"},
	{75, "12", "desktop (Turing)"},
	{87, "12", "Orin Nano, Orin NX, AGX Orin"},
	{89, "12", "desktop (Ada)"},
	{90, "12", "server (Hopper)"},
	{110, "13", "Thor"},
}

// tool returns a program that the environment names.
func tool(t *testing.T, name string) string {
	path := os.Getenv(name)
	if path == "" {
		t.Fatalf("%s is not set: it names ptxas of CUDA 12 (EDGE_INFER_PTXAS12), ptxas of CUDA 13 (EDGE_INFER_PTXAS13) or nvdisasm (EDGE_INFER_NVDISASM), "+
			"which lie in the packages nvidia-cuda-nvcc-cu12 12.9.86, nvidia-cuda-nvcc and nvidia-cuda-nvdisasm of PyPI", name)
	}
	return path
}

// usage is what one kernel takes.
type usage struct {
	kernel    string
	registers int
	stack     int
	spills    int
}

var (
	functionLine = regexp.MustCompile(`Compiling entry function '(\w+)'`)
	spillLine    = regexp.MustCompile(`(\d+) bytes stack frame, (\d+) bytes spill stores, (\d+) bytes spill loads`)
	usedLine     = regexp.MustCompile(`Used (\d+) registers`)
)

// assemble assembles a module, and returns the code and what each kernel takes, in the order of their names.
func assemble(t *testing.T, compute int, version, file string) (cubin string, list []usage) {
	cubin = filepath.Join(t.TempDir(), "kernels.cubin")
	command := exec.Command(tool(t, "EDGE_INFER_PTXAS"+version), "-v", fmt.Sprintf("-arch=sm_%d", compute), "-o", cubin, file)
	report, err := command.CombinedOutput()
	if err != nil {
		t.Fatalf("ptxas: %v\n%s", err, report)
	}
	var u usage
	for line := range strings.Lines(string(report)) {
		if m := functionLine.FindStringSubmatch(line); m != nil {
			u = usage{kernel: m[1]}
		}
		if m := spillLine.FindStringSubmatch(line); m != nil {
			stack, _ := strconv.Atoi(m[1])
			stores, _ := strconv.Atoi(m[2])
			loads, _ := strconv.Atoi(m[3])
			u.stack, u.spills = stack, stores+loads
		}
		if m := usedLine.FindStringSubmatch(line); m != nil {
			u.registers, _ = strconv.Atoi(m[1])
			list = append(list, u)
		}
	}
	slices.SortFunc(list, func(a, b usage) int { return strings.Compare(a.kernel, b.kernel) })
	return cubin, list
}

// ptxas takes the kernels for every generation, keeps everything in registers, and needs no more of them than a block
// of 256 threads may have anywhere. What it takes is committed as a table.
func TestAssemble(t *testing.T) {
	var names, orin []string
	var b strings.Builder
	b.WriteString("# What the kernels take\n\n" +
		"Registers of a thread by ptxas (CUDA 12.9; for 11.0 CUDA 13.5). No kernel spills, and none uses static shared memory: what a\n" +
		"launch asks for is in [program.go](program.go). A block has at most 256 threads, so 128 registers fit on every board.\n" +
		"`go generate ./kernels/cuda` writes this file, and a test fails when it is not what the tools say.\n\n")
	for _, g := range generations {
		file := modules[0].file
		if g.compute >= dp4a {
			file = modules[1].file
		}
		cubin, list := assemble(t, g.compute, g.tool, file)
		if names == nil {
			b.WriteString("| compute capability | boards |")
			for _, u := range list {
				names = append(names, u.kernel)
				fmt.Fprintf(&b, " %s |", u.kernel)
			}
			fmt.Fprintf(&b, "\n|---|---|%s\n", strings.Repeat("---|", len(names)))
		}
		if len(list) != len(names) {
			t.Fatalf("%d kernels for %d, %d before", len(list), g.compute, len(names))
		}
		fmt.Fprintf(&b, "| %d.%d | %s |", g.compute/10, g.compute%10, g.boards)
		for _, u := range list {
			if u.spills != 0 || u.stack != 0 {
				t.Errorf("%s for %d: %d bytes of stack, %d of spills", u.kernel, g.compute, u.stack, u.spills)
			}
			if u.registers > 128 {
				t.Errorf("%s for %d: %d registers", u.kernel, g.compute, u.registers)
			}
			fmt.Fprintf(&b, " %d |", u.registers)
		}
		b.WriteString("\n")
		if g.compute == 87 {
			orin = disassemble(t, cubin)
		}
	}
	b.WriteString("\n# The inner loops\n\n" +
		"The machine code of compute capability 8.7, by nvdisasm (CUDA 13.5, which no longer reads the generations before 7.5): the\n" +
		"loop of each kernel that holds the greatest share of FFMA. Loads are 16 bytes a thread, but for the inputs of the dot order,\n" +
		"of which a warp reads 128 bytes in a row.\n\n| kernel | FFMA | of all instructions | share | loads |\n|---|---|---|---|---|\n")
	for _, l := range hottestLoops(orin) {
		fmt.Fprintf(&b, "| %s | %d | %d | %.0f %% | %s |\n", l.kernel, l.fma, l.instructions, 100*float64(l.fma)/float64(l.instructions), l.loads)
	}
	if *write {
		if err := os.WriteFile(registerTable, []byte(b.String()), 0o666); err != nil {
			t.Fatal(err)
		}
		return
	}
	if committed, err := os.ReadFile(registerTable); err != nil || string(committed) != b.String() {
		t.Errorf("%s is not what the tools say (%v): run go generate ./kernels/cuda", registerTable, err)
	}
}

// disassemble returns the lines of nvdisasm.
func disassemble(t *testing.T, cubin string) []string {
	text, err := exec.Command(tool(t, "EDGE_INFER_NVDISASM"), "-c", cubin).Output()
	if err != nil {
		t.Fatalf("nvdisasm: %v", err)
	}
	return strings.Split(string(text), "\n")
}

// A loop is one of machine code.
type loop struct {
	kernel            string
	fma, instructions int
	loads             string
}

var (
	sectionLine = regexp.MustCompile(`^\.text\.(\w+):`)
	labelLine   = regexp.MustCompile(`^(\.L_\S+):`)
	codeLine    = regexp.MustCompile(`/\*[0-9a-f]+\*/\s+(?:@!?U?P\d+ )?(\S+?)[ ;](.*)`)
	branchTo    = regexp.MustCompile("`\\((\\.L_\\S+?)\\)")
)

// hottestLoops returns the loop with the greatest share of FFMA of each dense kernel.
func hottestLoops(lines []string) []loop {
	best := map[string]loop{}
	var kernel string
	var code []string
	var labels map[string]int
	for _, line := range lines {
		if m := sectionLine.FindStringSubmatch(line); m != nil {
			kernel, code, labels = m[1], nil, map[string]int{}
		}
		if m := labelLine.FindStringSubmatch(line); m != nil && labels != nil {
			labels[m[1]] = len(code)
		}
		m := codeLine.FindStringSubmatch(line)
		if m == nil {
			continue
		}
		code = append(code, m[1])
		to := branchTo.FindStringSubmatch(m[2])
		if to == nil || !strings.HasPrefix(m[1], "BRA") {
			continue
		}
		start, before := labels[to[1]]
		if !before {
			continue // a branch forwards
		}
		l := newLoop(kernel, code[start:])
		old, found := best[kernel]
		if l.fma >= 8 && (!found || l.fma*old.instructions > old.fma*l.instructions) {
			best[kernel] = l
		}
	}
	var list []loop
	for _, name := range slices.Sorted(maps.Keys(best)) {
		if name != "elements_f32" && name != "dense_int8_f32" { // whose loops are those of the elementwise functions
			list = append(list, best[name])
		}
	}
	return list
}

func newLoop(kernel string, code []string) loop {
	l := loop{kernel: kernel, instructions: len(code)}
	loads := map[string]int{}
	for _, c := range code {
		if c == "FFMA" {
			l.fma++
		}
		if strings.HasPrefix(c, "LD") {
			loads[c]++
		}
	}
	var parts []string
	for _, name := range slices.Sorted(maps.Keys(loads)) {
		parts = append(parts, fmt.Sprintf("%d %s", loads[name], name))
	}
	l.loads = strings.Join(parts, ", ")
	return l
}
