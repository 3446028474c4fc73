package pickle

import (
	"errors"
	"fmt"
	"math"
	"unicode/utf8"
)

// global pushes the name of a class or function, if it is allowed.
func (m *machine) global(op byte) error {
	var module, name any
	var err error
	if op == opGlobal {
		module, name, err = m.names()
	} else if name, err = m.pop(); err == nil {
		module, err = m.pop()
	}
	if err != nil {
		return err
	}
	g, err := m.find(module, name)
	if err != nil {
		return err
	}
	return m.push(g)
}

// names reads a module and a name, a line each.
func (m *machine) names() (module, name any, err error) {
	var lines [2]string
	for i := range lines {
		line, err := m.line(math.MaxUint16)
		if err != nil {
			return nil, nil, err
		}
		if !utf8.Valid(line) {
			return nil, nil, errors.New("a name that is not UTF-8")
		}
		lines[i] = string(line)
	}
	return lines[0], lines[1], nil
}

func (m *machine) find(module, name any) (*Global, error) {
	mod, ok1 := module.(string)
	n, ok2 := name.(string)
	if !ok1 || !ok2 {
		return nil, fmt.Errorf("%s and %s as the name of a class", Describe(module), Describe(name))
	}
	switch mod { // as Python 2 called them, and as protocols 0 to 2 still do
	case "__builtin__":
		mod = "builtins"
	case "copy_reg":
		mod = "copyreg"
	}
	g := &Global{Module: mod, Name: n}
	if builtin(mod, n) || m.options.Allow != nil && m.options.Allow(mod, n) {
		return g, nil
	}
	if m.options.Instance == nil {
		return nil, &ClassError{mod, n}
	}
	g.foreign = true
	return g, nil
}

// object makes a record of a class or function and its arguments.
func (m *machine) object(op byte) error {
	var class any
	var args Tuple
	var keywords *Dict
	var err error
	switch op {
	case opInst:
		class, args, err = m.inst()
	case opObj:
		class, args, err = m.obj()
	default:
		class, args, keywords, err = m.operands(op == opNewObjEx)
	}
	if err != nil {
		return err
	}
	g, ok := class.(*Global)
	if !ok {
		return fmt.Errorf("a call of %s, which is no class or function", Describe(class))
	}
	var v any
	if op == opNewObj || op == opNewObjEx {
		v, err = m.instance(g, args, keywords)
	} else {
		v, err = m.call(g, args)
	}
	if err != nil {
		return err
	}
	return m.push(v)
}

func (m *machine) inst() (class any, args Tuple, err error) {
	module, name, err := m.names()
	if err != nil {
		return nil, nil, err
	}
	g, err := m.find(module, name)
	if err != nil {
		return nil, nil, err
	}
	group, err := m.popGroup()
	return g, append(Tuple(nil), group...), err
}

func (m *machine) obj() (class any, args Tuple, err error) {
	group, err := m.popGroup()
	if err != nil {
		return nil, nil, err
	}
	if len(group) == 0 {
		return nil, nil, errStack
	}
	return group[0], append(Tuple(nil), group[1:]...), nil
}

// operands takes a class and its arguments from the stack.
func (m *machine) operands(withKeywords bool) (class any, args Tuple, keywords *Dict, err error) {
	var ok bool
	if withKeywords {
		v, err := m.pop()
		if err != nil {
			return nil, nil, nil, err
		}
		if keywords, ok = v.(*Dict); !ok {
			return nil, nil, nil, fmt.Errorf("%s as keyword arguments", Describe(v))
		}
	}
	v, err := m.pop()
	if err != nil {
		return nil, nil, nil, err
	}
	if args, ok = v.(Tuple); !ok {
		return nil, nil, nil, fmt.Errorf("%s as arguments", Describe(v))
	}
	class, err = m.pop()
	return class, args, keywords, err
}

// instance makes an object without a call.
func (m *machine) instance(g *Global, args Tuple, keywords *Dict) (any, error) {
	if v, err := m.container(g, args); v != nil || err != nil {
		return v, err
	}
	r := &Record{Class: g, Args: args, Keywords: keywords}
	if g.foreign {
		m.foreign = append(m.foreign, r)
	}
	return r, nil
}

// build gives the topmost record its state.
func (m *machine) build() error {
	state, err := m.pop()
	if err != nil {
		return err
	}
	object, err := m.pop()
	if err != nil {
		return err
	}
	r, ok := object.(*Record)
	if !ok {
		if _, ok := object.(*Dict); ok {
			return m.push(object) // attributes of an OrderedDict, beside what it holds
		}
		return fmt.Errorf("a state for %s, which takes none", Describe(object))
	}
	if r.State != nil {
		return fmt.Errorf("a second state for %s", Describe(r))
	}
	r.State = state
	if r.Class.foreign && !m.options.Instance(r) {
		return &ClassError{r.Class.Module, r.Class.Name}
	}
	if m.options.OnBuild != nil {
		if object, err = m.options.OnBuild(r, m.Reader); err != nil {
			return err
		}
	}
	return m.push(object)
}
