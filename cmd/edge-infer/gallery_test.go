package main

import (
	"path/filepath"
	"testing"

	"github.com/edge-infer/edge-infer/cmd/internal/gallery"
)

// TestGallery runs the commands of edge-infer that the READMEs of testdata/gallery show, and holds
// what they print, and files that they write, against what is shown there.
func TestGallery(t *testing.T) {
	t.Chdir(filepath.Join("..", ".."))
	cases, err := gallery.Cases("testdata/gallery")
	if err != nil {
		t.Fatal(err)
	}
	program := gallery.Program{Name: "edge-infer", Run: run, Outputs: []string{"-o", "--output", "--plot"}}
	for _, c := range cases {
		t.Run(c.Name, func(t *testing.T) { program.Try(t, c) })
	}
}
