package main

import (
	"runtime"
	"testing"

	"github.com/edge-infer/edge-infer/cmd/export/internal/source"
	"github.com/edge-infer/edge-infer/cmd/internal/npy"
)

// TestTensorLineOfMany looks through an array without a copy of it, of which a small compressed file
// may hold a large one.
func TestTensorLineOfMany(t *testing.T) {
	const n = 4<<20 + 1
	data := make([]byte, n)
	data[1], data[n-1] = 0xff, 7
	array, err := npy.New("|i1", []int{n}, data)
	if err != nil {
		t.Fatal(err)
	}
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	line := newTensorLine(source.Tensor{Name: "w", Array: array}, "")
	runtime.ReadMemStats(&after)
	if *line.Least != -1 || *line.Most != 7 || line.NaN != 0 || line.Inf != 0 {
		t.Errorf("%+v from %v to %v", line, *line.Least, *line.Most)
	}
	if taken := after.TotalAlloc - before.TotalAlloc; taken > 1<<20 {
		t.Errorf("%d bytes are allocated for %d values", taken, n)
	}
}
