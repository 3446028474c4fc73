package joblib

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"compress/zlib"
	"hash/crc32"
	"io"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/pierrec/lz4/v4"
	"github.com/ulikunitz/xz"
	"github.com/ulikunitz/xz/lzma"

	"github.com/edge-infer/edge-infer/cmd/export/internal/pickle"
)

// What a hostile file may cost, in bytes taken from memory in total, and in time: a second, but for
// an emulator or the race detector.
const (
	maxMemory = 256 << 20
	maxTime   = time.Minute
)

// hostile loads a file that must be refused, with words that the error must have, at a small price.
func hostile(t *testing.T, data []byte, want string) {
	t.Helper()
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	start := time.Now()
	_, err := load(data)
	took := time.Since(start)
	runtime.ReadMemStats(&after)
	if err == nil || !strings.Contains(err.Error(), want) {
		t.Errorf("error %v, want one with %q", err, want)
	}
	if memory := after.TotalAlloc - before.TotalAlloc; memory > maxMemory {
		t.Errorf("%d bytes of memory were taken for %d", memory, len(data))
	}
	if took > maxTime {
		t.Errorf("it took %v", took)
	}
}

// announced is the beginning of a pickle with a gibibyte of bytes.
const announced = "\x80\x04\x8e\x00\x00\x00\x40\x00\x00\x00\x00"

// writers compress, in all ways that a library has a writer for.
var writers = map[string]func(io.Writer) (io.WriteCloser, error){
	"zlib": func(w io.Writer) (io.WriteCloser, error) { return zlib.NewWriter(w), nil },
	"gzip": func(w io.Writer) (io.WriteCloser, error) { return gzip.NewWriter(w), nil },
	"lz4":  func(w io.Writer) (io.WriteCloser, error) { return lz4.NewWriter(w), nil },
	"xz":   func(w io.Writer) (io.WriteCloser, error) { return xz.NewWriter(w) },
	"lzma": func(w io.Writer) (io.WriteCloser, error) { return lzma.NewWriter(w) },
}

// compress compresses parts of a file one after the other.
func compress(t *testing.T, name string, parts ...[]byte) []byte {
	t.Helper()
	var file bytes.Buffer
	w, err := writers[name](&file)
	if err != nil {
		t.Fatal(err)
	}
	for _, part := range parts {
		if _, err := w.Write(part); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return file.Bytes()
}

// TestBombs announces more than such a small file may grow to.
func TestBombs(t *testing.T) {
	for name := range writers {
		t.Run(name, func(t *testing.T) {
			hostile(t, compress(t, name, []byte(announced), make([]byte, 1<<16)), "bytes are announced")
		})
	}
}

// TestInstructions gives more of them than a model has, in a few bytes.
func TestInstructions(t *testing.T) {
	hostile(t, compress(t, "zlib", []byte("("), bytes.Repeat([]byte("N"), pickle.MaxOpcodes)), "instructions")
}

// TestGrowth unpacks a file that gives its many megabytes in small portions, in members as gzip
// allows them.
func TestGrowth(t *testing.T) {
	// Bytes, thrown away again.
	portion := compress(t, "gzip", []byte("\x8e\x00\x00\x40\x00\x00\x00\x00\x00"), make([]byte, 4<<20), []byte("0"))
	for _, portions := range []int{10, 1 << 20 / len(portion)} {
		hostile(t, bytes.Repeat(portion, portions), "bytes are announced and")
	}
}

// TestManyPickles writes them one after the other without end.
func TestManyPickles(t *testing.T) {
	hostile(t, compress(t, "gzip", bytes.Repeat([]byte("N."), 1<<20)), "more than 64 pickles")
}

// TestDictionaries refuses files that ask for gigabytes to refer back to.
func TestDictionaries(t *testing.T) {
	t.Run("lzma", func(t *testing.T) {
		hostile(t, append([]byte("\x5d\x00\x00\x00\x40"), make([]byte, 64)...), "dictionary")
	})
	data := readFile(t, "joblib_xz/model.joblib")
	t.Run("xz", func(t *testing.T) {
		// The block's header is 12 bytes, at 12: size, flags, filter, its properties, padding, checksum.
		for _, code := range []byte{29, 40} { // 96 MiB and 4 GiB
			changed := slices.Clone(data)
			changed[16] = code
			sum := crc32.ChecksumIEEE(changed[12:20])
			copy(changed[20:], []byte{byte(sum), byte(sum >> 8), byte(sum >> 16), byte(sum >> 24)})
			hostile(t, changed, "xz: dictionaries of")
		}
	})
	t.Run("xz, many blocks", func(t *testing.T) {
		// A block that holds nothing is its header, the end of its chunks, and padding.
		block := slices.Concat(data[12:24], []byte{0, 0, 0, 0})
		flags := slices.Clone(data[:12])
		flags[7] = 0 // no checksums
		sum := crc32.ChecksumIEEE(flags[6:8])
		copy(flags[8:], []byte{byte(sum), byte(sum >> 8), byte(sum >> 16), byte(sum >> 24)})
		hostile(t, slices.Concat(flags, bytes.Repeat(block, 1<<16), []byte{0}), "xz: dictionaries of")
	})
}

// TestDictionariesOfBlocks counts those of a file of several blocks with chunks of both kinds.
func TestDictionariesOfBlocks(t *testing.T) {
	noise := make([]byte, 1<<12)
	state := uint32(1)
	for i := range noise {
		state = state*1664525 + 1013904223
		noise[i] = byte(state >> 24)
	}
	content := slices.Concat([]byte("\x80\x04\x8e\x00\x14\x00\x00\x00\x00\x00\x00"), make([]byte, 1<<10), noise, []byte("."))
	for _, checksum := range []byte{xz.CRC32, xz.CRC64, xz.SHA256} {
		var file bytes.Buffer
		w, err := xz.WriterConfig{CheckSum: checksum, BlockSize: 1 << 10, DictCap: 1 << 16}.NewWriter(&file)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := w.Write(content); err != nil {
			t.Fatal(err)
		}
		if err := w.Close(); err != nil {
			t.Fatal(err)
		}
		const blocks = 6
		if total, err := dictionaries(bufio.NewReader(bytes.NewReader(file.Bytes()))); err != nil || total != blocks<<16 {
			t.Errorf("checksum %d: %d bytes, error %v, want %d", checksum, total, err, blocks<<16)
		}
		if f, err := load(file.Bytes()); err != nil || len(f.Values[0].([]byte)) != 5<<10 {
			t.Errorf("checksum %d: error %v", checksum, err)
		}
	}
}

// TestFilters refuses an xz block with more than lzma2.
func TestFilters(t *testing.T) {
	data := readFile(t, "joblib_xz/model.joblib")
	data[13] = 1 // two filters
	hostile(t, data, "a block with filters")
}
