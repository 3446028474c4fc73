package strictjson

import (
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
)

// Describe names a token for a message: the number 7, a list.
func Describe(t json.Token) string {
	switch t := t.(type) {
	case nil:
		return "null"
	case string:
		return fmt.Sprintf("the text %.40q", t)
	case json.Number:
		return fmt.Sprintf("the number %.40s", string(t))
	case bool:
		return strconv.FormatBool(t)
	}
	switch t {
	case json.Delim('['):
		return "a list"
	case json.Delim('{'):
		return "an object"
	}
	return fmt.Sprint(t)
}

// needed is the error of a token where another is expected.
func needed(t json.Token, what string) error {
	return fmt.Errorf("%s where %s is needed", Describe(t), what)
}

// placed is an error with the path to its place.
type placed struct {
	path string
	err  error
}

func (p *placed) Error() string { return p.path + ": " + p.err.Error() }
func (p *placed) Unwrap() error { return p.err }

// within puts a step before an error's path: layers[2].weight.
func within(err error, step string) error {
	if p, ok := err.(*placed); ok {
		if !strings.HasPrefix(p.path, "[") {
			step += "."
		}
		return &placed{step + p.path, p.err}
	}
	return &placed{step, err}
}

// keyStep writes a key as a step of a path: bare if it is a short word, else quoted, so that what a
// file calls its keys can neither pass for a path nor fill a screen.
func keyStep(key string) string {
	const plain = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_"
	if key == "" || len(key) > 64 || strings.Trim(key, plain) != "" {
		return fmt.Sprintf("%.64q", key)
	}
	return key
}
