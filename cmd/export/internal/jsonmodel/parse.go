package jsonmodel

import (
	"fmt"
	"slices"
	"strings"

	"github.com/edge-infer/edge-infer/cmd/export/internal/rules"
	"github.com/edge-infer/edge-infer/cmd/export/internal/strictjson"
	"github.com/edge-infer/edge-infer/format"
)

// MaxSize bounds a file, in bytes. Numbers as text take several times their size in memory.
const MaxSize = 64 << 20

// Parse reads a model. It is valid, and has neither a producer nor golden vectors. Its tensors are
// named after their places: layers.0.weight.
func Parse(data []byte) (*format.Model, error) {
	if len(data) > MaxSize {
		return nil, fmt.Errorf("json: %d bytes: at most %d are read", len(data), MaxSize)
	}
	r, err := strictjson.New(data)
	if err != nil {
		return nil, fmt.Errorf("json: %w", err)
	}
	p := &parser{reader{r}, &format.Model{Numerics: format.Numerics}}
	if err = p.document(); err == nil {
		err = p.End()
	}
	if err != nil {
		return nil, fmt.Errorf("json: line %d: %w", p.Line(), err)
	}
	// Sorted once: AddTensor, which keeps the order at each step, would take hours for a file that is
	// made of tiny layers.
	slices.SortFunc(p.model.Tensors, func(a, b format.Tensor) int { return strings.Compare(a.Name, b.Name) })
	if err := rules.Check(p.model); err != nil {
		return nil, fmt.Errorf("json: %w", err)
	}
	return p.model, nil
}

type parser struct {
	reader
	model *format.Model
}

func (p *parser) document() error {
	m := p.model
	keys, err := p.Object(func(key string) (err error) {
		switch key {
		case "name":
			m.Name, err = p.Text()
		case "description":
			m.Description, err = p.Text()
		case "source":
			err = p.source()
		case "input":
			err = p.input()
		case "layers":
			m.Layers, err = p.layers("layers", true)
		case "output":
			err = p.output()
		default:
			err = unknown("name, description, source, input, layers, output")
		}
		return err
	})
	if err == nil {
		err = require(keys, "input", "layers", "output")
	}
	return err
}

func (p *parser) source() error {
	_, err := p.Object(func(key string) (err error) {
		switch key {
		case "name":
			p.model.Source.Name, err = p.Text()
		case "version":
			p.model.Source.Version, err = p.Text()
		default:
			err = unknown("name, version")
		}
		return err
	})
	return err
}

func (p *parser) input() error {
	in := &p.model.Input
	in.DType, in.Layout = format.F32, format.Vector
	_, err := p.Object(func(key string) (err error) {
		var text string
		switch key {
		case "shape":
			in.Shape, err = p.integers()
		case "dtype":
			text, err = p.Text()
			in.DType = format.DType(text)
		case "layout":
			text, err = p.Text()
			in.Layout = format.Layout(text)
		case "features":
			in.Features, err = p.texts()
		case "preprocessing":
			in.Preprocessing, err = p.layers("preprocessing", true)
		default:
			err = unknown("shape, dtype, layout, features, preprocessing")
		}
		return err
	})
	if err == nil && in.Shape == nil {
		in.Shape = []int{len(in.Features)}
		if len(in.Features) == 0 {
			err = fmt.Errorf("shape or features are needed")
		}
	}
	return err
}

func (p *parser) output() error {
	o := &p.model.Output
	keys, err := p.Object(func(key string) (err error) {
		var text string
		switch key {
		case "kind":
			text, err = p.Text()
			o.Kind = format.Kind(text)
		case "labels":
			o.Labels, err = p.texts()
		case "threshold":
			o.Threshold, err = p.cut()
		default:
			err = unknown("kind, labels, threshold")
		}
		return err
	})
	if err == nil {
		err = require(keys, "kind")
	}
	return err
}

func (p *parser) cut() (*format.Cut, error) {
	c := new(format.Cut)
	keys, err := p.Object(func(key string) (err error) {
		var text string
		switch key {
		case "comparison":
			text, err = p.Text()
			c.Comparison = format.Comparison(text)
		case "value":
			c.Value, err = p.number()
		default:
			err = unknown("comparison, value")
		}
		return err
	})
	if err == nil {
		err = require(keys, "comparison", "value")
	}
	return c, err
}

func unknown(known string) error {
	return fmt.Errorf("unknown key: the keys here are %s", known)
}

// require checks that keys are among those that were read.
func require(have []string, keys ...string) error {
	var missing []string
	for _, key := range keys {
		if !slices.Contains(have, key) {
			missing = append(missing, key)
		}
	}
	switch len(missing) {
	case 0:
		return nil
	case 1:
		return fmt.Errorf("the key %s is missing", missing[0])
	}
	return fmt.Errorf("the keys %s are missing", strings.Join(missing, ", "))
}
