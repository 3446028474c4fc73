package ptxsim

import (
	"encoding/binary"
	"fmt"
)

// runThread runs a thread up to its next barrier or its end.
func (g *grid) runThread(t *thread) error {
	if t.state != running {
		return nil
	}
	if g.trace != nil {
		defer g.trace.endOfThread()
	}
	code, v, pc := g.entry.code, t.values, t.pc
	for {
		in := &code[pc]
		pc++
		switch in.op {
		case opEnter:
			if t.left -= in.imm; t.left < 0 {
				return g.fault(t, in, fmt.Errorf("%w: the thread has executed %d", ErrEndless, g.launch.Instructions))
			}
			g.counts.visit(in.ext)
		case opFn:
			v[in.d] = in.fn(v[in.a], v[in.b], v[in.c])

		case opMov:
			v[in.d] = v[in.a]
		case opAdd32:
			v[in.d] = uint64(uint32(v[in.a]) + uint32(v[in.b]))
		case opAdd64:
			v[in.d] = v[in.a] + v[in.b]
		case opMul32:
			v[in.d] = uint64(uint32(v[in.a]) * uint32(v[in.b]))
		case opMad32:
			v[in.d] = uint64(uint32(v[in.a])*uint32(v[in.b]) + uint32(v[in.c]))
		case opWide:
			v[in.d] = v[in.a] * v[in.b]
		case opShl32:
			v[in.d] = uint64(uint32(v[in.a]) << v[in.b])
		case opAnd:
			v[in.d] = v[in.a] & v[in.b]
		case opSelect:
			v[in.d] = choose(v[in.a], v[in.b], v[in.c])
		case opEqual:
			v[in.d] = truth(v[in.a] == v[in.b])
		case opLessU:
			v[in.d] = truth(v[in.a] < v[in.b])
		case opLess32:
			v[in.d] = truth(int32(v[in.a]) < int32(v[in.b]))
		case opFMA:
			v[in.d] = fmaF32(v[in.a], v[in.b], v[in.c])
		case opAddF:
			v[in.d] = fromFloat32(toFloat32(v[in.a]) + toFloat32(v[in.b]))
		case opMulF:
			v[in.d] = fromFloat32(float32(toFloat32(v[in.a]) * toFloat32(v[in.b])))

		case opLoadGlobal32:
			data, err := g.global(t, in, pc-1, v[in.a]+uint64(in.imm), 4)
			if err != nil {
				return err
			}
			v[in.d] = uint64(binary.LittleEndian.Uint32(data))
		case opLoadShared32:
			data, err := g.sharedAccess(t, in, pc-1, v[in.a]+uint64(in.imm), 4)
			if err != nil {
				return err
			}
			v[in.d] = uint64(binary.LittleEndian.Uint32(data))
		case opStoreShared32:
			data, err := g.sharedAccess(t, in, pc-1, v[in.a]+uint64(in.imm), 4)
			if err != nil {
				return err
			}
			binary.LittleEndian.PutUint32(data, uint32(v[in.b]))
		case opLoad, opLoadNC:
			if err := g.load(t, in, pc-1); err != nil {
				return err
			}
		case opStore:
			if err := g.store(t, in, pc-1); err != nil {
				return err
			}
		case opToSpace:
			address, err := fromGeneric(v[in.a], in.space)
			if err != nil {
				return g.fault(t, in, err)
			}
			v[in.d] = address

		case opBranch:
			pc = int(in.imm)
		case opBranchIf:
			if v[in.a] != 0 {
				pc = int(in.imm)
			}
		case opBranchNot:
			if v[in.a] == 0 {
				pc = int(in.imm)
			}
		case opSwitch:
			table := g.entry.switches[in.ext]
			if v[in.a] >= uint64(len(table)) {
				return g.fault(t, in, fmt.Errorf("%w: number %d of %d", ErrBranch, v[in.a], len(table)))
			}
			pc = int(table[v[in.a]])
		case opReturn:
			t.state = exited
			return nil
		case opBarrier:
			t.state, t.pc, t.barred = waiting, pc, pc-1
			return nil
		case opFence:
			g.counts.fences++
		case opTrap:
			return g.fault(t, in, ErrTrap)

		case opDivisor:
			if v[in.a] == 0 {
				return g.fault(t, in, ErrDivision)
			}
		case opCheck:
			if v[in.a] == 0 {
				return g.fault(t, in, fmt.Errorf("%w: %s", ErrUninitialised, g.entry.names[in.ext]))
			}
		case opMark:
			v[in.d] = 1
		}
	}
}
