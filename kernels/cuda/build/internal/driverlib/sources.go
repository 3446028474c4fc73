package driverlib

import (
	_ "embed"
	"fmt"
	"slices"
)

// The parts of the library that are the same for every program.
var (
	//go:embed source/loader.c
	loader []byte
	//go:embed source/trampolines.S
	trampolines []byte
)

// Source is a file to compile.
type Source struct {
	Name string
	Text []byte
}

// guarded are the functions with which a driver may load more of itself (a compiler for PTX above all), and which take
// six arguments at most: none of them is on the stack, on either architecture. (cuLaunchKernel takes eleven.)
var guarded = []string{
	"cuCtxCreate", "cuCtxCreate_v2", "cuCtxCreate_v3", "cuCtxCreate_v4", "cuDevicePrimaryCtxRetain",
	"cuGraphInstantiate", "cuGraphInstantiate_v2", "cuGraphInstantiateWithFlags",
	"cuLinkAddFile", "cuLinkAddFile_v2", "cuLinkComplete", "cuLinkCreate", "cuLinkCreate_v2",
	"cuModuleGetFunction", "cuModuleLoad", "cuModuleLoadData", "cuModuleLoadDataEx", "cuModuleLoadFatBinary",
}

// Sources gives the files of a library with the named driver functions, in the order to compile them: a C file and an
// assembly file, and the header that both include. The names must pass [DriverName], and cuInit must be among them,
// since nothing works before it.
func Sources(names []string) ([]Source, error) {
	header := []byte("/* The driver functions of this program. Generated. */\n")
	index := 0
	for _, name := range names {
		if !DriverName(name) {
			return nil, fmt.Errorf("driverlib: %q is not the name of a driver function", name)
		}
		if name == "cuInit" {
			continue // loader.c has it
		}
		kind := "FUNCTION"
		if slices.Contains(guarded, name) {
			kind = "GUARDED"
		}
		header = fmt.Appendf(header, "%s(%d, %s)\n", kind, index, name)
		index++
	}
	if index == len(names) {
		return nil, fmt.Errorf("driverlib: cuInit is not among the %d driver functions that the program refers to", len(names))
	}
	if index == 0 {
		return nil, fmt.Errorf("driverlib: the program refers to no driver function but cuInit")
	}
	return []Source{{"loader.c", loader}, {"trampolines.S", trampolines}, {"functions.h", header}}, nil
}
