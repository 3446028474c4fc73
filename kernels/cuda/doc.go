// Package cuda runs networks on NVIDIA GPUs, with the bits of package kernels.
//
// It has three parts. The kernels are C in source/, compiled to PTX by clang alone: two modules, committed and embedded,
// one for every device from compute capability 5.3 on and one with dp4a from 6.1 on; the driver compiles them for the
// device when they are loaded. Every operation in them is rounded to nearest and none is contracted, so NUMERICS.md
// holds to the last bit.
//
// A [Builder] turns layers into a [Program]: an image, which is one block of bytes with the packed weights and a record
// for each step, and the launches that a pass of rows takes. A network whose rows fit into shared memory and whose
// layers are light is a single launch, in which a block takes some rows from the first step to the last (rows_f32); a
// heavy dense layer has a launch of its own, with the elementwise steps behind it. This part is plain Go: tests run its
// launches in the interpreter of package ptxsim and compare them with package kernels.
//
// The launcher, which takes a program to a device over gorgonia.org/cu, is built with the tag cuda: [Open], [Device],
// [Model], [Session]. The command in build/ makes the whole program with it.
//
// Nothing here has met NVIDIA hardware yet.
package cuda
