package ptxsim

import "strings"

// A body collects the micro-operations of an entry while its text is read.
type body struct {
	*parser
	entry  *Entry
	scopes []scope

	labels  map[string]int      // the micro-operation that a label stands before
	targets map[string][]string // lists of .branchtargets
	code    []micro

	frame frame

	registerNames map[slot]string
	addresses     map[*variable]uint64 // of static shared variables and local ones
	opcodes       map[string]int32     // numbers of the opcodes seen, from 1

	instruction // the one being lowered
	pending
}

// A scope holds the registers and variables declared between two braces.
type scope struct {
	registers map[string]*register
	ranges    map[string]registerRange // by prefix: %r<14>
	variables map[string]*variable
}

type registerRange struct {
	kind  kind
	count int
}

func newBody(p *parser, e *Entry) *body {
	return &body{
		parser: p, entry: e,
		labels: map[string]int{}, targets: map[string][]string{},
		addresses: map[*variable]uint64{}, opcodes: map[string]int32{},
		frame: newFrame(), registerNames: map[slot]string{},
	}
}

// statements reads the body behind its first brace, with the last brace.
func (b *body) statements() error {
	b.open()
	for len(b.scopes) > 0 {
		if err := b.statement(); err != nil {
			return err
		}
	}
	return nil
}

func (b *body) open() {
	b.scopes = append(b.scopes, scope{registers: map[string]*register{}, ranges: map[string]registerRange{}, variables: map[string]*variable{}})
}

func (b *body) statement() error {
	switch {
	case b.at("{"):
		if len(b.scopes) == maxDepth {
			return b.fail("braces more than %d deep", maxDepth)
		}
		b.open()
		return b.advance()
	case b.at("}"):
		b.scopes = b.scopes[:len(b.scopes)-1]
		return b.advance()
	case b.at(";"):
		return b.advance()
	case b.at("@"):
		return b.guarded()
	case b.tok.sort != wordToken:
		return b.fail("%v where a statement is expected", b.tok)
	case b.tok.text[0] == '.':
		return b.directive()
	}
	return b.labelOrInstruction()
}

// directive reads a declaration or a pragma within the body.
func (b *body) directive() error {
	directive, err := b.word("a directive")
	if err != nil {
		return err
	}
	switch directive {
	case ".reg":
		return b.registers()
	case ".shared", ".local":
		v, err := b.declaration(directive[1:], false)
		if err != nil {
			return err
		}
		top := b.scopes[len(b.scopes)-1]
		if top.variables[v.name] != nil {
			return parseError(v.line, "%s is declared twice", v.name)
		}
		top.variables[v.name] = v
		if err := b.place(v); err != nil {
			return parseError(v.line, "%w", err)
		}
		return nil
	case ".pragma":
		if b.tok.sort != stringToken {
			return b.fail("%v where the string of a pragma is expected", b.tok)
		}
		if err := b.advance(); err != nil {
			return err
		}
		return b.expect(";")
	case ".param":
		return b.fail("parameters within a body belong to calls, which are not run")
	}
	return b.fail("the directive %s is not known in a body", directive)
}

// registers reads ".reg .b32 %r<14>;" or ".reg .b64 %a, %b;".
func (b *body) registers() error {
	typeName, err := b.word("the type of a register")
	if err != nil {
		return err
	}
	k := kindOf(strings.TrimPrefix(typeName, "."))
	if typeName[0] != '.' || k == noKind || k.bits() == 8 {
		return b.fail("%s is no type of a register", typeName)
	}
	for {
		if err := b.registerName(k); err != nil {
			return err
		}
		if more, err := b.accept(","); err != nil {
			return err
		} else if !more {
			return b.expect(";")
		}
	}
}

