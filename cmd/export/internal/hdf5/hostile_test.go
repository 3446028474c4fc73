package hdf5

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"runtime"
	"strings"
	"testing"
	"time"
)

// bounded calls f, and requires it to take little memory and time.
func bounded(t *testing.T, f func()) {
	t.Helper()
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	start := time.Now()
	f()
	// Generous for emulated processors; the time on others is some milliseconds.
	if took := time.Since(start); took > time.Minute {
		t.Errorf("it took %v", took)
	}
	runtime.ReadMemStats(&after)
	if got := after.TotalAlloc - before.TotalAlloc; got > 256<<20 {
		t.Errorf("%d MiB were allocated", got>>20)
	}
}

func openAndRead(data []byte) error {
	f, err := Open(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		return err
	}
	return readAll(f)
}

func TestOpenRefuses(t *testing.T) {
	small := readFile(t, "userblock.h5")[1024:]
	latest := readFile(t, "latest.h5")
	patched := func(data []byte, at int, values ...byte) []byte {
		data = bytes.Clone(data)
		copy(data[at:], values)
		return data
	}
	tests := []struct {
		name string
		data []byte
		want string
	}{
		{"nothing", nil, "not an HDF5 file"},
		{"a text", []byte(strings.Repeat("text ", 1000)), "not an HDF5 file"},
		{"half a signature", small[:6], "not an HDF5 file"},
		{"a signature", small[:8], "superblock: 9 bytes at address 0x0: the file has 8"},
		{"version 4", patched(small, 8, 4), "version 4 is not read: 0 to 3 are"},
		{"short addresses", patched(small, 13, 4, 4), "addresses of 4 and lengths of 4 bytes: 8 and 8 are read"},
		{"a download that broke off", small[:1000], "the file ends after 1000 of"},
		{"a flipped bit in a superblock", patched(latest, 20, 1), "the checksum does not match"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			_, err := Open(bytes.NewReader(test.data), int64(len(test.data)))
			if err == nil || !strings.HasPrefix(err.Error(), "hdf5: ") || !strings.Contains(err.Error(), test.want) {
				t.Errorf("error %v, want one with %q", err, test.want)
			}
		})
	}
}

