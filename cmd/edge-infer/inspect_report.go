package main

import (
	"fmt"
	"strings"

	"github.com/edge-infer/edge-infer/cmd/internal/arch"
	"github.com/edge-infer/edge-infer/format"
	"github.com/edge-infer/edge-infer/runtime"
)

// inspectReport is what inspect --json prints.
type inspectReport struct {
	File        string          `json:"file"`
	FileBytes   int64           `json:"file_bytes"`
	Name        string          `json:"name"`
	Description string          `json:"description"`
	Producer    string          `json:"producer"`
	Source      string          `json:"source"`
	Numerics    int             `json:"numerics"`
	Backend     runtime.Backend `json:"backend"`       // that auto picks here, for one row
	GPU         *gpuJSON        `json:"gpu,omitempty"` // in builds with CUDA
	Input       inputReport     `json:"input"`
	Output      outputReport    `json:"output"`
	Parameters  int             `json:"parameters"`
	Layers      []layerReport   `json:"layers"` // in the order in which they run
	Golden      *goldenReport   `json:"golden"`
	Tensors     []tensorReport  `json:"tensors"`
}

type inputReport struct {
	Shape    []int    `json:"shape"` // of a row
	DType    string   `json:"dtype"`
	Layout   string   `json:"layout"`
	Features []string `json:"features"`
}

type outputReport struct {
	Width     int      `json:"width"` // values in a row
	Kind      string   `json:"kind"`
	Labels    []string `json:"labels"`
	Threshold string   `json:"threshold,omitempty"`
}

type layerReport struct {
	Place      string `json:"place"` // in the model, such as layers[2]
	Op         string `json:"op"`
	Text       string `json:"text"` // op and settings
	Inputs     int    `json:"inputs"`
	Outputs    int    `json:"outputs"`
	Parameters int    `json:"parameters"`
}

type goldenReport struct {
	Vectors   int     `json:"vectors"`
	Framework bool    `json:"framework"` // whether its answers are there
	Absolute  float64 `json:"tolerance_absolute"`
	Relative  float64 `json:"tolerance_relative"`
}

type tensorReport struct {
	Name  string `json:"name"`
	DType string `json:"dtype"`
	Shape []int  `json:"shape"`
	Bytes int    `json:"bytes"`
}

func newInspectReport(m *format.Model) *inspectReport {
	r := &inspectReport{
		Name:        m.Name,
		Description: m.Description,
		Producer:    software(m.Producer),
		Source:      software(m.Source),
		Numerics:    m.Numerics,
		Input:       inputReport{m.Input.Shape, string(m.Input.DType), string(m.Input.Layout), m.Input.Features},
		Output:      outputReport{Width: m.OutputSize(), Kind: string(m.Output.Kind), Labels: m.Output.Labels},
	}
	if cut := m.Output.Threshold; cut != nil {
		r.Output.Threshold = fmt.Sprintf("%s %g", cut.Comparison, cut.Value)
	}
	width := r.addLayers(m, "input.preprocessing", m.Input.Preprocessing, m.InputSize())
	r.addLayers(m, "layers", m.Layers, width)
	for _, l := range r.Layers {
		r.Parameters += l.Parameters
	}
	if g := m.Golden; g != nil {
		r.Golden = &goldenReport{m.Tensor(g.Inputs).Shape[0], g.Expected != "", g.Absolute, g.Relative}
	}
	for i := range m.Tensors {
		t := &m.Tensors[i]
		r.Tensors = append(r.Tensors, tensorReport{t.Name, string(t.DType), t.Shape, len(t.Data)})
	}
	return r
}

// addLayers lists layers for rows of a width, each followed by those within it, and returns the
// width after the last. The model is valid, so every layer takes the rows that it gets.
func (r *inspectReport) addLayers(m *format.Model, path string, layers []format.Layer, in int) int {
	for i, l := range layers {
		place := fmt.Sprintf("%s[%d]", path, i)
		out, err := m.Outputs(l, in)
		if err != nil {
			panic("edge-infer: an opened model is invalid: " + err.Error())
		}
		r.Layers = append(r.Layers, layerReport{place, l.Op(), arch.LayerString(l), in, out, parameters(m, l)})
		if columns, ok := l.(*format.Columns); ok {
			for j, g := range columns.Groups {
				r.addLayers(m, fmt.Sprintf("%s.groups[%d].layers", place, j), g.Layers, len(g.Columns))
			}
		}
		in = out
	}
	return in
}

// parameters counts the values of a layer's tensors. Those of columns belong to the layers within,
// which are listed too.
func parameters(m *format.Model, l format.Layer) int {
	if _, ok := l.(*format.Columns); ok {
		return 0
	}
	n := 0
	for _, name := range format.TensorNames(l) {
		n += m.Tensor(name).Len()
	}
	return n
}

// software gives a program's name and version.
func software(s format.Software) string { return strings.TrimSpace(s.Name + " " + s.Version) }
