package mqtt

import (
	"strings"
	"testing"

	"github.com/edge-infer/edge-infer/runtime/stream/sink"
)

func TestTopics(t *testing.T) {
	vars := map[string]string{"host": "nano", "slash": "a/b", "none": ""}
	m := &sink.Message{Class: 3, Active: true}
	for _, c := range []struct{ template, want string }{
		{"plain", "plain"},
		{"a/b/c", "a/b/c"},
		{"{host}", "nano"},
		{"x/{host}/y{host}z", "x/nano/ynanoz"},
		{"{class}", "3"},
		{"c{class}-{active}/{host}", "c3-true/nano"},
		{"größe/µ", "größe/µ"},
		{"", ""}, {"a/+/b", ""}, {"a/#", ""}, {"$SYS/x", ""}, {"a\x00b", ""}, {"a\nb", ""}, {"\xff", ""},
		{"{", ""}, {"}", ""}, {"{a{host}", ""}, {"{host", ""}, {"{}", ""}, {"{unknown}", ""}, {"{slash}", ""}, {"{none}", ""},
		{strings.Repeat("x", 70000), ""},
	} {
		got, err := parseTopic(c.template, vars)
		switch {
		case err != nil && c.want != "":
			t.Errorf("%.40q: %v", c.template, err)
		case err == nil && string(got.append(nil, m)) != c.want:
			t.Errorf("%.40q: %q, expected %q", c.template, got.append(nil, m), c.want)
		}
	}
	if got, err := parseTopic("{class}", nil); err != nil || string(got.append(nil, &sink.Message{Class: -1})) != "none" {
		t.Errorf("no class: %q, %v", got, err)
	}
}
