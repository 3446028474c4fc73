package strictjson

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"testing"
)

// thing reads {"n": 1, "ok": true, "names": ["a"], "in": {thing}}, all of it optional.
func thing(r *Reader) ([]string, error) {
	return r.Object(func(key string) (err error) {
		switch key {
		case "n":
			_, err = r.Integer()
		case "ok":
			_, err = r.Boolean()
		case "names":
			err = r.List(func() error {
				_, err := r.Text()
				return err
			})
		case "in":
			_, err = thing(r)
		default:
			err = errors.New("unknown key")
		}
		return err
	})
}

func TestRead(t *testing.T) {
	r, err := New([]byte("\n{\"names\": [\"ä\", \"\\u00e4\"],\n\"ok\": false, \"in\": {\"n\": -7}, \"n\": 12}\n"))
	if err != nil {
		t.Fatal(err)
	}
	keys, err := thing(r)
	if err != nil || !slices.Equal(keys, []string{"names", "ok", "in", "n"}) {
		t.Errorf("keys %q, error %v", keys, err)
	}
	if line := r.Line(); line != 3 {
		t.Errorf("line %d, want 3", line)
	}
	if err := r.End(); err != nil {
		t.Error(err)
	}
}

// TestRest reads a list or something else in its place, told by its first token.
func TestRest(t *testing.T) {
	r, err := New([]byte(`[1, 2, 3]`))
	if err != nil {
		t.Fatal(err)
	}
	if first, err := r.Token(); err != nil || first != json.Delim('[') {
		t.Fatalf("%v, error %v", first, err)
	}
	sum := 0
	err = r.Rest(func() error {
		n, err := r.Integer()
		sum += n
		return err
	})
	if err != nil || sum != 6 {
		t.Errorf("sum %d, error %v", sum, err)
	}
}

func TestErrors(t *testing.T) {
	tests := map[string]struct {
		text string
		want string
		line int
	}{
		"empty":            {"", "the text ends too early", 1},
		"a list":           {"\n[]", "a list where an object is needed", 2},
		"cut off":          {`{"names": ["a"`, "names: the text ends too early", 1},
		"cut in a key":     {`{"na`, "unexpected EOF", 1},
		"not JSON":         {"{\nn: 1}", "invalid character 'n'", 2},
		"no comma":         {`{"names": ["a" "b"]}`, "names[1]: invalid character", 1},
		"a comma too many": {`{"names": ["a",]}`, "names[1]: invalid character ']'", 1},
		"another bracket":  {`{"names": ["a"}`, "names: invalid character '}'", 1},
		"a key twice":      {"{\"n\": 1,\n\"n\": 1}", `the key "n" stands twice`, 2},
		"twice by escape":  {`{"n": 1, "\u006e": 1}`, `the key "n" stands twice`, 1},
		"twice inside":     {`{"in": {"in": {"n": 1, "n": 2}}}`, `in.in: the key "n" stands twice`, 1},
		"no text":          {`{"names": [7]}`, "names[0]: the number 7 where a text is needed", 1},
		"null":             {`{"names": null}`, "names: null where a list is needed", 1},
		"no boolean":       {`{"ok": "yes"}`, `ok: the text "yes" where true or false is needed`, 1},
		"a fraction":       {`{"n": 1.0}`, "n: the number 1.0 where a whole number is needed", 1},
		"an exponent":      {`{"n": 1e2}`, "n: the number 1e2 where a whole number is needed", 1},
		"too large":        {`{"n": 18446744073709551616}`, "n: the number 18446744073709551616 where a whole", 1},
		"true as a number": {`{"n": true}`, "n: true where a whole number is needed", 1},
		"a dotted key":     {`{"in": {"a.b": 1}}`, `in."a.b": unknown key`, 1},
		"an empty key":     {`{"": 1}`, `"": unknown key`, 1},
		"a long key":       {`{"` + strings.Repeat("k", 1000) + `": 1}`, `"` + strings.Repeat("k", 64) + `": unknown key`, 1},
		"more behind":      {"{}\n{", "an object after the end", 2},
		"not JSON behind":  {"{} x", "invalid character 'x'", 1},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			r, err := New([]byte(test.text))
			if err != nil {
				t.Fatal(err)
			}
			if _, err = thing(r); err == nil {
				err = r.End()
			}
			if err == nil || !strings.HasPrefix(err.Error(), test.want) {
				t.Errorf("error %v, want %s", err, test.want)
			}
			if line := r.Line(); line != test.line {
				t.Errorf("line %d, want %d", line, test.line)
			}
		})
	}
}

func TestNotUTF8(t *testing.T) {
	if _, err := New([]byte("{\"\xff\": 1}")); err == nil || err.Error() != "not UTF-8" {
		t.Errorf("error %v", err)
	}
}

// TestErrorsWrap: a caller's own error is found behind its place.
func TestErrorsWrap(t *testing.T) {
	r, err := New([]byte(`[1]`))
	if err != nil {
		t.Fatal(err)
	}
	err = r.List(func() error { return fmt.Errorf("own: %w", io.ErrShortBuffer) })
	if !errors.Is(err, io.ErrShortBuffer) || err.Error() != "[0]: own: short buffer" {
		t.Errorf("error %v", err)
	}
}

// FuzzReader: what is read is JSON to encoding/json too, and no key of it stands twice.
func FuzzReader(f *testing.F) {
	for _, seed := range []string{
		`{"n": 1, "ok": true, "names": ["a", "b"], "in": {"in": {"n": -2}}}`,
		`{"in": {"n": 1}, "in": {"n": 2}}`, `{"names": ["\ud800"]}`, `{"names": [`, "{}\x00", "[[[[[[[[",
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		r, err := New(data)
		if err != nil {
			return
		}
		keys, err := thing(r)
		if err == nil {
			err = r.End()
		}
		if line := r.Line(); line < 1 || line > 1+strings.Count(string(data), "\n") {
			t.Errorf("line %d of %q", line, data)
		}
		if err != nil {
			return
		}
		var m map[string]any
		if err := json.Unmarshal(data, &m); err != nil {
			t.Errorf("%q is read, and json says %v", data, err)
		}
		if len(m) != len(keys) {
			t.Errorf("%q: %d keys are read, json has %d", data, len(keys), len(m))
		}
	})
}
