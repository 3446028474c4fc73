package pickle

import (
	"fmt"
	"slices"
)

// builtin reports whether a name belongs to Python's own containers and to the calls by which older
// protocols make them. They become values, or are names of types and no more.
func builtin(module, name string) bool {
	var names []string
	switch module {
	case "builtins":
		names = []string{"bool", "bytearray", "bytes", "dict", "float", "frozenset", "int", "list", "object", "set", "str", "tuple"}
	case "collections":
		names = []string{"OrderedDict", "defaultdict"}
	case "copyreg":
		names = []string{"_reconstructor", "__newobj__", "__newobj_ex__"}
	case "_codecs":
		names = []string{"encode"}
	}
	return slices.Contains(names, name)
}

// call makes what a call returns: a value for those of builtin, else a record of it.
func (m *machine) call(g *Global, args Tuple) (any, error) {
	switch {
	case g.foreign:
		return nil, &ClassError{g.Module, g.Name}
	case g.Module == "copyreg":
		return m.reconstruct(g, args)
	case g.Is("_codecs", "encode"):
		if text, ok := textOf(args, "latin1", "latin-1"); ok {
			return m.latin1(text)
		}
	case g.Is("builtins", "bytearray"):
		if text, ok := textOf(args, "latin-1", "latin1"); ok {
			return m.latin1(text)
		}
		if len(args) == 0 {
			return []byte{}, nil
		}
		if data, ok := args[0].([]byte); ok && len(args) == 1 {
			return data, nil
		}
	case g.Is("builtins", "bytes") && len(args) == 0:
		return []byte{}, nil
	case g.Is("builtins", "set"), g.Is("builtins", "frozenset"):
		if len(args) == 0 {
			return new(Set), nil
		}
		if l, ok := args[0].(*List); ok && len(args) == 1 {
			return &Set{slices.Clip(l.Items)}, nil // neither grows into the other's elements
		}
	case builtin(g.Module, g.Name):
		if v, err := m.container(g, args); v != nil || err != nil {
			return v, err
		}
	default:
		return &Record{Class: g, Args: args}, nil
	}
	return nil, fmt.Errorf("a call of %s with %d arguments that is not understood", g, len(args))
}

// container makes a dict or a list of Python's own classes, or nothing of another.
func (m *machine) container(g *Global, args Tuple) (any, error) {
	switch {
	case g.Is("collections", "defaultdict") && len(args) <= 1, g.Is("builtins", "dict") && len(args) == 0:
		return new(Dict), nil
	case g.Is("collections", "OrderedDict"):
		return m.dict(args)
	case g.Is("builtins", "list") && len(args) == 0:
		return new(List), nil
	}
	return nil, nil
}

// dict makes a dict of a list of pairs, each a list or a tuple, as protocols 0 and 1 have it.
func (m *machine) dict(args Tuple) (any, error) {
	d := new(Dict)
	if len(args) == 0 {
		return d, nil
	}
	l, ok := args[0].(*List)
	if !ok || len(args) > 1 {
		return nil, fmt.Errorf("a dict of %s", Describe(args[0]))
	}
	if err := m.spend(len(l.Items)); err != nil {
		return nil, err
	}
	for _, item := range l.Items {
		pair, ok := item.(Tuple)
		if p, isList := item.(*List); isList {
			pair, ok = p.Items, true
		}
		if !ok || len(pair) != 2 {
			return nil, fmt.Errorf("a dict of a list with %s", Describe(item))
		}
		if err := d.set(pair[0], pair[1]); err != nil {
			return nil, err
		}
	}
	return d, nil
}

// reconstruct makes an object in the ways of older protocols, where a function of copyreg is called
// with the class.
func (m *machine) reconstruct(f *Global, args Tuple) (any, error) {
	bad := fmt.Errorf("a call of %s with %d arguments that is not understood", f, len(args))
	if len(args) == 0 {
		return nil, bad
	}
	class, ok := args[0].(*Global)
	if !ok {
		return nil, bad
	}
	args = args[1:]
	switch f.Name {
	case "__newobj__":
		return m.instance(class, args, nil)
	case "__newobj_ex__":
		if len(args) == 2 {
			inner, ok := args[0].(Tuple)
			keywords, ok2 := args[1].(*Dict)
			if ok && ok2 {
				return m.instance(class, inner, keywords)
			}
		}
	case "_reconstructor": // with the base class, and what that makes of the object
		if len(args) == 2 {
			if args[1] == nil {
				return m.instance(class, nil, nil)
			}
			return m.instance(class, args[1:], nil)
		}
	}
	return nil, bad
}

// textOf returns the text of a call with a text and the name of an encoding.
func textOf(args Tuple, encodings ...string) (string, bool) {
	if len(args) != 2 {
		return "", false
	}
	text, ok1 := args[0].(string)
	encoding, ok2 := args[1].(string)
	return text, ok1 && ok2 && slices.Contains(encodings, encoding)
}

// latin1 returns a byte for each character.
func (m *machine) latin1(text string) ([]byte, error) {
	if err := m.spend(len(text)); err != nil {
		return nil, err
	}
	data := make([]byte, 0, len(text))
	for _, c := range text {
		if c > 0xff {
			return nil, fmt.Errorf("bytes as a text with the character %q", c)
		}
		data = append(data, byte(c))
	}
	return data, nil
}
