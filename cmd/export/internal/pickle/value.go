package pickle

import (
	"fmt"
	"math/big"
)

// List is a list. Its elements are values as the package's documentation lists them.
type List struct{ Items []any }

// Tuple is a tuple.
type Tuple []any

// Set is a set or a frozenset, in the order of the file. Equal elements are kept.
type Set struct{ Items []any }

// Persistent stands for an object that the pickle leaves to its surroundings.
type Persistent struct{ ID any }

// Global is the name of a class or a function. Modules that Python 3 renamed have their new names.
type Global struct {
	Module, Name string

	foreign bool // not among those that Options.Allow names
}

// Is reports whether g is the class or function of that name.
func (g *Global) Is(module, name string) bool { return g.Module == module && g.Name == name }

func (g *Global) String() string { return g.Module + "." + g.Name }

// Record is what a call or an object would be: its class or function, and what it was given.
type Record struct {
	Class *Global
	Args  Tuple // of the call, or of the class's __new__
	// Keywords are the keyword arguments of __new__; nil for none.
	Keywords *Dict
	// State is what Python would hand to __setstate__, or make the object's attributes; nil for none.
	State any
	// Items and Elements are what was put into an object that is a dict or a list by inheritance.
	Items    *Dict
	Elements []any
}

// Attribute returns the value of an attribute, from a state that is a dict, or a tuple of a dict and
// one of slots, as Python's own objects have it.
func (r *Record) Attribute(name string) (any, bool) {
	states := Tuple{r.State}
	if t, ok := r.State.(Tuple); ok && len(t) == 2 {
		states = t
	}
	for _, s := range states {
		if d, ok := s.(*Dict); ok {
			if v, ok := d.Get(name); ok {
				return v, true
			}
		}
	}
	return nil, false
}

// Describe says in a few words what a value is, for an error.
func Describe(v any) string {
	switch v := v.(type) {
	case nil:
		return "None"
	case bool:
		if v {
			return "True"
		}
		return "False"
	case int64, float64:
		return fmt.Sprintf("the number %v", v)
	case *big.Int:
		return fmt.Sprintf("a number of %d bits", v.BitLen())
	case string:
		return fmt.Sprintf("the text %.40q", v)
	case []byte:
		return fmt.Sprintf("%d bytes", len(v))
	case *List:
		return fmt.Sprintf("a list of %d", len(v.Items))
	case Tuple:
		return fmt.Sprintf("a tuple of %d", len(v))
	case *Dict:
		return fmt.Sprintf("a dict of %d", v.Len())
	case *Set:
		return fmt.Sprintf("a set of %d", len(v.Items))
	case *Global:
		return fmt.Sprintf("the name %.200s", v)
	case *Record:
		return fmt.Sprintf("an object of %.200s", v.Class)
	case *Persistent:
		return "a persistent id"
	}
	return fmt.Sprintf("a %T", v)
}
