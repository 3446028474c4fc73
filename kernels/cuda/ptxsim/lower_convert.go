package ptxsim

import "fmt"

// lowerConvert lowers cvt.
func (b *body) lowerConvert(parts []string) error {
	if err := b.operandsAre(2); err != nil {
		return err
	}
	rounding, saturate := "", false
	if len(parts) > 2 && parts[0] != "sat" {
		rounding, parts = parts[0], parts[1:]
	}
	if len(parts) > 2 && parts[0] == "sat" {
		saturate, parts = true, parts[1:]
	}
	if len(parts) != 2 {
		return b.unknown()
	}
	to, from := kindOf(parts[0]), kindOf(parts[1])
	fn := conversion(to, from, rounding, saturate)
	if fn == nil {
		return b.unknown()
	}
	d, a := b.operands[0], b.operands[1]
	if !d.isRegister() || !d.reg.kind.holds(to) {
		return fmt.Errorf("the result needs a register that holds .%v", to)
	}
	m := micro{inst: inst{fn: fn}}
	var err error
	if a.isRegister() && a.reg.kind.holds(from) {
		m.a = b.read(a.reg)
	} else if m.a, err = b.source(a, from); err != nil {
		return err
	}
	m.d = b.write(d.reg)
	if into := d.reg.kind; to.signed() && into.bits() > to.bits() {
		m.fn = func(a, _, _ uint64) uint64 { return to.extend(fn(a, 0, 0), into) }
	}
	if to.unsigned() && from == u32 && to.bits() >= 32 && !saturate && a.sort != literalOperand &&
		(a.sort == specialOperand || a.reg.kind.bits() == 32) {
		m.op = opMov
	}
	b.emit(m)
	return nil
}
