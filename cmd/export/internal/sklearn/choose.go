package sklearn

import (
	"fmt"
	"strings"
)

// choice is what is made of a file's estimators.
type choice struct {
	model  *estimator
	scaler *estimator // a transformer to run before the model, or nil
	labels *estimator // an encoder of labels, or nil
}

// choose tells the model, a transformer and an encoder of labels apart. Two of one kind are
// ambiguous, and nothing is guessed.
func (o *Object) choose() (choice, error) {
	var c choice
	for i := range o.estimators {
		e := &o.estimators[i]
		place := map[role]**estimator{predictor: &c.model, transformer: &c.scaler, encoder: &c.labels}[e.role()]
		if *place != nil {
			return choice{}, fmt.Errorf("which estimator is meant is not clear: there are %s: save the one alone, or a Pipeline of those that belong together", o.list())
		}
		*place = e
	}
	return c, nil
}

// list names what there is in the file.
func (o *Object) list() string {
	const most = 12
	var words []string
	for _, e := range o.estimators {
		words = append(words, e.String())
	}
	words = append(words, o.rest...)
	if n := len(words); n > most {
		words = append(words[:most], fmt.Sprintf("and %d more", n-most))
	}
	return strings.Join(words, ", ")
}

// scaler returns the one transformer of a file.
func (o *Object) scaler() (*estimator, error) {
	c, err := o.choose()
	switch {
	case err != nil:
		return nil, err
	case c.model != nil:
		return nil, c.model.errorf("a transformer is needed to run before the model, such as StandardScaler or a Pipeline of transformers")
	case c.scaler == nil:
		return nil, c.labels.errorf("a transformer of rows is needed, such as StandardScaler")
	}
	return c.scaler, nil
}
