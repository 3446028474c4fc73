package hdf5

import (
	"bytes"
	"compress/zlib"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
)

// filter is one step of what chunks went through when they were written.
type filter struct{ id int }

// The filters that are read.
const (
	filterGzip       = 1
	filterShuffle    = 2
	filterFletcher32 = 3
)

// filterNames are those that people meet.
var filterNames = map[int]string{
	4: "szip", 5: "nbit", 6: "scale-offset", 307: "bzip2", 32000: "lzf", 32001: "blosc", 32004: "lz4",
	32008: "bitshuffle", 32013: "zfp", 32015: "zstd", 32026: "blosc2",
}

// check refuses a filter that is not read.
func (f filter) check() error {
	switch f.id {
	case filterGzip, filterShuffle, filterFletcher32:
		return nil
	}
	name := filterNames[f.id]
	if name == "" {
		name = "unknown"
	}
	return fmt.Errorf("filter %d (%s) is not read: gzip, shuffle and fletcher32 are; write it anew with compression=\"gzip\", or h5repack -f GZIP=4", f.id, name)
}

// parseFilters reads a filter pipeline, in the order of writing.
func parseFilters(c *cursor) ([]filter, error) {
	version, n := c.u8(), int(c.u8())
	switch version {
	case 1:
		c.skip(6)
	case 2:
	default:
		return nil, fmt.Errorf("filters of version %d", version)
	}
	if n > 32 { // a chunk has a bit for each
		return nil, fmt.Errorf("%d filters: at most 32 are possible", n)
	}
	var filters []filter
	for range n {
		f := filter{c.u16()}
		nameLength := 0
		if version == 1 || f.id >= 256 {
			nameLength = c.u16()
		}
		c.skip(2) // flags
		parameters := c.u16()
		if version == 1 {
			nameLength = (nameLength + 7) &^ 7
			parameters += parameters & 1 // padded
		}
		c.skip(nameLength + 4*parameters)
		filters = append(filters, f)
	}
	return filters, c.err()
}

// undo reverses the filter on a chunk that holds size bytes in the end, of values of width bytes.
func (f filter) undo(b []byte, size uint64, width int) ([]byte, error) {
	switch f.id {
	case filterGzip:
		return inflate(b, size)
	case filterShuffle:
		return unshuffle(b, width), nil
	case filterFletcher32:
		if len(b) < 4 {
			return nil, errors.New("no checksum")
		}
		body := b[:len(b)-4]
		if binary.LittleEndian.Uint32(b[len(body):]) != fletcher32(body) {
			return nil, errChecksum
		}
		return body, nil
	}
	return nil, f.check()
}

// inflate decompresses to size bytes, or 4 more if a checksum was added before.
func inflate(b []byte, size uint64) ([]byte, error) {
	z, err := zlib.NewReader(bytes.NewReader(b))
	if err != nil {
		return nil, fmt.Errorf("gzip: %w", err)
	}
	// One byte of room past what can be right tells what is too long, and lets the reader arrive at
	// the end and compare its checksum.
	out := make([]byte, size+5)
	n, err := io.ReadFull(z, out)
	switch {
	case err == nil:
		return nil, fmt.Errorf("gzip: more than the %d bytes that a chunk holds", size)
	case errors.Is(err, io.ErrUnexpectedEOF) && n > 0, errors.Is(err, io.EOF):
		// The end, or a stream that breaks off: the two differ in what a further read says.
		if _, err := z.Read(make([]byte, 1)); !errors.Is(err, io.EOF) {
			return nil, fmt.Errorf("gzip: %w", err)
		}
		return out[:n], nil
	}
	return nil, fmt.Errorf("gzip: %w", err)
}

// unshuffle puts the bytes of values together again: all first bytes stood in front, then all second
// ones. What does not fill a value stands at the end as it was.
func unshuffle(b []byte, width int) []byte {
	n := len(b) / width
	if width == 1 || n < 2 {
		return b
	}
	out := make([]byte, len(b))
	copy(out[n*width:], b[n*width:])
	for i := range width {
		for j, v := range b[i*n : (i+1)*n] {
			out[j*width+i] = v
		}
	}
	return out
}
