package sklearn

import (
	"slices"
	"strings"
	"testing"
)

// A dict of nothing but arrays is weights with names; one number among them, and it is not.
func TestTensors(t *testing.T) {
	w, b := array([]int{2, 1}, 1, 2), array([]int{1}, 3)
	o, err := loadCode(dict(str("W1"), w, str("b1"), b))
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, tensor := range o.Tensors {
		names = append(names, tensor.Name)
	}
	if want := []string{"W1", "b1"}; !slices.Equal(names, want) || !slices.Equal(o.Tensors[0].Array.Float64s(), []float64{1, 2}) {
		t.Errorf("tensors %v, want %v", o.Tensors, want)
	}
	if _, err := o.Draft(nil); err == nil || !strings.Contains(err.Error(), "weights without their layers") {
		t.Errorf("a model of arrays: %v", err)
	}
	model, err := loadCode(linearModel(2))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := model.Draft(o); err == nil || !strings.Contains(err.Error(), "given with --mean and --std") {
		t.Errorf("arrays for a scaler: %v", err)
	}
	for name, file := range map[string]code{
		"a number":       dict(str("W1"), w, str("epochs"), num(3)),
		"a list":         list(w, b),
		"no name":        dict(str(""), w),
		"a number's key": dict(num(1), w),
		"an empty dict":  dict(),
	} {
		if _, err := loadCode(file); err == nil || !strings.Contains(err.Error(), "no estimator of scikit-learn") {
			t.Errorf("%s: %v", name, err)
		}
	}
	if o, err := loadCode(dict(str("W1"), w, str("model"), linearModel(2))); err != nil || o.Tensors != nil {
		t.Errorf("a model beside an array: %v, %v", o, err)
	}
}
