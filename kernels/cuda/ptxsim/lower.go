package ptxsim

import (
	"errors"
	"fmt"
	"strings"
)

// A micro is a micro-operation on its way into the program.
type micro struct {
	inst
	reads, writes []slot // registers of the text
	opcode        int32  // which opcode of the text it stands for, 0 if none of its own
	label         string // where a branch goes, or the list of branch targets
}

// A pending is what the operands taken so far read and write; the next micro-operation takes it over.
type pending struct {
	reads, writes []slot
	counted       bool // the instruction has its opcode counted already
}

// lower turns the present instruction into micro-operations.
func (b *body) lower() error {
	if len(b.code) > maxInstructions/4 {
		return fmt.Errorf("more than %d instructions", maxInstructions/4)
	}
	b.pending = pending{}
	parts := strings.Split(b.opcode, ".")
	if err := refused(parts); err != nil {
		return err
	}
	skip := -1
	if b.guard != nil && parts[0] != "bra" {
		skip = len(b.code)
		op := opBranchNot
		if b.unless {
			op = opBranchIf
		}
		b.counted = true // a guard is no instruction of its own
		b.emit(micro{inst: inst{op: op, a: b.read(b.guard)}})
		b.counted = false
	}
	if err := b.lowerOpcode(parts); err != nil {
		return err
	}
	if skip >= 0 {
		b.code[skip].imm = int64(len(b.code))
	}
	return nil
}

func (b *body) lowerOpcode(parts []string) error {
	switch parts[0] {
	case "mov":
		return b.lowerMove(parts[1:])
	case "ld":
		return b.lowerLoad(parts[1:])
	case "st":
		return b.lowerStore(parts[1:])
	case "cvt":
		return b.lowerConvert(parts[1:])
	case "cvta":
		return b.lowerAddress(parts[1:])
	case "setp":
		return b.lowerCompare(parts[1:])
	case "lop3":
		return b.lowerLop3()
	case "bfi":
		return b.lowerBitInsert(parts[1:])
	case "bra", "brx", "ret", "exit", "trap", "bar", "membar", "fence":
		return b.lowerControl(parts)
	}
	f, ok := forms()[b.opcode]
	if !ok {
		return b.unknown()
	}
	return b.lowerForm(f)
}

func (b *body) unknown() error { return fmt.Errorf("the opcode %s is not known", b.opcode) }

// refused explains why some well-known instructions are not run.
func refused(parts []string) error {
	rounded := false
	for _, part := range parts[1:] {
		switch part {
		case "ftz":
			return errors.New(".ftz flushes subnormal numbers; the kernels keep them")
		case "approx", "full":
			return fmt.Errorf(".%s leaves the bits of the result to the hardware; .rn is expected", part)
		case "volatile", "relaxed", "acquire", "release", "mmio":
			return fmt.Errorf(".%s: no order of memory but that of barriers is run", part)
		case "rn":
			rounded = true
		}
	}
	float := parts[len(parts)-1] == "f32" || parts[len(parts)-1] == "f64"
	switch parts[0] {
	case "add", "sub", "mul":
		if float && !rounded {
			return fmt.Errorf("%s without .rn may be contracted to a fused multiply-add", parts[0])
		}
	case "mad":
		if float {
			return errors.New("mad of floats: write fma.rn")
		}
	case "atom", "red":
		return errors.New("atomic operations are not run: their order is not defined, so a sum's bits are not")
	case "shfl", "vote", "match", "redux", "activemask", "elect":
		return errors.New("exchanges within a warp are not run; use shared memory and bar.sync")
	case "call":
		return errors.New("calls are not run; let the compiler inline them")
	}
	return nil
}

// emit appends a micro-operation. The first one of an instruction stands for its opcode.
func (b *body) emit(m micro) {
	m.line = int32(b.line)
	m.reads, m.writes = b.reads, b.writes
	b.reads, b.writes = nil, nil
	if !b.counted {
		m.opcode = b.opcodeNumber()
		b.counted = true
	}
	b.code = append(b.code, m)
}

func (b *body) opcodeNumber() int32 {
	n, ok := b.opcodes[b.instruction.opcode]
	if !ok {
		n = int32(len(b.opcodes) + 1)
		b.opcodes[b.instruction.opcode] = n
	}
	return n
}

// read notes that the next micro-operation reads a register.
func (b *body) read(reg *register) slot {
	b.reads = append(b.reads, reg.slot)
	return reg.slot
}

// write notes that the next micro-operation writes a register.
func (b *body) write(reg *register) slot {
	b.writes = append(b.writes, reg.slot)
	return reg.slot
}

// operandsAre checks the number of operands.
func (b *body) operandsAre(n int) error {
	if len(b.operands) != n {
		return fmt.Errorf("%d operands where %d are expected", len(b.operands), n)
	}
	return nil
}

// source returns the slot of a plain operand of type k: a register, a number or a special register.
func (b *body) source(o operand, k kind) (slot, error) {
	switch {
	case o.isRegister():
		if !o.reg.kind.agrees(k) {
			return 0, fmt.Errorf("the register %s is .%v where .%v is expected", o.reg.name, o.reg.kind, k)
		}
		return b.read(o.reg), nil
	case o.sort == literalOperand:
		bits, err := o.lit.as(k)
		if err != nil {
			return 0, err
		}
		return b.frame.constant(bits)
	case o.sort == specialOperand:
		if !u32.agrees(k) {
			return 0, fmt.Errorf("special registers are .u32 where .%v is expected", k)
		}
		return o.special, nil
	}
	return 0, fmt.Errorf("an operand where a register or a number of type .%v is expected", k)
}

// destination returns the slot of the register that an instruction of type k sets.
func (b *body) destination(o operand, k kind) (slot, error) {
	if !o.isRegister() {
		return 0, fmt.Errorf("the result needs a register of type .%v", k)
	}
	if !o.reg.kind.agrees(k) {
		return 0, fmt.Errorf("the register %s is .%v where .%v is expected", o.reg.name, o.reg.kind, k)
	}
	return b.write(o.reg), nil
}

// lowerForm lowers an instruction of values alone, as the table describes it.
func (b *body) lowerForm(f form) error {
	if err := b.operandsAre(1 + len(f.sources)); err != nil {
		return err
	}
	if b.module.target < f.target || b.module.version < f.version {
		return fmt.Errorf("%s needs sm_%d and PTX %d.%d; the text is for sm_%d and PTX %d.%d", b.opcode,
			f.target, f.version/10, f.version%10, b.module.target, b.module.version/10, b.module.version%10)
	}
	m := micro{inst: inst{op: f.op, fn: f.fn}}
	var err error
	if m.d, err = b.destination(b.operands[0], f.result); err != nil {
		return err
	}
	for i, k := range f.sources {
		at, err := b.source(b.operands[1+i], k)
		if err != nil {
			return err
		}
		switch i {
		case 0:
			m.a = at
		case 1:
			m.b = at
		case 2:
			m.c = at
		}
	}
	if f.divides {
		b.code = append(b.code, micro{inst: inst{op: opDivisor, a: m.b, line: int32(b.line)}, reads: b.reads})
	}
	b.emit(m)
	return nil
}
