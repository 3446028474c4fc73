package joblib

import (
	"bufio"
	"bytes"
	"compress/bzip2"
	"compress/gzip"
	"compress/zlib"
	"errors"
	"fmt"
	"io"

	"github.com/pierrec/lz4/v4"
	"github.com/ulikunitz/xz"
	"github.com/ulikunitz/xz/lzma"

	"github.com/edge-infer/edge-infer/cmd/export/internal/source"
)

// Compression is how a file is compressed.
type Compression string

// The compressions.
const (
	None  Compression = "" // a pickle as it is
	Zlib  Compression = "zlib"
	Gzip  Compression = "gzip"
	Bzip2 Compression = "bzip2"
	LZ4   Compression = "lz4"
	XZ    Compression = "xz"
	LZMA  Compression = "lzma"
)

// magics are the first bytes of what has fixed ones.
var magics = []struct {
	compression Compression
	bytes       string
}{
	{Gzip, "\x1f\x8b\x08"},
	{Bzip2, "BZh"},
	{LZ4, "\x04\x22\x4d\x18"},
	{XZ, "\xfd7zXZ\x00"},
	{LZMA, "\x5d\x00\x00"}, // the usual properties, and a dictionary of 64 KiB or a multiple
}

// Recognise tells from the first bytes of a file, 16 or as many as there are, whether it may be
// compressed in a way that this package undoes, or a pickle.
func Recognise(head []byte) (Compression, bool) {
	for _, m := range magics {
		if bytes.HasPrefix(head, []byte(m.bytes)) {
			return m.compression, true
		}
	}
	if len(head) < 2 {
		return None, false
	}
	// Method 8, a window of at most 32 KiB, and two bytes that together are a multiple of 31.
	if head[0] == 0x78 && (int(head[0])<<8|int(head[1]))%31 == 0 {
		return Zlib, true
	}
	return None, isPickle(head)
}

// isPickle reports whether bytes may begin a pickle. From protocol 2 on that is said by the first
// instruction; before, a file begins with an object's class, or with a list, a tuple or a dict.
func isPickle(head []byte) bool {
	if head[0] == '\x80' {
		return head[1] >= 2 && head[1] <= 5
	}
	if head[0] == '(' {
		return bytes.IndexByte([]byte("dlc(ioNVUXKMJIFGL"), head[1]) >= 0
	}
	letter := head[1]|0x20 >= 'a' && head[1]|0x20 <= 'z' || head[1] == '_'
	return head[0] == 'c' && letter || (head[0] == ']' || head[0] == '}') && head[1] == 'q'
}

// How much a compressed file may grow: a trained model's weights hardly shrink at all, and its small
// print shrinks to a fifth or so.
const (
	spareGrowth = 16 << 20 // bytes, whatever the size of the file
	maxGrowth   = 16       // times the size of the file, in addition
)

// unpacked returns the most bytes that are read out of a compressed file of the given size.
func unpacked(size int64) int64 {
	if size > (source.MaxBytes-spareGrowth)/maxGrowth {
		return source.MaxBytes
	}
	return spareGrowth + maxGrowth*size
}

// maxDictionary bounds the memory that xz and lzma take for what they refer back to, in bytes. It is
// what the strongest of their presets uses.
const maxDictionary = 64 << 20

// unpack returns a reader of what a file of the given compression holds. The reader checks the
// checksum, if the compression has one, where it ends.
func unpack(r io.ReaderAt, size int64, c Compression) (io.Reader, error) {
	in := bufio.NewReader(io.NewSectionReader(r, 0, size))
	switch c {
	case Zlib:
		return zlib.NewReader(in)
	case Gzip:
		return gzip.NewReader(in)
	case Bzip2:
		return bzip2.NewReader(in), nil
	case LZ4:
		return lz4.NewReader(in), nil
	case XZ:
		total, err := dictionaries(bufio.NewReader(io.NewSectionReader(r, 0, size)))
		switch {
		case err != nil:
			return nil, fmt.Errorf("xz: %w", err)
		case total > maxDictionary:
			return nil, fmt.Errorf("xz: dictionaries of %d bytes: at most %d are given", total, maxDictionary)
		}
		return xz.ReaderConfig{SingleStream: true}.NewReader(in)
	case LZMA:
		return lzma.ReaderConfig{DictCap: maxDictionary}.NewReader(in)
	}
	return nil, errors.New("no compression")
}
