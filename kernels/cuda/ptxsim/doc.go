// Package ptxsim runs PTX on the processor, to find what is wrong with it.
//
// PTX is the assembly that CUDA drivers compile at load. The kernels of this project are shipped in it, and on a
// machine without a GPU nothing else would ever execute them. So this package does, as strictly as it can: every
// operation gives the bits that the PTX manual (NVIDIA's "Parallel Thread Execution ISA") promises, and everything
// that the manual leaves undefined is an error which names the line of PTX, the thread and the block: an access out
// of bounds, misaligned, or to bytes that nobody has written; a register read before it is set; a division by zero; a
// barrier that not every thread of the block reaches; and two threads that touch one word, at least one writing, with
// no barrier between them.
//
// [Parse] reads a module and lowers each entry once: registers, constants, parameters and special registers become
// slots of one array, an instruction becomes one or a few micro-operations on slots, and an analysis proves which
// registers are set before they are read, so that only the doubtful rest is looked after at run time. [Memory] is
// the global memory of a device, [Memory.Launch] runs a grid in it. One goroutine runs it all, block after block and
// thread after thread, each up to its next barrier, in an order shuffled by [Launch].Seed: the same launch fails in
// the same place every time. The order of threads decides nothing, since programs in which it would are races.
//
// Races are judged by aligned words of four bytes, more strictly than the manual does: two threads that store
// neighbouring bytes of one word race. A thread that reads too early may also be told of bytes that nobody has written,
// if it happens to run before the one that writes them. Warps have no meaning for correctness here: threads of a warp
// are as free as others. The counts that come out of a launch, [Counts], estimate what warps would issue.
//
// What is understood is what compilers make of numeric C: integers of every width and binary32 with explicit
// rounding (fma.rn, add.rn and so on). Refused, with the reason, are device functions, atomics, exchanges within a
// warp, binary64 arithmetic, and every form of arithmetic whose bits a driver may choose: .ftz, .approx, .full and plain
// add.f32, which may be contracted. The text is taken to come from anywhere: Parse neither panics nor hangs.
package ptxsim
