// Package driver is a CUDA driver without a GPU: contexts, streams, events,
// graphs, modules and memory behave as the CUDA driver API reference says,
// and kernels run on the PTX interpreter of package ptxsim.
//
// A program that is linked to the real driver loads libcuda.so.1, the thin C
// library beside this package, which forwards every call over a Unix socket
// to a Server. The server answers each connection with a driver state of its
// own, as each process has on a board. Whatever a call needs of the caller's
// memory, arguments and results included, the server asks of the library
// while it works, so that the library knows no more than how to pass calls on
// (wire.go).
//
// Where the reference leaves a choice, the driver takes the one that shows a
// mistake:
//   - What is enqueued runs when something waits for it and no sooner. A
//     query lets one operation run.
//   - Streams are ordered only where the reference promises it. A synchronous
//     copy from pageable memory may return before the data is on the device,
//     so its arrival is enqueued on the default stream, which a non-blocking
//     stream does not wait for.
//   - Freeing memory or unloading a module waits for nothing: work that still
//     needs it fails.
//   - Bytes of the device that nobody has written may not be copied.
//   - Pinned memory starts as NaN, and its device address is not its host
//     address.
//   - What a kernel does wrong (ptxsim finds races and reads of unwritten
//     memory too) ends the driver for the process, as on a board, is written
//     to the server's errors and makes the server fail at its end.
//
// Time is invented, for events alone; no figure says anything about a GPU.
package driver
