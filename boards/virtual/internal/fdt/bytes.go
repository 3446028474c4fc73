package fdt

import "encoding/binary"

// Bytes returns the tree as a blob.
func (t *Tree) Bytes() []byte {
	w := writer{offsets: map[string]uint32{}}
	w.node(t.Root)
	w.word(tokenStop)

	b := make([]byte, headerSize)
	reservedAt := len(b)
	for _, s := range append(t.Reserved[:len(t.Reserved):len(t.Reserved)], Stretch{}) {
		b = binary.BigEndian.AppendUint64(b, s.Address)
		b = binary.BigEndian.AppendUint64(b, s.Size)
	}
	structureAt := len(b)
	b = append(b, w.structure...)
	namesAt := len(b)
	b = append(b, w.names...)
	for i, field := range []int{
		magic, len(b), structureAt, namesAt, reservedAt, version, compatible, int(t.BootCPU), len(w.names), len(w.structure),
	} {
		binary.BigEndian.PutUint32(b[4*i:], uint32(field))
	}
	return b
}

type writer struct {
	structure, names []byte
	offsets          map[string]uint32 // of the properties' names
}

func (w *writer) word(v uint32) { w.structure = binary.BigEndian.AppendUint32(w.structure, v) }

func (w *writer) bytes(b []byte) {
	w.structure = append(w.structure, b...)
	w.structure = append(w.structure, make([]byte, -len(b)&3)...)
}

func (w *writer) node(n *Node) {
	w.word(tokenBegin)
	w.bytes(append([]byte(n.Name), 0))
	for _, p := range n.Properties {
		offset, known := w.offsets[p.Name]
		if !known {
			offset = uint32(len(w.names))
			w.offsets[p.Name] = offset
			w.names = append(append(w.names, p.Name...), 0)
		}
		w.word(tokenProp)
		w.word(uint32(len(p.Value)))
		w.word(offset)
		w.bytes(p.Value)
	}
	for _, child := range n.Children {
		w.node(child)
	}
	w.word(tokenEnd)
}
