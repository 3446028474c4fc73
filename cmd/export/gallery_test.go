package main

import (
	"path/filepath"
	"testing"

	"github.com/edge-infer/edge-infer/cmd/internal/gallery"
	"github.com/edge-infer/edge-infer/format"
	"github.com/edge-infer/edge-infer/runtime"
)

// TestGallery runs the exports that the READMEs of testdata/gallery show, compares what they write
// with the files there, byte for byte, and verifies it on every backend of this machine.
func TestGallery(t *testing.T) {
	t.Chdir(filepath.Join("..", ".."))
	cases, err := gallery.Cases("testdata/gallery")
	if err != nil {
		t.Fatal(err)
	}
	program := gallery.Program{Name: "edge-export", Run: run, Outputs: []string{"-o", "--output"}}
	for _, c := range cases {
		t.Run(c.Name, func(t *testing.T) {
			models := 0
			for _, made := range program.Try(t, c) {
				if filepath.Ext(made) == ".edge" {
					models++
					verifyEverywhere(t, made)
				}
			}
			if models == 0 {
				t.Error("its README makes no model file")
			}
		})
	}
}

// verifyEverywhere holds the golden vectors of a model file against what every backend computes.
func verifyEverywhere(t *testing.T, name string) {
	t.Helper()
	m, err := format.Open(name)
	if err != nil {
		t.Fatal(err)
	}
	for _, backend := range runtime.Backends() {
		s, err := runtime.New(m, runtime.Options{Backend: backend})
		if err != nil {
			t.Fatal(err)
		}
		report, err := runtime.Verify(m, s)
		if err == nil {
			err = report.Err()
		}
		if err != nil {
			t.Errorf("%s on %s: %v", filepath.Base(name), backend, err)
		} else if report.Vectors == 0 || !report.Compared {
			t.Errorf("%s holds %d golden vectors, with answers of the framework: %t", filepath.Base(name), report.Vectors, report.Compared)
		}
	}
}
