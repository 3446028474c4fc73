// Command edge-export turns a trained file into a model file for edge-infer. It runs on the
// workstation; what it writes runs on the board.
//
// The work is done by the packages below internal: detect opens a file and finds out what it is,
// arch reads the architecture that a person gives, assemble puts the two together, rules checks what
// came of it, and golden adds the vectors that prove it. An importer for another family of files has
// the same two places to come in: it returns a whole format.Model, or named tensors.
package main
