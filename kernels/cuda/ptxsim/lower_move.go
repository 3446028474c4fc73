package ptxsim

import (
	"errors"
	"fmt"
)

// lowerMove lowers mov: of a value, of a variable's address, of a vector into a number and back.
func (b *body) lowerMove(parts []string) error {
	if err := b.operandsAre(2); err != nil {
		return err
	}
	if len(parts) != 1 {
		return b.unknown()
	}
	k := kindOf(parts[0])
	if k == noKind || k.bits() == 8 || k == f16 {
		return fmt.Errorf("mov of type .%s is not known", parts[0])
	}
	d, a := b.operands[0], b.operands[1]
	switch {
	case d.sort == listOperand:
		return b.unpack(d.list, a, k)
	case a.sort == listOperand:
		return b.pack(d, a.list, k)
	case a.sort == nameOperand && !a.address:
		return b.moveAddress(d, a, k)
	}
	m := micro{inst: inst{op: opMov}}
	var err error
	if m.a, err = b.source(a, k); err != nil {
		return err
	}
	if m.d, err = b.destination(d, k); err != nil {
		return err
	}
	b.emit(m)
	return nil
}

// moveAddress lowers "mov.u64 %rd1, name+8".
func (b *body) moveAddress(d, a operand, k kind) error {
	v, ok := b.variable(a.name)
	switch {
	case !ok:
		if _, isParam := b.parameter(a.name); isParam {
			return fmt.Errorf("the address of the parameter %s: parameters are read by ld.param only", a.name)
		}
		return fmt.Errorf("%s is not declared", a.name)
	case k != u64 && k != b64 && k != s64:
		return errors.New("an address has 64 bits")
	}
	at, err := b.addressOf(v, a.offset)
	if err != nil {
		return err
	}
	m := micro{inst: inst{op: opMov, a: at}}
	if m.d, err = b.destination(d, k); err != nil {
		return err
	}
	b.emit(m)
	return nil
}

// elementKind returns the type of one of n equal parts of k.
func elementKind(k kind, n int) (kind, error) {
	if k.untyped() && (n == 2 || n == 4) {
		switch k.bits() / uint(n) {
		case 16:
			return b16, nil
		case 32:
			return b32, nil
		}
	}
	return noKind, fmt.Errorf("a list of %d does not make up .%v", n, k)
}

// unpack lowers "mov.b64 {%r1, %r2}, %rd1".
func (b *body) unpack(list []operand, from operand, k kind) error {
	part, err := elementKind(k, len(list))
	if err != nil {
		return err
	}
	// All of the number is read before any part of it is written, in case one register is both.
	whole, err := b.newSlot()
	if err != nil {
		return err
	}
	m := micro{inst: inst{op: opMov, d: whole}}
	if m.a, err = b.source(from, k); err != nil {
		return err
	}
	b.emit(m)
	for i, o := range list {
		if o.sort == sinkOperand {
			continue
		}
		shift, mask := uint(i)*part.bits(), part.mask()
		m := micro{inst: inst{a: whole, fn: func(a, _, _ uint64) uint64 { return a >> shift & mask }}}
		if m.d, err = b.destination(o, part); err != nil {
			return err
		}
		b.emit(m)
	}
	return nil
}

// pack lowers "mov.b64 %rd1, {%r1, %r2}".
func (b *body) pack(to operand, list []operand, k kind) error {
	part, err := elementKind(k, len(list))
	if err != nil {
		return err
	}
	whole, err := b.newSlot()
	if err != nil {
		return err
	}
	for i, o := range list {
		shift := uint(i) * part.bits()
		m := micro{inst: inst{d: whole, b: whole, fn: func(a, b, _ uint64) uint64 { return b | a<<shift }}}
		if i == 0 {
			m.op = opMov
		}
		if m.a, err = b.source(o, part); err != nil {
			return err
		}
		b.emit(m)
	}
	m := micro{inst: inst{op: opMov, a: whole}}
	if m.d, err = b.destination(to, k); err != nil {
		return err
	}
	b.emit(m)
	return nil
}

// lowerAddress lowers cvta: a generic address from one of a space, and back with ".to".
func (b *body) lowerAddress(parts []string) error {
	if err := b.operandsAre(2); err != nil {
		return err
	}
	to := len(parts) > 0 && parts[0] == "to"
	if to {
		parts = parts[1:]
	}
	if len(parts) != 2 || parts[1] != "u64" {
		return b.unknown()
	}
	var s space
	switch parts[0] {
	case "global":
		s = globalSpace
	case "shared":
		s = sharedSpace
	case "local":
		s = localSpace
	case "const":
		s = constSpace
	default:
		return b.unknown()
	}
	var m micro
	var err error
	if a := b.operands[1]; a.sort == nameOperand && !a.address {
		v, ok := b.variable(a.name)
		if !ok {
			return fmt.Errorf("%s is not declared", a.name)
		}
		if m.a, err = b.addressOf(v, a.offset); err != nil {
			return err
		}
	} else if m.a, err = b.source(a, u64); err != nil {
		return err
	}
	if m.d, err = b.destination(b.operands[0], u64); err != nil {
		return err
	}
	if to {
		m.op, m.space = opToSpace, s
	} else {
		m.op = opAdd64
		if m.b, err = b.frame.constant(windowOf(s)); err != nil {
			return err
		}
	}
	b.emit(m)
	return nil
}

// windowOf returns what is added to an address of the space to make it generic.
func windowOf(s space) uint64 {
	switch s {
	case sharedSpace:
		return sharedWindow
	case localSpace:
		return localWindow
	case constSpace:
		return constWindow
	}
	return 0
}
