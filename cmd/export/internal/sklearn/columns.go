package sklearn

import (
	"slices"

	"github.com/edge-infer/edge-infer/cmd/export/internal/draft"
	"github.com/edge-infer/edge-infer/cmd/export/internal/pickle"
	"github.com/edge-infer/edge-infer/format"
)

// group is what becomes of some columns of a row, beside others.
type group struct {
	columns []int
	layers  []func(*draft.List) error // nothing for columns that pass as they are
	fates   []draft.Fate              // of what has no layers here
}

// pass is a group of columns that pass as they are.
func pass(columns []int, layer string) []group {
	return []group{{columns: columns, fates: []draft.Fate{{Layer: layer, Became: "the columns as they are"}}}}
}

// groups takes a transformer apart into groups of the given columns of a row. Those that treat
// columns apart, also within each other, come out side by side: groups do not nest. Any other
// transformer is a single group.
func (w *writer) groups(e estimator, columns []int, depth int) ([]group, error) {
	if err := e.visit(depth); err != nil {
		return nil, err
	}
	switch e.class() {
	case "Pipeline":
		return w.chain(e, columns, depth)
	case "OneHotEncoder":
		return w.oneHot(e, columns)
	case "ColumnTransformer":
		return w.columnTransformer(e, columns, depth)
	case "FeatureUnion":
		return w.union(e, columns, depth)
	}
	if e.isIdentity() {
		return pass(columns, e.String()), nil
	}
	layers := func(l *draft.List) error { return w.transform(l, e, depth) }
	return []group{{columns: columns, layers: []func(*draft.List) error{layers}}}, nil
}

// chain takes a pipeline apart. Once its columns have parted, no step may follow.
func (w *writer) chain(e estimator, columns []int, depth int) ([]group, error) {
	steps, err := e.pipelineSteps()
	if err != nil {
		return nil, err
	}
	groups := []group{{columns: columns}}
	for _, step := range steps {
		switch {
		case len(groups) != 1:
			return nil, step.errorf("it follows a step that splits columns, within a group of columns: split them in the ColumnTransformer itself")
		case len(groups[0].layers) == 0:
			fates := groups[0].fates
			if groups, err = w.groups(step, groups[0].columns, depth+1); err != nil {
				return nil, err
			}
			if len(groups) > 0 {
				groups[0].fates = append(fates, groups[0].fates...)
			}
		default:
			groups[0].layers = append(groups[0].layers, func(l *draft.List) error { return w.transform(l, step, depth+1) })
		}
	}
	return groups, nil
}

// part is a transformer of a ColumnTransformer or a FeatureUnion.
func (w *writer) part(e estimator, name string, v any, columns []int, depth int) ([]group, error) {
	if v == "drop" || len(columns) == 0 {
		return nil, nil
	}
	var groups []group
	if v == "passthrough" {
		groups = pass(columns, e.inner(name)+": passthrough")
	} else {
		step, ok := e.estimator(v, e.inner(name))
		if !ok {
			return nil, e.errorf("transformer %q is %s: one of scikit-learn is needed", short(name), pickle.Describe(v))
		}
		var err error
		if groups, err = w.groups(step, columns, depth+1); err != nil {
			return nil, err
		}
	}
	weights, _ := e.get("transformer_weights").(*pickle.Dict)
	if weights == nil {
		return groups, nil
	}
	v, ok := weights.Get(name)
	if !ok || v == nil {
		return groups, nil
	}
	weight, ok := pickle.Number(v)
	if !ok {
		return nil, e.errorf("transformer_weights: %q has %s: a number is needed", short(name), pickle.Describe(v))
	}
	for i := range groups {
		groups[i].layers = append(groups[i].layers, func(l *draft.List) error {
			return l.Affine(e.inner(name)+".weight", format.Multiply, []float64{weight})
		})
	}
	return groups, nil
}

// union takes a FeatureUnion apart, whose transformers all see all columns.
func (w *writer) union(e estimator, columns []int, depth int) ([]group, error) {
	parts, err := e.list("transformer_list")
	if err != nil {
		return nil, err
	}
	var groups []group
	for i, p := range parts {
		pair, _ := elements(p)
		if len(pair) != 2 {
			return nil, e.errorf("transformer %d is no pair of name and transformer", i)
		}
		name, _ := pair[0].(string)
		v := pair[1]
		if v == nil {
			v = "drop"
		}
		more, err := w.part(e, name, v, columns, depth)
		if err != nil {
			return nil, err
		}
		groups = append(groups, more...)
	}
	return groups, nil
}

// columns writes groups at the end of a list, as simply as they can be.
func (w *writer) columns(l *draft.List, e estimator, groups []group) error {
	if len(groups) == 0 {
		return e.errorf("no columns are left")
	}
	plain := true // no group has layers
	var columns []int
	lists := make([][]int, len(groups))
	for i, g := range groups {
		if len(columns)+len(g.columns) > maxColumns {
			return e.errorf("more than %d columns in its groups together", maxColumns)
		}
		plain = plain && len(g.layers) == 0
		columns = append(columns, g.columns...)
		lists[i] = g.columns
	}
	if plain || len(groups) == 1 {
		if !slices.Equal(columns, all(l.Width())) {
			if err := l.Add(&format.Select{Columns: columns}); err != nil {
				return e.errorf("%w", err)
			}
		}
		for _, g := range groups {
			if err := w.group(l, g); err != nil {
				return err
			}
		}
		return nil
	}
	if w.split {
		return e.errorf("it splits columns behind another step, within a group of columns: groups of columns do not nest")
	}
	w.split = true
	defer func() { w.split = false }()
	return l.Columns(lists, func(i int, l *draft.List) error { return w.group(l, groups[i]) })
}

// group writes the layers of a group.
func (w *writer) group(l *draft.List, g group) error {
	for _, layers := range g.layers {
		if err := layers(l); err != nil {
			return err
		}
	}
	w.Fates = append(w.Fates, g.fates...)
	return nil
}
