// Package runtime runs models.
//
// [New] turns a [format.Model] into a plan once: one flat list of steps over one
// arena, with every tensor unpacked into the layout that the kernels want. Then
// [Session.Run] walks the list. It allocates nothing, takes no lock and makes no
// interface call per layer.
//
// The answer for a row depends on the model and on the row alone. It has the
// same bits whatever the batch, the number of goroutines and the backend;
// kernels/NUMERICS.md says which bits. [Verify] proves it on the spot, with the
// golden vectors that travel inside the model file.
//
// In a program that is built with CUDA, [Auto] measures from how many rows on a call
// is faster on the GPU, and takes it for those ([Session.Tuning]). A GPU that fails
// costs time and nothing else: the processor repeats the call and goes on.
//
// A Session belongs to one goroutine at a time, because its arena is reused from
// call to call. [Session.Clone] makes another for the price of an arena: the plan
// and its weights are shared, and never written after New.
package runtime
