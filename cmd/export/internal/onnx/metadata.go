package onnx

import (
	"strconv"
	"strings"
)

// Keys under which people store names, in lower case.
var (
	labelKeys   = []string{"names", "labels", "classes", "class_names", "class_labels", "classlabels", "classnames", "label_names"}
	featureKeys = []string{"feature_names", "features", "feature_columns", "input_features", "columns", "featurenames"}
)

// maxNames bounds the names that are read from one value.
const maxNames = 1 << 16

// metadataNames returns the names that the file's metadata have under one of some keys, or nil.
func (e *evaluation) metadataNames(what string, keys []string) []string {
	for _, p := range e.model.metadata {
		for _, key := range keys {
			if strings.ToLower(p.key) != key {
				continue
			}
			if names := splitNames(p.value); names != nil {
				e.draft.Note("the %s come from the file's metadata, %q", what, p.key)
				return names
			}
			e.draft.Note("the metadata %q hold no list of %s, and are left out", p.key, what)
		}
	}
	return nil
}

// splitNames reads a list of names as files have them: ["a", "b"], ['a', 'b'], {0: 'a', 1: 'b'}, or
// a,b. It returns nil for anything else.
func splitNames(text string) []string {
	text = strings.TrimSpace(text)
	open, close := "", ""
	for _, pair := range []string{"[]", "()", "{}"} {
		if strings.HasPrefix(text, pair[:1]) && strings.HasSuffix(text, pair[1:]) && len(text) > 1 {
			open, close = pair[:1], pair[1:]
		}
	}
	text = strings.TrimSuffix(strings.TrimPrefix(text, open), close)
	var names []string
	for len(names) < maxNames {
		text = strings.TrimSpace(text)
		if open == "{" {
			// The keys are 0, 1, 2 and so on, in quotes or not.
			key, rest, ok := strings.Cut(text, ":")
			if !ok || strings.Trim(strings.TrimSpace(key), `'"`) != strconv.Itoa(len(names)) {
				return nil
			}
			text = strings.TrimSpace(rest)
		}
		name, rest, ok := nextName(text)
		if !ok {
			return nil
		}
		names = append(names, name)
		rest = strings.TrimSpace(rest)
		if rest == "" {
			return names
		}
		if text, ok = strings.CutPrefix(rest, ","); !ok {
			return nil
		}
	}
	return nil
}

// nextName takes a name, in quotes or up to the next comma. Escapes are not understood.
func nextName(text string) (name, rest string, ok bool) {
	if text == "" {
		return "", "", false
	}
	if q := text[:1]; q == `"` || q == "'" {
		name, rest, ok = strings.Cut(text[1:], q)
		return name, rest, ok && name != "" && !strings.Contains(name, `\`)
	}
	name, _, _ = strings.Cut(text, ",")
	return strings.TrimSpace(name), text[len(name):], strings.TrimSpace(name) != "" && !strings.ContainsAny(name, "[]{}()'\"\n")
}
