package torch

import (
	"fmt"
	"strings"

	"github.com/edge-infer/edge-infer/cmd/export/internal/pickle"
)

// isScript reports whether a module is that of a class of TorchScript, whose code lies beside the
// pickle and stays unread.
func isScript(module string) bool {
	return module == "__torch__" || strings.HasPrefix(module, "__torch__.")
}

// scripted collects the tensors of a TorchScript module. Its attributes are parameters, buffers and
// modules alike.
func (c *content) scripted(r *pickle.Record) (found, error) {
	var f found
	var modules []string
	if err := c.attributes(&f, &modules, r, "", 0); err != nil {
		return f, err
	}
	if len(f.values) == 0 {
		return f, fmt.Errorf("a TorchScript module without tensors: if it was frozen, its weights are constants of its code; save it before torch.jit.freeze")
	}
	f.note("the file is TorchScript, whose layers are code: its weights are read; the modules, in the order in which they were made: %s", strings.Join(modules, ", "))
	return f, nil
}

func (c *content) attributes(f *found, modules *[]string, r *pickle.Record, path string, depth int) error {
	d, ok := r.State.(*pickle.Dict)
	if !ok {
		return fmt.Errorf("module %q of class %s: %s as its attributes", path, r.Class, pickle.Describe(r.State))
	}
	leaf := true
	for key, v := range d.All() {
		name, _ := key.(string)
		if err := c.visit(join(path, name), depth); err != nil {
			return err
		}
		child, ok := v.(*pickle.Record)
		switch {
		case !ok || name == "":
		case isTensor(child):
			f.values = append(f.values, named{join(path, name), child})
		case isScript(child.Class.Module):
			leaf = false
			if err := c.attributes(f, modules, child, join(path, name), depth+1); err != nil {
				return err
			}
		}
	}
	if leaf && len(*modules) < 20 {
		*modules = append(*modules, strings.TrimSpace(path+" "+r.Class.Name))
	}
	return nil
}
