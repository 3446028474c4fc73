package torch

import (
	"errors"
	"fmt"
	"strings"

	"github.com/edge-infer/edge-infer/cmd/export/internal/pickle"
)

// Limits of what is walked. One value may stand in several places, and so in a great many.
const (
	maxDepth  = 64
	maxVisits = 1 << 15
	maxPath   = 1024 // bytes of a name with the names around it
)

// visit counts a step of a walk, at a depth, to a value of that name.
func (c *content) visit(path string, depth int) error {
	switch c.visits++; {
	case c.visits > maxVisits:
		return fmt.Errorf("more than %d modules, values of modules and entries of dicts", maxVisits)
	case depth > maxDepth:
		return fmt.Errorf("%.40q… lies more than %d deep", path, maxDepth)
	case len(path) > maxPath:
		return fmt.Errorf("%.40q… is a name of more than %d bytes", path, maxPath)
	}
	return nil
}

// module is a torch.nn.Module.
type module struct {
	path     string // of names from the root, with dots: "encoder.0"; empty for the root
	record   *pickle.Record
	values   []named // parameters, then buffers
	children []*module
}

// named is a value with its name.
type named struct {
	name  string
	value any
}

// moduleAt reads a record of a module and all within it.
func (c *content) moduleAt(r *pickle.Record, path string, depth int) (*module, error) {
	if err := c.visit(path, depth); err != nil {
		return nil, err
	}
	m := &module{path: path, record: r}
	for _, group := range []string{"_parameters", "_buffers"} {
		for name, v := range m.dict(group).All() {
			if err := c.visit(path, depth); err != nil { // a module may stand in many places
				return nil, err
			}
			if text, ok := name.(string); ok && v != nil {
				m.values = append(m.values, named{text, v})
			}
		}
	}
	for name, v := range m.dict("_modules").All() {
		text, ok := name.(string)
		if !ok {
			return nil, fmt.Errorf("module %q has a child called %s", path, pickle.Describe(name))
		}
		if v == nil {
			continue // a place kept free
		}
		child, ok := v.(*pickle.Record)
		if !ok || !isModule(child) {
			return nil, fmt.Errorf("module %q: %s where a module is needed", join(path, text), pickle.Describe(v))
		}
		inner, err := c.moduleAt(child, join(path, text), depth+1)
		if err != nil {
			return nil, err
		}
		m.children = append(m.children, inner)
	}
	return m, nil
}

// dict returns one of the dicts that make a module.
func (m *module) dict(name string) *pickle.Dict {
	v, _ := m.record.Attribute(name)
	d, ok := v.(*pickle.Dict)
	if !ok {
		return new(pickle.Dict)
	}
	return d
}

// parameter returns a parameter, or the *recipe of one that is kept in two, or nil.
func (m *module) parameter(name string) any {
	for _, v := range pairs(m.values) {
		if v.name == name {
			return v.value
		}
	}
	return nil
}

// value returns a parameter or a buffer as the file has it, or nil.
func (m *module) value(name string) any {
	for _, v := range m.values {
		if v.name == name {
			return v.value
		}
	}
	return nil
}

// is reports whether the module is of that class of PyTorch.
func (m *module) is(name string) bool {
	return m.record.Class.Name == name && m.known()
}

// String names the module in an error.
func (m *module) String() string {
	if m.path == "" {
		return m.class()
	}
	return fmt.Sprintf("layer %q, %s", m.path, m.class())
}

// class is the class's name: short for PyTorch's own.
func (m *module) class() string {
	if strings.HasPrefix(m.record.Class.Module, "torch.nn.") {
		return m.record.Class.Name
	}
	return m.record.Class.String()
}

// training reports whether the module was saved in training mode.
func (m *module) training() bool {
	v, _ := m.record.Attribute("training")
	return v == true
}

// number returns a hyper-parameter. Files of older versions lack those that came later, for which
// there is what they did.
func (m *module) number(name string, missing float64) (float64, error) {
	v, ok := m.record.Attribute(name)
	if !ok {
		return missing, nil
	}
	n, ok := pickle.Number(v)
	if !ok {
		return 0, fmt.Errorf("%s is %s: a number is needed", name, pickle.Describe(v))
	}
	return n, nil
}

// hooks returns an error if code of somebody's own runs before or after the module's, or in its
// place. Weight norm and pruning are such code, and known.
func (m *module) hooks() error {
	if _, ok := m.record.Attribute("forward"); ok {
		return errors.New("its forward was replaced by another, whose code the file lacks: save its state_dict and say --arch")
	}
	for _, group := range []string{"_forward_hooks", "_forward_pre_hooks"} {
		for _, v := range m.dict(group).All() {
			r, ok := v.(*pickle.Record)
			if !ok || r.Class.Module != "torch.nn.utils.weight_norm" && r.Class.Module != "torch.nn.utils.prune" {
				return errors.New("it has a forward hook, whose code the file lacks: save the model without it")
			}
		}
	}
	return nil
}

// join appends a name to a path.
func join(path, name string) string {
	if path == "" {
		return name
	}
	return path + "." + name
}
