package stream

import (
	"fmt"
	"strings"

	"github.com/edge-infer/edge-infer/format"
)

// A Naming is a configured column: an expression, as ParseColumns reads it, and a
// name for it where the model's is another.
type Naming struct {
	Name       string // empty: the expression
	Expression string
}

// A MappingError says which of a model's inputs are not there.
type MappingError struct {
	Missing []string // the model's names
	Have    []string // the columns that are there
}

// named is how many names an error lists.
const named = 8

func (e *MappingError) Error() string {
	return fmt.Sprintf("stream: the model takes %s, which no column gives: there are %s", list(e.Missing), list(e.Have))
}

func list(names []string) string {
	text := strings.Join(names[:min(len(names), named)], ", ")
	if more := len(names) - named; more > 0 {
		text += fmt.Sprintf(" and %d more", more)
	}
	return text
}

// mapColumns returns the columns that a model takes, in its order.
//
// A model that names its inputs gets those that it names, from the configured
// columns, or where none are configured, as its names say. One that does not gets
// the configured columns in their order, and must take as many.
func mapColumns(in *format.Input, inputs int, configured []Naming, channels []Channel, samples int) ([]Column, error) {
	if in.Layout != format.Vector {
		return nil, fmt.Errorf("stream: the model's input is of layout %s: features are a %s", in.Layout, format.Vector)
	}
	columns, err := configuredColumns(configured, channels, samples)
	if err != nil {
		return nil, err
	}
	switch {
	case len(in.Features) == 0 && len(columns) == 0:
		return nil, fmt.Errorf("stream: the model does not name its %d inputs: list the columns that they are", inputs)
	case len(in.Features) == 0 && len(columns) != inputs:
		return nil, fmt.Errorf("stream: %d columns for a model of %d inputs, which it does not name", len(columns), inputs)
	case len(in.Features) == 0:
		return columns, nil
	case len(columns) == 0:
		return namedColumns(in.Features, channels, samples)
	}
	return chosenColumns(in.Features, columns, channels)
}

// configuredColumns parses the configuration's columns.
func configuredColumns(configured []Naming, channels []Channel, samples int) ([]Column, error) {
	var columns []Column
	seen := map[string]bool{}
	for _, n := range configured {
		parsed, err := ParseColumns(n.Expression, channels, samples)
		if err != nil {
			return nil, err
		}
		if n.Name != "" {
			if len(parsed) != 1 {
				return nil, fmt.Errorf("stream: column %q: %d columns cannot all be called %q", n.Expression, len(parsed), n.Name)
			}
			parsed[0].Name = n.Name
		}
		for _, c := range parsed {
			if seen[c.Name] {
				return nil, fmt.Errorf("stream: two columns are called %q", c.Name)
			}
			seen[c.Name] = true
		}
		if columns = append(columns, parsed...); len(columns) > MaxColumns {
			return nil, fmt.Errorf("stream: more than %d columns", MaxColumns)
		}
	}
	return columns, nil
}

// namedColumns reads a model's names as expressions.
func namedColumns(features []string, channels []Channel, samples int) ([]Column, error) {
	var columns []Column
	var missing []string
	for _, name := range features {
		c, err := ParseColumns(name, channels, samples)
		if err != nil || len(c) != 1 {
			missing = append(missing, name)
			continue
		}
		columns = append(columns, c[0])
	}
	if missing != nil {
		return nil, fmt.Errorf("%w; of each %s",
			&MappingError{missing, names(channels)}, strings.Join(kindNames[:], ", "))
	}
	return columns, nil
}

// chosenColumns picks the columns that a model names. The same column may be
// written in several ways, so what is not found by its letters is looked for by what it means.
func chosenColumns(names []string, columns []Column, channels []Channel) ([]Column, error) {
	byName := map[string]int{}
	byMeaning := map[Column]int{}
	have := make([]string, len(columns))
	for i, c := range columns {
		byName[c.Name], have[i] = i, c.Name
		c.Name = ""
		byMeaning[c] = i
	}
	var chosen []Column
	var missing []string
	for _, name := range names {
		i, ok := byName[name]
		if !ok {
			if c, err := ParseColumns(name, channels, 0); err == nil && len(c) == 1 {
				c[0].Name = ""
				i, ok = byMeaning[c[0]]
			}
		}
		if !ok {
			missing = append(missing, name)
			continue
		}
		chosen = append(chosen, columns[i])
	}
	if missing != nil {
		return nil, &MappingError{missing, have}
	}
	return chosen, nil
}
