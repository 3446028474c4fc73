package ptxsim

import "errors"

// lowerCompare lowers setp, with one result or two, combined with a third predicate or not.
func (b *body) lowerCompare(parts []string) error {
	if len(parts) < 2 || len(parts) > 3 {
		return b.unknown()
	}
	k := kindOf(parts[len(parts)-1])
	compare, op := comparison(parts[0], k)
	if compare == nil {
		return b.unknown()
	}
	combined := len(parts) == 3
	if combined {
		if err := b.operandsAre(4); err != nil {
			return err
		}
	} else if err := b.operandsAre(3); err != nil {
		return err
	}
	m := micro{inst: inst{op: op, fn: compare}}
	var err error
	if m.a, err = b.source(b.operands[1], k); err != nil {
		return err
	}
	if m.b, err = b.source(b.operands[2], k); err != nil {
		return err
	}
	target := b.operands[0]
	if !combined && target.sort == registerOperand {
		if m.d, err = b.destination(target, pred); err != nil {
			return err
		}
		b.emit(m)
		return nil
	}
	if m.d, err = b.newSlot(); err != nil {
		return err
	}
	outcome := m.d
	b.emit(m)
	combine := func(first, _ uint64) uint64 { return first }
	var third slot
	if combined {
		if combine = combination(parts[1]); combine == nil {
			return b.unknown()
		}
		if third, err = b.thirdPredicate(); err != nil {
			return err
		}
	}
	results := []operand{target}
	if target.sort == pairOperand {
		results = target.list
	}
	for i, o := range results {
		if o.sort == sinkOperand && len(results) == 2 {
			continue
		}
		negate := uint64(i) // the second result is that of the opposite comparison
		m := micro{inst: inst{a: outcome, b: third, fn: func(a, b, _ uint64) uint64 { return combine(a^negate, b) }}}
		if m.d, err = b.destination(o, pred); err != nil {
			return err
		}
		b.emit(m)
	}
	return nil
}

// thirdPredicate copies the predicate that a comparison is combined with, since the first result may overwrite it.
func (b *body) thirdPredicate() (slot, error) {
	o := b.operands[3]
	if o.sort != registerOperand {
		return 0, errors.New("a predicate is expected")
	}
	negate := truth(o.negated)
	o.negated = false
	m := micro{inst: inst{fn: func(a, _, _ uint64) uint64 { return a ^ negate }}}
	var err error
	if m.d, err = b.newSlot(); err != nil {
		return 0, err
	}
	if m.a, err = b.source(o, pred); err != nil {
		return 0, err
	}
	b.emit(m)
	return m.d, nil
}

func combination(name string) func(a, b uint64) uint64 {
	switch name {
	case "and":
		return func(a, b uint64) uint64 { return a & b }
	case "or":
		return func(a, b uint64) uint64 { return a | b }
	case "xor":
		return func(a, b uint64) uint64 { return a ^ b }
	}
	return nil
}

// comparison returns the comparison of a name and a type, nil if there is none, and its fast form if it has one.
func comparison(name string, k kind) (pure, opcode) {
	switch {
	case k.float() && k != f16:
		return floatComparison(name, k), opFn
	case k.untyped() && k != b8 || k.integer() && k.bits() > 8:
		if name == "eq" {
			return equal, opEqual
		}
		if name == "ne" {
			return func(a, b, _ uint64) uint64 { return truth(a != b) }, opFn
		}
		if k.untyped() {
			return nil, opFn
		}
		return integerComparison(name, k)
	}
	return nil, opFn
}

func integerComparison(name string, k kind) (pure, opcode) {
	if k.signed() {
		w := k.bits()
		switch name {
		case "lt":
			op := opFn
			if k == s32 {
				op = opLess32
			}
			return func(a, b, _ uint64) uint64 { return truth(signExtend(a, w) < signExtend(b, w)) }, op
		case "le":
			return func(a, b, _ uint64) uint64 { return truth(signExtend(a, w) <= signExtend(b, w)) }, opFn
		case "gt":
			return func(a, b, _ uint64) uint64 { return truth(signExtend(a, w) > signExtend(b, w)) }, opFn
		case "ge":
			return func(a, b, _ uint64) uint64 { return truth(signExtend(a, w) >= signExtend(b, w)) }, opFn
		}
		return nil, opFn
	}
	switch name {
	case "lt", "lo":
		return func(a, b, _ uint64) uint64 { return truth(a < b) }, opLessU
	case "le", "ls":
		return func(a, b, _ uint64) uint64 { return truth(a <= b) }, opFn
	case "gt", "hi":
		return func(a, b, _ uint64) uint64 { return truth(a > b) }, opFn
	case "ge", "hs":
		return func(a, b, _ uint64) uint64 { return truth(a >= b) }, opFn
	}
	return nil, opFn
}

// floatComparison returns a comparison of floats. The forms with a u behind are true if either operand is NaN, the
// others are false.
func floatComparison(name string, k kind) pure {
	var holds func(a, b float64) bool
	switch name {
	case "eq":
		holds = func(a, b float64) bool { return a == b }
	case "ne":
		holds = func(a, b float64) bool { return a < b || a > b }
	case "lt":
		holds = func(a, b float64) bool { return a < b }
	case "le":
		holds = func(a, b float64) bool { return a <= b }
	case "gt":
		holds = func(a, b float64) bool { return a > b }
	case "ge":
		holds = func(a, b float64) bool { return a >= b }
	case "equ":
		holds = func(a, b float64) bool { return !(a < b || a > b) }
	case "neu":
		holds = func(a, b float64) bool { return a != b }
	case "ltu":
		holds = func(a, b float64) bool { return !(a >= b) }
	case "leu":
		holds = func(a, b float64) bool { return !(a > b) }
	case "gtu":
		holds = func(a, b float64) bool { return !(a <= b) }
	case "geu":
		holds = func(a, b float64) bool { return !(a < b) }
	case "num":
		holds = func(a, b float64) bool { return a == a && b == b }
	case "nan":
		holds = func(a, b float64) bool { return a != a || b != b }
	default:
		return nil
	}
	return func(a, b, _ uint64) uint64 { return truth(holds(toFloat64(a, k), toFloat64(b, k))) }
}

func equal(a, b, _ uint64) uint64 { return truth(a == b) }

func truth(yes bool) uint64 {
	if yes {
		return 1
	}
	return 0
}
