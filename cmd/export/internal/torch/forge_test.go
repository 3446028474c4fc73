package torch

import (
	"archive/zip"
	"bytes"
	"encoding/binary"
	"strings"
	"testing"
)

// What follows writes pickles of protocol 2, value by value, for files that PyTorch would not write.

func text(s string) string {
	return "X" + string(binary.LittleEndian.AppendUint32(nil, uint32(len(s)))) + s
}

func number(n int64) string {
	return "\x8a\x08" + string(binary.LittleEndian.AppendUint64(nil, uint64(n)))
}

func tuple(items ...string) string { return "(" + strings.Join(items, "") + "t" }

func list(items ...string) string { return "](" + strings.Join(items, "") + "e" }

// dict takes keys and values in turn.
func dict(pairs ...string) string { return "}(" + strings.Join(pairs, "") + "u" }

func global(module, name string) string { return "c" + module + "\n" + name + "\n" }

func call(module, name string, args ...string) string {
	return global(module, name) + tuple(args...) + "R"
}

func storageOf(class, key string, count int64) string {
	return tuple(text("storage"), global("torch", class), text(key), text("cpu"), number(count)) + "Q"
}

func numbers(values ...int64) string {
	words := make([]string, len(values))
	for i, v := range values {
		words[i] = number(v)
	}
	return tuple(words...)
}

// tensor is a view of a storage of float32 values.
func tensor(key string, count, offset int64, size, stride string) string {
	return call("torch._utils", "_rebuild_tensor_v2", storageOf("FloatStorage", key, count), number(offset), size, stride, "\x89", dict())
}

// vector is a whole storage.
func vector(key string, count int64) string {
	return tensor(key, count, 0, numbers(count), numbers(1))
}

// object is a module, with its state.
func object(module, name, parameters, buffers, modules string, attributes ...string) string {
	state := append([]string{text("_parameters"), parameters, text("_buffers"), buffers, text("_modules"), modules}, attributes...)
	return global(module, name) + ")\x81" + dict(state...) + "b"
}

// sequential takes names and modules in turn.
func sequential(children ...string) string {
	return object("torch.nn.modules.container", "Sequential", dict(), dict(), dict(children...))
}

func linear(key string, in, out int64) string {
	weight := tensor(key, in*out, 0, numbers(out, in), numbers(in, 1))
	return object("torch.nn.modules.linear", "Linear", dict(text("weight"), weight, text("bias"), "N"), dict(), dict())
}

func activation(name string, attributes ...string) string {
	return object("torch.nn.modules.activation", name, dict(), dict(), dict(), attributes...)
}

// entry is a file of a zip archive.
type entry struct{ name, data string }

func zipOf(t testing.TB, method uint16, entries ...entry) []byte {
	t.Helper()
	var file bytes.Buffer
	w := zip.NewWriter(&file)
	for _, e := range entries {
		f, err := w.CreateHeader(&zip.FileHeader{Name: e.name, Method: method})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := f.Write([]byte(e.data)); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return file.Bytes()
}

// file is what torch.save would write: the pickle of a value, and storages 0, 1, ...
func file(t testing.TB, value string, storages ...string) []byte {
	t.Helper()
	entries := []entry{{"model/data.pkl", "\x80\x02" + value + "."}}
	for i, s := range storages {
		entries = append(entries, entry{"model/data/" + string(rune('0'+i)), s})
	}
	return zipOf(t, zip.Store, entries...)
}

// olderFile is what torch.save wrote before PyTorch 1.6.
func olderFile(version int64, value, keys, storages string) []byte {
	return []byte("\x80\x02" + string(magic) + "\x80\x02" + number(version) + "." + "\x80\x02" + dict() + "." +
		"\x80\x02" + value + "." + "\x80\x02" + keys + "." + storages)
}

// floats are n float32 values.
func floats(n int) string { return strings.Repeat("\x00\x00\x80\x3f", n) }
