package fdt

import (
	"fmt"
	"strings"
)

// Tree is a device tree.
type Tree struct {
	Root *Node
	// BootCPU is the physical number of the processor that starts.
	BootCPU uint32
	// Reserved lists the stretches of memory that the kernel must leave alone.
	Reserved []Stretch
}

// Stretch is a stretch of physical memory, in bytes.
type Stretch struct{ Address, Size uint64 }

// Node is a node with its properties and children in their order in the blob. The root's name is empty.
type Node struct {
	Name       string
	Properties []Property
	Children   []*Node
}

// Property is a named value.
type Property struct {
	Name  string
	Value []byte
}

// Find returns the node at a path such as "/cpus/cpu@0".
func (t *Tree) Find(path string) (*Node, error) {
	node := t.Root
walk:
	for _, name := range strings.FieldsFunc(path, func(r rune) bool { return r == '/' }) {
		for _, child := range node.Children {
			if child.Name == name {
				node = child
				continue walk
			}
		}
		return nil, fmt.Errorf("fdt: %s: there is no node %q below %q", path, name, node.Name)
	}
	return node, nil
}

// Set gives a property its value, a new one at the end of the list.
func (n *Node) Set(name string, value []byte) {
	for i := range n.Properties {
		if n.Properties[i].Name == name {
			n.Properties[i].Value = value
			return
		}
	}
	n.Properties = append(n.Properties, Property{name, value})
}

// Get returns a property's value.
func (n *Node) Get(name string) ([]byte, bool) {
	for _, p := range n.Properties {
		if p.Name == name {
			return p.Value, true
		}
	}
	return nil, false
}

// Strings is the value of a property that is a list of strings.
func Strings(list ...string) []byte {
	var b []byte
	for _, s := range list {
		b = append(append(b, s...), 0)
	}
	return b
}
