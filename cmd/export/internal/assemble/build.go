package assemble

import (
	"fmt"
	"strings"

	"github.com/edge-infer/edge-infer/cmd/export/internal/rules"
	"github.com/edge-infer/edge-infer/cmd/export/internal/source"
	"github.com/edge-infer/edge-infer/cmd/internal/arch"
	"github.com/edge-infer/edge-infer/format"
)

// builder tries architectures with the tensors filled in, until the shapes of one fit.
type builder struct {
	result        *Result
	spec          Spec
	pool          *pool
	preprocessing []format.Layer
	operands      []source.Tensor // of preprocessing
}

// choose takes the one candidate that fits. The custom of the names is tried first; matrices that
// lie the other way are accepted if nothing fits otherwise.
func (b *builder) choose(candidates [][]format.Layer) error {
	var first error
	for _, turned := range []bool{false, true} {
		if turned && b.spec.Transpose != Auto {
			break // the person has said it
		}
		fits, err := b.fitting(candidates, turned)
		if first == nil {
			first = err
		}
		if len(fits) == 0 {
			continue
		}
		if len(fits) > 1 {
			return fmt.Errorf("assemble: the shapes leave the order of the layers open: say it by naming their tensors, --arch %q or --arch %q",
				arch.String(fits[0].layers), arch.String(fits[1].layers))
		}
		return b.accept(fits[0], len(candidates) > 1)
	}
	return first
}

// fitting returns the candidates that fit, and the error of the first that does not.
func (b *builder) fitting(candidates [][]format.Layer, turned bool) (fits []attempt, first error) {
	for _, layers := range candidates {
		a, err := b.fit(layers, turned)
		if err == nil {
			fits = append(fits, a)
		} else if first == nil {
			first = err
		}
	}
	return fits, first
}

// accept makes an attempt the result, unless nothing but a guess says how its matrices lie.
func (b *builder) accept(a attempt, ordered bool) error {
	r := b.result
	custom, names := b.customs(a.layers)
	if b.spec.Transpose == Auto && !a.turned && custom == unknown && len(names) > 0 {
		if _, err := b.fit(a.layers, true); err == nil {
			return fmt.Errorf("assemble: neither names nor shapes tell whether to take %s as [inputs, outputs] or [outputs, inputs]: say --transpose no for the first, yes for the second", strings.Join(names, ", "))
		}
	}
	if ordered {
		r.decide("the order of the layers follows from their shapes: %s", arch.String(a.layers))
	}
	if len(names) > 0 {
		r.decide("%s", b.orientationNote(names, custom, a.turned))
	}
	if err := b.fill(a); err != nil {
		return err
	}
	if err := rules.Check(a.model); err != nil {
		return fmt.Errorf("assemble: %w", err)
	}
	r.Model = a.model
	b.explainOutput(a.layers[len(a.layers)-1])
	return nil
}

func (b *builder) orientationNote(names []string, custom orientation, turned bool) string {
	list := "weights " + strings.Join(names, ", ")
	switch {
	case b.spec.Transpose == Yes:
		return list + " are taken as [outputs, inputs], by --transpose yes"
	case b.spec.Transpose == No:
		return list + " are taken as [inputs, outputs], by --transpose no"
	case custom == unknown && turned:
		return list + " are taken as [outputs, inputs], by their shapes"
	case custom == unknown:
		return list + " are taken as [inputs, outputs], by their shapes"
	case turned:
		return fmt.Sprintf("%s are taken as %s, by their shapes, though so named weights are usually %s", list, custom.opposite(), custom)
	}
	return fmt.Sprintf("%s are taken as %s, as their names say and their shapes allow", list, custom)
}

// customs returns the names of the dense layers' matrices and their common custom: unknown if any
// of them has none.
func (b *builder) customs(layers []format.Layer) (orientation, []string) {
	custom := unknown
	var names []string
	for _, l := range layers {
		d, ok := l.(*format.Dense)
		if !ok {
			continue
		}
		if t, ok := b.pool.find(d.Weight); !ok || len(t.Array.Shape) != 2 {
			continue
		}
		o := parseName(d.Weight).orientation
		if len(names) == 0 {
			custom = o
		} else if o != custom {
			custom = unknown
		}
		names = append(names, d.Weight)
	}
	return custom, names
}

// orient returns how the matrix of that name is taken to lie.
func (b *builder) orient(name string, turned bool) orientation {
	switch b.spec.Transpose {
	case Yes:
		return outputsFirst
	case No:
		return inputsFirst
	}
	o := parseName(name).orientation
	if o == unknown {
		o = inputsFirst
	}
	if turned {
		return o.opposite()
	}
	return o
}
