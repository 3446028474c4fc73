package fold

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/edge-infer/edge-infer/format"
)

// Folded says which layers became what.
type Folded struct {
	Layers []string `json:"layers"` // in the order in which they ran: "layers[0] dense"
	Became string   `json:"became"` // "dense", "multiply, add", or "nothing"
}

// Fold returns a model that computes what m does in no more layers, and what became of the layers
// that it changed, none if there was nothing to fold. It leaves m as it is, and shares with it what
// did not change. A model that has golden vectors is an error: the folded one has other answers.
func Fold(m *format.Model) (*format.Model, []Folded, error) {
	if m.Golden != nil {
		return nil, nil, errors.New("fold: the model has golden vectors, which a folded one would not meet: fold before they are made")
	}
	if err := m.Validate(); err != nil {
		return nil, nil, fmt.Errorf("fold: %w", err)
	}
	folded := *m
	folded.Tensors, folded.Input.Preprocessing, folded.Layers = nil, nil, nil
	f := &folder{from: m, to: &folded}
	links := f.links("input.preprocessing", m.Input.Preprocessing, nil)
	links = f.links("layers", m.Layers, links)
	for _, l := range links {
		for _, was := range f.result(l) {
			if was.preprocessing {
				folded.Input.Preprocessing = append(folded.Input.Preprocessing, was.layer)
			} else {
				folded.Layers = append(folded.Layers, was.layer)
			}
		}
	}
	f.addTensors()
	if err := folded.Validate(); err != nil {
		return nil, nil, fmt.Errorf("fold: the folded model: %w", err)
	}
	return &folded, f.done, nil
}

// folder builds a model out of another one.
type folder struct {
	from, to *format.Model
	done     []Folded
	pending  []pending
}

// link is one link of the chain of layers: a dense layer or affine steps that may fold, or a layer
// that stays as it is.
type link struct {
	home  member   // where what becomes of it goes
	was   []member // what it stands for
	dense *dense   // nil for other layers, and for weights that are not f32
	line  *line    // of affine steps
}

// member is a layer and where it is.
type member struct {
	layer         format.Layer
	place         string
	preprocessing bool
}

// links appends the layers of a list to a chain, joining neighbours as it goes.
func (f *folder) links(path string, layers []format.Layer, chain []link) []link {
	for i, layer := range layers {
		home := member{layer, fmt.Sprintf("%s[%d]", path, i), path == "input.preprocessing"}
		next := link{home: home, was: []member{home}}
		switch layer := layer.(type) {
		case *format.Dense:
			next.dense = newDense(f.from, layer)
		case *format.Affine:
			next.line = newLine(f.from, layer)
		}
		chain = append(chain, next)
		for n := len(chain) - 1; n > 0; n-- {
			joined, ok := join(chain[n-1], chain[n])
			if !ok {
				break
			}
			chain = append(chain[:n-1], joined)
		}
	}
	return chain
}

// join makes one link of two neighbours. Of two dense layers with affine steps between them, the
// first one takes these: it is joined before the second is seen, and there nothing cancels. Of two
// dense layers beside each other the second gives its place, so that no layer becomes preprocessing.
func join(first, second link) (link, bool) {
	var joined link
	switch {
	case first.line != nil && second.line != nil:
		joined = first
		joined.line = first.line.then(second.line)
	case first.dense != nil && second.line != nil && first.dense.foldAfter(second.line):
		joined = first
	case first.line != nil && second.dense != nil && second.dense.foldBefore(first.line):
		joined = second
	case first.dense != nil && second.dense != nil:
		product, ok := first.dense.then(second.dense)
		if !ok {
			return link{}, false
		}
		joined = second
		joined.dense = product
	default:
		return link{}, false
	}
	joined.was = slices.Concat(first.was, second.was)
	return joined, true
}

// result returns what a link becomes, and takes note of it if that is fewer layers.
func (f *folder) result(l link) []member {
	if columns, ok := l.home.layer.(*format.Columns); ok {
		l.home.layer = f.columns(l.home.place, columns)
		return []member{l.home}
	}
	var became []format.Layer
	switch {
	case len(l.was) > 1 && l.dense != nil:
		became = []format.Layer{f.denseLayer(l.dense)}
	case l.line != nil:
		steps, ok := l.line.steps()
		if !ok || len(steps) >= len(l.was) {
			return l.was
		}
		became = f.affineLayers(l.home.layer.(*format.Affine), steps)
	default:
		return l.was
	}
	done := Folded{Became: ops(became)}
	for _, m := range l.was {
		done.Layers = append(done.Layers, m.place+" "+m.layer.Op())
	}
	f.done = append(f.done, done)
	members := make([]member, len(became))
	for i, layer := range became {
		members[i] = member{layer, l.home.place, l.home.preprocessing}
	}
	return members
}

// ops names layers.
func ops(layers []format.Layer) string {
	if len(layers) == 0 {
		return "nothing"
	}
	names := make([]string, len(layers))
	for i, l := range layers {
		names[i] = l.Op()
	}
	return strings.Join(names, ", ")
}

// columns folds within each group of a columns layer.
func (f *folder) columns(path string, c *format.Columns) *format.Columns {
	folded := &format.Columns{Groups: make([]format.Group, len(c.Groups))}
	for i, g := range c.Groups {
		folded.Groups[i].Columns = g.Columns
		for _, l := range f.links(fmt.Sprintf("%s.groups[%d].layers", path, i), g.Layers, nil) {
			for _, was := range f.result(l) {
				folded.Groups[i].Layers = append(folded.Groups[i].Layers, was.layer)
			}
		}
	}
	return folded
}
