package driver

import (
	"encoding/binary"
	"errors"
	"fmt"
	"time"

	"github.com/edge-infer/edge-infer/kernels/cuda/ptxsim"
)

type function struct {
	module  *module
	name    string
	entry   *ptxsim.Entry
	dynamic int // bytes of dynamic shared memory that it opted in to; 0: as it is
}

// maxShared is the most shared memory that a block of it may have.
func (f *function) maxShared() int {
	return max(sharedPerBlock, f.entry.StaticShared()+f.dynamic)
}

func (f *function) maxThreads() int {
	if n := f.entry.MaxThreads(); n > 0 {
		return min(n, maxBlockThreads)
	}
	return maxBlockThreads
}

const dynamicShared = 8 // MAX_DYNAMIC_SHARED_SIZE_BYTES, of CUfunction_attribute

// functionAttribute answers what it knows; the numbers of registers and of
// versions are those of the text, since nothing is compiled.
func (c *call) functionAttribute() Result {
	f, found := c.functions[c.arguments[2]]
	if !found {
		return InvalidHandle
	}
	var v int
	switch c.u32(1) {
	case 0: // MAX_THREADS_PER_BLOCK
		v = f.maxThreads()
	case 1: // SHARED_SIZE_BYTES
		v = f.entry.StaticShared()
	case 2, 3, 7: // CONST_SIZE_BYTES, LOCAL_SIZE_BYTES, CACHE_MODE_CA
	case 4: // NUM_REGS
		v = min(f.entry.Registers(), 255)
	case 5, 6: // PTX_VERSION, BINARY_VERSION
		v = c.board.Compute
	case dynamicShared:
		v = f.maxShared() - f.entry.StaticShared()
	case 9: // PREFERRED_SHARED_MEMORY_CARVEOUT
		v = -1
	default:
		return InvalidValue
	}
	return c.store32(0, uint32(v))
}

func (c *call) functionSetAttribute() Result {
	f, found := c.functions[c.arguments[0]]
	if !found {
		return InvalidHandle
	}
	value := int(c.i32(2))
	switch c.u32(1) {
	case dynamicShared:
		if value < 0 || f.entry.StaticShared()+value > specifications(c.board.Compute).sharedOptIn {
			return InvalidValue
		}
		f.dynamic = value
	case 9: // PREFERRED_SHARED_MEMORY_CARVEOUT
		if value < -1 || value > 100 {
			return InvalidValue
		}
	default:
		return InvalidValue
	}
	return Success
}

// launchKernel enqueues a launch. The parameters are read now.
func (c *call) launchKernel() Result {
	f, found := c.functions[c.arguments[0]]
	if !found || f.module.context != c.context {
		return InvalidHandle
	}
	s, r := c.stream(8)
	if r != Success {
		return r
	}
	var grid, block [3]int
	for i := range 3 {
		grid[i], block[i] = int(c.u32(1+i)), int(c.u32(4+i))
		if grid[i] == 0 || block[i] == 0 {
			return InvalidValue
		}
	}
	shared := int(c.u32(7))
	switch {
	case grid[0] > maxGridX, grid[1] > maxGridYZ, grid[2] > maxGridYZ:
		return InvalidValue
	case block[0] > maxBlockXY, block[1] > maxBlockXY, block[2] > maxBlockZ:
		return InvalidValue
	case product(block) > maxBlockThreads:
		return InvalidValue
	case product(block) > int64(f.maxThreads()):
		return LaunchOutOfResources
	case f.entry.StaticShared()+shared > f.maxShared():
		return InvalidValue
	case c.arguments[10] != 0: // parameters as one buffer
		return NotSupported
	}
	params, r := c.launchParams(f, c.arguments[9])
	if r != Success {
		return r
	}
	return c.enqueue(s, &launch{function: f, launch: ptxsim.Launch{Entry: f.name, Grid: grid, Block: block, Shared: shared, Params: params}})
}

// launchParams reads the parameters through their array of pointers.
func (c *call) launchParams(f *function, array uint64) ([]byte, Result) {
	params := f.entry.Params()
	if len(params) == 0 {
		return nil, Success
	}
	if array == 0 {
		return nil, InvalidValue
	}
	addresses, ok := c.caller.words(array, len(params))
	if !ok {
		return nil, Unknown
	}
	const together = 64 // in one round trip
	numbers := make([][8]byte, len(params))
	var pieces []piece
	for i, p := range params {
		if addresses[i] == 0 {
			return nil, InvalidValue
		}
		if p.Bytes > len(numbers[i]) {
			return nil, NotSupported
		}
		pieces = append(pieces, piece{addresses[i], numbers[i][:p.Bytes]})
		if len(pieces) == together || i == len(params)-1 {
			if !c.caller.readPieces(pieces) {
				return nil, Unknown
			}
			pieces = pieces[:0]
		}
	}
	values := make([]uint64, len(params))
	for i := range values {
		values[i] = binary.LittleEndian.Uint64(numbers[i][:])
	}
	packed, err := ptxsim.PackParams(f.entry, values...)
	if err != nil {
		return nil, NotSupported
	}
	return packed, Success
}

type launch struct {
	function *function
	launch   ptxsim.Launch
}

func (o *launch) String() string {
	return fmt.Sprintf("launch of %s, %d blocks of %d threads", o.function.name, product(o.launch.Grid), product(o.launch.Block))
}

func (o *launch) run(p *process) error {
	if o.function.module.unloaded {
		return errors.New("its module was unloaded before it ran")
	}
	p.launched++
	l := o.launch
	l.Seed = p.launched
	counts, err := p.memory.Launch(o.function.module.code, l)
	if err != nil {
		return err
	}
	p.clock += launchTime + time.Duration(counts.Instructions/int64(lanes*p.board.Multiprocessors))
	p.ledger.update(func(r *Report) {
		r.Launches++
		k := r.Kernels[o.function.name]
		k.Launches++
		k.Blocks += product(l.Grid)
		k.Threads += product(l.Grid) * product(l.Block)
		k.Instructions += counts.Instructions
		k.WarpInstructions += counts.WarpInstructions
		k.FMA += counts.FMA
		k.GlobalRead += counts.GlobalRead
		k.GlobalWritten += counts.GlobalWritten
		k.Barriers += counts.Barriers
		r.Kernels[o.function.name] = k
	})
	return nil
}

func product(v [3]int) int64 { return int64(v[0]) * int64(v[1]) * int64(v[2]) }

// resultOf chooses the result that stands for a fault.
func resultOf(err error) Result {
	switch {
	case errors.Is(err, errIllegalAddress), errors.Is(err, ptxsim.ErrOutOfBounds), errors.Is(err, ptxsim.ErrAddress):
		return IllegalAddress
	case errors.Is(err, ptxsim.ErrMisaligned):
		return MisalignedAddress
	}
	return LaunchFailed
}
