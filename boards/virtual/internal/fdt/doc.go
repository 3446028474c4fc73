// Package fdt reads and writes flattened device trees, version 17, the form in which a kernel is told what hardware there is.
//
// A tree has named nodes with properties, which are bytes: strings end with a zero byte, and lists of strings follow one
// another. Parse makes nodes of a blob, Bytes a blob of nodes. Nothing is known here of what the properties mean.
// The format is chapter 5 of the Devicetree Specification, release 0.4.
package fdt
