package fdt

import (
	"bytes"
	"encoding/binary"
	"fmt"
)

const (
	magic      = 0xd00dfeed
	headerSize = 40
	version    = 17
	// compatible is the oldest version whose readers understand version 17.
	compatible = 16
	// maxDepth is far beyond any real tree, and keeps a blob of nothing but opened nodes from becoming a deep one.
	maxDepth = 64
)

// Tokens of the structure block.
const (
	tokenBegin = 1
	tokenEnd   = 2
	tokenProp  = 3
	tokenNop   = 4
	tokenStop  = 9
)

// Parse reads a blob. What it returns shares the blob's memory.
func Parse(blob []byte) (*Tree, error) {
	if len(blob) < headerSize {
		return nil, fmt.Errorf("fdt: %d bytes: a header has %d", len(blob), headerSize)
	}
	field := func(i int) uint32 { return binary.BigEndian.Uint32(blob[4*i:]) }
	total := field(1)
	switch {
	case field(0) != magic:
		return nil, fmt.Errorf("fdt: begins with %#08x, expected %#08x", field(0), uint32(magic))
	case field(5) < version || field(6) > version:
		return nil, fmt.Errorf("fdt: version %d, readable by %d: expected %d", field(5), field(6), version)
	case total < headerSize || int64(total) > int64(len(blob)):
		return nil, fmt.Errorf("fdt: says that it has %d bytes, %d are there", total, len(blob))
	}
	blob = blob[:total]
	structure, err := block(blob, "structure", field(2), field(9))
	if err != nil {
		return nil, err
	}
	names, err := block(blob, "strings", field(3), field(8))
	if err != nil {
		return nil, err
	}
	t := &Tree{BootCPU: field(7)}
	if t.Reserved, err = reserved(blob, field(4)); err != nil {
		return nil, err
	}
	p := parser{structure: structure, names: names}
	if t.Root, err = p.tree(); err != nil {
		return nil, err
	}
	return t, nil
}

func block(blob []byte, name string, offset, size uint32) ([]byte, error) {
	if uint64(offset)+uint64(size) > uint64(len(blob)) {
		return nil, fmt.Errorf("fdt: %s block: %d bytes at %d do not fit into %d", name, size, offset, len(blob))
	}
	return blob[offset : offset+size], nil
}

// reserved reads the memory reservation block, which a pair of zeros ends.
func reserved(blob []byte, offset uint32) ([]Stretch, error) {
	var list []Stretch
	for at := uint64(offset); at+16 <= uint64(len(blob)); at += 16 {
		s := Stretch{binary.BigEndian.Uint64(blob[at:]), binary.BigEndian.Uint64(blob[at+8:])}
		if s == (Stretch{}) {
			return list, nil
		}
		list = append(list, s)
	}
	return nil, fmt.Errorf("fdt: the memory reservations at %d have no end", offset)
}

type parser struct {
	structure, names []byte
	at               int
}

// tree reads the whole structure block.
func (p *parser) tree() (*Node, error) {
	var root *Node
	var open []*Node // from the root to the node that is being read
	for {
		start := p.at
		token, err := p.word()
		if err != nil {
			return nil, err
		}
		expected := token == tokenNop || root == nil && token == tokenBegin || root != nil && token == tokenStop
		if len(open) == 0 && !expected {
			return nil, fmt.Errorf("fdt: offset %d of the structure: token %d: expected one root node and the end", start, token)
		}
		switch token {
		case tokenBegin:
			name, err := p.name()
			if err != nil {
				return nil, err
			}
			node := &Node{Name: name}
			if len(open) == 0 {
				root = node
			} else {
				parent := open[len(open)-1]
				parent.Children = append(parent.Children, node)
			}
			if open = append(open, node); len(open) > maxDepth {
				return nil, fmt.Errorf("fdt: node %q is %d deep: at most %d are read", name, len(open), maxDepth)
			}
		case tokenEnd:
			open = open[:len(open)-1]
		case tokenProp:
			node := open[len(open)-1]
			property, err := p.property()
			if err != nil {
				return nil, fmt.Errorf("%w, in node %q", err, node.Name)
			}
			node.Properties = append(node.Properties, property)
		case tokenNop:
		case tokenStop:
			if len(open) > 0 {
				return nil, fmt.Errorf("fdt: the structure ends inside node %q", open[len(open)-1].Name)
			}
			return root, nil
		default:
			return nil, fmt.Errorf("fdt: offset %d of the structure: unknown token %d", start, token)
		}
	}
}

func (p *parser) word() (uint32, error) {
	b, err := p.bytes(4)
	if err != nil {
		return 0, err
	}
	return binary.BigEndian.Uint32(b), nil
}

// bytes takes n bytes and the padding that follows them.
func (p *parser) bytes(n uint32) ([]byte, error) {
	left := len(p.structure) - p.at
	if int64(n) > int64(left) {
		return nil, fmt.Errorf("fdt: offset %d of the structure: %d bytes are expected, %d are left", p.at, n, left)
	}
	b := p.structure[p.at : p.at+int(n) : p.at+int(n)]
	p.at += min(int(n+3)&^3, left)
	return b, nil
}

func (p *parser) name() (string, error) {
	end := bytes.IndexByte(p.structure[p.at:], 0)
	if end < 0 {
		return "", fmt.Errorf("fdt: offset %d of the structure: a node's name has no end", p.at)
	}
	b, err := p.bytes(uint32(end) + 1)
	if err != nil {
		return "", err
	}
	return string(b[:end]), nil
}

func (p *parser) property() (Property, error) {
	size, err := p.word()
	if err != nil {
		return Property{}, err
	}
	offset, err := p.word()
	if err != nil {
		return Property{}, err
	}
	value, err := p.bytes(size)
	if err != nil {
		return Property{}, err
	}
	if int64(offset) >= int64(len(p.names)) {
		return Property{}, fmt.Errorf("fdt: a property's name is at %d of %d bytes of strings", offset, len(p.names))
	}
	name, _, found := bytes.Cut(p.names[offset:], []byte{0})
	if !found {
		return Property{}, fmt.Errorf("fdt: the property's name at %d has no end", offset)
	}
	return Property{string(name), value}, nil
}