func (b *body) registerName(k kind) error {
	name, err := b.word("the name of a register")
	if err != nil {
		return err
	}
	if _, special := specialRegisters[name]; special || strings.Contains(name, ".") {
		return b.fail("%s is no name of a register", name)
	}
	top := b.scopes[len(b.scopes)-1]
	count := 1
	if numbered, err := b.accept("<"); err != nil {
		return err
	} else if numbered {
		if count, err = b.number("a number of registers", 1<<20); err != nil {
			return err
		}
		if _, known := top.ranges[name]; known {
			return b.fail("the registers %s are declared twice", name)
		}
		top.ranges[name] = registerRange{k, count}
		b.entry.registers += count
		return b.expect(">")
	}
	prefix := strings.TrimRight(name, "0123456789")
	if r, ok := top.ranges[prefix]; top.registers[name] != nil || ok && numberBelow(name[len(prefix):], r.count) {
		return b.fail("the register %s is declared twice", name)
	}
	reg := &register{name: name, kind: k}
	if reg.slot, err = b.newSlot(); err != nil {
		return err
	}
	top.registers[name] = reg
	b.registerNames[reg.slot] = name
	b.entry.registers++
	return nil
}

// register returns the register of a name in the innermost scope that has it, nil if none does.
func (b *body) register(name string) (*register, error) {
	prefix := strings.TrimRight(name, "0123456789")
	for i := len(b.scopes) - 1; i >= 0; i-- {
		s := b.scopes[i]
		if reg := s.registers[name]; reg != nil {
			return reg, nil
		}
		r, ok := s.ranges[prefix]
		if !ok || !numberBelow(name[len(prefix):], r.count) {
			continue
		}
		at, err := b.newSlot()
		if err != nil {
			return nil, b.fail("%w", err)
		}
		reg := &register{name: name, kind: r.kind, slot: at}
		s.registers[name] = reg
		b.registerNames[at] = name
		return reg, nil
	}
	return nil, nil
}

// numberBelow reports whether the digits are a number below limit, as names of registers have it: without needless
// zeros.
func numberBelow(digits string, limit int) bool {
	if digits == "" || len(digits) > 7 || digits[0] == '0' && len(digits) > 1 {
		return false
	}
	n := 0
	for _, d := range digits {
		n = 10*n + int(d-'0')
	}
	return n < limit
}

// labelOrInstruction reads "$L1:", "table: .branchtargets a, b;" or an instruction.
func (b *body) labelOrInstruction() error {
	first := b.tok
	if err := b.advance(); err != nil {
		return err
	}
	if !b.at(":") {
		return b.instructionAfter(instruction{line: first.line, opcode: first.text})
	}
	if err := b.advance(); err != nil {
		return err
	}
	if _, known := b.labels[first.text]; known || b.targets[first.text] != nil {
		return b.fail("the label %s is there twice", first.text)
	}
	if b.at(".branchtargets") {
		return b.branchTargets(first.text)
	}
	b.labels[first.text] = len(b.code)
	return nil
}

func (b *body) branchTargets(name string) error {
	if err := b.advance(); err != nil {
		return err
	}
	for {
		label, err := b.word("a label")
		if err != nil {
			return err
		}
		b.targets[name] = append(b.targets[name], label)
		if more, err := b.accept(","); err != nil {
			return err
		} else if !more {
			return b.expect(";")
		}
	}
}

// guarded reads "@!%p1 ..." and the instruction behind it.
func (b *body) guarded() error {
	in := instruction{line: b.tok.line}
	if err := b.expect("@"); err != nil {
		return err
	}
	var err error
	if in.unless, err = b.accept("!"); err != nil {
		return err
	}
	guard, err := b.simpleOperand()
	if err != nil {
		return err
	}
	if guard.sort != registerOperand || guard.reg.kind != pred {
		return b.fail("a guard is a predicate")
	}
	in.guard = guard.reg
	if in.opcode, err = b.word("an opcode"); err != nil {
		return err
	}
	return b.instructionAfter(in)
}

// instructionAfter reads the operands behind an opcode and lowers the instruction.
func (b *body) instructionAfter(in instruction) error {
	var err error
	if in.operands, err = b.operandList(); err != nil {
		return err
	}
	b.instruction = in
	if err := b.lower(); err != nil {
		return parseError(in.line, "%s: %w", b.module.text(in.line), err)
	}
	return nil
}
