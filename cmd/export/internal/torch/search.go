package torch

import (
	"fmt"
	"slices"
	"strings"

	"github.com/edge-infer/edge-infer/cmd/export/internal/pickle"
	"github.com/edge-infer/edge-infer/cmd/export/internal/source"
)

// found is what a file turned out to hold: a model, or values with names.
type found struct {
	model  *module
	values []named
	notes  []string
}

func (f *found) note(format string, args ...any) {
	f.notes = append(f.notes, fmt.Sprintf(format, args...))
}

// modelKeys are the keys under which checkpoints keep a model or its state_dict.
var modelKeys = []string{"state_dict", "model_state_dict", "model_state", "model", "net", "network", "module", "weights"}

// maxNesting bounds how deep dicts within dicts are searched for tensors.
const maxNesting = 4

// search looks for a model or for tensors.
func (c *content) search(root any, depth int) (found, error) {
	var f found
	if err := c.visit("", depth); err != nil {
		return f, err
	}
	switch v := root.(type) {
	case *pickle.Dict:
		return c.checkpoint(v, depth)
	case *pickle.List:
		return f, c.collect(&f, "", pickle.Tuple(v.Items), 0)
	case pickle.Tuple:
		return f, c.collect(&f, "", v, 0)
	case *pickle.Record:
		switch {
		case isTensor(v) || pickle.IsArray(v):
			f.values = []named{{"tensor", v}}
			return f, nil
		case c.script && isScript(v.Class.Module):
			return c.scripted(v)
		case isModule(v):
			return c.module(v)
		}
	}
	return f, fmt.Errorf("%s: a model, a state_dict or tensors are needed", pickle.Describe(root))
}

// module tells a model from one whose code is elsewhere.
func (c *content) module(r *pickle.Record) (found, error) {
	var f found
	m, err := c.moduleAt(r, "", 0)
	if err != nil {
		return f, err
	}
	if stranger := m.stranger(); stranger != nil {
		if stranger == m {
			f.note("the file holds an object of class %s, whose forward is in code that the file lacks: its weights are read", m.class())
		} else {
			f.note("layer %q is of class %s, whose forward is in code that the file lacks: the weights are read", stranger.path, stranger.class())
		}
		f.note("the modules, in the order in which they were made: %s", strings.Join(m.list(nil), ", "))
		f.values = m.all(nil)
		return f, nil
	}
	f.model = m
	return f, nil
}

// stranger returns a module among those to run whose class is not PyTorch's, or is one of those that
// hold modules and do not run them; or nil.
func (m *module) stranger() *module {
	switch class := m.record.Class; {
	case !strings.HasPrefix(class.Module, "torch.nn."), class.Name == "ModuleList", class.Name == "ModuleDict":
		return m
	}
	if m.sequential() {
		for _, child := range m.children {
			if s := child.stranger(); s != nil {
				return s
			}
		}
	}
	return nil
}

// all appends parameters and buffers as a state_dict has them: a module's own, then its children's.
// Beside running statistics stands their epsilon.
func (m *module) all(list []named) []named {
	for _, v := range m.values {
		list = append(list, named{join(m.path, v.name), v.value})
	}
	if v, ok := m.record.Attribute(epsilonName); ok && m.value("running_var") != nil {
		if e, ok := pickle.Number(v); ok {
			list = append(list, named{join(m.path, epsilonName), epsilon(e)})
		}
	}
	for _, child := range m.children {
		list = child.all(list)
	}
	return list
}

// list appends the names and classes of the modules without children, some 20 of them.
func (m *module) list(words []string) []string {
	const enough = 20
	if len(m.children) == 0 && len(words) < enough {
		return append(words, strings.TrimSpace(m.path+" "+m.class()))
	}
	for _, child := range m.children {
		words = child.list(words)
	}
	if len(words) == enough {
		words = append(words, "…")
	}
	return words
}

// checkpoint finds the model, or the weights, in a dict: they are under a key of their own, with
// what may belong to them beside it, or are its values.
func (c *content) checkpoint(d *pickle.Dict, depth int) (found, error) {
	for _, key := range modelKeys {
		switch v, _ := d.Get(key); v := v.(type) {
		case *pickle.Dict, *pickle.Record:
			if r, ok := v.(*pickle.Record); ok && !isModule(r) {
				continue
			}
			f, err := c.search(v, depth+1)
			if err != nil {
				return f, fmt.Errorf("entry %q: %w", key, err)
			}
			f.note("the weights are those of the checkpoint's entry %q", key)
			if f.model == nil {
				for name, value := range d.All() {
					if text, ok := name.(string); ok && (isTensor(value) || pickle.IsArray(value)) {
						f.values = append(f.values, named{text, value})
					}
				}
			}
			return f, nil
		}
	}
	var f found
	if err := c.collect(&f, "", d, 0); err != nil {
		return f, err
	}
	if len(f.values) == 0 {
		return f, fmt.Errorf("a dict with the keys %s holds no tensors", keys(d))
	}
	return f, nil
}

// collect appends the tensors of a dict, a list or a tuple, and of those within it. The state of
// optimizers is left out.
func (c *content) collect(f *found, path string, container any, depth int) error {
	visit := func(name string, v any) error {
		name = join(path, name)
		if err := c.visit(name, depth); err != nil {
			return err
		}
		switch v := v.(type) {
		case *pickle.Dict:
			if _, optimizer := v.Get("param_groups"); !optimizer && depth < maxNesting {
				return c.collect(f, name, v, depth+1)
			}
		case *pickle.Record:
			if isTensor(v) || pickle.IsArray(v) {
				if len(f.values) == source.MaxTensors {
					return fmt.Errorf("more than %d tensors", source.MaxTensors)
				}
				f.values = append(f.values, named{name, v})
			}
			if isModule(v) {
				m, err := c.moduleAt(v, name, 0)
				if err != nil {
					return err
				}
				f.values = m.all(f.values)
			}
		}
		return nil
	}
	switch v := container.(type) {
	case *pickle.Dict:
		for key, value := range v.All() {
			name, ok := key.(string)
			if n, isInt := key.(int64); isInt {
				name, ok = fmt.Sprint(n), true
			}
			if !ok {
				continue
			}
			if err := visit(name, value); err != nil {
				return err
			}
		}
	case pickle.Tuple:
		for i, value := range v {
			if err := visit(fmt.Sprint(i), value); err != nil {
				return err
			}
		}
	}
	return nil
}

// keys lists the first keys of a dict.
func keys(d *pickle.Dict) string {
	var words []string
	for key := range d.All() {
		if len(words) == 10 {
			words = append(words, "…")
			break
		}
		if text, ok := key.(string); ok {
			words = append(words, fmt.Sprintf("%.40q", text))
		}
	}
	return strings.Join(slices.Clip(words), ", ")
}
