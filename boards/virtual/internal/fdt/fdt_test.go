package fdt

import (
	"bytes"
	"encoding/binary"
	"reflect"
	"strings"
	"testing"
)

// small is a blob as the specification describes it, written by hand: a root with a model, a NOP and one child.
func small() []byte {
	structure := "\x00\x00\x00\x01\x00\x00\x00\x00" + // the root
		"\x00\x00\x00\x03\x00\x00\x00\x05\x00\x00\x00\x00virt\x00\x00\x00\x00" +
		"\x00\x00\x00\x04" +
		"\x00\x00\x00\x01cpu@0\x00\x00\x00" +
		"\x00\x00\x00\x03\x00\x00\x00\x00\x00\x00\x00\x06" + // an empty value
		"\x00\x00\x00\x02\x00\x00\x00\x02\x00\x00\x00\x09"
	names := "model\x00reg\x00"
	b := make([]byte, 40, 256)
	b = append(b, make([]byte, 15)...)
	b = append(b, 1)
	b = append(b, make([]byte, 16)...) // a reservation of one byte at 0, and the end
	for i, v := range []int{magic, 72 + len(structure) + len(names), 72, 72 + len(structure), 40, 17, 16, 3, len(names), len(structure)} {
		binary.BigEndian.PutUint32(b[4*i:], uint32(v))
	}
	return append(append(b, structure...), names...)
}

func TestParse(t *testing.T) {
	got, err := Parse(small())
	if err != nil {
		t.Fatal(err)
	}
	want := &Tree{
		BootCPU:  3,
		Reserved: []Stretch{{0, 1}},
		Root: &Node{
			Properties: []Property{{"model", []byte("virt\x00")}},
			Children:   []*Node{{Name: "cpu@0", Properties: []Property{{"reg", []byte{}}}}},
		},
	}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got %+v, want %+v", got, want)
	}
}

func TestEdit(t *testing.T) {
	tree, err := Parse(small())
	if err != nil {
		t.Fatal(err)
	}
	tree.Root.Set("model", Strings("NVIDIA Orin Nano Developer Kit"))
	tree.Root.Set("compatible", Strings("nvidia,p3768-0000+p3767-0005", "nvidia,tegra234"))
	child, err := tree.Find("/cpu@0")
	if err != nil {
		t.Fatal(err)
	}
	child.Set("reg", []byte{0, 0, 0, 7})
	again, err := Parse(tree.Bytes())
	if err != nil {
		t.Fatal(err)
	}
	if !reflect.DeepEqual(again, tree) {
		t.Errorf("read back: %+v, want %+v", again, tree)
	}
	value, found := again.Root.Get("compatible")
	if want := "nvidia,p3768-0000+p3767-0005\x00nvidia,tegra234\x00"; !found || string(value) != want {
		t.Errorf("compatible is %q, want %q", value, want)
	}
	if _, found := again.Root.Get("serial-number"); found {
		t.Error("a property that was never set is there")
	}
	if _, err := again.Find("/cpu@1"); err == nil {
		t.Error("found a node that is not there")
	}
}

func TestMalformed(t *testing.T) {
	change := func(at int, value uint32) func([]byte) []byte {
		return func(b []byte) []byte { binary.BigEndian.PutUint32(b[at:], value); return b }
	}
	for _, test := range []struct {
		name   string
		change func([]byte) []byte
		want   string
	}{
		{"empty", func([]byte) []byte { return nil }, "0 bytes"},
		{"magic", change(0, 7), "begins with"},
		{"old version", change(20, 3), "version 3"},
		{"cut", func(b []byte) []byte { return b[:len(b)-1] }, "are there"},
		{"total smaller than the header", change(4, 8), "says that it has 8"},
		{"structure beyond the end", change(8, 0xffffffff), "structure block"},
		{"strings beyond the end", change(32, 0xffffffff), "strings block"},
		{"reservations without an end", change(16, 60), "no end"},
		{"structure too short", change(36, 20), "bytes are expected"},
		{"structure cut between tokens", change(36, 8), "bytes are expected"},
		{"second root", change(136, tokenBegin), "one root"},
		{"first token", change(72, 3), "one root"},
		{"end first", change(72, 2), "one root"},
		{"closed twice", change(136, tokenEnd), "one root"},
		{"unknown token", change(80, 77), "unknown token 77"},
		{"huge property", change(84, 0xfffffffe), "are left"},
		{"property's name outside", change(88, 100), "of strings"},
		{"property's name without an end", func(b []byte) []byte { b[len(b)-1] = 'x'; return change(88, 6)(b) }, "no end"},
		{"too deep", func(b []byte) []byte {
			tree, _ := Parse(b)
			for range 100 {
				tree.Root = &Node{Children: []*Node{tree.Root}}
			}
			return tree.Bytes()
		}, "deep"},
	} {
		t.Run(test.name, func(t *testing.T) {
			_, err := Parse(test.change(small()))
			if err == nil || !strings.Contains(err.Error(), test.want) {
				t.Errorf("error %v, want one with %q", err, test.want)
			}
		})
	}
}

// FuzzParse: whatever is accepted can be written, and reads back as the same tree.
func FuzzParse(f *testing.F) {
	f.Add(small())
	f.Add(small()[:60])
	twice := small()
	twice[139] = tokenEnd
	f.Add(twice)
	f.Add(bytes.Repeat([]byte{0xd0, 0x0d, 0xfe, 0xed}, 20))
	f.Fuzz(func(t *testing.T, blob []byte) {
		tree, err := Parse(blob)
		if err != nil {
			return
		}
		again, err := Parse(tree.Bytes())
		if err != nil {
			t.Fatalf("written and not readable: %v", err)
		}
		if !reflect.DeepEqual(again, tree) {
			t.Fatalf("read back: %+v, want %+v", again, tree)
		}
	})
}
