package ptxsim

import "errors"

// lowerLop3 lowers lop3.b32: any function of three bits, by its table of eight.
func (b *body) lowerLop3() error {
	if b.opcode != "lop3.b32" {
		return b.unknown()
	}
	if err := b.operandsAre(5); err != nil {
		return err
	}
	table := b.operands[4]
	if table.sort != literalOperand || table.lit.float != noKind || table.lit.negative || table.lit.bits > 255 {
		return errors.New("the last operand of lop3 is a number from 0 to 255")
	}
	b.operands = b.operands[:4]
	return b.lowerForm(form{fn: lop3(uint8(table.lit.bits)), result: b32, sources: []kind{b32, b32, b32}})
}

// lowerBitInsert lowers bfi, whose place and length are put into one value, since a pure function takes three.
func (b *body) lowerBitInsert(parts []string) error {
	if len(parts) != 1 || parts[0] != "b32" && parts[0] != "b64" {
		return b.unknown()
	}
	if err := b.operandsAre(5); err != nil {
		return err
	}
	k := kindOf(parts[0])
	m := micro{inst: inst{fn: func(place, length, _ uint64) uint64 { return place&255 | length&255<<8 }}}
	var err error
	if m.d, err = b.newSlot(); err != nil {
		return err
	}
	if m.a, err = b.source(b.operands[3], u32); err != nil {
		return err
	}
	if m.b, err = b.source(b.operands[4], u32); err != nil {
		return err
	}
	field := m.d
	b.emit(m)
	m = micro{inst: inst{fn: bitInsert(k.bits()), c: field}}
	if m.a, err = b.source(b.operands[1], k); err != nil {
		return err
	}
	if m.b, err = b.source(b.operands[2], k); err != nil {
		return err
	}
	if m.d, err = b.destination(b.operands[0], k); err != nil {
		return err
	}
	b.emit(m)
	return nil
}
