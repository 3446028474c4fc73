package format

import "strings"

// headCases are about what a file is, where it ends, and its checksums.
func headCases() []malformed {
	version := func(v string) func() []byte {
		return func() []byte { return spliced("\xa7version\x01", "\xa7version"+v) }
	}
	ends := func(after string) func() []byte { return func() []byte { return cut(after) } }
	patch := func(old, replacement string) func() []byte {
		return func() []byte { return patched(old, replacement) }
	}
	raw := func(s string) func() []byte { return func() []byte { return []byte(s) } }
	payload := func(edit func(payload []byte)) func() []byte {
		return func() []byte {
			f := forge(example())
			edit(f.payload)
			return f.file()
		}
	}
	return []malformed{
		{"file-text", "a text file", ErrNotModel, "", raw("These are the weights of my model.\n")},
		{"file-gzip", "a gzip stream", ErrNotModel, "", raw("\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\x03\x03\x00\x00\x00\x00\x00\x00\x00\x00\x00")},
		{"file-zeros", "64 zero bytes", ErrNotModel, "", raw(strings.Repeat("\x00", 64))},
		{"file-other-map", "a MessagePack map of another program", ErrNotModel, "", raw("\x81\xa1a\x01")},
		{"file-array", "a MessagePack array", ErrNotModel, "", patch("\xde\x00\x10", "\xdc\x00\x10")},
		{"file-magic", "the first field says edgy", ErrNotModel, "", patch("\xa4edge", "\xa4edgy")},
		{"file-first-key", "the first key is former", ErrNotModel, "", patch("\xa6format", "\xa6former")},
		{"file-15-fields", "the outermost map has 15 entries", ErrInvalid, "map of 15 entries", patch("\xde\x00\x10", "\xde\x00\x0f")},
		{"file-17-fields", "the outermost map has 17 entries", ErrInvalid, "map of 17 entries", patch("\xde\x00\x10", "\xde\x00\x11")},

		{"version-newer-fields", "format version 2 with 17 fields", ErrNewer, "format version 2", func() []byte {
			return []byte(replaced(string(version("\x02")()), "\xde\x00\x10", "\xde\x00\x11"))
		}},
		{"version-newer", "format version 2", ErrNewer, "format version 2", version("\x02")},
		{"version-zero", "format version 0", ErrInvalid, "format version 0", version("\x00")},
		{"version-negative", "format version -1", ErrInvalid, "version: invalid model: integer", version("\xff")},
		{"version-string", "format version \"1\"", ErrInvalid, "version: ", version("\xa11")},
		{"numerics-newer", "numerics version 2", ErrNewer, "numerics version 2", func() []byte {
			return edited(func(m *Model) { m.Numerics = 2 })
		}},
		{"numerics-zero", "numerics version 0", ErrInvalid, "numerics version 0", func() []byte {
			return edited(func(m *Model) { m.Numerics = 0 })
		}},

		{"cut-everything", "an empty file", ErrTruncated, "byte 0", raw("")},
		{"cut-map", "it ends in the length of the map", ErrTruncated, "", ends("\xde\x00")},
		{"cut-magic", "it ends in the first field", ErrTruncated, "", ends("\xa4ed")},
		{"cut-key", "it ends in a key", ErrTruncated, "producer: ", ends("\xa8produc")},
		{"cut-value", "it ends before the value of a key", ErrTruncated, "source.version: ", ends("numpy\xa7version")},
		{"cut-string", "it ends in a string", ErrTruncated, "name: ", ends("\xa7examp")},
		{"cut-float", "it ends in a float", ErrTruncated, "layers[1].alpha: ", ends("\xa5alpha\xca\x3e")},
		{"cut-layers", "it ends between two layers", ErrTruncated, "layers[1]: ", ends("\xa8hidden.b")},
		{"cut-table", "it ends in the table of tensors", ErrTruncated, "tensors[0].dtype: ", ends("\xabgolden.bits\xa5dtype")},
		{"cut-crc", "it ends before the field crc", ErrTruncated, "crc: ", func() []byte { return forge(example()).header }},
		{"cut-crc-value", "it ends in the header's checksum", ErrTruncated, "crc: ", func() []byte {
			f := forge(example())
			return f.file()[:len(f.header)+6]
		}},
		{"cut-pad", "it ends in the pad", ErrTruncated, "pad: ", func() []byte {
			f := forge(example())
			return f.file()[:len(f.header)+16]
		}},
		{"cut-data", "it ends in the tensors", ErrTruncated, "data: ", func() []byte {
			file := forge(example()).file()
			return file[:len(file)-1]
		}},

		{"crc-header-value", "one bit of the name is flipped", ErrChecksum, "header", patch("\xa7example", "\xa7ezample")},
		{"crc-header-length", "one bit of a row's offset is flipped", ErrInvalid, "follows the tensor before it", patch("\xa6offset\xcc\x80", "\xa6offset\xcc\xc0")},
		{"crc-header-float", "one bit of a layer's alpha is flipped", ErrChecksum, "header", patch("\xca\x3e\x00", "\xca\x3e\x01")},
		{"crc-header", "one bit of the header's checksum is flipped", ErrChecksum, "crc: header", func() []byte {
			f := forge(example())
			file := f.file()
			file[len(f.header)+8] ^= 1
			return file
		}},
		{"crc-tensor", "one bit of the first tensor is flipped", ErrChecksum, "tensor \"golden.bits\"", payload(func(p []byte) { p[0] ^= 1 })},
		{"crc-last-tensor", "one bit of the last tensor is flipped", ErrChecksum, "tensor \"std\"", payload(func(p []byte) { p[len(p)-1] ^= 0x80 })},
		{"crc-table", "the table holds another checksum for a tensor", ErrChecksum, "tensor \"mean\"", func() []byte {
			return rows(func(t []tensorRecord) { t[4].crc ^= 1 })
		}},
	}
}
