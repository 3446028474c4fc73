package golden

import (
	"math"
	"math/rand/v2"

	"github.com/edge-infer/edge-infer/format"
)

// Draw draws input rows from a seeded generator, the same ones everywhere. A column that the model
// standardises is drawn as mean + std·z, a category from the categories, a pixel from 0 to 255, the
// count of a word as that of a short text, and anything else as z, where z is close to a standard
// normal variable.
func Draw(m *format.Model, rows int, seed uint64) *Vectors {
	source := rand.NewPCG(seed, 0)
	columns := columnsOf(m)
	v := &Vectors{Rows: rows, Inputs: make([]float32, 0, rows*len(columns))}
	for range rows {
		for _, c := range columns {
			v.Inputs = append(v.Inputs, c.draw(source))
		}
	}
	return v
}

// column is how the values of an input column are distributed.
type column struct {
	mean, std  float32
	categories []float32 // if any, values are among these
	pixel      bool      // values are 0 to 255
	words      int       // if not 0, values count a word, one of so many
}

// textWords is how many different words a drawn text has, of a large vocabulary.
const textWords = 50

func (c column) draw(source *rand.PCG) float32 {
	switch {
	case c.pixel:
		return float32(source.Uint64() >> 56)
	case c.words > 0:
		if source.Uint64()%uint64(c.words) >= textWords {
			return 0
		}
		return 1 + float32(source.Uint64()%3)
	case len(c.categories) > 0:
		return c.categories[source.Uint64()%uint64(len(c.categories))]
	}
	return c.mean + float32(c.std*normal(source))
}

// normal is the sum of twelve uniform variables less six: mean 0, deviation 1, and exact in
// integers, so that no machine's mathematical library shows.
func normal(source *rand.PCG) float32 {
	const bits = 20
	sum := int64(-6) << bits
	for range 12 {
		sum += int64(source.Uint64() >> (64 - bits))
	}
	return float32(sum) / (1 << bits)
}

// columnsOf finds out how a model's input columns are distributed, from the layers that take them.
func columnsOf(m *format.Model) []column {
	columns := make([]column, m.InputSize())
	for i := range columns {
		columns[i] = column{std: 1, pixel: m.Input.DType == format.U8}
	}
	if m.Input.Layout == format.Words {
		for i := range columns {
			columns[i].words = len(columns)
		}
		return columns
	}
	indices := make([]int, len(columns))
	for i := range indices {
		indices[i] = i
	}
	describe(m, m.Steps(), columns, indices)
	return columns
}

// describe reads the layers that see input columns as they came, or standardised.
func describe(m *format.Model, layers []format.Layer, columns []column, indices []int) {
	for _, l := range layers {
		switch l := l.(type) {
		case *format.Affine:
			operand := m.Tensor(l.Operand).Float32s()
			for i, at := range indices {
				columns[at].standardise(l.Operator, operand[i%len(operand)])
			}
		case *format.OneHot:
			columns[indices[0]].categories = m.Tensor(l.Categories).Float32s()
			return
		case *format.Select:
			indices = selected(indices, l.Columns)
		case *format.Columns:
			for _, g := range l.Groups {
				describe(m, g.Layers, columns, selected(indices, g.Columns))
			}
			return
		default:
			return
		}
	}
}

// standardise takes one operation of a standardisation into account: a value v such that the
// operation gives z is to be drawn. Constants that make no range are left out.
func (c *column) standardise(op format.Operator, v float32) {
	switch {
	case v-v != 0:
	case op == format.Subtract && c.std == 1:
		c.mean += v
	case op == format.Add && c.std == 1:
		c.mean -= v
	case op == format.Divide && v != 0:
		c.std = float32(c.std * float32(math.Abs(float64(v))))
	case op == format.Multiply && v != 0:
		c.std = float32(c.std / float32(math.Abs(float64(v))))
	}
}

func selected(indices, columns []int) []int {
	picked := make([]int, len(columns))
	for i, c := range columns {
		picked[i] = indices[c]
	}
	return picked
}
