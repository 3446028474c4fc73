package ptxsim

import (
	"errors"
	"fmt"
)

// An access is what the opcode of a load or store says behind its first word.
type access struct {
	space    space
	constant bool // .nc
	count    int  // .v2, .v4
	kind     kind
}

func (b *body) parseAccess(parts []string) (access, error) {
	a := access{count: 1}
	rest := parts
	take := func(name string) bool {
		if len(rest) > 0 && rest[0] == name {
			rest = rest[1:]
			return true
		}
		return false
	}
	take("weak")
	for s := globalSpace; s <= paramSpace; s++ {
		if take(s.String()) {
			a.space = s
			break
		}
	}
	if a.constant = take("nc"); a.constant && a.space != globalSpace {
		return a, b.unknown()
	}
	switch {
	case take("v2"):
		a.count = 2
	case take("v4"):
		a.count = 4
	}
	if len(rest) != 1 {
		return a, b.unknown()
	}
	a.kind = kindOf(rest[0])
	if a.kind == noKind || a.kind == pred || a.kind == f16 || a.count*a.kind.bytes() > 16 {
		return a, b.unknown()
	}
	return a, nil
}

// elements returns the operands of a vector, or the one operand of a plain access.
func (a access) elements(o operand) ([]operand, error) {
	if (o.sort == listOperand) != (a.count > 1) || a.count > 1 && len(o.list) != a.count {
		return nil, fmt.Errorf("%d values are expected", a.count)
	}
	if a.count > 1 {
		return o.list, nil
	}
	return []operand{o}, nil
}

// lowerLoad lowers ld.
func (b *body) lowerLoad(parts []string) error {
	a, err := b.parseAccess(parts)
	if err != nil {
		return err
	}
	if err := b.operandsAre(2); err != nil {
		return err
	}
	targets, err := a.elements(b.operands[0])
	if err != nil {
		return err
	}
	if a.space == paramSpace {
		return b.loadParam(a, targets)
	}
	m := micro{inst: inst{op: opLoad, space: a.space, size: uint8(a.kind.bytes()), kind: a.kind}}
	if m.a, m.imm, err = b.base(b.operands[1], a.space); err != nil {
		return err
	}
	slots := make([]slot, len(targets))
	for i, o := range targets {
		at, into, err := b.loadInto(o, a.kind)
		if err != nil {
			return err
		}
		if i > 0 && o.sort != sinkOperand && into != m.into && m.into != noKind {
			return errors.New("the registers of a vector have one type")
		}
		if o.sort != sinkOperand {
			m.into = into
		}
		slots[i] = at
	}
	m.d = slots[0]
	switch {
	case a.constant:
		m.op = opLoadNC
	case a.count == 1 && a.kind.bits() == 32 && !(a.kind.signed() && m.into.bits() == 64):
		switch a.space {
		case globalSpace:
			m.op = opLoadGlobal32
		case sharedSpace:
			m.op = opLoadShared32
		}
	}
	m.ext = b.list(slots)
	b.emit(m)
	return nil
}

// loadInto returns the slot that an element of type k is loaded into, and the type of its register.
func (b *body) loadInto(o operand, k kind) (slot, kind, error) {
	if o.sort == sinkOperand {
		at, err := b.newSlot()
		return at, k, err
	}
	if !o.isRegister() || !o.reg.kind.holds(k) {
		return 0, noKind, fmt.Errorf("a register that holds .%v is expected", k)
	}
	return b.write(o.reg), o.reg.kind, nil
}

// list keeps the operands of a vector; 0 stands for a single one, which the micro-operation has itself.
func (b *body) list(slots []slot) int32 {
	if len(slots) == 1 {
		return 0
	}
	b.entry.lists = append(b.entry.lists, slots)
	return int32(len(b.entry.lists))
}

// loadParam lowers ld.param: the launch puts the parameters into slots.
func (b *body) loadParam(a access, targets []operand) error {
	from := b.operands[1]
	if from.sort != nameOperand || !from.address {
		return errors.New("ld.param reads a parameter by its name")
	}
	p, ok := b.parameter(from.name)
	if !ok {
		return fmt.Errorf("%s is not a parameter", from.name)
	}
	size := a.kind.bytes()
	if from.offset < 0 || from.offset > int64(p.Bytes-size*a.count) {
		return fmt.Errorf("%d bytes at %d: the parameter has %d", size*a.count, from.offset, p.Bytes)
	}
	if (p.offset+int(from.offset))%(size*a.count) != 0 {
		return errors.New("a misaligned access to a parameter")
	}
	for i, o := range targets {
		at, err := b.frame.param(p.offset+int(from.offset)+i*size, size)
		if err != nil {
			return err
		}
		d, into, err := b.loadInto(o, a.kind)
		if err != nil {
			return err
		}
		m := micro{inst: inst{op: opMov, d: d, a: at}}
		if a.kind.signed() && into.bits() > a.kind.bits() {
			m.op, m.fn = opFn, func(x, _, _ uint64) uint64 { return a.kind.extend(x, into) }
		}
		b.emit(m)
	}
	return nil
}

// lowerStore lowers st.
func (b *body) lowerStore(parts []string) error {
	a, err := b.parseAccess(parts)
	if err != nil {
		return err
	}
	if err := b.operandsAre(2); err != nil {
		return err
	}
	switch {
	case a.space == constSpace:
		return errors.New("constants are not written")
	case a.space == paramSpace:
		return errors.New("parameters are not written")
	case a.constant:
		return b.unknown()
	}
	values, err := a.elements(b.operands[1])
	if err != nil {
		return err
	}
	m := micro{inst: inst{op: opStore, space: a.space, size: uint8(a.kind.bytes()), kind: a.kind}}
	if m.a, m.imm, err = b.base(b.operands[0], a.space); err != nil {
		return err
	}
	slots := make([]slot, len(values))
	for i, o := range values {
		if o.isRegister() && o.reg.kind.holds(a.kind) {
			slots[i] = b.read(o.reg)
		} else if slots[i], err = b.source(o, a.kind); err != nil {
			return err
		}
	}
	m.b = slots[0]
	if a.count == 1 && a.kind.bits() == 32 && a.space == sharedSpace {
		m.op = opStoreShared32
	}
	m.ext = b.list(slots)
	b.emit(m)
	return nil
}

// base returns the slot and the offset of an address in a space.
func (b *body) base(o operand, s space) (slot, int64, error) {
	if !o.address {
		return 0, 0, errors.New("an address in brackets is expected")
	}
	if o.sort == registerOperand {
		if !o.reg.kind.agrees(u64) {
			return 0, 0, fmt.Errorf("the register %s is .%v: an address has 64 bits", o.reg.name, o.reg.kind)
		}
		return b.read(o.reg), o.offset, nil
	}
	v, ok := b.variable(o.name)
	if !ok {
		return 0, 0, fmt.Errorf("%s is not declared", o.name)
	}
	if s != v.space {
		return 0, 0, fmt.Errorf("%v read or written as .%v memory", v, s)
	}
	at, err := b.addressOf(v, o.offset)
	return at, 0, err
}
