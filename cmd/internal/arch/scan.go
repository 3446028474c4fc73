package arch

import (
	"fmt"
	"strconv"
	"strings"
	"unicode/utf8"
)

// maxText bounds the text in bytes: a layer takes five, and a file holds 4096 of them.
const maxText = 1 << 16

// A call is one layer as it is written: its word and its parameters.
type call struct {
	word   string
	args   []string
	offset int // of the word in the text, in bytes
}

func (c call) String() string {
	if len(c.args) == 0 {
		return c.word
	}
	return c.word + "(" + strings.Join(c.args, ",") + ")"
}

// scanner cuts a text into calls.
type scanner struct {
	text string
	at   int // offset of the next byte
}

func (s *scanner) errorf(at int, format string, a ...any) error {
	return fmt.Errorf("arch: at character %d: %s", utf8.RuneCountInString(s.text[:at])+1, fmt.Sprintf(format, a...))
}

func (s *scanner) spaces() {
	for s.at < len(s.text) && strings.IndexByte(" \t\r\n", s.text[s.at]) >= 0 {
		s.at++
	}
}

// accept steps over a byte, and the spaces before it, if it comes next.
func (s *scanner) accept(c byte) bool {
	s.spaces()
	if s.at < len(s.text) && s.text[s.at] == c {
		s.at++
		return true
	}
	return false
}

// calls reads the whole text.
func (s *scanner) calls() ([]call, error) {
	var list []call
	for {
		c, err := s.call()
		if err != nil {
			return nil, err
		}
		list = append(list, c)
		if s.spaces(); s.at == len(s.text) {
			return list, nil
		}
		if !s.accept(',') {
			return nil, s.errorf(s.at, "%s where a comma or the end is needed", s.found())
		}
	}
}

func (s *scanner) call() (call, error) {
	s.spaces()
	c := call{offset: s.at}
	for s.at < len(s.text) && isWordByte(s.text[s.at]) {
		s.at++
	}
	c.word = s.text[c.offset:s.at]
	if c.word == "" {
		return c, s.errorf(s.at, "%s where a layer is needed", s.found())
	}
	if !s.accept('(') {
		return c, nil
	}
	for {
		arg, err := s.arg()
		if err != nil {
			return c, err
		}
		c.args = append(c.args, arg)
		if s.accept(')') {
			return c, nil
		}
		if !s.accept(',') {
			return c, s.errorf(s.at, "%s where a comma or a closing parenthesis is needed", s.found())
		}
	}
}

// arg reads one parameter: what stands up to the next comma or parenthesis, or a quoted string.
func (s *scanner) arg() (string, error) {
	s.spaces()
	start := s.at
	if start < len(s.text) && s.text[start] == '"' {
		quoted, err := strconv.QuotedPrefix(s.text[start:])
		if err != nil {
			return "", s.errorf(start, "a quoted name without its end")
		}
		s.at += len(quoted)
		arg, err := strconv.Unquote(quoted)
		if err != nil || arg == "" {
			return "", s.errorf(start, "%s is no name", quoted)
		}
		return arg, nil
	}
	for s.at < len(s.text) && strings.IndexByte(`(),"`, s.text[s.at]) < 0 {
		s.at++
	}
	arg := strings.TrimRight(s.text[start:s.at], " \t\r\n")
	if arg == "" {
		return "", s.errorf(s.at, "%s where a parameter is needed", s.found())
	}
	return arg, nil
}

// found describes what comes next, for a message.
func (s *scanner) found() string {
	if s.at == len(s.text) {
		return "the end"
	}
	return strconv.Quote(s.next())
}

// next returns the character that comes next.
func (s *scanner) next() string {
	_, size := utf8.DecodeRuneInString(s.text[s.at:])
	return s.text[s.at : s.at+size]
}

func isWordByte(c byte) bool {
	return c == '_' || 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || '0' <= c && c <= '9'
}

// quote returns a name as arg reads it: bare if it can be.
func quote(name string) string {
	if name == "" || strings.ContainsAny(name, `(),"`) || strconv.Quote(name) != `"`+name+`"` || strings.TrimSpace(name) != name {
		return strconv.Quote(name)
	}
	return name
}
