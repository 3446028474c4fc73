package onnx

import (
	"errors"
	"fmt"

	"google.golang.org/protobuf/encoding/protowire"
)

func parseModel(b []byte) (*model, error) {
	m := &model{opsets: map[string]int64{}, functions: map[string]bool{}}
	err := fields(b, func(f field) error {
		switch f.number {
		case 1:
			return f.integer(&m.irVersion)
		case 2:
			return f.text(&m.producer)
		case 3:
			return f.text(&m.producerVersion)
		case 6:
			return f.text(&m.description)
		case 7:
			if m.graph != nil {
				return errors.New("two graphs")
			}
			m.graph = new(graph)
			return f.nested(m.graph.parse)
		case 8:
			return m.parseOpset(f)
		case 14:
			var p property
			err := f.nested(p.parse)
			m.metadata = append(m.metadata, p)
			return err
		case 25:
			return m.parseFunction(f)
		}
		return nil
	})
	if err == nil && m.graph == nil {
		err = errors.New("a model without a graph")
	}
	return m, err
}

// parseOpset keeps the highest version of a domain: some exporters write a domain twice.
func (m *model) parseOpset(f field) error {
	var domain string
	var version int64
	err := f.nested(func(f field) error {
		switch f.number {
		case 1:
			return f.text(&domain)
		case 2:
			return f.integer(&version)
		}
		return nil
	})
	domain = plainDomain(domain)
	m.opsets[domain] = max(m.opsets[domain], version)
	return err
}

func (p *property) parse(f field) error {
	switch f.number {
	case 1:
		return f.text(&p.key)
	case 2:
		return f.text(&p.value)
	}
	return nil
}

// parseFunction notes the name of a function that the file itself defines.
func (m *model) parseFunction(f field) error {
	var name, domain string
	err := f.nested(func(f field) error {
		switch f.number {
		case 1:
			return f.text(&name)
		case 10:
			return f.text(&domain)
		}
		return nil
	})
	m.functions[domain+" "+name] = true
	return err
}

func (g *graph) parse(f field) error {
	switch f.number {
	case 1:
		if len(g.nodes) == maxNodes {
			return fmt.Errorf("more than %d nodes", maxNodes)
		}
		n := &node{index: len(g.nodes)}
		g.nodes = append(g.nodes, n)
		if err := f.nested(n.parse); err != nil {
			return fmt.Errorf("node %s: %w", n, err)
		}
	case 2:
		return f.text(&g.name)
	case 5:
		if len(g.initializers) == maxNodes {
			return fmt.Errorf("more than %d initializers", maxNodes)
		}
		t := new(tensor)
		g.initializers = append(g.initializers, t)
		return t.read(f)
	case 11:
		return parsePort(&g.inputs, f)
	case 12:
		return parsePort(&g.outputs, f)
	case 15:
		g.sparse = true
	}
	return nil
}

func (n *node) parse(f field) error {
	var text string
	switch f.number {
	case 1:
		err := f.text(&text)
		n.inputs = append(n.inputs, text)
		return err
	case 2:
		err := f.text(&text)
		n.outputs = append(n.outputs, text)
		return err
	case 3:
		return f.text(&n.name)
	case 4:
		return f.text(&n.op)
	case 5:
		if len(n.attributes) == maxAttributes {
			return fmt.Errorf("more than %d attributes", maxAttributes)
		}
		b, err := f.message()
		n.attributes = append(n.attributes, b)
		return err
	case 7:
		err := f.text(&n.domain)
		n.domain = plainDomain(n.domain)
		return err
	}
	return nil
}

// plainDomain writes the neural operators' domain in one way.
func plainDomain(domain string) string {
	if domain == "ai.onnx" {
		return ""
	}
	return domain
}

func parsePort(ports *[]port, f field) error {
	if len(*ports) == maxPorts {
		return fmt.Errorf("more than %d inputs or outputs", maxPorts)
	}
	var p port
	err := f.nested(func(f field) error {
		switch f.number {
		case 1:
			return f.text(&p.name)
		case 2:
			return f.nested(p.parseType)
		}
		return nil
	})
	if err != nil {
		return fmt.Errorf("input or output %.64q: %w", p.name, err)
	}
	*ports = append(*ports, p)
	return nil
}

// parseType takes a tensor's type. Others, sequences and maps, are outputs of ai.onnx.ml.
func (p *port) parseType(f field) error {
	if f.number != 1 {
		return nil
	}
	p.tensor = true
	return f.nested(func(f field) error {
		switch f.number {
		case 1:
			return f.integer(&p.element)
		case 2:
			p.shaped = true
			return f.nested(p.parseDimension)
		}
		return nil
	})
}

func (p *port) parseDimension(f field) error {
	if f.number != 1 {
		return nil
	}
	if len(p.shape) == maxDimensions {
		return fmt.Errorf("more than %d dimensions", maxDimensions)
	}
	size := 0 // a name, nothing, or 0 itself: each says that the size is open
	err := f.nested(func(f field) error {
		if f.number == 1 && f.kind == protowire.VarintType && f.bits <= maxSize {
			size = int(f.bits)
		}
		return nil
	})
	p.shape = append(p.shape, size)
	return err
}
