package onnx

import (
	"errors"
	"fmt"
	"strconv"

	"github.com/edge-infer/edge-infer/cmd/export/internal/draft"
	"github.com/edge-infer/edge-infer/format"
)

// linearClassifier has two outputs, the label and the scores. Binary classifiers are written with
// one row of coefficients or with two, −w and w; either way one column is computed here.
func (c *call) linearClassifier() ([]result, error) {
	v, err := c.wholeOrFloat(0)
	if err != nil {
		return nil, err
	}
	c.attributes.integer("multi_class", 0) // says how it was trained, which changes nothing here
	labels := c.attributes.texts("classlabels_strings")
	for _, l := range c.attributes.integers("classlabels_ints") {
		labels = append(labels, strconv.FormatInt(l, 10))
	}
	form, outputs := c.attributes.text("post_transform", "NONE"), len(labels)
	single := outputs == 2 && len(c.attributes.floats("coefficients")) == v.chain.width
	if single {
		outputs = 1
	}
	w, bias, err := c.linear(v, outputs)
	if err != nil {
		return nil, err
	}
	pair := single || form != "SOFTMAX" && opposite(w, bias)
	if pair && !single {
		d := (&step{matrix: w, bias: bias}).columnsOf([]int{1})
		w, bias = d.matrix, d.bias
	}
	scores, err := c.dense(v, "", w, bias)
	if err != nil {
		return nil, err
	}
	switch {
	case form == "NONE":
		c.became("dense")
	case form == "LOGISTIC":
		scores = c.after(scores, &step{op: "sigmoid", layer: &format.Activation{Function: format.Sigmoid}})
		c.became("dense, sigmoid")
	case form == "SOFTMAX" && !single:
		scores = c.after(scores, &step{op: "softmax", layer: &format.Softmax{}})
		c.became("dense, softmax")
	case form == "SOFTMAX":
		return nil, errors.New("post_transform SOFTMAX of a single score: runtimes differ in what that is")
	default:
		return nil, fmt.Errorf("post_transform %.32q: NONE, LOGISTIC and SOFTMAX are read", form)
	}
	scores.labels = labels
	if pair {
		scores.pair, scores.shape = true, []int{2}
	}
	scores.loose = single && form == "NONE"
	label := c.decided(scores)
	label.labels = labels
	return []result{{value: label}, {value: scores}}, nil
}

// opposite reports whether the two columns of a binary classifier are each other's negative.
func opposite(w draft.Matrix, bias []float64) bool {
	if w.Columns != 2 || bias[0] != -bias[1] {
		return false
	}
	for i := 0; i < len(w.Values); i += 2 {
		if w.Values[i] != -w.Values[i+1] {
			return false
		}
	}
	return true
}

// zipMap makes a dictionary of the scores: it says which label has which.
func (c *call) zipMap() (*value, error) {
	v, err := c.anyValue(0)
	if err != nil {
		return nil, err
	}
	labels := c.attributes.texts("classlabels_strings")
	for _, l := range c.attributes.integers("classlabels_int64s") {
		labels = append(labels, strconv.FormatInt(l, 10))
	}
	if n := product(v.shape); len(labels) != n {
		return nil, fmt.Errorf("%d labels for %d columns", len(labels), n)
	}
	next := *v
	next.labels = labels
	c.became("labels of the output")
	return &next, nil
}

// extractor is an ArrayFeatureExtractor: columns by their places, or a class's label by its index.
func (c *call) extractor() (*value, error) {
	if x := c.input(0).constant; x != nil {
		return c.classNames(x, 1)
	}
	v, err := c.anyValue(0)
	if err != nil {
		return nil, err
	}
	if len(v.shape) != 1 {
		return nil, fmt.Errorf("rows of shape %v: vectors are read", v.shape)
	}
	columns, err := c.indices(1, v.shape[0])
	if err != nil {
		return nil, err
	}
	return c.columns(v, 1, columns, false)
}

// classNames gives the class, which input i is the index of, its name from a list of constants.
func (c *call) classNames(names *constant, i int) (*value, error) {
	v, err := c.anyValue(i)
	if err != nil {
		return nil, err
	}
	if !v.class() || v.labels != nil {
		return nil, errors.New("a constant looked up by a computed value: of such, the names of classes are read")
	}
	if names.len() != v.classes() {
		return nil, fmt.Errorf("%d names for %d classes", names.len(), v.classes())
	}
	if err := c.spend(names.len()); err != nil {
		return nil, err
	}
	next := *v
	next.labels = names.words()
	c.became("labels of the output")
	return &next, nil
}

// labelEncoder gives a decided class another name.
func (c *call) labelEncoder() (*value, error) {
	v, err := c.anyValue(0)
	if err != nil {
		return nil, err
	}
	if !v.class() {
		return nil, errors.New("it replaces inputs by others: of such, the names of classes are read")
	}
	keys, values := c.encoded("keys_"), c.encoded("values_")
	if old := c.attributes.texts("classes_strings"); old != nil {
		keys, values = indexNames(len(old)), old
	}
	absent := c.attributes.text("default_string", "")
	if a, ok := c.attributes.find("default_int64"); ok {
		absent = strconv.FormatInt(a.integer, 10)
	}
	c.attributes.float("default_float", 0)
	if len(keys) == 0 || len(keys) != len(values) {
		return nil, fmt.Errorf("%d keys and %d values", len(keys), len(values))
	}
	if err := c.spend(v.classes()); err != nil {
		return nil, err
	}
	classes := v.labels
	if classes == nil {
		classes = indexNames(v.classes())
	}
	to := make(map[string]string, len(keys))
	for i, key := range keys {
		to[key] = values[i]
	}
	next := *v
	next.labels = make([]string, len(classes))
	for i, class := range classes {
		name, ok := to[class]
		if !ok {
			name = absent
		}
		next.labels[i] = name
	}
	c.became("labels of the output")
	return &next, nil
}

// encoded returns the keys or values of a LabelEncoder, of whatever type, as text.
func (c *call) encoded(prefix string) []string {
	list := c.attributes.texts(prefix + "strings")
	for _, v := range c.attributes.integers(prefix + "int64s") {
		list = append(list, strconv.FormatInt(v, 10))
	}
	for _, v := range c.attributes.floats(prefix + "floats") {
		list = append(list, strconv.FormatFloat(v, 'g', -1, 32))
	}
	if a, ok := c.attributes.find(prefix + "tensor"); ok && a.tensor != nil {
		if x, err := a.tensor.decode(c.folder); err == nil {
			list = x.words()
		}
	}
	return list
}

// indexNames are the names of classes that have only their index.
func indexNames(n int) []string {
	names := make([]string, n)
	for i := range names {
		names[i] = strconv.Itoa(i)
	}
	return names
}