func TestHostile(t *testing.T) {
	continued := forgedMessage{messageContinuation, le(uint64(rootAt+16), uint64(24))}
	wide := make([]forgedChunk, 3000)
	compressed := deflate(t, 1<<20)
	for i := range wide {
		wide[i] = forgedChunk{uint32(len(compressed)), []uint64{uint64(i), 0}, bodyAt + 1<<18}
	}
	padded := func(tree []byte) []byte { return append(tree, make([]byte, 1<<18-len(tree))...) }
	references := bytes.Repeat(le(uint32(1<<16), uint64(bodyAt), uint32(1)), 1<<14)
	collection := le("GCOL", uint32(1), uint64(1<<17), uint16(1), uint16(1), uint32(0), uint64(1<<16), [1<<17 - 32]byte{})
	tests := []struct {
		name     string
		messages []forgedMessage
		body     []byte
		want     string
	}{
		{"a terabyte that nobody wrote", []forgedMessage{space(1 << 40), byteType, unwritten}, nil, "shape [1099511627776] of 1 bytes a value: too large"},
		{"a gigabyte that nobody wrote", []forgedMessage{space(1 << 29), byteType, unwritten}, nil, "too large"},
		{"a shape that overflows", []forgedMessage{space(1<<62, 1<<62), byteType, unwritten}, nil, "too large"},
		{"a dimension that is negative", []forgedMessage{space(1 << 63), byteType, unwritten}, nil, "a dimension of 9223372036854775808"},
		{"33 dimensions", []forgedMessage{{messageSpace, le(byte(1), byte(33), [6]byte{}, [33]uint64{})}}, nil, "33 dimensions: at most 32"},
		{"values past the end", []forgedMessage{space(100), byteType, contiguous(bodyAt, 100)}, make([]byte, 99), "100 bytes at address 0x1000"},
		{"an address that overflows", []forgedMessage{space(100), byteType, contiguous(1<<64-50, 100)}, nil, "100 bytes at address 0xffffffffffffffce"},
		{"fewer values than the shape says", []forgedMessage{space(100), byteType, contiguous(bodyAt, 50)}, make([]byte, 100), "50 bytes where shape [100] takes 100"},
		{"a text of a gigabyte", []forgedMessage{space(1), {messageDatatype, le(byte(0x13), [3]byte{}, uint32(1<<30))}, unwritten}, nil, "is not read"},
		{"values of no size", []forgedMessage{space(1), {messageDatatype, le(byte(0x13), [3]byte{}, uint32(0))}, unwritten}, nil, "a value of 0 bytes"},
		{"a header that continues with itself", []forgedMessage{continued}, nil, "more structure than a file of this size is allowed"},
		{"a message past the end of its header", []forgedMessage{{messageSpace, le(uint64(1))}, {messageContinuation, le(uint64(rootAt+16), uint64(12))}}, nil, "ends too early"},
		{"chunks of nothing", []forgedMessage{space(10), byteType, chunkedAt(0)}, chunkTree(), "chunks of [0 1]"},
		{"chunks that overflow", []forgedMessage{space(10, 10), byteType, chunkedAt(1<<31, 1<<31)}, chunkTree(), "chunks of [2147483648 2147483648 1]"},
		{"chunks of other dimensions", []forgedMessage{space(10), byteType, chunkedAt(2, 2)}, chunkTree(), "2 dimensions for a dataset of shape [10]"},
		{"one chunk twice", []forgedMessage{space(10), byteType, chunkedAt(2)}, chunkTree(forgedChunk{2, []uint64{4}, 0}, forgedChunk{2, []uint64{4}, 0}), "chunk [2] comes twice"},
		{"a chunk between others", []forgedMessage{space(10), byteType, chunkedAt(2)}, chunkTree(forgedChunk{2, []uint64{3}, 0}), "a chunk at 3, chunks are 2 long"},
		{"a short chunk", []forgedMessage{space(10), byteType, chunkedAt(10)}, chunkTree(forgedChunk{9, []uint64{0}, 0}), "9 bytes where 10 are needed"},
		{"a chunk of four gigabytes", []forgedMessage{space(10), byteType, chunkedAt(10)}, chunkTree(forgedChunk{1<<32 - 1, []uint64{0}, 0}), "more stored data than"},
		{"a chunk that is no gzip", []forgedMessage{space(10), byteType, gzipped, chunkedAt(10)}, chunkTree(forgedChunk{10, []uint64{0}, 0}), "gzip: zlib: invalid header"},
		{"a chunk that inflates to too much", []forgedMessage{space(1000), byteType, gzipped, chunkedAt(1000)},
			append(chunkTree(forgedChunk{uint32(len(compressed)), []uint64{0}, behindOne}), compressed...), "gzip: more than the 1000 bytes that a chunk holds"},
		{"wide chunks for a narrow dataset", []forgedMessage{space(3000, 1), byteType, gzipped, chunkedAt(1, 1<<20)}, append(padded(chunkTree(wide...)), compressed...), "more values than"},
		{"a B-tree that is its own child", []forgedMessage{space(10), byteType, chunkedAt(10)},
			le("TREE", byte(1), byte(1), uint16(1), [2]uint64{}, [3]uint64{}, uint64(bodyAt), [100]byte{}), "kind 1, level 1 where kind 1, level 0 is needed"},
		{"texts that share a large object", []forgedMessage{space(1 << 14), variable, contiguous(bodyAt+1<<17, uint64(len(references)))}, append(collection, references...), "too large"},
		{"a filter that is not known", []forgedMessage{space(1), byteType, {messageFilters, le(byte(2), byte(1), uint16(999), uint32(0), uint32(0))}, unwritten}, nil, "filter 999 (unknown) is not read"},
		{"40 filters", []forgedMessage{{messageFilters, le(byte(2), byte(40))}}, nil, "40 filters"},
		{"an old layout", []forgedMessage{space(1), byteType, {messageLayout, le(byte(1), byte(1), byte(1))}}, nil, "a layout of version 1"},
		{"chunks without filters at the edges", []forgedMessage{space(10), byteType, gzipped, {messageLayout, le(byte(4), byte(2), byte(1), byte(2), byte(1), byte(4), byte(1))}}, nil, "those at the edges are stored without filters"},
		{"an index of a later version", []forgedMessage{space(10), byteType, {messageLayout, le(byte(4), byte(2), byte(0), byte(2), byte(1), byte(4), byte(1), byte(9))}}, nil, "index 9 is not read"},
		{"a virtual dataset", []forgedMessage{space(1), byteType, {messageLayout, le(byte(4), byte(3), uint64(0))}}, nil, "a virtual dataset"},
		{"values in other files", []forgedMessage{space(1), byteType, {messageExternal, le(uint64(0))}, unwritten}, nil, "lie in other files"},
		{"a fill value of another size", []forgedMessage{space(10), byteType, {messageFill, le(byte(2), byte(0), byte(0), byte(1), uint32(4), uint32(7))}, unwritten}, nil, "a fill value of 4 bytes for values of 1"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			data := forge(test.messages, test.body)
			bounded(t, func() {
				if err := openAndRead(data); err == nil || !strings.HasPrefix(err.Error(), "hdf5: ") || !strings.Contains(err.Error(), test.want) {
					t.Errorf("error %v, want one with %q", err, test.want)
				}
			})
		})
	}
}

