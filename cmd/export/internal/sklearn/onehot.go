package sklearn

import (
	"fmt"
	"math"

	"github.com/edge-infer/edge-infer/cmd/export/internal/draft"
	"github.com/edge-infer/edge-infer/cmd/export/internal/pickle"
	"github.com/edge-infer/edge-infer/format"
)

// oneHot takes an encoder over the given columns apart, a group a column. A column whose only
// category is dropped leaves none.
func (w *writer) oneHot(e estimator, columns []int) ([]group, error) {
	switch {
	case e.has("infrequent_categories_"), e.has("min_frequency"), e.has("max_categories"), e.has("_infrequent_indices"):
		return nil, e.errorf("infrequent categories in one column: leave min_frequency and max_categories out")
	case e.flag("_legacy_mode"):
		return nil, e.errorf("categories as numbers from 0, as before scikit-learn 0.20: fit it with categories='auto'")
	}
	lists, err := e.list("categories_")
	if err != nil {
		return nil, err
	}
	if len(lists) != len(columns) {
		return nil, e.errorf("categories for %d columns where there are %d", len(lists), len(columns))
	}
	dropped, err := e.dropped(len(columns))
	if err != nil {
		return nil, err
	}
	unknown := format.UnknownZeros
	if e.text("handle_unknown") == "error" {
		unknown = format.UnknownNaN
	}
	var groups []group
	width := 0
	for i, list := range lists {
		categories, err := e.categories(i, list)
		if err != nil {
			return nil, err
		}
		kept := all(len(categories))
		if drop := dropped[i]; drop >= 0 {
			if drop >= len(kept) {
				return nil, e.errorf("column %d: category %d of %d is dropped", i, drop, len(kept))
			}
			kept = append(kept[:drop], kept[drop+1:]...)
		}
		if len(kept) == 0 {
			continue
		}
		width += len(kept)
		layers := func(l *draft.List) error {
			err := l.OneHot(e.name, categories, unknown)
			if err == nil && len(kept) < len(categories) {
				err = l.Add(&format.Select{Columns: kept})
			}
			if err != nil {
				return e.errorf("column %d: %w", i, err)
			}
			return nil
		}
		groups = append(groups, group{columns: []int{columns[i]}, layers: []func(*draft.List) error{layers}})
	}
	if len(groups) > 0 {
		became := fmt.Sprintf("one_hot, %d columns in the place of %d; a value that is no category gives %s", width, len(columns), unknown)
		groups[len(groups)-1].fates = []draft.Fate{{Layer: e.String(), Became: became}}
	}
	return groups, nil
}

// dropped returns the index of the category that is dropped, for each column, or −1.
func (e estimator) dropped(columns int) ([]int, error) {
	indices := make([]int, columns)
	for i := range indices {
		indices[i] = -1
	}
	v := e.plain(e.get("drop_idx_"))
	if v == nil {
		return indices, nil
	}
	items, ok := elements(v)
	if !ok || len(items) != columns {
		return nil, e.missing("drop_idx_", "one for each column")
	}
	for i, item := range items {
		if item == nil {
			continue
		}
		n, ok := pickle.Number(item)
		if !ok || !(n >= 0 && n < math.MaxInt32) {
			return nil, e.missing("drop_idx_", "numbers from 0")
		}
		indices[i] = int(n)
	}
	return indices, nil
}

// categories returns the numbers that the categories of a column are.
func (e estimator) categories(column int, v any) ([]float64, error) {
	items, err := e.values(v)
	if err != nil {
		return nil, e.errorf("the categories of column %d: %w", column, err)
	}
	values := make([]float64, len(items))
	for i, item := range items {
		if text, ok := pickle.Scalar(item).(string); ok {
			return nil, e.errorf("column %d has text %.40q as a category, and rows hold numbers: number the categories before they are encoded", column, text)
		}
		n, ok := pickle.Number(item)
		if !ok || math.IsNaN(n) {
			return nil, e.errorf("column %d has %s as a category: numbers are read", column, pickle.Describe(item))
		}
		values[i] = n
		if i > 0 && float32(n) == float32(values[i-1]) {
			return nil, e.errorf("column %d has the categories %v and %v, which are one number in float32: number them from 0 before they are encoded", column, values[i-1], n)
		}
	}
	return values, nil
}
