package npy

import (
	"bytes"
	"errors"
	"fmt"
	"math"
)

// parseHeader reads the one Python literal that numpy.save writes: a dict with the keys descr,
// fortran_order and shape, each once, in any order, with spaces and trailing commas where Python
// allows them. Nothing else of the language is understood.
func parseHeader(text []byte) (Header, error) {
	p := &parser{text: text}
	h, err := p.dict()
	if err == nil {
		p.space()
		if p.pos < len(p.text) {
			err = errors.New("more follows the closing brace")
		}
	}
	if err != nil {
		return Header{}, fmt.Errorf("at byte %d: %w", p.pos, err)
	}
	return h, nil
}

// parser is a place in the header's text. Its methods skip the spaces before what they read.
type parser struct {
	text []byte
	pos  int
}

func (p *parser) dict() (Header, error) {
	var h Header
	if !p.skip('{') {
		return h, errors.New("a dict must begin with {")
	}
	seen := map[string]bool{}
	for !p.skip('}') {
		key, err := p.quoted()
		if err != nil {
			return h, fmt.Errorf("a key: %w", err)
		}
		if seen[key] {
			return h, fmt.Errorf("key %q comes twice", key)
		}
		seen[key] = true
		if !p.skip(':') {
			return h, fmt.Errorf("key %q must be followed by a colon", key)
		}
		if err := p.value(&h, key); err != nil {
			return h, fmt.Errorf("%s: %w", key, err)
		}
		if !p.skip(',') && p.peek() != '}' {
			return h, fmt.Errorf("the value of %q must be followed by a comma or }", key)
		}
	}
	for _, key := range []string{"descr", "fortran_order", "shape"} {
		if !seen[key] {
			return h, fmt.Errorf("key %q is missing", key)
		}
	}
	return h, nil
}

func (p *parser) value(h *Header, key string) (err error) {
	switch key {
	case "descr":
		if p.peek() == '[' {
			return errors.New("a record of named fields is not read: save one array for each field")
		}
		var s string
		s, err = p.quoted()
		h.DType = DType(s)
	case "fortran_order":
		h.Fortran, err = p.boolean()
	case "shape":
		h.Shape, err = p.tuple()
	default:
		err = errors.New("unknown key: expected descr, fortran_order and shape")
	}
	return err
}

// quoted reads a string in single or double quotes. Neither keys nor dtypes need escapes, so a
// backslash is refused.
func (p *parser) quoted() (string, error) {
	quote := p.peek()
	if quote != '\'' && quote != '"' {
		return "", errors.New("expected a quoted string")
	}
	start := p.pos + 1
	for i := start; i < len(p.text); i++ {
		switch p.text[i] {
		case quote:
			p.pos = i + 1
			return string(p.text[start:i]), nil
		case '\\', '\n':
			return "", errors.New("a string with escapes or line ends is not read")
		}
	}
	return "", errors.New("a string without a closing quote")
}

func (p *parser) boolean() (bool, error) {
	p.space()
	switch rest := p.text[p.pos:]; {
	case bytes.HasPrefix(rest, []byte("True")):
		p.pos += len("True")
		return true, nil
	case bytes.HasPrefix(rest, []byte("False")):
		p.pos += len("False")
		return false, nil
	}
	return false, errors.New("expected True or False")
}

// tuple reads (), (3,), (3, 4) or (3, 4,). A single value needs its comma: (3) is a number.
func (p *parser) tuple() ([]int, error) {
	if !p.skip('(') {
		return nil, errors.New("a tuple must begin with (")
	}
	var shape []int
	comma := true
	for !p.skip(')') {
		if !comma {
			return nil, errors.New("expected a comma or )")
		}
		n, err := p.integer()
		if err != nil {
			return nil, err
		}
		shape = append(shape, n)
		comma = p.skip(',')
	}
	if len(shape) == 1 && !comma {
		return nil, errors.New("a tuple of one must hold a comma")
	}
	return shape, nil
}

// integer reads digits, and the L that Python 2 put after a long.
func (p *parser) integer() (int, error) {
	p.peek()
	start, n := p.pos, 0
	for ; p.pos < len(p.text) && p.text[p.pos] >= '0' && p.text[p.pos] <= '9'; p.pos++ {
		digit := int(p.text[p.pos] - '0')
		if n > (math.MaxInt-digit)/10 {
			return 0, errors.New("a dimension overflows")
		}
		n = n*10 + digit
	}
	if p.pos == start {
		return 0, errors.New("expected a whole number")
	}
	if p.pos < len(p.text) && p.text[p.pos] == 'L' {
		p.pos++
	}
	return n, nil
}

func (p *parser) space() {
	for p.pos < len(p.text) && (p.text[p.pos] == ' ' || p.text[p.pos] == '\n') {
		p.pos++
	}
}

// peek returns the next byte that is not a space, or 0 at the end.
func (p *parser) peek() byte {
	p.space()
	if p.pos == len(p.text) {
		return 0
	}
	return p.text[p.pos]
}

// skip moves past c and reports true if c comes next.
func (p *parser) skip(c byte) bool {
	if p.peek() != c || p.pos == len(p.text) {
		return false
	}
	p.pos++
	return true
}
