package main

import (
	"bytes"
	"errors"
	"path/filepath"
	"strings"
	"testing"

	"github.com/edge-infer/edge-infer/cmd/export/internal/casetest"
	"github.com/edge-infer/edge-infer/cmd/internal/cli"
	"github.com/edge-infer/edge-infer/format"
)

// TestModels exports every trained file of testdata/models with the command and the flags of its
// case, and holds the model that was written against what the framework answered.
func TestModels(t *testing.T) {
	for framework, least := range map[string]int{"torch": 40, "sklearn": 160, "keras": 60, "onnx": 40, "tflite": 40} {
		for _, c := range casetest.Load(t, framework, least) {
			t.Run(c.Name, func(t *testing.T) {
				target := filepath.Join(t.TempDir(), "model.edge")
				args := append([]string{c.File, "-o", target}, c.Flags...)
				var stdout, stderr bytes.Buffer
				code := run(args, strings.NewReader(""), &stdout, &stderr)
				if code != cli.ExitDone {
					if lines := strings.Count(stderr.String(), "\n"); lines != 1 {
						t.Errorf("%d lines of error: %s", lines, &stderr)
					}
					c.Check(t, nil, errors.New(stderr.String()))
					return
				}
				m, err := format.Open(target)
				c.Check(t, m, err)
				if m.Source.Name == "" && len(c.Flags) == 0 && framework != "onnx" { // whose graphs may be by hand
					t.Errorf("the model does not say that %s trained it", c.MadeBy)
				}
			})
		}
	}
}
