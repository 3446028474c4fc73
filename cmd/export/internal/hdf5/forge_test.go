package hdf5

import (
	"bytes"
	"compress/zlib"
	"encoding/binary"
	"testing"
)

// A forged file is a superblock of version 0 and, at rootAt, a root that is whatever the messages
// make of it; behind them, at bodyAt, come blocks that messages lead to.
const (
	rootAt = 96
	bodyAt = 4096
)

// le writes numbers, little-endian, each as wide as its type.
func le(values ...any) []byte {
	var b bytes.Buffer
	for _, v := range values {
		if s, ok := v.(string); ok {
			b.WriteString(s)
		} else if err := binary.Write(&b, binary.LittleEndian, v); err != nil {
			panic(err)
		}
	}
	return b.Bytes()
}

type forgedMessage struct {
	kind uint16
	body []byte
}

func forge(messages []forgedMessage, body []byte) []byte {
	var header []byte
	for _, m := range messages {
		padded := append(m.body, make([]byte, -len(m.body)&7)...)
		header = append(header, le(m.kind, uint16(len(padded)), uint32(0), string(padded))...)
	}
	header = append(le(byte(1), byte(0), uint16(len(messages)), uint32(1), uint32(len(header)), uint32(0)), header...)
	end := uint64(bodyAt + len(body))
	file := le(signature, [5]byte{}, byte(8), byte(8), [9]byte{}, uint64(0), uint64(undefined), end, uint64(undefined), uint64(0), uint64(rootAt), [24]byte{})
	file = append(file, header...)
	if len(file) > bodyAt {
		panic("the messages reach into the body")
	}
	return append(append(file, make([]byte, bodyAt-len(file))...), body...)
}

func space(dims ...uint64) forgedMessage {
	return forgedMessage{messageSpace, le(byte(1), byte(len(dims)), [6]byte{}, dims)}
}

var (
	byteType  = forgedMessage{messageDatatype, le(byte(0x10), [3]byte{}, uint32(1), uint16(0), uint16(8))}
	variable  = forgedMessage{messageDatatype, le(byte(0x19), [3]byte{1}, uint32(16), byteType.body)}
	gzipped   = forgedMessage{messageFilters, le(byte(1), byte(1), [6]byte{}, uint16(1), uint16(0), uint16(1), uint16(0))}
	unwritten = forgedMessage{messageLayout, le(byte(3), byte(1), uint64(undefined), uint64(0))}
)

func contiguous(address, size uint64) forgedMessage {
	return forgedMessage{messageLayout, le(byte(3), byte(1), address, size)}
}

// chunkedAt is a layout of byte chunks, with a B-tree at the start of the body.
func chunkedAt(shape ...uint32) forgedMessage {
	return forgedMessage{messageLayout, le(byte(3), byte(2), byte(len(shape)+1), uint64(bodyAt), shape, uint32(1))}
}

// forgedChunk is an entry of a B-tree of chunks.
type forgedChunk struct {
	size    uint32
	at      []uint64
	address uint64
}

// chunkTree is a leaf of chunks.
func chunkTree(chunks ...forgedChunk) []byte {
	tree := le("TREE", byte(treeOfChunks), byte(0), uint16(len(chunks)), uint64(undefined), uint64(undefined))
	for _, c := range chunks {
		tree = append(tree, le(c.size, uint32(0), c.at, uint64(0), c.address)...)
	}
	return append(tree, make([]byte, 8+8*33)...)
}

// behindOne is the address behind a leaf of one chunk of one dimension.
const behindOne = bodyAt + 24 + (8 + 8 + 8 + 8) + 8 + 8*33

func deflate(t testing.TB, zeros int) []byte {
	t.Helper()
	var b bytes.Buffer
	w, err := zlib.NewWriterLevel(&b, zlib.BestCompression)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := w.Write(make([]byte, zeros)); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}
