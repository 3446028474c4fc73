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
// A Session belongs to one goroutine at a time, because its arena is reused from
// call to call. [Session.Clone] makes another for the price of an arena: the plan
// and its weights are shared, and never written after New.
package runtime
