package gen

import "slices"

// A pool is a set of registers, some of them taken.
type pool struct {
	names     []string
	taken     []bool
	exhausted bool // take has been called with none left
}

func newPool(names []string) pool { return pool{names: names, taken: make([]bool, len(names))} }

func (p *pool) take() string {
	i := slices.Index(p.taken, false)
	if i < 0 {
		p.exhausted = true
		return p.names[0]
	}
	p.taken[i] = true
	return p.names[i]
}

func (p *pool) give(name string)  { p.taken[slices.Index(p.names, name)] = false }
func (p *pool) claim(name string) { p.taken[slices.Index(p.names, name)] = true }

func (p *pool) free() []string {
	var names []string
	for i, name := range p.names {
		if !p.taken[i] {
			names = append(names, name)
		}
	}
	return names
}
