// Package simtest gives a test a simulated GPU: it compiles libcuda.so.1 with
// a C compiler, runs the server of package driver beside the test, and says
// what a program that shall use it needs in its environment.
//
//	library := simtest.Library{Compiler: []string{"cc"}}
//	if err := library.Build(folder); err != nil { ... }
//	gpu, err := simtest.Start(folder, driver.Options{Board: board})
//	command.Env = append(os.Environ(), gpu.Environment()...)
//	...
//	err = gpu.Close() // fails if a kernel did something wrong
//
// A test whose own process uses the GPU has to be started with such an
// environment, since the loader reads it only then: OnBoard runs a test so, the
// test program again. There it asks the server with driver.Reports and
// driver.Fail, by the socket that EDGE_INFER_SIMULATED_GPU names. A shell script does without this package: see the command server.
package simtest
