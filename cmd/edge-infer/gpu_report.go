package main

import (
	"errors"
	"fmt"
	"time"

	"github.com/edge-infer/edge-infer/runtime"
)

// chosen tells what runs a model, given what it knows of the GPU and the processor's backend: "avx2",
// or "avx2 up to 37 rows, cuda from 38 on (Orin, CUDA 12.6)" where the rows decide.
func chosen(t runtime.Tuning, cpu runtime.Backend) string {
	gpu := fmt.Sprintf("(%s, CUDA %s)", printable(t.GPU.Name), t.GPU.Driver)
	switch {
	case t.FromRows == 0 && t.Measured != nil:
		return fmt.Sprintf("%s, since %s is slower %s", cpu, runtime.CUDA, gpu)
	case t.FromRows == 0:
		return string(cpu)
	case t.FromRows == 1:
		return fmt.Sprintf("%s %s", runtime.CUDA, gpu)
	}
	return fmt.Sprintf("%s up to %s, %s from %d on %s", cpu, plural(t.FromRows-1, "row"), runtime.CUDA, t.FromRows, gpu)
}

// chosenByAuto tells which backend auto picks.
func chosenByAuto(t runtime.Tuning, cpu runtime.Backend) string {
	if t.Measured != nil {
		return "auto: " + chosen(t, cpu)
	}
	return chosen(t, cpu) + ", which auto picks here"
}

// gpuText tells what auto has measured, or why it leaves the GPU alone; it is empty in a build without
// CUDA.
func gpuText(t runtime.Tuning, cpu runtime.Backend) string {
	m := t.Measured
	switch {
	case errors.Is(t.Unused, runtime.ErrWithoutCUDA):
		return ""
	case m == nil:
		return fmt.Sprintf("not used: %v", t.Unused)
	}
	took := func(d time.Duration) string { return span(float64(d)) }
	text := fmt.Sprintf("1 row takes %s %s, and %s %s", cpu, took(m.CPUOne), runtime.CUDA, took(m.GPUOne))
	if m.GPUMany > 0 {
		text += fmt.Sprintf("; %d rows %s and %s", m.Rows, took(m.CPUMany), took(m.GPUMany))
	}
	switch {
	case t.Kept:
		text += "; measured before: --tune measures anew"
	case t.Unkept != nil:
		text += fmt.Sprintf("; %v", t.Unkept)
	}
	return text
}

// gpuJSON is the GPU in what inspect --json prints.
type gpuJSON struct {
	Name     string        `json:"name,omitempty"`
	Compute  string        `json:"compute_capability,omitempty"`
	CUDA     string        `json:"cuda,omitempty"` // that the driver offers
	FromRows int           `json:"from_rows"`      // calls with so many rows or more run on it; 0 if none does
	Unused   string        `json:"unused,omitempty"`
	Measured *measuredJSON `json:"measured,omitempty"`
}

// measuredJSON are times of calls in nanoseconds.
type measuredJSON struct {
	Kept    bool  `json:"kept"` // by an earlier call
	CPUOne  int64 `json:"cpu_one_row_ns"`
	GPUOne  int64 `json:"gpu_one_row_ns"`
	Rows    int   `json:"rows"`
	CPUMany int64 `json:"cpu_rows_ns"`
	GPUMany int64 `json:"gpu_rows_ns,omitempty"`
}

// newGPUJSON returns nil in a build without CUDA.
func newGPUJSON(t runtime.Tuning) *gpuJSON {
	if errors.Is(t.Unused, runtime.ErrWithoutCUDA) {
		return nil
	}
	g := &gpuJSON{Name: t.GPU.Name, CUDA: t.GPU.Driver, FromRows: t.FromRows}
	if t.GPU.Compute > 0 {
		g.Compute = computeText(t.GPU)
	}
	if t.Unused != nil {
		g.Unused = t.Unused.Error()
	}
	if m := t.Measured; m != nil {
		g.Measured = &measuredJSON{t.Kept, int64(m.CPUOne), int64(m.GPUOne), m.Rows, int64(m.CPUMany), int64(m.GPUMany)}
	}
	return g
}

func computeText(g runtime.GPU) string { return fmt.Sprintf("%d.%d", g.Compute/10, g.Compute%10) }

// cudaText tells for version and board whether this program has CUDA, and what FindGPU found.
func cudaText(g runtime.GPU, err error) string {
	switch {
	case errors.Is(err, runtime.ErrWithoutCUDA):
		return "built without CUDA"
	case err != nil:
		return fmt.Sprintf("built with CUDA: %v", err)
	}
	return fmt.Sprintf("built with CUDA: %s, compute capability %s, %d MB; the driver offers CUDA %s",
		printable(g.Name), computeText(g), g.Memory/1e6, g.Driver)
}
