package table

import (
	"bytes"
	"encoding/json"
	"iter"
)

// The functions here walk JSON that is known to be valid, which leaves only to find where each
// value ends. Decoding into Go values would allocate for every number of every row.

// elements yields the values of an array, as they are written.
func elements(array []byte) iter.Seq[[]byte] {
	return func(yield func([]byte) bool) {
		rest := bytes.TrimLeft(array[1:], blanks)
		for rest[0] != ']' {
			n := valueLength(rest)
			if !yield(rest[:n]) {
				return
			}
			rest = afterComma(rest[n:])
		}
	}
}

// members yields the keys, decoded, and the values, as they are written, of an object.
func members(object []byte) iter.Seq2[[]byte, []byte] {
	return func(yield func(key, value []byte) bool) {
		rest := bytes.TrimLeft(object[1:], blanks)
		for rest[0] != '}' {
			n := valueLength(rest)
			key := rest[1 : n-1]
			if bytes.IndexByte(key, '\\') >= 0 {
				key = []byte(unquote(rest[:n]))
			}
			colon := bytes.IndexByte(rest[n:], ':')
			rest = bytes.TrimLeft(rest[n+colon+1:], blanks)
			n = valueLength(rest)
			if !yield(key, rest[:n]) {
				return
			}
			rest = afterComma(rest[n:])
		}
	}
}

// keys returns the keys of an object.
func keys(object []byte) []string {
	var names []string
	for key := range members(object) {
		names = append(names, string(key))
	}
	return names
}

const blanks = " \t\r\n"

// afterComma skips to the next value or closing bracket.
func afterComma(rest []byte) []byte {
	rest = bytes.TrimLeft(rest, blanks)
	if rest[0] == ',' {
		rest = bytes.TrimLeft(rest[1:], blanks)
	}
	return rest
}

// valueLength returns the bytes of the value that b begins with.
func valueLength(b []byte) int {
	depth := 0
	for i := 0; i < len(b); i++ {
		switch b[i] {
		case '"':
			for i++; b[i] != '"'; i++ {
				if b[i] == '\\' {
					i++
				}
			}
			if depth == 0 {
				return i + 1
			}
		case '[', '{':
			depth++
		case ']', '}':
			if depth == 0 {
				return i // the bracket around a number or a word
			}
			if depth--; depth == 0 {
				return i + 1
			}
		case ',', ' ', '\t', '\r', '\n':
			if depth == 0 {
				return i
			}
		}
	}
	return len(b)
}

// unquote decodes a JSON string.
func unquote(quoted []byte) string {
	var s string
	if err := json.Unmarshal(quoted, &s); err != nil {
		panic("table: invalid JSON string after validation: " + err.Error())
	}
	return s
}
