package ptxsim

import (
	"fmt"
	"strings"
)

// finish turns the collected micro-operations into the entry's program: labels become places, checks of doubtful
// registers go in, and every basic block begins by being counted.
func (b *body) finish() error {
	b.reads, b.writes, b.counted = nil, nil, true
	b.line = b.tok.line
	b.emit(micro{inst: inst{op: opReturn}}) // for a body that runs into its end
	if err := b.resolveLabels(); err != nil {
		return err
	}
	checked := b.doubtful()
	if err := b.assemble(checked); err != nil {
		return parseError(b.entry.line, "entry %s: %w", b.entry.name, err)
	}
	b.entry.dynamicAt = alignUp(b.entry.staticShared, b.dynamicAlign())
	for place, at := range b.frame.places {
		if place.variable.dynamic {
			address := sharedBase + uint64(b.entry.dynamicAt) + uint64(place.offset)
			b.entry.constants = append(b.entry.constants, slotValue{at, address})
			continue
		}
		place.slot = at
		b.entry.places = append(b.entry.places, place)
	}
	for value, at := range b.frame.constants {
		b.entry.constants = append(b.entry.constants, slotValue{at, value})
	}
	for param, at := range b.frame.params {
		param.slot = at
		b.entry.arguments = append(b.entry.arguments, param)
	}
	b.entry.slots = b.frame.slots
	return nil
}

// dynamicAlign returns the alignment of dynamic shared memory: 16 bytes, or what its variables ask for.
func (b *body) dynamicAlign() int {
	align := 16
	for place := range b.frame.places {
		if place.variable.dynamic {
			align = max(align, place.variable.align)
		}
	}
	return align
}

// resolveLabels sets where branches go, in micro-operations as they stand now.
func (b *body) resolveLabels() error {
	for i := range b.code {
		m := &b.code[i]
		if m.label == "" || m.op == opSwitch {
			continue
		}
		at, ok := b.labels[m.label]
		if !ok {
			return parseError(int(m.line), "%s: there is no label %s", b.module.text(int(m.line)), m.label)
		}
		m.imm = int64(at)
	}
	tables := map[string]int32{}
	for i := range b.code {
		m := &b.code[i]
		if m.op != opSwitch {
			continue
		}
		at, known := tables[m.label]
		if !known {
			at = int32(len(b.entry.switches))
			tables[m.label] = at
			table := make([]int32, len(b.targets[m.label]))
			for j, label := range b.targets[m.label] {
				to, ok := b.labels[label]
				if !ok {
					return parseError(int(m.line), "%s: there is no label %s", b.module.text(int(m.line)), label)
				}
				table[j] = int32(to)
			}
			b.entry.switches = append(b.entry.switches, table)
		}
		m.ext = at
	}
	return nil
}

// leaders reports which micro-operations begin a basic block.
func (b *body) leaders() []bool {
	leader := make([]bool, len(b.code)+1)
	leader[0] = true
	for i := range b.code {
		switch m := &b.code[i]; m.op {
		case opBranch, opBranchIf, opBranchNot:
			leader[m.imm], leader[i+1] = true, true
		case opSwitch, opReturn, opTrap, opBarrier:
			leader[i+1] = true
		}
	}
	for _, table := range b.entry.switches {
		for _, to := range table {
			leader[to] = true
		}
	}
	return leader
}

// assemble writes the program.
func (b *body) assemble(checked map[slot]string) error {
	e := b.entry
	e.opcodes = make([]string, len(b.opcodes)+1)
	for name, n := range b.opcodes {
		e.opcodes[n] = name
	}
	marks := map[slot]slot{}
	names := map[slot]int32{}
	for reg, name := range checked {
		mark, err := b.newSlot()
		if err != nil {
			return err
		}
		marks[reg] = mark
		names[reg] = int32(len(e.names))
		e.names = append(e.names, name)
		e.marks = append(e.marks, mark)
	}
	leader := b.leaders()
	start := make([]int32, len(b.code)+1)
	for i := range b.code {
		m := &b.code[i]
		start[i] = int32(len(e.code))
		if leader[i] {
			e.code = append(e.code, inst{op: opEnter, ext: int32(len(e.blocks)), line: m.line})
			e.blocks = append(e.blocks, b.blockAt(i, leader))
			e.code[len(e.code)-1].imm = e.blocks[len(e.blocks)-1].total
		}
		for _, reg := range m.reads {
			if mark, ok := marks[reg]; ok {
				e.code = append(e.code, inst{op: opCheck, a: mark, ext: names[reg], line: m.line})
			}
		}
		e.code = append(e.code, m.inst)
		for _, reg := range m.writes {
			if mark, ok := marks[reg]; ok {
				e.code = append(e.code, inst{op: opMark, d: mark, line: m.line})
			}
		}
		if len(e.code) > maxInstructions {
			return fmt.Errorf("more than %d micro-operations", maxInstructions)
		}
	}
	for i := range e.code {
		switch in := &e.code[i]; in.op {
		case opBranch, opBranchIf, opBranchNot:
			in.imm = int64(start[in.imm])
		}
	}
	for _, table := range e.switches {
		for j, to := range table {
			table[j] = start[to]
		}
	}
	return nil
}

// blockAt sums up the basic block that begins at a micro-operation.
func (b *body) blockAt(i int, leader []bool) basicBlock {
	var block basicBlock
	counts := map[int32]int64{}
	for first := i; i < len(b.code) && (i == first || !leader[i]); i++ {
		m := &b.code[i]
		if m.opcode == 0 {
			continue
		}
		opcode := b.entry.opcodes[m.opcode]
		counts[m.opcode]++
		block.total++
		block.classes[classOf(m, opcode)]++
		switch m.op {
		case opLoad, opLoadGlobal32, opLoadShared32, opLoadNC:
			block.addAccess(m.space, false, b.accessBytes(m))
		case opStore, opStoreShared32:
			block.addAccess(m.space, true, b.accessBytes(m))
		}
	}
	for opcode, n := range counts {
		block.opcodes = append(block.opcodes, opcodeCount{opcode, n})
	}
	return block
}

// accessBytes returns how many bytes a load or store moves.
func (b *body) accessBytes(m *micro) int64 {
	if m.ext == 0 {
		return int64(m.size)
	}
	return int64(m.size) * int64(len(b.entry.lists[m.ext-1]))
}

// isFloatOpcode reports whether an opcode computes with floats, judged by its last type.
func isFloatOpcode(opcode string) bool {
	if strings.HasPrefix(opcode, "mov") || strings.HasPrefix(opcode, "ld") || strings.HasPrefix(opcode, "cvt") {
		return false
	}
	return strings.HasSuffix(opcode, ".f32") || strings.HasSuffix(opcode, ".f64")
}
