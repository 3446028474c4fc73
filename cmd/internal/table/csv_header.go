package table

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// layout says where a csv record holds the values of a row.
type layout struct {
	fields  int      // of every record
	columns []int    // for each value of the row, its field
	label   int      // the field with the label, or -1
	names   []string // of the fields, or nil without a header
	ignored []string // names of the fields that hold neither value nor label
	foreign bool     // the model names its features, and the header has none of them
}

// positions is the layout of a file without a header.
func positions(width int) layout {
	l := layout{fields: width, label: -1, columns: make([]int, width)}
	for i := range l.columns {
		l.columns[i] = i
	}
	return l
}

// isHeader reports whether the first record is a header: a field is a word, or all of the model's
// features are there, which may be called 0, 1, 2. An empty field is not a word: a first row that
// lacks a value must be reported, not taken for a header.
func isHeader(record, features []string) bool {
	return slices.ContainsFunc(record, isWord) || len(features) > 0 && holdsAll(record, features)
}

func isWord(field string) bool {
	field = strings.TrimSpace(field)
	_, err := strconv.ParseFloat(field, 32)
	return field != "" && errors.Is(err, strconv.ErrSyntax)
}

func holdsAll(record, names []string) bool {
	held := make(map[string]bool, len(record))
	for _, field := range record {
		held[strings.TrimSpace(field)] = true
	}
	return !slices.ContainsFunc(names, func(name string) bool { return !held[name] })
}

// headerLayout finds the model's columns in a header. If it holds all of the model's names they are
// found by name; if it holds none of them, by position, provided that the number is right. With
// some of them present the names are meant, and one that is missing is an error.
func headerLayout(record []string, opts ReadOptions) (layout, error) {
	l := layout{fields: len(record), label: -1, names: make([]string, len(record))}
	features, err := indexFeatures(opts.Features)
	if err != nil {
		return l, err
	}
	at := make([]int, len(opts.Features)) // the field of each feature, or -1
	for i := range at {
		at[i] = -1
	}
	var others []string
	for i, name := range record {
		name = strings.Clone(strings.TrimSpace(name))
		l.names[i] = name
		feature, isFeature := features[name]
		isLabel := opts.Label != "" && name == opts.Label
		if isFeature && at[feature] >= 0 || isLabel && l.label >= 0 {
			return l, fmt.Errorf("header names the column %s twice", quote(name))
		}
		if isFeature {
			at[feature] = i
		}
		if isLabel {
			l.label = i
		}
		if !isFeature && !isLabel && len(others) < maxIgnored {
			others = append(others, name)
		}
	}
	if opts.Label != "" && l.label < 0 {
		return l, fmt.Errorf("header has no label column %s: it has %s%s", quote(opts.Label), quoteSome(l.names), separatorHint(l.names))
	}
	var missing []string
	for i, field := range at {
		if field < 0 {
			missing = append(missing, opts.Features[i])
		}
	}
	if len(opts.Features) > 0 && len(missing) == 0 {
		l.columns, l.ignored = at, others
		return l, nil
	}
	l.foreign = len(opts.Features) > 0
	return l, l.byPosition(opts, missing)
}

// byPosition takes the columns as they come, without the label's.
func (l *layout) byPosition(opts ReadOptions, missing []string) error {
	for i := range l.names {
		if i != l.label {
			l.columns = append(l.columns, i)
		}
	}
	switch {
	case len(missing) > 0 && (len(missing) < len(opts.Features) || len(l.columns) != opts.Width):
		return fmt.Errorf("header lacks the features %s: it has %s%s", quoteSome(missing), quoteSome(l.names), separatorHint(l.names))
	case len(l.columns) != opts.Width:
		return fmt.Errorf("header has %d columns of values, the model takes %d: it has %s%s", len(l.columns), opts.Width, quoteSome(l.names), separatorHint(l.names))
	}
	// Names and numbers side by side look like a first row with a word for a missing value.
	// Taking it for a header would lose that row without a sound.
	word := slices.IndexFunc(l.columns, func(i int) bool { return isWord(l.names[i]) })
	number := slices.IndexFunc(l.columns, func(i int) bool { return !isWord(l.names[i]) })
	if word >= 0 && number >= 0 {
		return fmt.Errorf("first line is neither header nor row: %s is not a number, %s is no name", quote(l.names[l.columns[word]]), quote(l.names[l.columns[number]]))
	}
	return nil
}

// describe names the field of the i-th value for a message.
func (l *layout) describe(i int) string {
	column := l.columns[i]
	if l.names == nil {
		return fmt.Sprintf("column %d", column+1)
	}
	return fmt.Sprintf("column %d (%s)", column+1, quote(l.names[column]))
}

// miscount is the error of a record with too many or too few fields.
func (l *layout) miscount(record []string) error {
	if l.names != nil {
		return fmt.Errorf("%d columns, the header has %d%s", len(record), l.fields, separatorHint(record))
	}
	return fmt.Errorf("%d values, the model takes %d%s", len(record), l.fields, separatorHint(record))
}

// separatorHint explains a record of a single field that holds other separators.
func separatorHint(record []string) string {
	if len(record) == 1 && strings.ContainsAny(record[0], ";\t") {
		return " (values must be separated by commas)"
	}
	return ""
}
