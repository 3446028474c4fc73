package pickle

import (
	"bufio"
	"errors"
	"fmt"
	"io"
)

// Limits of one Reader, over all the pickles that it loads. A model has some thousands of
// instructions; the bound on memory is about a hundred bytes for each.
const (
	MaxOpcodes = 1 << 20
	maxNested  = 4 // pickles within pickles, by way of OnBuild
)

// Options say what a reader accepts.
type Options struct {
	// Allow reports whether a class or function may occur. Without it none may. Python's own
	// containers, and the functions by which older protocols make them, need no permission.
	Allow func(module, name string) bool

	// Instance, if given, is asked about every object of a class that Allow refuses, once it has its
	// state. The object is refused if the answer is no, or if it never gets a state; and so is, as
	// ever, a call of what Allow refuses. A mere name is not: it stands for itself.
	Instance func(*Record) bool

	// Persistent, if given, returns what stands for an object that the pickle leaves to its
	// surroundings: a value of any type. Without it a *Persistent does.
	Persistent func(id any) (any, error)

	// OnBuild, if given, is called whenever a record has got its state, with the reader standing at
	// the byte behind. It may take bytes and whole pickles from there. What it returns stands in the
	// record's place.
	OnBuild func(*Record, *Reader) (any, error)
}

// Reader loads pickles, and the raw bytes between them, from a stream.
type Reader struct {
	in      *bufio.Reader
	left    int64 // bytes that may still be read
	offset  int64 // bytes that were read
	options Options
	opcodes int   // so far
	copied  int64 // bytes and values that calls built out of others
	nested  int   // calls of Load that are under way
}

// NewReader returns a reader of at most limit bytes of r: the length of the file if it is known, or
// the most that a compressed one may grow to.
func NewReader(r io.Reader, limit int64, o Options) *Reader {
	return &Reader{in: bufio.NewReader(r), left: max(limit, 0), options: o}
}

// ClassError says that a pickle names a class or function that is not allowed.
type ClassError struct{ Module, Name string }

func (e *ClassError) Error() string {
	return fmt.Sprintf("%.200q is refused: it is not among the classes and functions that are known here, and nothing is executed", e.Module+"."+e.Name)
}

// Load reads one pickle, to its last byte and not one further, and returns its value. An error tells
// the offset. At the end of the stream, before the first byte of a pickle, it wraps io.EOF.
func (r *Reader) Load() (any, error) {
	if r.nested == maxNested {
		return nil, fmt.Errorf("pickle: byte %d: pickles within pickles, %d deep", r.offset, maxNested)
	}
	r.nested++
	defer func() { r.nested-- }()
	if _, err := r.in.Peek(1); err != nil || r.left == 0 {
		if err == nil || errors.Is(err, io.EOF) {
			err = io.EOF
		}
		return nil, fmt.Errorf("pickle: byte %d: %w", r.offset, err)
	}
	m := machine{Reader: r, memo: map[uint64]any{}}
	v, err := m.run()
	if err != nil {
		return nil, fmt.Errorf("pickle: byte %d: %w", m.at, err)
	}
	return v, nil
}

// Offset returns the number of bytes read so far.
func (r *Reader) Offset() int64 { return r.offset }

// Left returns the number of bytes that may still be read. The stream may end before.
func (r *Reader) Left() int64 { return r.left }

// Read reads raw bytes, as an io.Reader.
func (r *Reader) Read(p []byte) (int, error) {
	if r.left == 0 {
		return 0, io.EOF
	}
	if int64(len(p)) > r.left {
		p = p[:r.left]
	}
	n, err := r.in.Read(p)
	r.left -= int64(n)
	r.offset += int64(n)
	return n, err
}

// ReadByte reads one raw byte, as an io.ByteReader.
func (r *Reader) ReadByte() (byte, error) {
	if r.left == 0 {
		return 0, io.ErrUnexpectedEOF
	}
	b, err := r.in.ReadByte()
	if err != nil {
		return 0, unexpected(err)
	}
	r.left--
	r.offset++
	return b, nil
}

// Take reads n raw bytes, into memory that doubles as they arrive.
func (r *Reader) Take(n uint64) ([]byte, error) {
	const first = 64 << 10
	if n > uint64(r.left) {
		return nil, fmt.Errorf("%d bytes are announced and %d are left: %w", n, r.left, io.ErrUnexpectedEOF)
	}
	data := make([]byte, 0, min(n, first))
	for uint64(len(data)) < n {
		if len(data) == cap(data) {
			bigger := make([]byte, len(data), min(uint64(2*len(data)), n))
			copy(bigger, data)
			data = bigger
		}
		got, err := io.ReadFull(r, data[len(data):cap(data)])
		data = data[:len(data)+got]
		if err != nil {
			return nil, fmt.Errorf("%d bytes are announced and %d came: %w", n, len(data), unexpected(err))
		}
	}
	return data, nil
}

// spend accounts for n bytes or values that a call builds. One value may be built out of another as
// often as there is room for calls; honest pickles do it once.
func (r *Reader) spend(n int) error {
	if r.copied += int64(n); r.copied > r.offset {
		return fmt.Errorf("calls build more than the %d bytes read so far", r.offset)
	}
	return nil
}

// line reads the rest of a line, without its end, of at most max bytes.
func (r *Reader) line(max int) ([]byte, error) {
	var line []byte
	for {
		b, err := r.ReadByte()
		switch {
		case err != nil:
			return nil, fmt.Errorf("a line that does not end: %w", err)
		case b == '\n':
			return line, nil
		case len(line) == max:
			return nil, fmt.Errorf("a line of more than %d bytes", max)
		}
		line = append(line, b)
	}
}

// unexpected turns an end of input where more had to come into io.ErrUnexpectedEOF.
func unexpected(err error) error {
	if errors.Is(err, io.EOF) {
		return io.ErrUnexpectedEOF
	}
	return err
}
