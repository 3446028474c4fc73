package format

import "fmt"

// OneHot turns a single column of categories into one column a category: 1 where
// the value equals the category, 0 elsewhere.
type OneHot struct {
	Categories string  // [categories], dtype F32, ascending
	Unknown    Unknown // what a row becomes whose value is no category
}

// Unknown says what a OneHot layer gives for a value that is no category.
type Unknown string

// The choices. A NaN always gives a row of NaN.
const (
	UnknownZeros Unknown = "zeros"
	UnknownNaN   Unknown = "nan" // so that the model's answer shows it
)

// Select takes columns of a row, in any order, also more than once.
type Select struct{ Columns []int }

// Polynomial gives the products of columns up to a degree, as scikit-learn's
// PolynomialFeatures orders them: by degree, then by column indices.
type Polynomial struct {
	Degree          int
	InteractionOnly bool // products of different columns only
	Bias            bool // a leading column of ones
}

// Columns runs a list of layers on each group of columns and lays the results
// side by side. It does not nest.
type Columns struct{ Groups []Group }

// Group is one list of layers of a Columns layer.
type Group struct {
	Columns []int // of the row, in the order in which the layers see them
	Layers  []Layer
}

func (*OneHot) Op() string     { return "one_hot" }
func (*Select) Op() string     { return "select" }
func (*Polynomial) Op() string { return "polynomial" }
func (*Columns) Op() string    { return "columns" }

func (o *OneHot) fields(f []field) []field {
	return append(f, field{"categories", (*tensorName)(&o.Categories)}, field{"unknown", (*string)(&o.Unknown)})
}

func (s *Select) fields(f []field) []field { return append(f, field{"columns", &s.Columns}) }

func (p *Polynomial) fields(f []field) []field {
	return append(f,
		field{"degree", &p.Degree},
		field{"interaction_only", &p.InteractionOnly},
		field{"bias", &p.Bias},
	)
}

func (c *Columns) fields(f []field) []field {
	return append(f, field{"groups", records[Group, *Group]{&c.Groups}})
}

func (g *Group) fields(f []field) []field {
	return append(f, field{"columns", &g.Columns}, field{"layers", &g.Layers})
}

func (o *OneHot) outputs(in int, m *Model) (int, error) {
	if in != 1 {
		return 0, invalidf("one_hot: a row has %d values, 1 is needed: put it into a group of a columns layer", in)
	}
	t, err := m.use("one_hot", "categories", o.Categories)
	if err != nil {
		return 0, err
	}
	if t.DType != F32 || len(t.Shape) != 1 {
		return 0, invalidf("one_hot: categories %.64q have dtype %s and shape %v: one dimension of f32 is needed", o.Categories, t.DType, t.Shape)
	}
	if i := unordered(t); i >= 0 {
		return 0, invalidf("one_hot: categories %.64q: value %d is not above the one before it: they ascend", o.Categories, i)
	}
	if o.Unknown != UnknownZeros && o.Unknown != UnknownNaN {
		return 0, invalidf("one_hot: unknown %.64q: zeros or nan is needed", o.Unknown)
	}
	return t.Shape[0], nil
}

func (s *Select) outputs(in int, _ *Model) (int, error) { return selected("select", s.Columns, in) }

func (p *Polynomial) outputs(in int, _ *Model) (int, error) {
	if p.Degree < 1 || p.Degree > MaxDegree {
		return 0, invalidf("polynomial: degree %d, from 1 to %d is allowed", p.Degree, MaxDegree)
	}
	total := 0
	if p.Bias {
		total = 1
	}
	// The number of products of degree d is C(in+d−1, d), or C(in, d) without
	// repetition; each follows exactly from the one before.
	count := int64(1)
	for d := 1; d <= p.Degree; d++ {
		factor := in + d - 1
		if p.InteractionOnly {
			factor = in - d + 1
		}
		count = count * int64(max(factor, 0)) / int64(d)
		if count > MaxTerms-int64(total) {
			return 0, invalidf("polynomial: degree %d of %d columns gives more than %d terms", p.Degree, in, MaxTerms)
		}
		total += int(count)
	}
	return total, nil
}

// Terms returns, for each output of a Polynomial layer over rows of the given
// width, the ascending indices of the columns to multiply; none for the bias.
func (p *Polynomial) Terms(in int) [][]int {
	var terms [][]int
	if p.Bias {
		terms = append(terms, []int{})
	}
	step := 0 // how far the next index is at least from the one before
	if p.InteractionOnly {
		step = 1
	}
	var extend func(term []int, from, degree int)
	extend = func(term []int, from, degree int) {
		if degree == 0 {
			terms = append(terms, append([]int(nil), term...))
			return
		}
		for i := from; i < in; i++ {
			extend(append(term, i), i+step, degree-1)
		}
	}
	for d := 1; d <= p.Degree; d++ {
		extend(make([]int, 0, d), 0, d)
	}
	return terms
}

func (c *Columns) outputs(in int, m *Model) (int, error) {
	switch n := len(c.Groups); {
	case n == 0:
		return 0, invalidf("columns: no groups")
	case n > MaxTensors:
		return 0, fmt.Errorf("columns: %d groups, at most %d are allowed: %w", n, MaxTensors, ErrTooLarge)
	}
	total := 0
	for i, g := range c.Groups {
		width, err := selected("columns", g.Columns, in)
		if err != nil {
			return 0, within(err, "groups[%d]", i)
		}
		if n := len(g.Layers); n > MaxLayers {
			return 0, fmt.Errorf("columns: group %d: %d layers, at most %d are allowed: %w", i, n, MaxLayers, ErrTooLarge)
		}
		for j, l := range g.Layers {
			if _, nested := l.(*Columns); nested {
				return 0, invalidf("columns: group %d holds a columns layer: they do not nest", i)
			}
			if width, err = m.Outputs(l, width); err != nil {
				return 0, within(err, "groups[%d].layers[%d]", i, j)
			}
		}
		total += width
		if total > MaxWidth {
			return 0, invalidf("columns: more than %d output values", MaxWidth)
		}
	}
	return total, nil
}

// selected checks column indices against the width of a row.
func selected(op string, columns []int, in int) (int, error) {
	if len(columns) == 0 {
		return 0, invalidf("%s: no columns", op)
	}
	for _, c := range columns {
		if c < 0 || c >= in {
			return 0, invalidf("%s: column %d of a row of %d values", op, c, in)
		}
	}
	return len(columns), nil
}
