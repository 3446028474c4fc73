package ptxsim

import (
	"errors"
	"fmt"
)

// lowerControl lowers branches, returns, barriers and fences.
func (b *body) lowerControl(parts []string) error {
	switch b.opcode {
	case "bra", "bra.uni":
		return b.lowerBranch()
	case "brx.idx", "brx.idx.uni":
		return b.lowerSwitch()
	case "bar.sync":
		if err := b.operandsAre(1); err != nil {
			return err
		}
		if o := b.operands[0]; o.sort != literalOperand || o.lit.float != noKind || o.lit.bits != 0 {
			return errors.New("only barrier 0 is run")
		}
		b.emit(micro{inst: inst{op: opBarrier}})
		return nil
	case "membar.cta", "membar.gl", "membar.sys", "fence.sc.cta", "fence.sc.gpu", "fence.sc.sys",
		"fence.acq_rel.cta", "fence.acq_rel.gpu", "fence.acq_rel.sys":
		b.emit(micro{inst: inst{op: opFence}})
		return b.operandsAre(0)
	case "ret", "ret.uni", "exit":
		b.emit(micro{inst: inst{op: opReturn}})
		return b.operandsAre(0)
	case "trap":
		b.emit(micro{inst: inst{op: opTrap}})
		return b.operandsAre(0)
	}
	if parts[0] == "bar" {
		return fmt.Errorf("%s is not run: only bar.sync 0", b.opcode)
	}
	return b.unknown()
}

// lowerBranch lowers bra, with its guard.
func (b *body) lowerBranch() error {
	if err := b.operandsAre(1); err != nil {
		return err
	}
	to := b.operands[0]
	if to.sort != nameOperand || to.address || to.offset != 0 {
		return errors.New("a label is expected")
	}
	m := micro{inst: inst{op: opBranch}, label: to.name}
	if b.guard != nil {
		m.op = opBranchIf
		if b.unless {
			m.op = opBranchNot
		}
		m.a = b.read(b.guard)
	}
	b.emit(m)
	return nil
}

// lowerSwitch lowers "brx.idx %r1, table".
func (b *body) lowerSwitch() error {
	if err := b.operandsAre(2); err != nil {
		return err
	}
	if b.module.version < 60 {
		return fmt.Errorf("brx.idx needs PTX 6.0; the text is PTX %d.%d", b.module.version/10, b.module.version%10)
	}
	table := b.operands[1]
	if table.sort != nameOperand || table.address || table.offset != 0 {
		return errors.New("the name of a list of branch targets is expected")
	}
	if b.targets[table.name] == nil {
		return fmt.Errorf("%s is not a list of branch targets, or comes later", table.name)
	}
	m := micro{inst: inst{op: opSwitch}, label: table.name}
	var err error
	if m.a, err = b.source(b.operands[0], u32); err != nil {
		return err
	}
	b.emit(m)
	return nil
}
