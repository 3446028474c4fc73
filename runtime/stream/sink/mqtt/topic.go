package mqtt

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/edge-infer/edge-infer/runtime/stream/sink"
)

// maxTopic is what the length before a string holds.
const maxTopic = 65535

// A topic is a template, cut where names stand: a text, and then perhaps the name of what a message fills in.
type topic []topicPart

type topicPart struct {
	text  string
	field string // "", "class" or "active"
}

// parseTopic reads a template such as "plant/{host}/pump/{class}". {class} is the decided class, or "none"; {active} is true
// or false; other names come from vars. A value fills part of one level, so it may hold neither '/' nor a wildcard.
func parseTopic(template string, vars map[string]string) (topic, error) {
	bad := func(format string, args ...any) (topic, error) {
		return nil, fmt.Errorf("mqtt: topic %q: %s", template, fmt.Sprintf(format, args...))
	}
	var t topic
	text := ""
	for rest := template; rest != ""; {
		i := strings.IndexAny(rest, "{}")
		if i < 0 {
			text += rest
			break
		}
		text += rest[:i]
		name, after, found := strings.Cut(rest[i+1:], "}")
		if rest[i] == '}' || !found || strings.Contains(name, "{") {
			return bad("a brace without its other")
		}
		rest = after
		switch value, known := vars[name]; {
		case name == "class" || name == "active":
			t = append(t, topicPart{text, name})
			text = ""
		case !known:
			return bad("{%s}: the names are class, active%s", name, strings.Join(append([]string{""}, slices.Sorted(maps.Keys(vars))...), ", "))
		case value == "" || strings.ContainsAny(value, "/+#"):
			return bad("{%s} is %q: a level needs a value without / + #", name, value)
		default:
			text += value
		}
	}
	t = append(t, topicPart{text: text})
	switch sample := string(t.append(nil, &sink.Message{Class: -1})); {
	case sample == "":
		return bad("it is empty")
	case len(sample)+20 > maxTopic:
		return bad("longer than %d bytes", maxTopic-20)
	case !utf8.ValidString(sample) || strings.ContainsFunc(sample, isControl):
		return bad("not UTF-8, or with control characters")
	case strings.ContainsAny(sample, "+#"):
		return bad("a wildcard, which only subscribers may use")
	case sample[0] == '$':
		return bad("topics that begin with $ are the broker's own")
	}
	return t, nil
}

func isControl(r rune) bool { return r < ' ' || r >= 0x7f && r < 0xa0 }

// constant tells whether no message changes the topic.
func (t topic) constant() bool { return len(t) == 1 }

// append appends the topic of a message.
func (t topic) append(dst []byte, m *sink.Message) []byte {
	for _, p := range t {
		dst = append(dst, p.text...)
		switch {
		case p.field == "active":
			dst = strconv.AppendBool(dst, m.Active)
		case p.field == "class" && m.Class < 0:
			dst = append(dst, "none"...)
		case p.field == "class":
			dst = strconv.AppendInt(dst, int64(m.Class), 10)
		}
	}
	return dst
}
