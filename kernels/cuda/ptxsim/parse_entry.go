package ptxsim

import "slices"

// entry reads an entry behind ".entry": its name, parameters, limits and body.
func (p *parser) entry() error {
	e := &Entry{line: p.tok.line}
	var err error
	if e.name, err = p.word("the name of an entry"); err != nil {
		return err
	}
	if _, known := p.module.Entry(e.name); known {
		return p.fail("the entry %s is there twice", e.name)
	}
	if given, err := p.accept("("); err != nil {
		return err
	} else if given {
		if err := p.parameters(e); err != nil {
			return err
		}
	}
	if err := p.performanceDirectives(e); err != nil {
		return err
	}
	if err := p.expect("{"); err != nil {
		return err
	}
	if len(p.module.entries) == maxEntries {
		return p.fail("more than %d entries", maxEntries)
	}
	b := newBody(p, e)
	if err := b.statements(); err != nil {
		return err
	}
	if err := b.finish(); err != nil {
		return err
	}
	p.module.entries = append(p.module.entries, e)
	return nil
}

// parameters reads ".param .u64 a, .param .align 8 .b8 b[24])".
func (p *parser) parameters(e *Entry) error {
	if none, err := p.accept(")"); err != nil || none {
		return err
	}
	for {
		if err := p.expect(".param"); err != nil {
			return err
		}
		if err := p.parameter(e); err != nil {
			return err
		}
		if more, err := p.accept(","); err != nil {
			return err
		} else if !more {
			return p.expect(")")
		}
	}
}

func (p *parser) parameter(e *Entry) error {
	align, k, name, err := p.parameterType()
	if err != nil {
		return err
	}
	param := parameter{Param: Param{Type: k.String(), Bytes: k.bytes()}, name: name}
	if array, err := p.accept("["); err != nil {
		return err
	} else if array {
		n, err := p.number("the size of an array", maxParamBytes)
		if err != nil {
			return err
		}
		param.Bytes, param.array = n*k.bytes(), true
		if err := p.expect("]"); err != nil {
			return err
		}
	}
	if slices.ContainsFunc(e.params, func(other parameter) bool { return other.name == name }) {
		return p.fail("the parameter %s is there twice", name)
	}
	param.offset = alignUp(e.paramBytes, align)
	e.paramBytes = param.offset + param.Bytes
	if e.paramBytes > maxParamBytes {
		return p.fail("parameters of more than %d bytes", maxParamBytes)
	}
	e.params = append(e.params, param)
	return nil
}

// parameterType reads the type and the name of a parameter. Between them may stand what the compiler knows of a
// pointer: ".ptr .global .align 16".
func (p *parser) parameterType() (align int, k kind, name string, err error) {
	if p.at(".align") {
		return p.typedName()
	}
	if k, err = p.memoryType("a parameter"); err != nil {
		return 0, noKind, "", err
	}
	if pointer, err := p.accept(".ptr"); err != nil {
		return 0, noKind, "", err
	} else if pointer {
		for p.at(".global") || p.at(".shared") || p.at(".const") || p.at(".local") {
			if err := p.advance(); err != nil {
				return 0, noKind, "", err
			}
		}
		if given, err := p.accept(".align"); err != nil {
			return 0, noKind, "", err
		} else if given {
			if _, err := p.number("an alignment", 1<<20); err != nil {
				return 0, noKind, "", err
			}
		}
	}
	name, err = p.word("the name of a parameter")
	return k.bytes(), k, name, err
}

// performanceDirectives reads what stands between the parameters and the body.
func (p *parser) performanceDirectives(e *Entry) error {
	for p.tok.sort == wordToken {
		directive := p.tok.text
		if err := p.advance(); err != nil {
			return err
		}
		switch directive {
		case ".maxntid", ".reqntid":
			shape, err := p.threadShape()
			if err != nil {
				return err
			}
			threads := shape[0] * shape[1] * shape[2]
			if threads == 0 || threads > maxThreads {
				return p.fail("%s of %d threads: 1 to %d are possible", directive, threads, maxThreads)
			}
			e.maxThreads = threads
			if directive == ".reqntid" {
				e.required = shape
			}
		case ".minnctapersm", ".maxnctapersm", ".maxnreg":
			if _, err := p.number(directive, 1<<20); err != nil {
				return err
			}
		default:
			return p.fail("the directive %s is not known before a body", directive)
		}
	}
	return nil
}

// threadShape reads one to three numbers.
func (p *parser) threadShape() ([3]int, error) {
	shape := [3]int{1, 1, 1}
	for i := range shape {
		n, err := p.number("a number of threads", maxThreads)
		if err != nil {
			return shape, err
		}
		shape[i] = n
		if !p.at(",") {
			break
		}
		if err := p.advance(); err != nil {
			return shape, err
		}
	}
	return shape, nil
}
