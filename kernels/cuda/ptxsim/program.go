package ptxsim

// A slot is a place in the array of values that each thread has: a special register, a register of the text, a
// constant, a parameter. A value stands in the low bits; the bits above its width are 0.
type slot = uint16

// Slots of the special registers, the same in every entry.
const (
	slotTid slot = iota // and two more, for y and z
	_
	_
	slotLane
	slotNtid
	_
	_
	slotCtaid
	_
	_
	slotNctaid
	_
	_
	firstFreeSlot
)

var specialRegisters = map[string]slot{
	"%tid.x": slotTid, "%tid.y": slotTid + 1, "%tid.z": slotTid + 2,
	"%laneid": slotLane,
	"%ntid.x": slotNtid, "%ntid.y": slotNtid + 1, "%ntid.z": slotNtid + 2,
	"%ctaid.x": slotCtaid, "%ctaid.y": slotCtaid + 1, "%ctaid.z": slotCtaid + 2,
	"%nctaid.x": slotNctaid, "%nctaid.y": slotNctaid + 1, "%nctaid.z": slotNctaid + 2,
}

// A pure is an operation on values alone. Unused operands are 0 or arbitrary.
type pure func(a, b, c uint64) uint64

// An inst is a micro-operation. What the fields mean depends on op; see its list.
type inst struct {
	op         opcode
	size       uint8 // bytes of an element in memory
	space      space
	kind, into kind // what is converted while loading, and for which register
	d, a, b, c slot
	line       int32
	ext        int32 // an index into one of the program's lists
	imm        int64
	fn         pure
}

// An opcode says what a micro-operation does.
type opcode uint8

const (
	opFn opcode = iota // d = fn(a, b, c)

	// The most frequent operations, spelled out for speed.
	opMov    // d = a
	opAdd32  // d = a + b
	opAdd64  //
	opMul32  // d = the low half of a·b
	opMad32  // d = the low half of a·b, + c
	opWide   // d = a·b, of unsigned 32-bit numbers
	opShl32  // d = a << b
	opAnd    // d = a & b
	opSelect // d = c != 0 ? a : b
	opEqual  // d = a == b
	opLessU  // d = a < b, unsigned
	opLess32 // d = a < b, of signed 32-bit numbers
	opFMA    // of binary32: d = a·b + c
	opAddF   //
	opMulF   //

	opLoad         // d, or the list ext = memory at a + imm
	opLoadGlobal32 // one element of 32 bits as it is
	opLoadShared32 //
	opLoadNC       // like opLoad, from global memory that nobody may write during the launch
	opStore        // memory at a + imm = b, or the list ext
	opStoreShared32
	opToSpace // d = a, generic, as an address of space

	opBranch    // to imm
	opBranchIf  // to imm if a != 0
	opBranchNot // to imm if a == 0
	opSwitch    // to entry a of the table ext
	opReturn
	opBarrier
	opFence
	opTrap

	// Not from the text.
	opEnter   // begins block ext of imm instructions
	opDivisor // fails if a is 0
	opCheck   // fails unless the mark a says that the register named ext was set
	opMark    // sets the mark d
)

// A program is an entry lowered: micro-operations, and what they refer to.
type program struct {
	code     []inst
	lists    [][]slot  // the operands of vector loads and stores
	switches [][]int32 // the targets of brx.idx
	blocks   []basicBlock
	opcodes  []string // from 1
	names    []string // of registers that opCheck looks after

	slots     int
	constants []slotValue
	arguments []slotParam // parts of the parameters
	places    []slotPlace // addresses that the launch decides
	marks     []slot      // to be cleared before a thread starts
}

type slotValue struct {
	slot  slot
	value uint64
}

type slotParam struct {
	slot          slot
	offset, bytes int
}

type slotPlace struct {
	slot     slot
	variable *variable
	offset   int64
}

// A basicBlock is a run of instructions with one way in and one way out, and what executing it once comes to.
type basicBlock struct {
	opcodes []opcodeCount
	Traffic
	classes [classes]int64
	total   int64
}

type opcodeCount struct {
	opcode int32
	count  int64
}
