package ptxsim

// An operand of an instruction as the text has it. What it may be is for the instruction to say.
type operand struct {
	sort    operandSort
	reg     *register // registerOperand; the base of an address, if it is one
	lit     literal   // literalOperand
	special slot      // specialOperand
	name    string    // nameOperand: a variable, a parameter or a label; the base of an address
	offset  int64     // behind a name or within an address
	list    []operand // listOperand: {a, b}; pairOperand: p|q
	negated bool      // !p
	address bool      // written in brackets
}

type operandSort uint8

const (
	noOperand operandSort = iota
	registerOperand
	literalOperand
	specialOperand
	nameOperand
	listOperand
	pairOperand
	sinkOperand // _
)

// isRegister reports whether it is a register as such, neither in brackets nor negated.
func (o operand) isRegister() bool { return o.sort == registerOperand && !o.address && !o.negated }

// A register of the text.
type register struct {
	name string
	kind kind
	slot slot
}

// An instruction of the text: "@!%p1 add.s32 %r1, %r2, 3;".
type instruction struct {
	line     int
	opcode   string
	guard    *register
	unless   bool // the guard is negated
	operands []operand
}

// operandList reads the operands of an instruction up to its semicolon.
func (b *body) operandList() ([]operand, error) {
	var list []operand
	if done, err := b.accept(";"); err != nil || done {
		return nil, err
	}
	for {
		o, err := b.operand()
		if err != nil {
			return nil, err
		}
		list = append(list, o)
		if more, err := b.accept(","); err != nil {
			return nil, err
		} else if !more {
			return list, b.expect(";")
		}
	}
}

// operand reads one operand.
func (b *body) operand() (operand, error) {
	switch {
	case b.at("["):
		return b.addressOperand()
	case b.at("{"):
		return b.braceOperand()
	case b.at("!"):
		if err := b.advance(); err != nil {
			return operand{}, err
		}
		o, err := b.simpleOperand()
		if err == nil && (o.sort != registerOperand || o.reg.kind != pred) {
			err = b.fail("! stands before predicates only")
		}
		o.negated = true
		return o, err
	case b.at("("):
		return operand{}, b.fail("a list in parentheses: calls are not run")
	}
	o, err := b.simpleOperand()
	if err != nil {
		return operand{}, err
	}
	if paired, err := b.accept("|"); err != nil {
		return operand{}, err
	} else if paired {
		second, err := b.simpleOperand()
		return operand{sort: pairOperand, list: []operand{o, second}}, err
	}
	if o.sort == nameOperand {
		o.offset, err = b.signedOffset()
	}
	return o, err
}

// simpleOperand reads a number, a register, a special register or a name.
func (b *body) simpleOperand() (operand, error) {
	if b.tok.sort == numberToken || b.at("-") {
		l, err := b.literal()
		return operand{sort: literalOperand, lit: l}, err
	}
	name, err := b.word("an operand")
	if err != nil {
		return operand{}, err
	}
	if name == "_" {
		return operand{sort: sinkOperand}, nil
	}
	if special, ok := specialRegisters[name]; ok {
		return operand{sort: specialOperand, special: special}, nil
	}
	reg, err := b.register(name)
	switch {
	case err != nil:
		return operand{}, err
	case reg != nil:
		return operand{sort: registerOperand, reg: reg}, nil
	case name[0] == '%':
		return operand{}, b.fail("the register %s is not declared, nor a special register that is run", name)
	}
	return operand{sort: nameOperand, name: name}, nil
}

// addressOperand reads "[%rd1+-4]", "[name+8]".
func (b *body) addressOperand() (operand, error) {
	if err := b.expect("["); err != nil {
		return operand{}, err
	}
	o, err := b.simpleOperand()
	if err != nil {
		return operand{}, err
	}
	switch o.sort {
	case registerOperand, nameOperand:
	default:
		return operand{}, b.fail("an address begins with a register or a name")
	}
	if o.offset, err = b.signedOffset(); err != nil {
		return operand{}, err
	}
	o.address = true
	return o, b.expect("]")
}

// signedOffset reads "+8", "+-8", "-8" or nothing.
func (b *body) signedOffset() (int64, error) {
	plus, err := b.accept("+")
	if err != nil || !plus && !b.at("-") {
		return 0, err
	}
	l, err := b.literal()
	if err != nil {
		return 0, err
	}
	offset, err := l.signedValue()
	if err != nil {
		return 0, b.fail("an offset: %w", err)
	}
	return offset, nil
}

// braceOperand reads "{%f1, %f2, %f3, %f4}".
func (b *body) braceOperand() (operand, error) {
	if err := b.expect("{"); err != nil {
		return operand{}, err
	}
	o := operand{sort: listOperand}
	for {
		element, err := b.simpleOperand()
		if err != nil {
			return operand{}, err
		}
		if o.list = append(o.list, element); len(o.list) > 8 {
			return operand{}, b.fail("a list of more than 8 operands")
		}
		if more, err := b.accept(","); err != nil {
			return operand{}, err
		} else if !more {
			return o, b.expect("}")
		}
	}
}
