package table

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"math"

	"github.com/edge-infer/edge-infer/cmd/internal/npy"
)

// rawWriter writes little-endian float32 values and nothing else.
type rawWriter struct {
	rows
	w     io.Writer
	chunk []byte
}

func (r *rawWriter) Write(values []float32, n int, _ []string) error {
	rows{width: r.width}.check(values, n, nil)
	for len(values) > 0 {
		some := min(len(values), writeChunk/4)
		r.chunk = r.chunk[:0]
		for _, v := range values[:some] {
			r.chunk = binary.LittleEndian.AppendUint32(r.chunk, math.Float32bits(v))
		}
		if _, err := r.w.Write(r.chunk); err != nil {
			return fmt.Errorf("table: writing rows: %w", err)
		}
		values = values[some:]
	}
	return nil
}

func (r *rawWriter) Close() error { return nil }

// maxHeld bounds the rows that are held for the header of an npy array on its way to a pipe.
const maxHeld = 1 << 30

// npyWriter writes an npy file of shape (rows, width). Its header has room for any number of rows,
// so it is written first with none and again, at the end, with the number that came.
type npyWriter struct {
	w       io.Writer
	seeker  io.WriteSeeker // w, or nil if w cannot seek
	start   int64          // where in seeker the header is
	held    bytes.Buffer   // the rows, if w cannot seek
	maxHeld int            // bytes
	body    rawWriter      // to w or to held
	written int            // rows
}

func newNPYWriter(w io.Writer, r rows, maxHeld int) (*npyWriter, error) {
	n := &npyWriter{w: w, maxHeld: maxHeld, body: rawWriter{rows: r, w: w}}
	// Even a pipe may have a Seek method, standard output has: only a call tells.
	if seeker, ok := w.(io.WriteSeeker); ok {
		if start, err := seeker.Seek(0, io.SeekCurrent); err == nil {
			n.seeker, n.start = seeker, start
			return n, n.header()
		}
	}
	n.body.w = &n.held
	return n, nil
}

func (n *npyWriter) Write(values []float32, count int, labels []string) error {
	if n.seeker == nil && len(values) > (n.maxHeld-n.held.Len())/4 {
		return fmt.Errorf("table: npy states its number of rows first, and more than %d bytes are not held for a pipe: write npy to a file, or choose raw", n.maxHeld)
	}
	if err := n.body.Write(values, count, labels); err != nil {
		return err
	}
	n.written += count
	return nil
}

// header writes the header for the rows written so far.
func (n *npyWriter) header() error {
	if err := npy.WriteHeader(n.w, []int{n.written, n.body.width}, "<f4"); err != nil {
		return fmt.Errorf("table: %w", err)
	}
	return nil
}

func (n *npyWriter) Close() error {
	if n.seeker != nil {
		return n.rewriteHeader()
	}
	if err := n.header(); err != nil {
		return err
	}
	if _, err := n.held.WriteTo(n.w); err != nil {
		return fmt.Errorf("table: writing rows: %w", err)
	}
	return nil
}

// rewriteHeader writes the header over the first one and returns to the end of the rows.
func (n *npyWriter) rewriteHeader() error {
	end, err := n.seeker.Seek(0, io.SeekCurrent)
	if err != nil {
		return fmt.Errorf("table: finding the end of the npy rows: %w", err)
	}
	if _, err := n.seeker.Seek(n.start, io.SeekStart); err != nil {
		return fmt.Errorf("table: going back to the npy header: %w", err)
	}
	if err := n.header(); err != nil {
		return err
	}
	// A file opened for appending is written at its end, whatever was sought.
	if at, err := n.seeker.Seek(0, io.SeekCurrent); err != nil || at > end {
		return errors.New("table: npy cannot be appended to a file: write a new one")
	}
	if _, err := n.seeker.Seek(end, io.SeekStart); err != nil {
		return fmt.Errorf("table: returning to the end of the npy rows: %w", err)
	}
	return nil
}
