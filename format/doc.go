// Package format defines the .edge model file: its types, its MessagePack
// encoding and its validation. It does no arithmetic.
//
// A file is one MessagePack map whose keys stand in a fixed order, so any
// MessagePack library can show it. Small fields come first; the last field,
// data, holds every tensor, little-endian and 64-byte aligned within the file.
// SPEC.md beside this file is the byte-level description for people who write
// another reader.
//
// Three properties carry the rest of the project:
//
//   - The same model always gives the same bytes, and [Decode] accepts only
//     bytes that [Marshal] would have written. Two models are equal when their
//     files are.
//   - Every byte is covered by a checksum or by that rule, so a flipped bit
//     anywhere is found.
//   - A file from a stranger is safe to open: counts, sizes, offsets and depth
//     are bounded by the bytes that are there, and decoding allocates at most
//     four times the file's size plus 1 MiB.
//
// Each record of the file lists its fields once, in its fields method; the
// encoder, the decoder and the test of SPEC.md all walk that one list.
package format
