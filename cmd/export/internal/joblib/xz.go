package joblib

import (
	"bufio"
	"encoding/binary"
	"errors"
	"fmt"
	"io"

	"github.com/ulikunitz/xz/lzma"
)

// dictionaries returns how many bytes the dictionaries of an xz stream take together, one a block.
// It reads the headers of blocks and chunks and skips what is compressed, because the decompressor
// takes a block's dictionary, of up to 4 GiB, as soon as it sees the header.
func dictionaries(in *bufio.Reader) (total int64, err error) {
	head := make([]byte, 12)
	if _, err := io.ReadFull(in, head); err != nil {
		return 0, err
	}
	checksum := checksumSize(head[7])
	for {
		size, err := in.ReadByte()
		if err != nil || size == 0 { // no block: the index
			return total, err
		}
		header := make([]byte, 4*int(size)+3)
		if _, err := io.ReadFull(in, header); err != nil {
			return 0, err
		}
		dictionary, err := dictionaryOf(header)
		if err != nil {
			return 0, err
		}
		total += dictionary
		packed, err := skipChunks(in)
		if err != nil {
			return 0, err
		}
		padding := int(-packed & 3)
		if _, err := in.Discard(padding + checksum); err != nil {
			return 0, err
		}
	}
}

// checksumSize returns the bytes of a block's checksum: in threes of types they double.
func checksumSize(flags byte) int {
	kind := int(flags & 0xf)
	if kind == 0 {
		return 0
	}
	return 4 << ((kind - 1) / 3)
}

// dictionaryOf returns the dictionary's size from a block's header, whose first byte is left out.
func dictionaryOf(header []byte) (int64, error) {
	const sizes, filters = 0xc0, 0x03 // of the flags: two optional sizes, and filters less one
	const lzma2 = 0x21
	flags, rest := header[0], header[1:]
	for optional := flags & sizes; optional != 0; optional &= optional - 1 {
		_, n := binary.Uvarint(rest)
		if n <= 0 {
			return 0, errors.New("a block with a size that is none")
		}
		rest = rest[n:]
	}
	if flags&filters != 0 || len(rest) < 3 || rest[0] != lzma2 || rest[1] != 1 {
		return 0, errors.New("a block with filters: lzma2 alone is read")
	}
	return lzma.DecodeDictCap(rest[2])
}

// skipChunks skips the chunks of a block, to the byte that ends them, and counts bytes.
func skipChunks(in *bufio.Reader) (packed int64, err error) {
	for {
		control, err := in.ReadByte()
		if err != nil {
			return 0, err
		}
		packed++
		var header, size int
		switch {
		case control == 0:
			return packed, nil
		case control == 1 || control == 2: // as it is
			header = 2
		case control < 0x80:
			return 0, fmt.Errorf("a chunk of type %#02x", control)
		case control < 0xc0:
			header = 4
		default: // with new properties
			header = 5
		}
		b, err := in.Peek(header)
		if err != nil {
			return 0, err
		}
		size = int(binary.BigEndian.Uint16(b)) + 1
		if header > 2 {
			size = int(binary.BigEndian.Uint16(b[2:])) + 1
		}
		if _, err := in.Discard(header + size); err != nil {
			return 0, err
		}
		packed += int64(header + size)
	}
}
