// Package safetensors reads the .safetensors files of Hugging Face.
//
// Such a file is the length of a header (8 bytes, little-endian), the header, and data:
//
//	{"__metadata__": {"format": "pt"}, "fc.weight": {"dtype": "F32", "shape": [3, 4], "data_offsets": [0, 48]}}
//
// The header is JSON that says of each tensor its dtype, its shape, and its range of the data. A
// file is read only if the ranges cover the data from end to end with neither gap nor overlap and
// no key comes twice: there is then one way to understand it, here and in every other reader.
package safetensors
