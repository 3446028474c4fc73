package pickle

import (
	"encoding/binary"
	"errors"
	"fmt"
	"math"
)

// machine runs one pickle.
type machine struct {
	*Reader
	at      int64 // offset of the instruction under way
	stack   []any
	marks   []int // heights of the stack where a group begins
	memo    map[uint64]any
	foreign []*Record // objects of classes that Options.Allow refuses
}

// run carries out instructions until the one that ends the pickle.
func (m *machine) run() (any, error) {
	for {
		m.at = m.offset
		if m.opcodes++; m.opcodes > MaxOpcodes {
			return nil, fmt.Errorf("more than %d instructions", MaxOpcodes)
		}
		op, err := m.ReadByte()
		if err != nil {
			return nil, fmt.Errorf("the pickle does not end: %w", err)
		}
		if op == opStop {
			return m.stop()
		}
		if err := m.step(op); err != nil {
			return nil, err
		}
	}
}

func (m *machine) stop() (any, error) {
	for _, r := range m.foreign {
		if r.State == nil {
			return nil, &ClassError{r.Class.Module, r.Class.Name}
		}
	}
	v, err := m.pop()
	if err == nil && (len(m.stack) > 0 || len(m.marks) > 0) {
		err = fmt.Errorf("the pickle ends with %d values left over", len(m.stack))
	}
	return v, err
}

func (m *machine) step(op byte) error {
	switch op {
	case opProto:
		return m.protocol()
	case opFrame:
		return m.frame()
	case opNone:
		return m.push(nil)
	case opNewTrue, opNewFalse:
		return m.push(op == opNewTrue)
	case opInt, opLong, opBinInt, opBinInt1, opBinInt2, opLong1, opLong4, opFloat, opBinFloat:
		return m.number(op)
	case opString, opUnicode, opBinString, opShortBinSt, opBinUnicode, opShortBinUnicode, opBinUnicode8:
		return m.text(op)
	case opBinBytes:
		return m.bytes(4)
	case opShortBinBytes:
		return m.bytes(1)
	case opBinBytes8, opByteArray8:
		return m.bytes(8)
	case opMark:
		m.marks = append(m.marks, len(m.stack))
		return nil
	case opPop:
		return m.discard()
	case opPopMark:
		_, err := m.popGroup()
		return err
	case opDup:
		v, err := m.top()
		if err != nil {
			return err
		}
		return m.push(v)
	case opEmptyList:
		return m.push(new(List))
	case opEmptyDict:
		return m.push(new(Dict))
	case opEmptySet:
		return m.push(new(Set))
	case opEmptyTuple:
		return m.push(Tuple(nil))
	case opTuple1, opTuple2, opTuple3:
		return m.tuple(int(op-opTuple1) + 1)
	case opList, opTuple, opDict, opFrozenSet:
		return m.gather(op)
	case opAppend, opSetItem, opAppends, opSetItems, opAddItems:
		return m.fill(op)
	case opPut, opBinPut, opLongBinPut, opMemoize, opGet, opBinGet, opLongBinGet:
		return m.remember(op)
	case opGlobal, opStackGlobal:
		return m.global(op)
	case opReduce, opNewObj, opNewObjEx, opInst, opObj:
		return m.object(op)
	case opBuild:
		return m.build()
	case opPersID, opBinPersID:
		return m.persistent(op)
	case opNextBuffer, opReadOnlyBuffer:
		return errors.New("a buffer outside of the pickle, which a file cannot hold")
	case opExt1, opExt2, opExt4:
		return errors.New("a class by number, which only the program that wrote it knows")
	}
	return fmt.Errorf("instruction %#02x is in no protocol", op)
}

func (m *machine) protocol() error {
	n, err := m.ReadByte()
	if err == nil && n > maxProtocol {
		err = fmt.Errorf("protocol %d: up to %d are read", n, maxProtocol)
	}
	return err
}

// frame skips the length that lets Python read ahead. It says nothing that the instructions do not.
func (m *machine) frame() error {
	n, err := m.length(8)
	if err == nil && n > uint64(m.left) {
		err = fmt.Errorf("a frame of %d bytes where %d are left", n, m.left)
	}
	return err
}

// length reads an unsigned number of up to 8 bytes, the least significant first.
func (m *machine) length(size int) (uint64, error) {
	var b [8]byte
	for i := range size {
		var err error
		if b[i], err = m.ReadByte(); err != nil {
			return 0, err
		}
	}
	return binary.LittleEndian.Uint64(b[:]), nil
}

// bytes pushes as many bytes as a number of the given size says.
func (m *machine) bytes(size int) error {
	n, err := m.length(size)
	if err != nil {
		return err
	}
	data, err := m.Take(n)
	if err != nil {
		return err
	}
	return m.push(data)
}

// remember carries out what puts a value into the memo or gets it from there.
func (m *machine) remember(op byte) error {
	var index uint64
	var err error
	switch op {
	case opPut, opGet:
		index, err = m.lineIndex()
	case opBinPut, opBinGet:
		index, err = m.length(1)
	case opLongBinPut, opLongBinGet:
		index, err = m.length(4)
	case opMemoize:
		index = uint64(len(m.memo))
	}
	if err != nil {
		return err
	}
	switch op {
	case opGet, opBinGet, opLongBinGet:
		v, ok := m.memo[index]
		if !ok {
			return fmt.Errorf("the memo has no value %d", index)
		}
		return m.push(v)
	}
	v, err := m.top()
	if err == nil {
		m.memo[index] = v
	}
	return err
}

func (m *machine) persistent(op byte) error {
	var id any
	var err error
	if op == opPersID {
		var line []byte
		line, err = m.line(math.MaxUint16)
		id = string(line)
	} else {
		id, err = m.pop()
	}
	if err != nil {
		return err
	}
	if m.options.Persistent == nil {
		return m.push(&Persistent{id})
	}
	v, err := m.options.Persistent(id)
	if err != nil {
		return err
	}
	return m.push(v)
}
