package sklearn

import "slices"

// plan is what runs one after the other: transformers of rows, a model, and transformers of its
// target, which run backwards.
type plan struct {
	before []estimator
	model  estimator
	after  []estimator
	// around are the estimators that the model was taken out of. They may know the columns' names.
	around []estimator
}

// unwrap adds what an estimator holds to the plan, down to a model that computes something itself.
func (p *plan) unwrap(e estimator, depth int) error {
	if err := e.visit(depth); err != nil {
		return err
	}
	inner := ""
	switch class := e.class(); {
	case class == "Pipeline":
		return p.pipeline(e, depth)
	case class == "TransformedTargetRegressor":
		inverse, err := e.child("transformer_")
		if err != nil {
			return err
		}
		inverse.name = e.inner("target")
		p.after = append([]estimator{inverse}, p.after...)
		inner = "regressor_"
	case class == "RFE" || class == "RFECV":
		p.before = append(p.before, e)
		inner = "estimator_"
	case class == "RANSACRegressor":
		inner = "estimator_"
	case class == "FrozenEstimator":
		inner = "estimator"
	case isSearch(class):
		if _, ok := e.record.Attribute("best_estimator_"); !ok {
			return e.errorf("it has no best_estimator_: fit it, with refit=True, before it is saved")
		}
		inner = "best_estimator_"
	default:
		p.model = e
		return nil
	}
	p.around = append(p.around, e)
	child, err := e.child(inner)
	if err != nil {
		return err
	}
	return p.unwrap(child, depth+1)
}

func (p *plan) pipeline(e estimator, depth int) error {
	steps, err := e.pipelineSteps()
	if err != nil {
		return err
	}
	if len(steps) == 0 {
		return e.errorf("no steps")
	}
	p.around = append(p.around, e)
	for _, step := range steps[:len(steps)-1] {
		if err := p.add(step, depth+1); err != nil {
			return err
		}
	}
	return p.unwrap(steps[len(steps)-1], depth+1)
}

// add adds a transformer, or the steps of a pipeline of such, before the model.
func (p *plan) add(e estimator, depth int) error {
	if err := e.visit(depth); err != nil {
		return err
	}
	if e.class() != "Pipeline" {
		p.before = append(p.before, e)
		return nil
	}
	steps, err := e.pipelineSteps()
	for i := 0; i < len(steps) && err == nil; i++ {
		err = p.add(steps[i], depth+1)
	}
	return err
}

// prepend puts a transformer before all others. What the model was taken out of sees other columns
// then than the row has.
func (p *plan) prepend(e estimator) error {
	rest := p.before
	p.before, p.around = nil, nil
	err := p.add(e, 0)
	p.before = append(p.before, rest...)
	return err
}

// pipelineSteps returns the steps of a pipeline that do something.
func (e estimator) pipelineSteps() ([]estimator, error) {
	items, err := e.list("steps")
	if err != nil {
		return nil, err
	}
	var steps []estimator
	for i, item := range items {
		pair, _ := elements(item)
		if len(pair) != 2 {
			return nil, e.errorf("step %d is no pair of name and estimator", i)
		}
		if pair[1] == nil || pair[1] == "passthrough" {
			continue
		}
		name, _ := pair[0].(string)
		step, ok := e.estimator(pair[1], e.inner(name))
		if !ok {
			return nil, e.errorf("step %q is no estimator of scikit-learn", short(name))
		}
		steps = append(steps, step)
	}
	return steps, nil
}

// inner is the full name of a step of this estimator.
func (e estimator) inner(name string) string {
	if e.name == "" {
		return short(name)
	}
	return e.name + "." + short(name)
}

// names returns the names of the columns, if an estimator was fitted on a table that has them.
func (p *plan) names() []string {
	for _, e := range slices.Concat(p.around, p.before, []estimator{p.model}) {
		if names := e.featureNames(); names != nil {
			return names
		}
		if e.record == p.first().record {
			return nil // those behind see other columns
		}
	}
	return nil
}

// first is what sees the row as it comes.
func (p *plan) first() estimator {
	if len(p.before) > 0 {
		return p.before[0]
	}
	return p.model
}
