package driver

import "fmt"

// graph is a captured sequence, or one that can be launched.
type graph struct {
	operations []operation
	executable bool
}

// graphRun launches a graph.
type graphRun struct{ operations []operation }

func (o *graphRun) String() string { return fmt.Sprintf("graph of %d operations", len(o.operations)) }

func (o *graphRun) run(p *process) error {
	p.ledger.update(func(r *Report) { r.GraphLaunches++ })
	for _, step := range o.operations {
		if err := step.run(p); err != nil {
			return fmt.Errorf("%s: %w", step, err)
		}
	}
	return nil
}

// graphInstantiate serves all three variants: flags do not matter here, and
// there is nothing to say in a log.
func (c *call) graphInstantiate() Result {
	const flags = 15
	g, found := c.graphs[c.arguments[1]]
	switch {
	case !found || g.executable:
		return InvalidValue
	case len(c.arguments) == 3 && c.arguments[2]&^flags != 0:
		return InvalidValue
	case len(c.graphs) >= maxObjects:
		return OutOfMemory
	}
	h := c.handle()
	c.graphs[h] = &graph{operations: g.operations, executable: true}
	return c.store(0, h)
}

func (c *call) graphLaunch() Result {
	g, found := c.graphs[c.arguments[0]]
	if !found || !g.executable {
		return InvalidValue
	}
	s, r := c.stream(1)
	if r != Success {
		return r
	}
	return c.enqueue(s, &graphRun{g.operations})
}

// graphDestroy serves graphs and executable ones. What was launched goes on.
func (c *call) graphDestroy() Result {
	g, found := c.graphs[c.arguments[0]]
	if !found || g.executable != (c.name == "cuGraphExecDestroy") {
		return InvalidValue
	}
	delete(c.graphs, c.arguments[0])
	return Success
}
