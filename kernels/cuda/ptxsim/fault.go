package ptxsim

import (
	"errors"
	"fmt"
)

// What a program can do wrong while it runs. A [Fault] wraps one of them.
var (
	ErrOutOfBounds   = errors.New("out of bounds")
	ErrMisaligned    = errors.New("misaligned")
	ErrUnwritten     = errors.New("bytes that nobody has written")
	ErrRace          = errors.New("a race, no barrier orders two accesses")
	ErrReadOnly      = errors.New("memory read by ld.global.nc and written in one launch")
	ErrUninitialised = errors.New("a register that is not set")
	ErrDivision      = errors.New("a division by zero")
	ErrBarrier       = errors.New("a barrier that not every thread of the block reaches")
	ErrEndless       = errors.New("too many instructions")
	ErrBranch        = errors.New("no such branch target")
	ErrTrap          = errors.New("a trap")
)

// What can be wrong with a call.
var (
	ErrLaunch      = errors.New("launch refused")
	ErrOutOfMemory = errors.New("out of memory")
	ErrAddress     = errors.New("no such allocation")
)

// A Fault is what a thread did wrong.
type Fault struct {
	Line          int    // of the PTX
	Text          string // the instruction
	Entry         string
	Thread, Block [3]int
	Err           error // one of the errors above, with what exactly was found
}

func (f *Fault) Error() string {
	return fmt.Sprintf("ptxsim: line %d: %s: thread %s of block %s of %s: %v", f.Line, f.Text, coordinates(f.Thread), coordinates(f.Block), f.Entry, f.Err)
}

func (f *Fault) Unwrap() error { return f.Err }

// coordinates writes a place in a block or a grid.
func coordinates(at [3]int) string { return fmt.Sprintf("(%d,%d,%d)", at[0], at[1], at[2]) }

// fault makes the error of a thread at a micro-operation.
func (g *grid) fault(t *thread, in *inst, err error) error {
	return &Fault{
		Line: int(in.line), Text: g.module.text(int(in.line)), Entry: g.entry.name,
		Thread: g.threadAt(t.index), Block: g.blockAt(g.block), Err: err,
	}
}

// at names an instruction of the entry by its line and text, for errors that concern two.
func (g *grid) at(pc uint64) string {
	line := int(g.entry.code[pc].line)
	return fmt.Sprintf("line %d: %s", line, g.module.text(line))
}
