package arch

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/edge-infer/edge-infer/format"
)

// String writes a list of layers so that Parse reads it back to the same list. A layer for which
// the language has no words is written as its name in the file.
func String(layers []format.Layer) string {
	words := make([]string, len(layers))
	for i, l := range layers {
		words[i] = LayerString(l)
	}
	return strings.Join(words, ",")
}

// LayerString writes one layer.
func LayerString(l format.Layer) string {
	switch l := l.(type) {
	case *format.Dense:
		return written(l.Op(), names(l.Weight, l.Bias)...)
	case *format.PReLU:
		return written(l.Op(), names(l.Slope)...)
	case *format.Affine:
		return written(l.Op(), names(l.Operand)...)
	case *format.Activation:
		parameters := []string{number(l.Alpha), number(l.Beta)}
		return written(l.Op(), parameters[:max(l.Function.Parameters(), 0)]...)
	case *format.Normalize:
		return written(l.Op(), string(l.Norm))
	case *format.Clip:
		return written(l.Op(), number(l.Low), number(l.High))
	case *format.Threshold:
		return written(l.Op(), CutString(l.Cut))
	case *format.Select:
		columns := make([]string, len(l.Columns))
		for i, c := range l.Columns {
			columns[i] = strconv.Itoa(c)
		}
		return written(l.Op(), columns...)
	case *format.Polynomial:
		args := []string{strconv.Itoa(l.Degree)}
		if l.InteractionOnly {
			args = append(args, "interaction_only")
		}
		if !l.Bias {
			args = append(args, "no_bias")
		}
		return written(l.Op(), args...)
	}
	return l.Op()
}

// CutString writes a comparison so that ParseCut reads it back.
func CutString(c format.Cut) string { return fmt.Sprintf("%s%s", c.Comparison, number(c.Value)) }

func written(word string, args ...string) string { return call{word: word, args: args}.String() }

// names quotes the names that are there.
func names(list ...string) []string {
	var quoted []string
	for _, name := range list {
		if name != "" {
			quoted = append(quoted, quote(name))
		}
	}
	return quoted
}

func number(v float32) string { return strconv.FormatFloat(float64(v), 'g', -1, 32) }
