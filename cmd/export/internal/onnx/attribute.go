package onnx

import (
	"fmt"
	"math"
	"slices"

	"google.golang.org/protobuf/encoding/protowire"
)

// attribute is an AttributeProto. Which of its fields count is for the operator to know.
type attribute struct {
	name     string
	integer  int64
	float    float64
	text     string
	tensor   *tensor
	integers []int64
	floats   []float64
	texts    []string
	subgraph bool // it is a graph, which is not parsed
	used     bool
}

// attributes are those of one node. Asking for one notes that it was understood.
type attributes []attribute

func parseAttributes(n *node) (attributes, error) {
	list := make(attributes, len(n.attributes))
	for i, b := range n.attributes {
		a := &list[i]
		if err := fields(b, a.parse); err != nil {
			return nil, fmt.Errorf("attribute %.64q: %w", a.name, err)
		}
		if a.subgraph {
			return nil, fmt.Errorf("it holds a graph of its own (%.64q), which only control flow needs: a chain of layers is read", a.name)
		}
	}
	return list, nil
}

func (a *attribute) parse(f field) (err error) {
	switch f.number {
	case 1:
		return f.text(&a.name)
	case 2:
		return f.scalars(protowire.Fixed32Type, func(bits uint64) { a.float = widen(bits) })
	case 3:
		return f.integer(&a.integer)
	case 4:
		return f.text(&a.text)
	case 5:
		a.tensor = new(tensor)
		return a.tensor.read(f)
	case 6, 11:
		a.subgraph = true
	case 7:
		n, err := f.count(protowire.Fixed32Type)
		if err != nil {
			return err
		}
		a.floats = slices.Grow(a.floats, n)
		return f.scalars(protowire.Fixed32Type, func(bits uint64) { a.floats = append(a.floats, widen(bits)) })
	case 8:
		return f.scalars(protowire.VarintType, func(bits uint64) { a.integers = append(a.integers, int64(bits)) })
	case 9:
		var text string
		err = f.text(&text)
		a.texts = append(a.texts, text)
	case 10, 22, 23, 14, 15:
		return fmt.Errorf("field %d, of a kind that is not read", f.number)
	case 21:
		return fmt.Errorf("it refers to a function's attribute outside of a function")
	}
	return err
}

// widen turns the bits of a float32 into the float64 of the same value.
func widen(bits uint64) float64 { return float64(math.Float32frombits(uint32(bits))) }

// find returns the attribute of a name, or an empty one.
func (list attributes) find(name string) (*attribute, bool) {
	for i := range list {
		if list[i].name == name {
			list[i].used = true
			return &list[i], true
		}
	}
	return new(attribute), false
}

func (list attributes) integer(name string, absent int64) int64 {
	if a, ok := list.find(name); ok {
		return a.integer
	}
	return absent
}

func (list attributes) float(name string, absent float64) float64 {
	if a, ok := list.find(name); ok {
		return a.float
	}
	return absent
}

func (list attributes) text(name, absent string) string {
	if a, ok := list.find(name); ok {
		return a.text
	}
	return absent
}

func (list attributes) floats(name string) []float64 {
	a, _ := list.find(name)
	return a.floats
}

func (list attributes) integers(name string) []int64 {
	a, _ := list.find(name)
	return a.integers
}

func (list attributes) texts(name string) []string {
	a, _ := list.find(name)
	return a.texts
}

// unused returns the name of an attribute that no one asked for: what it says is not understood.
func (list attributes) unused() string {
	for _, a := range list {
		if !a.used {
			return a.name
		}
	}
	return ""
}
