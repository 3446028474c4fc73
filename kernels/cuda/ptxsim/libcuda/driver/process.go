package driver

import (
	"fmt"
	"time"

	"github.com/edge-infer/edge-infer/kernels/cuda/ptxsim"
)

// process is the driver as one process has it. One goroutine works on it: the
// one that answers its connection.
type process struct {
	board    *Board
	caller   *caller
	failures *failures
	ledger   *ledger
	fault    func(text string) // tells the server

	initialised bool
	lost        Result // what every call answers once the device is lost
	clock       time.Duration

	memory      *ptxsim.Memory
	allocations allocations
	pinned      []*pinned

	lastHandle uint64
	primary    *context            // nil while nobody retains it
	stacks     map[uint64]contexts // a thread's contexts; the last is current
	contexts   map[uint64]*context
	modules    map[uint64]*module
	functions  map[uint64]*function
	streams    map[uint64]*stream
	events     map[uint64]*event
	graphs     map[uint64]*graph
	launched   uint64 // kernels, so that each runs in another order of threads

	primaryFlags uint32
}

const (
	// maxObjects bounds each kind of handle, and what may wait in a queue.
	maxObjects = 1 << 16
	maxStack   = 1 << 10
)

func newProcess(board *Board, caller *caller, failures *failures, ledger *ledger, fault func(string)) *process {
	return &process{
		board: board, caller: caller, failures: failures, ledger: ledger, fault: fault,
		memory:    ptxsim.NewMemory(board.Memory),
		stacks:    map[uint64]contexts{},
		contexts:  map[uint64]*context{},
		modules:   map[uint64]*module{},
		functions: map[uint64]*function{},
		streams:   map[uint64]*stream{},
		events:    map[uint64]*event{},
		graphs:    map[uint64]*graph{},
	}
}

// handle returns a number that is no other handle, no address and no small
// number.
func (p *process) handle() uint64 {
	p.lastHandle++
	return 0x5ced<<44 + p.lastHandle<<4
}

// call is one call while it is being answered.
type call struct {
	*process
	name      string
	thread    uint64
	arguments []uint64
	context   *context // the thread's, nil if the call needs none
	value     uint64   // for the library, beside the result
}

func (c *call) u32(i int) uint32 { return uint32(c.arguments[i]) }
func (c *call) i32(i int) int32  { return int32(c.arguments[i]) }

// store writes a handle, an address or a size through the pointer that is
// argument i. It is called last, when nothing else can fail.
func (c *call) store(i int, v uint64) Result {
	if !c.caller.write64(c.arguments[i], v) {
		return Unknown
	}
	return Success
}

func (c *call) store32(i int, v uint32) Result {
	if !c.caller.write32(c.arguments[i], v) {
		return Unknown
	}
	return Success
}

// answer serves one request. The error is a breach of the protocol, or of the
// connection; it ends the process.
func (p *process) answer(q Request) error {
	d, known := calls[q.Name]
	if !known {
		return fmt.Errorf("%w: the driver has no %s", errRequest, q.Name)
	}
	if len(q.Arguments) != d.arguments {
		return fmt.Errorf("%w: %s has %d arguments: expected %d", errRequest, q.Name, len(q.Arguments), d.arguments)
	}
	c := &call{process: p, name: q.Name, thread: q.Thread, arguments: q.Arguments}
	r := c.run(d)
	left := p.left()
	p.ledger.update(func(r *Report) { r.Left = left })
	p.caller.reply(r, c.value)
	return p.caller.err
}

func (c *call) run(d definition) Result {
	c.ledger.update(func(r *Report) { r.Calls[c.name]++ })
	if r := c.failures.next(c.name); r != Success {
		c.ledger.update(func(report *Report) {
			report.Failures = append(report.Failures, fmt.Sprintf("%s: %s", c.name, r))
		})
		if r.sticky() {
			c.lost = r
		}
		if d.refused != nil {
			d.refused(c)
		}
		return r
	}
	if c.lost != Success {
		return c.lost
	}
	if d.needs >= initialisation && !c.initialised {
		return NotInitialized
	}
	if d.needs == currentContext {
		if c.context = c.stacks[c.thread].top(); c.context == nil {
			return InvalidContext
		}
		if c.context.destroyed {
			return ContextIsDestroyed
		}
	}
	for _, i := range d.pointers {
		if c.arguments[i] == 0 {
			return InvalidValue
		}
	}
	if d.unsafe {
		if r := c.forbidWhileCapturing(); r != Success {
			return r
		}
	}
	return d.run(c)
}

// left counts what the process has taken and not given back.
func (p *process) left() Left {
	l := Left{Modules: len(p.modules), Streams: len(p.streams), Events: len(p.events), Graphs: len(p.graphs), Contexts: len(p.contexts)}
	for _, a := range p.allocations {
		if a.pinned == nil {
			l.DeviceMemory.add(a.bytes)
		}
	}
	for _, h := range p.pinned {
		l.HostMemory.add(h.bytes)
	}
	for _, x := range p.contexts {
		l.Work += len(x.queue.pending)
	}
	return l
}
