// Package driverlib makes libcuda.a, an import library that stands between a program and the CUDA driver.
//
// A program that is linked to libcuda.so.1 does not start on a machine without it, so this library is linked in its
// place. For each driver function that the program refers to, it has a trampoline: one jump through a table. The
// first call of cuInit opens libcuda.so.1 with dlopen and fills the table (source/loader.c); where there is no
// driver, or the driver does not know a function, the table leads to a function that answers with an error. So one
// binary runs on every board, with and without a driver, and finds out from cuDeviceGetCount which it is.
//
// Which functions those are is read from the compiled packages: [Names] gathers the names that begin with cu and a
// capital letter, that some object of the link refers to, and that none defines. [Sources] writes the C and assembly
// for them, and [Archive] puts the compiled objects into a library. The library's names are hidden: a driver that
// looks up its own functions by name finds its own, not these.
package driverlib
