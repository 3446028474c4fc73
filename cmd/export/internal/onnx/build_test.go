package onnx

import (
	"bytes"
	"encoding/binary"
	"math"
	"testing"

	"google.golang.org/protobuf/encoding/protowire"

	"github.com/edge-infer/edge-infer/cmd/export/internal/draft"
)

// message is a protobuf message in the making.
type message []byte

func (m message) bytes(number protowire.Number, b []byte) message {
	return protowire.AppendBytes(protowire.AppendTag(m, number, protowire.BytesType), b)
}

func (m message) text(number protowire.Number, s string) message { return m.bytes(number, []byte(s)) }

func (m message) varint(number protowire.Number, v uint64) message {
	return protowire.AppendVarint(protowire.AppendTag(m, number, protowire.VarintType), v)
}

// floats is an initializer of float32 values.
func floats(name string, shape []uint64, values ...float32) message {
	var t message
	for _, d := range shape {
		t = t.varint(1, d)
	}
	var raw []byte
	for _, v := range values {
		raw = binary.LittleEndian.AppendUint32(raw, math.Float32bits(v))
	}
	return t.varint(2, uint64(float32Element)).text(8, name).bytes(9, raw)
}

// integers is an initializer of int64 values.
func integers(name string, values ...int64) message {
	var raw []byte
	for _, v := range values {
		raw = binary.LittleEndian.AppendUint64(raw, uint64(v))
	}
	return message{}.varint(1, uint64(len(values))).varint(2, uint64(int64Element)).text(8, name).bytes(9, raw)
}

// operator is a node of the neural domain, with attributes.
func operator(op string, inputs []string, output string, attributes ...message) message {
	var n message
	for _, in := range inputs {
		n = n.text(1, in)
	}
	n = n.text(2, output).text(4, op)
	for _, a := range attributes {
		n = n.bytes(5, a)
	}
	return n
}

func integer(name string, v int64) message { return message{}.text(1, name).varint(3, uint64(v)) }

// numbers is an attribute of float32 values.
func numbers(name string, values ...float32) message {
	m := message{}.text(1, name)
	for _, v := range values {
		m = protowire.AppendFixed32(protowire.AppendTag(m, 7, protowire.Fixed32Type), math.Float32bits(v))
	}
	return m
}

// input is a port of float32 rows of a width; the batch is open.
func input(name string, width uint64) message {
	dims := message{}.bytes(1, message{}.text(2, "n")).bytes(1, message{}.varint(1, width))
	return message{}.text(1, name).bytes(2, message{}.bytes(1, message{}.varint(1, 1).bytes(2, dims)))
}

// build is a model with one input x of two columns and one output y.
func build(nodes, initializers []message) []byte { return wide(2, nodes, initializers) }

func wide(columns uint64, nodes, initializers []message) []byte {
	return versioned(17, columns, nodes, initializers)
}

// versioned is a model of an operator set, with one input x and one output y.
func versioned(opset, columns uint64, nodes, initializers []message) []byte {
	var g message
	for _, n := range nodes {
		g = g.bytes(1, n)
	}
	for _, t := range initializers {
		g = g.bytes(5, t)
	}
	g = g.bytes(11, input("x", columns)).bytes(12, message{}.text(1, "y"))
	return message{}.varint(1, 8).bytes(8, message{}.varint(2, opset)).bytes(7, g)
}

func readBytes(data []byte, o Options) (*draft.Draft, error) {
	return Read(bytes.NewReader(data), int64(len(data)), "", o)
}

func mustRead(t *testing.T, data []byte, o Options) *draft.Draft {
	t.Helper()
	d, err := readBytes(data, o)
	if err != nil {
		t.Fatal(err)
	}
	return d
}
