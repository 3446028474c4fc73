package format

import (
	"bytes"
	"strings"
)

// encodingCases say the right thing in other bytes than the canonical ones, or
// something else where a field stands.
func encodingCases() []malformed {
	splice := func(old, replacement string) func() []byte {
		return func() []byte { return spliced(old, replacement) }
	}
	// trailer gives the finished file of the example and where its header ends.
	trailer := func(edit func(file []byte, headerEnd int) []byte) func() []byte {
		return func() []byte {
			f := forge(example())
			return edit(f.file(), len(f.header))
		}
	}
	const (
		name     = "\xa4name\xa7example"
		software = "\x82\xa4name\xabedge-export\xa7version\xa4test"
	)
	return []malformed{
		{"int-uint8", "numerics 1 in two bytes", ErrNotCanonical, "", splice("numerics\x01", "numerics\xcc\x01")},
		{"int-uint16", "a dimension in three bytes", ErrNotCanonical, "", splice("\xa5shape\x91\x02", "\xa5shape\x91\xcd\x00\x02")},
		{"int-uint32", "a dimension in five bytes", ErrNotCanonical, "", splice("\xa5shape\x91\x02", "\xa5shape\x91\xce\x00\x00\x00\x02")},
		{"int-uint64", "a dimension in nine bytes", ErrNotCanonical, "", splice("\xa5shape\x91\x02", "\xa5shape\x91\xcf\x00\x00\x00\x00\x00\x00\x00\x02")},
		{"int-int8", "a dimension of a signed type", ErrNotCanonical, "", splice("\xa5shape\x91\x02", "\xa5shape\x91\xd0\x02")},
		{"int-negative", "a dimension of -2", ErrInvalid, "input.shape[0]: invalid model: integer", splice("\xa5shape\x91\x02", "\xa5shape\x91\xfe")},
		{"int-huge", "a dimension of 2^64-1", ErrInvalid, "input.shape[0]: invalid model: integer", splice("\xa5shape\x91\x02", "\xa5shape\x91\xcf\xff\xff\xff\xff\xff\xff\xff\xff")},
		{"int-31-bits", "a dimension of 2^31", ErrInvalid, "integer 2147483648", splice("\xa5shape\x91\x02", "\xa5shape\x91\xce\x80\x00\x00\x00")},
		{"int-float", "a dimension as a float", ErrInvalid, "input.shape[0]", splice("\xa5shape\x91\x02", "\xa5shape\x91\xca\x40\x00\x00\x00")},
		{"crc-uint64", "a tensor's checksum in nine bytes", ErrNotCanonical, "", splice("\xa3crc\xce", "\xa3crc\xcf\x00\x00\x00\x00")},
		{"crc-string", "a tensor's checksum as a string", ErrInvalid, "tensors[0].crc", splice("\xa3crc\xce", "\xa3crc\xa4")},

		{"float-integer", "alpha as the integer 0", ErrNotCanonical, "", splice("\xca\x3e\x00\x00\x00", "\x00")},
		{"float-double", "alpha as a float 64", ErrInvalid, "layers[1].alpha", splice("\xca\x3e\x00\x00\x00", "\xcb\x3f\xc0\x00\x00\x00\x00\x00\x00")},
		{"float-single", "a tolerance as a float 32", ErrNotCanonical, "", splice("relative\xcb\x00\x00\x00\x00\x00\x00\x00\x00", "relative\xca\x00\x00\x00\x00")},
		{"float-nil", "alpha as nil", ErrNotCanonical, "", splice("\xca\x3e\x00\x00\x00", "\xc0")},
		{"bool-integer", "a bool as 1", ErrInvalid, "layers[0].bias", func() []byte {
			f := forge(&Model{Layers: []Layer{&Polynomial{Degree: 2, Bias: true}}})
			f.header = []byte(replaced(string(f.header), "\xa4bias\xc3", "\xa4bias\x01"))
			return f.file()
		}},
		{"bool-nil", "a bool as nil", ErrNotCanonical, "", func() []byte {
			f := forge(&Model{Layers: []Layer{&Polynomial{Degree: 2}}})
			f.header = []byte(replaced(string(f.header), "\xa4bias\xc2", "\xa4bias\xc0"))
			return f.file()
		}},

		{"str-8", "a string of 7 bytes as str 8", ErrNotCanonical, "", splice(name, "\xa4name\xd9\x07example")},
		{"str-16", "a string of 7 bytes as str 16", ErrNotCanonical, "", splice(name, "\xa4name\xda\x00\x07example")},
		{"str-32", "a string of 7 bytes as str 32", ErrNotCanonical, "", splice(name, "\xa4name\xdb\x00\x00\x00\x07example")},
		{"str-bin", "a string as bin", ErrNotCanonical, "", splice(name, "\xa4name\xc4\x07example")},
		{"str-nil", "a string as nil", ErrNotCanonical, "name: nil", splice(name, "\xa4name\xc0")},
		{"str-integer", "a string as an integer", ErrInvalid, "name: ", splice(name, "\xa4name\x07")},
		{"str-extension", "a string as an extension", ErrInvalid, "name: ", splice(name, "\xa4name\xd6\xffabcd")},
		{"str-utf8", "a name that is not UTF-8", ErrInvalid, "name: invalid model: string", splice(name, "\xa4name\xa7ex\xffmple")},
		{"str-surrogate", "a name that encodes half a surrogate pair", ErrInvalid, "is not UTF-8", splice(name, "\xa4name\xa3\xed\xa0\x80")},

		{"array-16", "an array of one element as array 16", ErrNotCanonical, "", splice("\xa5shape\x91\x02", "\xa5shape\xdc\x00\x01\x02")},
		{"array-32", "an array of one element as array 32", ErrNotCanonical, "", splice("\xa5shape\x91\x02", "\xa5shape\xdd\x00\x00\x00\x01\x02")},
		{"array-nil", "an empty array as nil", ErrNotCanonical, "quantization: nil", splice("quantization\x90", "quantization\xc0")},
		{"array-map", "an array as a map", ErrInvalid, "quantization: ", splice("quantization\x90", "quantization\x80")},

		{"map-16", "a map of two entries as map 16", ErrNotCanonical, "", splice(software, "\xde\x00\x02"+software[1:])},
		{"map-32", "the outermost map as map 32", ErrNotCanonical, "byte 0", splice("\xde\x00\x10", "\xdf\x00\x00\x00\x10")},
		{"map-nil", "a record as nil", ErrNotCanonical, "producer: nil", splice(software, "\xc0")},
		{"map-extension", "an extension of no bytes before a map", ErrNotCanonical, "", splice(software, "\xc7\x00\x01"+software)},
		{"map-missing-key", "a record without its last key", ErrInvalid, "producer: invalid model: map of 1", splice(software, "\x81\xa4name\xabedge-export")},
		{"map-unknown-key", "a record with a key more", ErrInvalid, "producer: invalid model: map of 3", splice(software, "\x83"+software[1:]+"\xa3url\xa0")},
		{"map-other-key", "a record with another key", ErrInvalid, "key \"vorsion\"", splice(software, strings.Replace(software, "version", "vorsion", 1))},
		{"map-duplicate-key", "a record with one key twice", ErrInvalid, "key \"name\" where \"version\"", splice(software, "\x82\xa4name\xabedge-export\xa4name\xa4test")},
		{"map-order", "a record with its keys in another order", ErrInvalid, "key \"version\" where \"name\"", splice(software, "\x82\xa7version\xa4test\xa4name\xabedge-export")},
		{"map-integer-key", "a record with an integer as a key", ErrInvalid, "producer.name", splice(software, "\x82\x01"+software[6:])},
		{"map-nil-key", "a record with nil as a key", ErrNotCanonical, "producer.name: nil", splice(software, "\x82\xc0"+software[6:])},
		{"map-key-str8", "a key as str 8", ErrNotCanonical, "", splice(software, "\x82\xd9\x04"+software[2:])},
		{"field-missing", "the field description is missing", ErrInvalid, "key \"input\" where \"description\"", splice("\xabdescription\xa0", "")},
		{"field-order", "name and description in another order", ErrInvalid, "key \"description\" where \"name\"", splice(name+"\xabdescription\xa0", "\xabdescription\xa0"+name)},

		{"nested-name", "forty nested arrays for a name", ErrInvalid, "name: ", splice(name, "\xa4name"+strings.Repeat("\x91", 40)+"\x00")},
		{"nested-shape", "forty nested arrays for a dimension", ErrInvalid, "input.shape[0]", splice("\xa5shape\x91\x02", "\xa5shape\x91"+strings.Repeat("\x91", 40)+"\x02")},

		{"length-layers", "an array of 2^32-1 layers", ErrTruncated, "4294967295 elements", splice("\xa6layers\x94", "\xa6layers\xdd\xff\xff\xff\xff")},
		{"length-labels", "an array of 2^32-1 labels", ErrTruncated, "4294967295 elements", splice("\xa6labels\x92", "\xa6labels\xdd\xff\xff\xff\xff")},
		{"length-shape", "an array of 2^31 dimensions", ErrTruncated, "2147483648 elements", splice("\xa5shape\x91", "\xa5shape\xdd\x80\x00\x00\x00")},
		{"length-tensors", "an array of 2^32-1 tensors", ErrTruncated, "4294967295 elements", splice("\xa7tensors\x97", "\xa7tensors\xdd\xff\xff\xff\xff")},
		{"length-array-16", "an array of 65535 features", ErrTruncated, "65535 elements", splice("\xa8features\x92", "\xa8features\xdc\xff\xff")},
		{"length-map", "a map of 2^32-1 entries", ErrInvalid, "producer: ", splice(software, "\xdf\xff\xff\xff\xff"+software[1:])},
		{"length-str", "a string of 2^32-1 bytes", ErrTruncated, "name: 4294967295 bytes", splice(name, "\xa4name\xdb\xff\xff\xff\xffexample")},
		{"length-key", "a key of 2^32-1 bytes", ErrTruncated, "4294967295 bytes", splice(software, "\x82\xdb\xff\xff\xff\xff"+software[2:])},
		{"length-pad", "a pad of 2^32-1 bytes", ErrTruncated, "pad: 4294967295 bytes", trailer(func(file []byte, end int) []byte {
			return append(file[:end+9:end+9], "\xa3pad\xc6\xff\xff\xff\xff\x00\x00\x00\x00"...)
		})},
		{"length-data", "data of 2^32-1 bytes", ErrTruncated, "data: 4294967295 bytes", trailer(func(file []byte, end int) []byte {
			return []byte(replaced(string(file), "\xa4data\xc5\x01", "\xa4data\xc6\xff\xff\xff\xff\x01"))
		})},

		{"header-crc-key", "a key other than crc after the header", ErrInvalid, "where \"crc\"", trailer(func(file []byte, end int) []byte {
			file[end+1] = 'k'
			return file
		})},
		{"header-crc-uint64", "the header's checksum in nine bytes", ErrNotCanonical, "", trailer(func(file []byte, end int) []byte {
			wide := append(bytes.Clone(file[:end+4]), 0xcf, 0, 0, 0, 0)
			return append(append(wide, file[end+5:end+15]...), file[end+19:]...) // with a pad 4 bytes shorter
		})},
		{"pad-nonzero", "a byte of the pad is 1", ErrNotCanonical, "pad: ", trailer(func(file []byte, end int) []byte {
			file[end+15] = 1
			return file
		})},
		{"pad-longer", "a pad 64 bytes longer than needed", ErrNotCanonical, "pad: ", trailer(func(file []byte, end int) []byte {
			n := file[end+14]
			long := append(bytes.Clone(file[:end+14]), n+64)
			return append(append(long, make([]byte, 64)...), file[end+15:]...)
		})},
		{"pad-shorter", "a pad too short by one byte, so that the data is not aligned", ErrNotCanonical, "pad: ", trailer(func(file []byte, end int) []byte {
			file[end+14]--
			return append(file[:end+15:end+15], file[end+16:]...)
		})},
		{"pad-nil", "the pad is nil", ErrNotCanonical, "pad: nil", trailer(func(file []byte, end int) []byte {
			n := int(file[end+14])
			return append(append(bytes.Clone(file[:end+13]), 0xc0), file[end+15+n:]...)
		})},
		{"pad-str", "the pad is a string", ErrNotCanonical, "", trailer(func(file []byte, end int) []byte {
			file[end+13] = 0xd9
			return file
		})},
		{"pad-missing", "there is no pad", ErrInvalid, "key \"data\" where \"pad\"", trailer(func(file []byte, end int) []byte {
			n := int(file[end+14])
			return append(bytes.Clone(file[:end+9]), file[end+15+n:]...)
		})},
		{"data-str", "data is a string", ErrNotCanonical, "", func() []byte { return patched("\xa4data\xc5", "\xa4data\xda") }},
		{"data-bin32", "data is a bin 32 where a bin 16 would do", ErrNotCanonical, "", trailer(func(file []byte, end int) []byte {
			file[end+14] -= 2
			return []byte(replaced(string(file), "\x00\x00\xa4data\xc5", "\xa4data\xc6\x00\x00"))
		})},
		{"data-longer", "data is longer than the tensors", ErrInvalid, "data: ", func() []byte {
			f := forge(example())
			f.payload = append(f.payload, 0)
			return f.file()
		}},
		{"data-shorter", "data is shorter than the tensors", ErrInvalid, "data: ", func() []byte {
			f := forge(example())
			f.payload = f.payload[:len(f.payload)-4]
			return f.file()
		}},
		{"data-gap", "a byte between two tensors is 1", ErrNotCanonical, "between tensors", func() []byte {
			f := forge(example())
			f.payload[63] = 1
			return f.file()
		}},
		{"trailing-byte", "a byte after the end", ErrNotCanonical, "1 bytes after the end", func() []byte { return append(forge(example()).file(), 0) }},
		{"trailing-document", "a second document after the end", ErrNotCanonical, "after the end", func() []byte {
			file := forge(example()).file()
			return append(file, file...)
		}},
	}
}
