package pickle

import (
	"errors"
	"fmt"
)

var errStack = errors.New("an instruction needs more values than there are")

// floor is the height below which instructions of the group under way do not reach.
func (m *machine) floor() int {
	if n := len(m.marks); n > 0 {
		return m.marks[n-1]
	}
	return 0
}

func (m *machine) push(v any) error {
	m.stack = append(m.stack, v)
	return nil
}

func (m *machine) top() (any, error) {
	if len(m.stack) <= m.floor() {
		return nil, errStack
	}
	return m.stack[len(m.stack)-1], nil
}

func (m *machine) pop() (any, error) {
	v, err := m.top()
	if err == nil {
		m.stack = m.stack[:len(m.stack)-1]
	}
	return v, err
}

// popGroup takes what was pushed since the last mark, and the mark. The slice is valid until the
// next push.
func (m *machine) popGroup() ([]any, error) {
	if len(m.marks) == 0 {
		return nil, errors.New("an instruction needs a mark and there is none")
	}
	at := m.floor()
	group := m.stack[at:]
	m.stack, m.marks = m.stack[:at], m.marks[:len(m.marks)-1]
	return group, nil
}

// discard takes away the topmost value, or the mark if nothing lies above it.
func (m *machine) discard() error {
	if n := len(m.marks); n > 0 && len(m.stack) == m.marks[n-1] {
		m.marks = m.marks[:n-1]
		return nil
	}
	_, err := m.pop()
	return err
}

// tuple makes a tuple of the n topmost values.
func (m *machine) tuple(n int) error {
	at := len(m.stack) - n
	if at < m.floor() {
		return errStack
	}
	t := make(Tuple, n)
	copy(t, m.stack[at:])
	m.stack = m.stack[:at]
	return m.push(t)
}

// gather makes one value of a group.
func (m *machine) gather(op byte) error {
	group, err := m.popGroup()
	if err != nil {
		return err
	}
	switch op {
	case opDict:
		d := new(Dict)
		if err := setAll(d, group); err != nil {
			return err
		}
		return m.push(d)
	case opList:
		return m.push(&List{append([]any(nil), group...)})
	case opFrozenSet:
		return m.push(&Set{append([]any(nil), group...)})
	}
	return m.push(append(Tuple(nil), group...))
}

// fill puts one or two topmost values, or a group, into the container below.
func (m *machine) fill(op byte) error {
	group, err := m.contents(op)
	if err != nil {
		return err
	}
	container, err := m.top()
	if err != nil {
		return err
	}
	pairs := op == opSetItem || op == opSetItems
	switch c := container.(type) {
	case *Dict:
		if pairs {
			return setAll(c, group)
		}
	case *List:
		if op == opAppend || op == opAppends {
			c.Items = append(c.Items, group...)
			return nil
		}
	case *Set:
		if op == opAddItems {
			c.Items = append(c.Items, group...)
			return nil
		}
	case *Record:
		if !pairs {
			c.Elements = append(c.Elements, group...)
			return nil
		}
		if c.Items == nil {
			c.Items = new(Dict)
		}
		return setAll(c.Items, group)
	}
	return fmt.Errorf("contents for %s, which takes none of this kind", Describe(container))
}

// contents takes what an instruction puts into a container. It is valid until the next push.
func (m *machine) contents(op byte) ([]any, error) {
	n := 1
	switch op {
	case opSetItem:
		n = 2
	case opAppends, opSetItems, opAddItems:
		return m.popGroup()
	}
	at := len(m.stack) - n
	if at < m.floor() {
		return nil, errStack
	}
	group := m.stack[at:]
	m.stack = m.stack[:at]
	return group, nil
}

// setAll puts keys and values, which alternate, into a dict.
func setAll(d *Dict, pairs []any) error {
	if len(pairs)%2 != 0 {
		return errors.New("a key without a value")
	}
	for i := 0; i < len(pairs); i += 2 {
		if err := d.set(pairs[i], pairs[i+1]); err != nil {
			return err
		}
	}
	return nil
}
