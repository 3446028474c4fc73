package table

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"
)

type jsonlReader struct {
	batch
	name    string
	lines   lineReader
	opts    ReadOptions
	members map[string]*member // of the objects, by key
	ignored []string
	row     int64
	line    int64
}

// member is what a key of an object stands for.
type member struct {
	feature int   // place in the row, or -1
	label   bool  // holds the row's label
	row     int64 // that had the key last
}

func newJSONLReader(r io.Reader, name string, opts ReadOptions, maxRow int) (*jsonlReader, error) {
	index, err := indexFeatures(opts.Features)
	if err != nil {
		return nil, err
	}
	j := &jsonlReader{
		batch:   newBatch(opts),
		name:    name,
		lines:   lineReader{r: skipBOM(r), limit: maxRow},
		opts:    opts,
		members: map[string]*member{"values": {feature: -1}},
	}
	for key, i := range index {
		j.members[key] = &member{feature: i}
	}
	if opts.Label != "" {
		if j.members[opts.Label] == nil {
			j.members[opts.Label] = &member{feature: -1}
		}
		j.members[opts.Label].label = true
	}
	return j, nil
}

func (j *jsonlReader) Ignored() []string { return j.ignored }

func (j *jsonlReader) ByPosition() bool { return false }

func (j *jsonlReader) Read(dst []float32, labels []Label) (int, error) {
	return j.fill(dst, labels, j.next)
}

// next reads one row into dst and returns its label.
func (j *jsonlReader) next(dst []float32) (Label, error) {
	return j.nextLine(func(line []byte) (string, error) { return j.parse(dst, line) })
}

// nextLine finds the next line that is not blank, has it parsed, and returns its label.
func (j *jsonlReader) nextLine(parse func(line []byte) (label string, err error)) (Label, error) {
	var line []byte
	for len(line) == 0 {
		var err error
		line, err = j.lines.next()
		if err == io.EOF {
			return Label{}, io.EOF
		}
		j.line++
		if err != nil {
			return Label{}, &RowError{Name: j.name, Row: j.row + 1, Line: j.line, Err: err}
		}
		line = bytes.TrimSpace(line)
	}
	j.row++
	label, err := parse(line)
	if err != nil {
		return Label{}, &RowError{Name: j.name, Row: j.row, Line: j.line, Err: err}
	}
	return Label{label, j.line}, nil
}

// checkJSON reports what is wrong with a line that is not a JSON value.
func checkJSON(line []byte) error {
	if json.Valid(line) {
		return nil
	}
	var value json.RawMessage
	return fmt.Errorf("not JSON, one row on a line: %w", json.Unmarshal(line, &value))
}

// parse reads a row from its line.
func (j *jsonlReader) parse(dst []float32, line []byte) (string, error) {
	if err := checkJSON(line); err != nil {
		return "", err
	}
	switch line[0] {
	case '[':
		if j.label {
			return "", errors.New(`an array holds no label: write {"values": [...], "label": ...} or an object keyed by feature names`)
		}
		return "", j.parseArray(dst, line)
	case '{':
		return j.parseObject(dst, line)
	}
	return "", fmt.Errorf("%s is not a row: write an array of numbers or an object", quote(string(line)))
}

func (j *jsonlReader) parseArray(dst []float32, array []byte) error {
	n := 0
	for value := range elements(array) {
		if n < len(dst) {
			v, err := j.parseValue(value)
			if err != nil {
				return fmt.Errorf("value %d: %w", n+1, err)
			}
			dst[n] = v
		}
		n++
	}
	if n != len(dst) {
		return fmt.Errorf("%d values, the model takes %d", n, len(dst))
	}
	return nil
}

func (j *jsonlReader) parseObject(dst []float32, object []byte) (label string, err error) {
	found, array := 0, false
	label, err = j.walk(object, func(m *member, key, value []byte) error {
		switch {
		case string(key) == "values" && value[0] == '[':
			array = true
			return j.parseArray(dst, value)
		case m.feature >= 0:
			found++
			return j.parseMember(&dst[m.feature], key, value)
		}
		return nil
	})
	switch {
	case err != nil:
		return "", err
	case array && found > 0:
		return "", errors.New("the values are given twice, as an array and by name")
	case !array && len(j.opts.Features) == 0:
		return "", errors.New(`the model does not name its features: write an array, or {"values": [...]}`)
	case !array && found < len(dst):
		return "", fmt.Errorf("the object lacks %s", quoteSome(j.missing()))
	}
	return label, j.requireLabel(object)
}

// walk calls use with the members of an object that are known or remembered, and returns the label
// if there is one.
func (j *jsonlReader) walk(object []byte, use func(m *member, key, value []byte) error) (label string, err error) {
	for key, value := range members(object) {
		m := j.member(key)
		if m == nil {
			continue
		}
		if m.row == j.row {
			return "", fmt.Errorf("key %s comes twice", quote(string(key)))
		}
		m.row = j.row
		if m.label {
			if label, err = labelText(value); err != nil {
				return "", fmt.Errorf("label %s: %w", quote(string(key)), err)
			}
		}
		if err := use(m, key, value); err != nil {
			return "", err
		}
	}
	return label, nil
}

// requireLabel checks that the object walked last had a label, where one is wanted.
func (j *jsonlReader) requireLabel(object []byte) error {
	if j.label && j.members[j.opts.Label].row != j.row {
		return fmt.Errorf("the object lacks the label %s: it has %s", quote(j.opts.Label), quoteSome(keys(object)))
	}
	return nil
}

// member returns what a key stands for, or nil if it is ignored and not remembered either.
func (j *jsonlReader) member(key []byte) *member {
	if m := j.members[string(key)]; m != nil {
		return m
	}
	const longest = 256
	if len(j.ignored) == maxIgnored || len(key) > longest {
		return nil
	}
	m := &member{feature: -1}
	j.members[string(key)] = m
	j.ignored = append(j.ignored, string(key))
	return m
}

// missing returns the features that the current row did not have.
func (j *jsonlReader) missing() []string {
	var names []string
	for _, name := range j.opts.Features {
		if j.members[name].row != j.row {
			names = append(names, name)
		}
	}
	return names
}

// parseMember reads the value of a feature.
func (j *jsonlReader) parseMember(dst *float32, key, value []byte) (err error) {
	if *dst, err = j.parseValue(value); err != nil {
		return fmt.Errorf("%s: %w", quote(string(key)), err)
	}
	return nil
}

// parseValue reads a value of a row and checks it.
func (j *jsonlReader) parseValue(value []byte) (float32, error) {
	v, err := parseJSON(value)
	if err != nil {
		return 0, err
	}
	return v, j.allow(v)
}

// parseJSON reads a value of a row. JSON has no NaN and no infinities: null is NaN, and the strings
// are those that this package writes.
func parseJSON(value []byte) (float32, error) {
	switch string(value) {
	case "null", `"NaN"`:
		return float32(math.NaN()), nil
	case `"Infinity"`:
		return float32(math.Inf(1)), nil
	case `"-Infinity"`:
		return float32(math.Inf(-1)), nil
	}
	if c := value[0]; c != '-' && (c < '0' || c > '9') {
		return 0, fmt.Errorf("%s is not a number", value[:min(len(value), 40)])
	}
	return parseFloat(string(value))
}

// labelText returns a label as text: a string's characters, a number or a boolean as written.
func labelText(value []byte) (string, error) {
	switch value[0] {
	case '"':
		return unquote(value), nil
	case '{', '[', 'n':
		return "", fmt.Errorf("%s is not a string or a number", value[:min(len(value), 40)])
	}
	return string(value), nil
}
