// Build makes edge-infer with CUDA, on a machine that has nothing but Go:
//
//	go run ./kernels/cuda/build -target linux/arm64 -o dist/edge-infer-cuda-arm64
//
// The plain build of this project is pure Go. With the tag cuda it calls the CUDA driver through gorgonia.org/cu, which is
// cgo, and cgo needs a C compiler for the target, cuda.h, and something to link to. A program linked in the usual way then
// starts only where there is a driver, and only where the C library is as new as that of the machine it was built on:
// neither is true of every board. This program gets what is needed and builds one binary for all of them.
//
//   - The compiler is Zig's, whose `zig cc` links against any version of glibc; here that of JetPack 4, 2.27. It and
//     NVIDIA's headers come from the Python Package Index, by pinned SHA-256, into a cache folder (about 400 MB), once;
//     see package wheel. cuda.h stays under NVIDIA's licence; nothing of it but declarations is used.
//   - In place of the driver's library, an import library is linked in, which looks for libcuda.so.1 when the program
//     starts and answers with errors when there is none; see package driverlib.
//   - The result is read back, and refused where it would not start on a board; see package elfcheck.
//
// A script between Go and the compiler takes away the folders of the build machine that gorgonia.org/cu names in its
// flags (/usr/include and others): their headers are those of another C library, and mostly of another processor.
//
// Steps, in build.go: compile the packages (go list -export), collect the names of driver functions that they leave
// open, make the import library for these names, link (go build), check. The name resolver and the user lookups of the
// program are those of Go, as in the plain build.
//
// To run tests that are tagged cuda, or any other go command, take the environment from -print-env:
//
//	(eval "$(go run ./kernels/cuda/build -print-env -pkg ./kernels/cuda/...)" && go test ./kernels/cuda/...)
//
// The tests that need the network and the compiler have a tag of their own, and run programs for the other architecture
// under qemu-user with a C library of Debian's (qemu-user-static, libc6-arm64-cross):
//
//	go test -tags cudabuild ./kernels/cuda/build
//
// What is built so has been started without a driver, with one that fails and with one that is too old, on amd64 and,
// under emulation, on arm64. It has not met NVIDIA's driver yet. Building on macOS is provided for and has not been tried.
package main
