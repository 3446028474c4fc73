package sklearn

import "github.com/edge-infer/edge-infer/cmd/export/internal/pickle"

// featureNames returns the names of the columns that an estimator was fitted on, or nil. The second
// and third attribute are those of a ColumnTransformer before 1.0.
func (e estimator) featureNames() []string {
	for _, attribute := range []string{"feature_names_in_", "_feature_names_in", "_df_columns"} {
		if names := e.texts(e.get(attribute)); names != nil {
			return names
		}
	}
	return nil
}

// texts returns the elements of a list, an array or an index of pandas, or nil if they are not all
// texts.
func (r *reading) texts(v any) []string {
	items, ok := elements(v)
	if v = fromPandas(v); !ok && pickle.IsArray(v) {
		items, _ = r.values(v)
	}
	if len(items) == 0 || len(items) > maxColumns || r.spend(len(items)) != nil {
		return nil
	}
	texts := make([]string, len(items))
	for i, item := range items {
		var ok bool
		if texts[i], ok = pickle.Scalar(item).(string); !ok {
			return nil
		}
	}
	return texts
}

// fromPandas returns the array in an index of pandas, which is how a table has the names of its
// columns, and any other value as it is. Since pandas 3 the array is in one of its own, of texts.
func fromPandas(v any) any {
	r, ok := v.(*pickle.Record)
	if !ok {
		return v
	}
	if r.Class.Is("pandas.core.indexes.base", "_new_Index") && len(r.Args) == 2 {
		if d, ok := r.Args[1].(*pickle.Dict); ok {
			v, _ = d.Get("data")
		}
		if r, ok = v.(*pickle.Record); !ok {
			return v
		}
	}
	if r.Class.Is("pandas._libs.arrays", "__pyx_unpickle_NDArrayBacked") {
		state, _ := r.State.(pickle.Tuple)
		for _, part := range state {
			if pickle.IsArray(part) {
				return part
			}
		}
	}
	return v
}
