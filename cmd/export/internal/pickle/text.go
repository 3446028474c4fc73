package pickle

import (
	"errors"
	"fmt"
	"math"
	"strconv"
	"unicode/utf8"
)

// maxLine bounds a line of text, in bytes. Protocol 0 writes whole arrays as one.
const maxLine = 64 << 20

// text pushes a text. Those of Python 2, which do not know whether they are text or bytes, come as
// they are.
func (m *machine) text(op byte) error {
	switch op {
	case opString:
		line, err := m.line(maxLine)
		if err != nil {
			return err
		}
		text, err := unquote(line)
		if err != nil {
			return err
		}
		return m.push(text)
	case opUnicode:
		line, err := m.line(maxLine)
		if err != nil {
			return err
		}
		text, err := unescape(line)
		if err != nil {
			return err
		}
		return m.push(text)
	}
	size := 4
	switch op {
	case opShortBinSt, opShortBinUnicode:
		size = 1
	case opBinUnicode8:
		size = 8
	}
	n, err := m.length(size)
	if err != nil {
		return err
	}
	data, err := m.Take(n)
	if err != nil {
		return err
	}
	if op != opBinString && op != opShortBinSt && !utf8.Valid(data) {
		return errors.New("a text that is not UTF-8")
	}
	return m.push(string(data))
}

// unescape reads a text of protocol 0: Latin-1, with \u and \U escapes for what that lacks, and
// for the backslash.
func unescape(line []byte) (string, error) {
	text := make([]byte, 0, len(line))
	for len(line) > 0 {
		digits, plain := 0, 1
		if line[0] == '\\' && len(line) > 1 {
			switch line[1] {
			case 'u':
				digits = 4
			case 'U':
				digits = 8
			default: // stands for itself, and so does what follows: a backslash, say
				plain = 2
			}
		}
		if digits == 0 {
			for _, c := range line[:plain] {
				text = utf8.AppendRune(text, rune(c))
			}
			line = line[plain:]
			continue
		}
		if len(line) < 2+digits {
			return "", errors.New("a text with an escape that is cut off")
		}
		c, err := strconv.ParseUint(string(line[2:2+digits]), 16, 32)
		if err != nil || c > math.MaxInt32 || !utf8.ValidRune(rune(c)) {
			return "", fmt.Errorf("a text with the escape %q, which is no character", line[:2+digits])
		}
		text = utf8.AppendRune(text, rune(c))
		line = line[2+digits:]
	}
	return string(text), nil
}

// unquote reads a string of Python 2, as its repr wrote it.
func unquote(line []byte) (string, error) {
	n := len(line)
	if n < 2 || line[0] != '\'' && line[0] != '"' || line[n-1] != line[0] {
		return "", errors.New("a string without quotes")
	}
	line = line[1 : n-1]
	text := make([]byte, 0, len(line))
	for len(line) > 0 {
		if line[0] != '\\' {
			text, line = append(text, line[0]), line[1:]
			continue
		}
		if len(line) < 2 {
			return "", errors.New("a string that ends in a backslash")
		}
		switch c := line[1]; c {
		case '\\', '\'', '"':
			text = append(text, c)
		case 'n':
			text = append(text, '\n')
		case 'r':
			text = append(text, '\r')
		case 't':
			text = append(text, '\t')
		case 'x':
			if len(line) < 4 {
				return "", errors.New("a string with an escape that is cut off")
			}
			b, err := strconv.ParseUint(string(line[2:4]), 16, 8)
			if err != nil {
				return "", fmt.Errorf("a string with the escape %q", line[:4])
			}
			text, line = append(text, byte(b)), line[2:]
		default:
			return "", fmt.Errorf("a string with the escape %q", line[:2])
		}
		line = line[2:]
	}
	return string(text), nil
}
