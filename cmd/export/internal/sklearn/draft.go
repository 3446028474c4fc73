package sklearn

import (
	"errors"
	"fmt"

	"github.com/edge-infer/edge-infer/cmd/export/internal/draft"
	"github.com/edge-infer/edge-infer/format"
)

// writer writes a plan's estimators into a draft.
type writer struct {
	*draft.Draft
	version version
	split   bool // within a group of columns, where no others may be
}

// Draft makes a model of what a file holds. A scaler, if given, is a file with a transformer that
// runs before the model. Errors begin with "sklearn: ".
func (o *Object) Draft(scaler *Object) (*draft.Draft, error) {
	d, err := o.draft(scaler)
	if err != nil {
		return nil, fmt.Errorf("sklearn: %w", err)
	}
	return d, nil
}

func (o *Object) draft(scaler *Object) (*draft.Draft, error) {
	switch {
	case len(o.Tensors) > 0:
		return nil, errors.New("arrays, where a model is needed: they are weights without their layers")
	case scaler != nil && len(scaler.Tensors) > 0:
		return nil, errors.New("arrays, where a transformer is needed: a mean and a standard deviation are given with --mean and --std")
	}
	c, err := o.choose()
	if err != nil {
		return nil, err
	}
	first := c.scaler
	switch {
	case c.model == nil && c.scaler != nil:
		return nil, c.scaler.errorf("a transformer, where a model is needed: it is given with --scaler, beside the file of the model")
	case c.model == nil:
		return nil, c.labels.errorf("an encoder of labels, where a model is needed")
	case scaler != nil && c.scaler != nil:
		return nil, fmt.Errorf("the file holds %s beside the model, and another scaler is given", c.scaler)
	case scaler != nil:
		if first, err = scaler.scaler(); err != nil {
			return nil, fmt.Errorf("the scaler's file: %w", err)
		}
	}
	var p plan
	if err := p.unwrap(*c.model, 0); err != nil {
		return nil, err
	}
	if c.scaler != nil && len(p.before) > 0 {
		return nil, fmt.Errorf("which estimators run is not clear: the model has transformers of its own, and there are %s: save the one alone", o.list())
	}
	if first != nil {
		if err := p.prepend(*first); err != nil {
			return nil, err
		}
	}
	d, err := p.write(c.labels, o.columns)
	if err == nil && c.scaler != nil {
		d.Note("the file holds %s beside the model: it runs before the model", c.scaler)
	}
	return d, err
}

// write makes a draft of a plan. The encoder of labels may be nil. The columns' names are those of
// the container that the model is in, if it does not know them itself.
func (p *plan) write(labels *estimator, columns columnNames) (*draft.Draft, error) {
	width, err := p.width()
	if err != nil {
		return nil, err
	}
	d, err := draft.New(width)
	if err != nil {
		return nil, err
	}
	release := p.model.text("_sklearn_version")
	d.Model.Source = format.Software{Name: "scikit-learn", Version: release}
	w := &writer{Draft: d, version: versionOf(release)}
	for _, e := range p.before {
		if err := w.transform(d.Preprocessing, e, 0); err != nil {
			return nil, err
		}
	}
	if err := w.predict(p.model); err != nil {
		return nil, err
	}
	for _, e := range p.after {
		if err := w.invert(e); err != nil {
			return nil, err
		}
	}
	if labels != nil {
		if err := w.rename(*labels); err != nil {
			return nil, err
		}
	}
	if d.Model.Input.Layout != format.Words { // whose columns are words
		names := p.names()
		if names == nil && len(columns.names) == width {
			names = columns.names
			w.Note("the file holds %s beside the model: the columns have its names", columns.key)
		}
		w.nameColumns(names, width)
	}
	if err := d.Finish(); err != nil {
		return nil, p.model.errorf("%w", err)
	}
	return d, nil
}

// nameColumns keeps the names of the columns, if they can be.
func (w *writer) nameColumns(names []string, width int) {
	seen := map[string]bool{"": true}
	for _, name := range names {
		if seen[name] {
			w.Note("the names of the columns are left out: %q stands there twice or is empty", name)
			return
		}
		seen[name] = true
	}
	if len(names) == width {
		w.Model.Input.Features = names
	}
}

// width returns the number of values in a row, from the first estimator that knows it. Those before
// it leave the number as it is.
func (p *plan) width() (int, error) {
	for _, e := range append(p.before[:len(p.before):len(p.before)], p.model) {
		if !e.isRead() {
			return 0, e.refuse()
		}
		if n := e.width(0); n > 0 {
			return n, nil
		}
		if !keepsWidth(e.class()) {
			return 0, e.errorf("how many values a row has is not known: it has to be fitted before it is saved")
		}
	}
	return 0, errors.New("how many values a row has is not known")
}
