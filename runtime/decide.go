package runtime

import (
	"strconv"

	"github.com/edge-infer/edge-infer/format"
	"github.com/edge-infer/edge-infer/kernels"
)

// ClassOf returns the class that an output row decides for: the index of its
// greatest value, or for a single column whether the model's threshold holds.
// It is -1 where nothing is decided: for a quantity, and for a row with a NaN.
func ClassOf(o *format.Output, row []float32) int {
	switch {
	case !Decides(o, len(row)):
		return -1
	case o.Kind == format.Class:
		return index(row[0], len(o.Labels))
	case o.Threshold != nil:
		return cut(o.Threshold, row[0])
	}
	var greatest [1]float32
	kernels.ArgMax(greatest[:], row, 1, len(row))
	return index(greatest[0], len(row))
}

// Decides reports whether output rows of a width decide for a class: all that are
// not quantities, except for a single column without a threshold.
func Decides(o *format.Output, width int) bool {
	return o.Kind == format.Class || o.Kind != format.Value && (o.Threshold != nil || width > 1)
}

// LabelOf returns the label of the class that an output row decides for, or the
// class's index where the model has no labels. It is empty where nothing is
// decided.
func LabelOf(o *format.Output, row []float32) string {
	class := ClassOf(o, row)
	switch {
	case class < 0:
		return ""
	case class < len(o.Labels):
		return o.Labels[class]
	}
	return strconv.Itoa(class)
}

// index turns a value into the index of one of n classes, or any if n is 0.
func index(v float32, n int) int {
	if !(v >= 0 && v < format.MaxWidth) {
		return -1
	}
	i := int(v)
	if float32(i) != v || n > 0 && i >= n {
		return -1
	}
	return i
}

func cut(c *format.Cut, v float32) int {
	switch {
	case v != v:
		return -1
	case v > c.Value, v == c.Value && c.Comparison == format.GreaterOrEqual:
		return 1
	}
	return 0
}
