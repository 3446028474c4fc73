package format

import (
	"bytes"
	"hash/crc32"
	"strings"
)

// A forgery is a file taken apart before its checksum is made, so that a test
// can falsify one part and have everything around it fit.
type forgery struct {
	header  []byte // all that the field crc covers
	payload []byte // of the field data
}

// forge takes apart the file of a model, valid or not.
func forge(m *Model) forgery { return forgeTable(m, func([]tensorRecord) {}) }

// forgeTable is forge with a table of tensors that edit has changed.
func forgeTable(m *Model, edit func(table []tensorRecord)) forgery {
	table, size := m.tensorTable()
	payload := make([]byte, size)
	for i, t := range m.Tensors {
		copy(payload[table[i].offset:], t.Data)
	}
	edit(table)
	var header bytes.Buffer
	if err := newEncoder(&header).header(m, table); err != nil {
		panic(err)
	}
	return forgery{header.Bytes(), payload}
}

// file puts the parts together, with a correct crc and pad.
func (f forgery) file() []byte {
	var file bytes.Buffer
	file.Write(f.header)
	crc := crc32.Checksum(f.header, castagnoli)
	if err := newEncoder(&file).trailer(len(f.header), crc, len(f.payload)); err != nil {
		panic(err)
	}
	file.Write(f.payload)
	return file.Bytes()
}

// edited is the file of the example after a change to the model.
func edited(edit func(m *Model)) []byte {
	m := example()
	edit(m)
	return forge(m).file()
}

// rows is the file of the example after a change to its table of tensors.
func rows(edit func(table []tensorRecord)) []byte { return forgeTable(example(), edit).file() }

// spliced is the file of the example with the first occurrence of some bytes of
// the header replaced, and a correct crc and pad.
func spliced(old, replacement string) []byte {
	f := forge(example())
	f.header = []byte(replaced(string(f.header), old, replacement))
	return f.file()
}

// patched is the finished file of the example with the first occurrence of some
// bytes replaced, and nothing made to fit.
func patched(old, replacement string) []byte {
	return []byte(replaced(string(forge(example()).file()), old, replacement))
}

// cut is the file of the example up to the end of some bytes.
func cut(after string) []byte {
	file := forge(example()).file()
	i := bytes.Index(file, []byte(after))
	if i < 0 {
		panic("nothing to cut after: " + after)
	}
	return file[:i+len(after)]
}

func replaced(s, old, replacement string) string {
	if !strings.Contains(s, old) {
		panic("nothing to replace: " + old)
	}
	return strings.Replace(s, old, replacement, 1)
}

// reshape gives a row of dtype f32 another shape, and the size that belongs to it.
func reshape(t *tensorRecord, shape ...int) {
	t.shape = shape
	t.size = 4
	for _, d := range shape {
		t.size *= d
	}
}
