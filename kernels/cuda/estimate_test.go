//go:build cudabuild

package cuda

import (
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/edge-infer/edge-infer/kernels"
	"github.com/edge-infer/edge-infer/kernels/cuda/ptxsim"
)

// estimates is a table of what the kernels do, counted, and of how long that may take, estimated.
const estimates = "ESTIMATES.md"

// A board as its maker describes it: NVIDIA's data sheets of the modules and the CUDA C++ programming guide (cores of
// a multiprocessor).
type board struct {
	name      string
	traits    Traits
	cores     int     // of a multiprocessor: fused multiply-adds a clock
	clock     float64 // GHz, the greatest
	bandwidth float64 // GB/s
}

var boards = []board{
	{"Nano", Traits{53, 1, 48 << 10}, 128, 0.9216, 25.6},
	{"TX2", Traits{62, 2, 48 << 10}, 128, 1.302, 59.7},
	{"Xavier NX", Traits{72, 6, 48 << 10}, 64, 1.1, 59.7},
	{"Orin Nano 8GB", Traits{87, 8, 48 << 10}, 128, 0.625, 68},
	{"AGX Orin 64GB", Traits{87, 16, 48 << 10}, 128, 1.3, 204.8},
	{"Thor T5000", Traits{110, 20, 48 << 10}, 128, 1.575, 273},
}

const (
	launchCost = 5.0 // µs, an assumption: from one launch to the next, or for a graph
	issueRate  = 4   // instructions of warps that a multiprocessor issues in a clock
)

type estimated struct {
	widths  []int
	batches []int
}

var estimatedNetworks = []estimated{
	{[]int{2, 2, 1}, []int{1, 64}},
	{[]int{64, 64, 64, 8}, []int{1, 64}},
	{[]int{784, 256, 10}, []int{1, 64}},
	{[]int{784, 512, 256, 10}, []int{1, 64}},
	{[]int{12288, 1}, []int{1, 64}},
	{[]int{1024, 1024, 1024, 1024, 1024}, []int{1}},
}

func (e estimated) String() string {
	return strings.Trim(strings.ReplaceAll(fmt.Sprint(e.widths), " ", "-"), "[]")
}

func (e estimated) build(n network) {
	for i, out := range e.widths[1:] {
		in := e.widths[i]
		n.Dense(make([]float32, in*out), make([]float32, out), out)
		if i < len(e.widths)-2 {
			n.Map(kernels.FuncReLU, 0, 0)
		}
	}
	if e.widths[len(e.widths)-1] > 1 {
		n.Softmax()
	} else {
		n.Map(kernels.FuncSigmoid, 0, 0)
	}
}

// work is what cannot be avoided: each weight and each row once, and the products.
func (e estimated) work(rows int) (bytes, products int64) {
	for i, out := range e.widths[1:] {
		bytes += 4 * int64(e.widths[i]+1) * int64(out)
		products += int64(e.widths[i]) * int64(out) * int64(rows)
	}
	return bytes + 4*int64(rows)*int64(e.widths[0]+e.widths[len(e.widths)-1]), products
}

// What the kernels do is counted by the interpreter; how long it takes is a guess that waits for a board.
func TestEstimates(t *testing.T) {
	var counted, guessed strings.Builder
	for _, e := range estimatedNetworks {
		for _, rows := range e.batches {
			least, products := e.work(rows)
			fmt.Fprintf(&guessed, "| %v | %d |", e, rows)
			for _, board := range boards {
				p := program(t, e.build, e.widths[0], board.traits, 0)
				trace := board.name == "Orin Nano 8GB"
				time := 0.0
				var sum ptxsim.Counts
				s := simulated{trace: trace, counts: func(l Launch, c *ptxsim.Counts) {
					busy := float64(min(l.Grid[0]*l.Grid[1], board.traits.Multiprocessors)) * board.clock * 1e3 // clocks a µs
					time += launchCost + max(float64(c.WarpInstructions)/issueRate/busy, float64(c.Warp.FMA)*lanes/float64(board.cores)/busy)
					sum.WarpInstructions += c.WarpInstructions
					sum.GlobalSectors += c.GlobalSectors
				}}
				if _, err := s.run(p, p.Launches(rows), rows, make([]byte, 4*rows*p.InputStride)); err != nil {
					t.Fatal(err)
				}
				launches := len(p.Launches(rows))
				time = max(time, float64(launches)*launchCost+float64(least)/board.bandwidth/1e3)
				fmt.Fprintf(&guessed, " %.0f |", time)
				if trace {
					fmt.Fprintf(&counted, "| %v | %d | %d | 0 or 2 | %d | %.2f | %.2f |\n", e, rows, launches, least,
						float64(32*sum.GlobalSectors)/float64(least), float64(lanes*sum.WarpInstructions)/float64(products))
				}
			}
			guessed.WriteString("\n")
		}
	}
	text := "# What an inference does on a GPU\n\n" +
		"Counted by the interpreter of package ptxsim, for the plan of a device of 8 multiprocessors (Orin Nano). Copies: none where\n" +
		"kernels read and write the host's memory in place (Xavier and later), one in and one out elsewhere. The least bytes are\n" +
		"each weight and each row once; what warps ask for is counted before any cache, in sectors of 32 bytes. Instructions are those\n" +
		"that warps issue, 32 a piece, for each product of an input and a weight: 1 is the least.\n\n" +
		"| network | batch | launches | copies | least bytes | asked for ÷ least | instructions a product |\n|---|---|---|---|---|---|---|\n" +
		counted.String() +
		"\n# How long that may take\n\n" +
		"**Estimates, in µs; nothing here has run on a board.** The greater of two times: what the multiprocessors issue at 4\n" +
		fmt.Sprintf("instructions a clock and their FMA rate, and the least bytes at the memory's bandwidth; and %.0f µs for each launch, which is an\n", launchCost) +
		"assumption. Latency of memory, copies and the wait at the end are not in it, and they are what small networks are made of: there the\n" +
		"processor is faster, which is why `--backend auto` measures. Clocks, cores and bandwidths are those of NVIDIA's data sheets:\n"
	for i, b := range boards {
		separator := ",\n"
		if i == len(boards)-1 {
			separator = ".\n"
		}
		text += fmt.Sprintf("%s %d×%d cores at %.4g GHz, %.4g GB/s%s", b.name, b.traits.Multiprocessors, b.cores, b.clock, b.bandwidth, separator)
	}
	text += "\n| network | batch |"
	for _, b := range boards {
		text += " " + b.name + " |"
	}
	text += "\n|---|---|" + strings.Repeat("---|", len(boards)) + "\n" + guessed.String()
	if *write {
		if err := os.WriteFile(estimates, []byte(text), 0o666); err != nil {
			t.Fatal(err)
		}
		return
	}
	if committed, err := os.ReadFile(estimates); err != nil || string(committed) != text {
		t.Errorf("%s is not what is counted now (%v): run go generate ./kernels/cuda", estimates, err)
	}
}
