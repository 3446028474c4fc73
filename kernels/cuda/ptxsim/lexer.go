package ptxsim

import (
	"fmt"
	"strings"
)

// A token is a word (identifiers, registers, opcodes and directives with their dots), a number, a string, or one
// punctuation mark. The end of the text is a token with an empty text.
type token struct {
	text string
	line int
	sort tokenSort
}

type tokenSort uint8

const (
	endToken tokenSort = iota
	wordToken
	numberToken
	stringToken
	markToken
)

func (t token) String() string {
	if t.sort == endToken {
		return "the end of the text"
	}
	return fmt.Sprintf("%q", t.text)
}

// A lexer cuts PTX text into tokens.
type lexer struct {
	text string
	at   int
	line int
}

// parseError is an error of the text at a line.
func parseError(line int, format string, args ...any) error {
	return fmt.Errorf("ptxsim: line %d: %w", line, fmt.Errorf(format, args...))
}

// next returns the next token.
func (l *lexer) next() (token, error) {
	if err := l.skipBlank(); err != nil {
		return token{}, err
	}
	if l.at == len(l.text) {
		return token{line: l.line}, nil
	}
	start, c := l.at, l.text[l.at]
	switch {
	case isDigit(c):
		return l.take(start, numberToken, isWordByte), nil
	case isWordByte(c):
		return l.take(start, wordToken, isWordByte), nil
	case c == '"':
		end := strings.IndexAny(l.text[start+1:], "\"\n")
		if end < 0 || l.text[start+1+end] == '\n' {
			return token{}, parseError(l.line, "a string without an end")
		}
		l.at = start + end + 2
		return token{l.text[start+1 : l.at-1], l.line, stringToken}, nil
	case strings.IndexByte("{}()[]<>,;:@!|=+-", c) >= 0:
		l.at++
		return token{l.text[start:l.at], l.line, markToken}, nil
	}
	return token{}, parseError(l.line, "unexpected character %q", c)
}

// take makes a token of the bytes from start that belong.
func (l *lexer) take(start int, sort tokenSort, belongs func(byte) bool) token {
	for l.at < len(l.text) && belongs(l.text[l.at]) {
		l.at++
	}
	return token{l.text[start:l.at], l.line, sort}
}

// skipBlank moves past white space and comments.
func (l *lexer) skipBlank() error {
	for l.at < len(l.text) {
		rest := l.text[l.at:]
		switch {
		case rest[0] == '\n':
			l.line++
			l.at++
		case rest[0] == ' ' || rest[0] == '\t' || rest[0] == '\r':
			l.at++
		case strings.HasPrefix(rest, "//"):
			end := strings.IndexByte(rest, '\n')
			if end < 0 {
				end = len(rest)
			}
			l.at += end
		case strings.HasPrefix(rest, "/*"):
			end := strings.Index(rest[2:], "*/")
			if end < 0 {
				return parseError(l.line, "a comment without an end")
			}
			l.line += strings.Count(rest[:end+4], "\n")
			l.at += end + 4
		default:
			return nil
		}
	}
	return nil
}

func isDigit(c byte) bool { return c >= '0' && c <= '9' }

func isWordByte(c byte) bool {
	return isDigit(c) || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c == '_' || c == '$' || c == '%' || c == '.'
}