// TestForge requires what is forged to be read where nothing is wrong with it.
func TestForge(t *testing.T) {
	compressed := deflate(t, 1000)
	for name, data := range map[string][]byte{
		"contiguous": forge([]forgedMessage{space(1000), byteType, contiguous(bodyAt, 1000)}, make([]byte, 1000)),
		"unwritten":  forge([]forgedMessage{space(1000), byteType, unwritten}, nil),
		"chunked":    forge([]forgedMessage{space(1000), byteType, gzipped, chunkedAt(1000)}, append(chunkTree(forgedChunk{uint32(len(compressed)), []uint64{0}, behindOne}), compressed...)),
	} {
		o, err := openBytes(t, data).Object("/")
		if err != nil {
			t.Fatal(err)
		}
		if a, err := o.Read(); err != nil || !bytes.Equal(a.Bytes(), make([]byte, 1000)) {
			t.Errorf("%s: %v, %v", name, a, err)
		}
	}
}

// TestMutations changes bytes at random, always the same ones. Checksums are not verified, so that
// the changes reach what they stand for.
func TestMutations(t *testing.T) {
	for _, name := range []string{"earliest.h5", "latest.h5", "large.h5"} {
		t.Run(name, func(t *testing.T) {
			original := readFile(t, name)
			random := rand.New(rand.NewPCG(1, 2))
			failed := 0
			for i := range 20 {
				data := bytes.Clone(original)
				for range 1 + random.IntN(20) {
					data[random.IntN(len(data))] = byte(random.IntN(256))
				}
				bounded(t, func() {
					if err := readUnchecked(data); err != nil {
						failed++
					}
				})
				if t.Failed() {
					t.Fatalf("mutation %d", i)
				}
			}
			if failed == 0 {
				t.Error("no change made a difference")
			}
		})
	}
}

// readUnchecked reads all that can be read, whatever the checksums are.
func readUnchecked(data []byte) error {
	f, err := open(bytes.NewReader(data), int64(len(data)), true)
	if err != nil {
		return err
	}
	list, err := f.Datasets()
	if err != nil {
		return err
	}
	failed := 0
	for _, d := range list {
		o, err := f.Object(d.Path)
		if err == nil {
			_, err = o.Read()
		}
		if err != nil {
			failed++
		}
	}
	return fmt.Errorf("%d datasets are not read", failed)
}

// FuzzRead requires that what is read has as many bytes as its shape and dtype say, and that the
// allowance holds.
func FuzzRead(f *testing.F) {
	for _, name := range []string{"userblock.h5", "committed.h5"} {
		f.Add(readFile(f, name))
	}
	compressed := deflate(f, 1000)
	f.Add(forge([]forgedMessage{space(1000), byteType, gzipped, chunkedAt(1000)}, append(chunkTree(forgedChunk{uint32(len(compressed)), []uint64{0}, behindOne}), compressed...)))
	f.Add(forge([]forgedMessage{space(2), variable, contiguous(bodyAt+64, 32)}, le("GCOL", uint32(1), uint64(64), uint16(1), uint16(1), uint32(0), uint64(8), "textual.", [24]byte{}, uint32(8), uint64(bodyAt), uint32(1), [16]byte{})))
	for _, name := range []string{"fuzz_old.h5", "fuzz_new.h5"} {
		f.Add(readFile(f, name))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		file, err := open(bytes.NewReader(data), int64(len(data)), true)
		if err != nil {
			return
		}
		list, err := file.Datasets()
		if err != nil {
			return
		}
		total := uint64(0)
		for _, d := range list {
			if d.Err != nil {
				continue
			}
			o, err := file.Object(d.Path)
			if err != nil {
				t.Fatalf("%s is in the list: %v", d.Path, err)
			}
			for _, name := range o.Attributes() {
				if a, err := o.Attribute(name); err == nil {
					total += uint64(len(a.Bytes()))
				}
			}
			a, err := o.Read()
			if err != nil {
				continue
			}
			if got, want := len(a.Bytes()), a.Len()*a.DType.Size(); got != want {
				t.Fatalf("%s: %d bytes, want %d", d.Path, got, want)
			}
			total += uint64(len(a.Bytes()))
		}
		if most := allow(uint64(len(data))).values; total > most {
			t.Fatalf("%d bytes of values, %d are allowed", total, most)
		}
	})
}
