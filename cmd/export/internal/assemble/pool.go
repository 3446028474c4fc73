package assemble

import (
	"fmt"
	"slices"
	"strings"

	"github.com/edge-infer/edge-infer/cmd/export/internal/source"
	"github.com/edge-infer/edge-infer/cmd/internal/cli"
)

// pool is the file's tensors, of which each part of a model takes its own.
type pool struct {
	tensors []source.Tensor
	taken   []bool
}

func newPool(tensors []source.Tensor) *pool {
	return &pool{tensors, make([]bool, len(tensors))}
}

// find returns a tensor by name, taken or not.
func (p *pool) find(name string) (source.Tensor, bool) {
	i := p.index(name)
	if i < 0 {
		return source.Tensor{}, false
	}
	return p.tensors[i], true
}

func (p *pool) index(name string) int {
	return slices.IndexFunc(p.tensors, func(t source.Tensor) bool { return t.Name == name })
}

// take takes a tensor that the call names. It may be taken more than once: weights can be shared.
func (p *pool) take(name string) (source.Tensor, error) {
	i := p.index(name)
	if i < 0 {
		return source.Tensor{}, cli.Usagef("there is no tensor %q: the file holds %s", name, List(p.tensors))
	}
	p.taken[i] = true
	return p.tensors[i], nil
}

// takeFirst takes the first of some names that is there and not taken.
func (p *pool) takeFirst(names []string) (source.Tensor, bool) {
	for _, name := range names {
		if i := p.index(name); i >= 0 && !p.taken[i] {
			p.taken[i] = true
			return p.tensors[i], true
		}
	}
	return source.Tensor{}, false
}

// ignore takes the tensors whose names match a pattern, with * for any letters.
func (p *pool) ignore(patterns []string) error {
	for _, pattern := range patterns {
		found := false
		for i, t := range p.tensors {
			if matches(pattern, t.Name) {
				p.taken[i], found = true, true
			}
		}
		if !found {
			return cli.Usagef("assemble: --ignore: there is no tensor %q: the file holds %s", pattern, List(p.tensors))
		}
	}
	return nil
}

// matches reports whether a name is the pattern, in which a * stands for any characters.
func matches(pattern, name string) bool {
	parts := strings.Split(pattern, "*")
	first, last := parts[0], parts[len(parts)-1]
	if len(parts) == 1 {
		return name == pattern
	}
	name, ok := strings.CutPrefix(name, first)
	if !ok {
		return false
	}
	for _, part := range parts[1 : len(parts)-1] {
		if _, name, ok = strings.Cut(name, part); !ok {
			return false
		}
	}
	return strings.HasSuffix(name, last)
}

// left returns the tensors that nothing has taken.
func (p *pool) left() []source.Tensor {
	var left []source.Tensor
	for i, t := range p.tensors {
		if !p.taken[i] {
			left = append(left, t)
		}
	}
	return left
}

// List describes tensors in a line, the first sixteen of them: W1 (64×32 float64), …
func List(tensors []source.Tensor) string {
	const most = 16
	if len(tensors) == 0 {
		return "no tensors"
	}
	var b strings.Builder
	for i, t := range tensors {
		if i == most {
			fmt.Fprintf(&b, ", and %d more", len(tensors)-most)
			break
		}
		if i > 0 {
			b.WriteString(", ")
		}
		b.WriteString(describe(t))
	}
	return b.String()
}
