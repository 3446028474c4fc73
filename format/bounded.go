package format

import (
	"fmt"
	"io"
	"unicode/utf8"
	"unsafe"

	"github.com/vmihailenco/msgpack/v5/msgpcode"
)

// The calls below read the scalars and lengths of a file. Each length is held
// against the bytes that remain, and memory is accounted for, before any is taken.

// charge accounts for one block of memory, of n elements, before it is taken.
func (d *decoder) charge(n, size int) error {
	d.budget -= allocated(int64(n) * int64(size))
	if d.budget < 0 {
		return fmt.Errorf("%w: the model needs more than 4 times its file in memory", ErrTooLarge)
	}
	return nil
}

// allocated bounds what Go's allocator takes for n bytes. It rounds up to one of
// its size classes, which stand less than a quarter apart, and above 32 KiB to
// pages of 8 KiB; two strings of up to 8 bytes share 16.
func allocated(n int64) int64 {
	switch {
	case n == 0:
		return 0
	case n <= 8:
		return 8
	case n <= 256:
		return (n + 15) &^ 15
	}
	return n + min(n/4, 8<<10) + 16
}

// decodeList reads an array. The slice is nil for an empty one.
func decodeList[T any](d *decoder, limit int, element func() (T, error)) ([]T, error) {
	n, err := d.count(limit)
	if err != nil || n == 0 {
		return nil, err
	}
	if err := d.charge(n, sizeOf[T]()); err != nil {
		return nil, err
	}
	list := make([]T, n)
	for i := range list {
		if list[i], err = element(); err != nil {
			return nil, d.at(err, fmt.Sprintf("[%d]", i))
		}
	}
	return list, nil
}

// entries reads the length of a map.
func (d *decoder) entries() (int, error) {
	start := d.offset()
	n, err := d.DecodeMapLen()
	if err == nil && d.data[start] == msgpcode.Nil {
		err = fmt.Errorf("nil where a map is needed: %w", ErrNotCanonical)
	}
	return n, err
}

// count reads the length of an array. Every element takes at least a byte.
func (d *decoder) count(limit int) (int, error) {
	start := d.offset()
	n, err := d.DecodeArrayLen()
	switch {
	case err != nil:
		return 0, err
	case d.data[start] == msgpcode.Nil:
		return 0, fmt.Errorf("nil where an array is needed: %w", ErrNotCanonical)
	case uint(n) > uint(d.reader.Len()): // n wraps below zero where int has 32 bits
		return 0, fmt.Errorf("array of %d elements in %d bytes: %w", uint(n), d.reader.Len(), ErrTruncated)
	case n > limit:
		return 0, fmt.Errorf("array of %d elements, at most %d are allowed: %w", n, limit, ErrTooLarge)
	}
	return n, nil
}

// length reads the length of a str or bin, and checks it against what remains.
func (d *decoder) length() (int, error) {
	start := d.offset()
	n, err := d.DecodeBytesLen()
	switch {
	case err != nil:
		return 0, err
	case d.data[start] == msgpcode.Nil:
		return 0, fmt.Errorf("nil where a str or bin is needed: %w", ErrNotCanonical)
	case uint(n) > uint(d.reader.Len()):
		return 0, fmt.Errorf("%d bytes where %d remain: %w", uint(n), d.reader.Len(), ErrTruncated)
	}
	return n, nil
}

func (d *decoder) text() (string, error) {
	n, err := d.length()
	if err != nil {
		return "", err
	}
	if n > MaxTextSize {
		return "", fmt.Errorf("string of %d bytes, at most %d are allowed: %w", n, MaxTextSize, ErrTooLarge)
	}
	if err := d.charge(n, 1); err != nil {
		return "", err
	}
	s := string(d.data[d.offset() : d.offset()+n])
	if err := checkText(s); err != nil {
		return "", err
	}
	return s, d.skip(n)
}

func (d *decoder) names() ([]string, error) {
	list, err := decodeList(d, MaxFileSize, d.text)
	if err != nil {
		return nil, err
	}
	return list, d.charge(len(list), 4) // for checkNames, which sorts indices of 4 bytes
}

// bin reads a key and the bytes that follow it, as a view.
func (d *decoder) bin(key string) ([]byte, error) {
	if err := d.key(key); err != nil {
		return nil, d.at(err, key)
	}
	n, err := d.length()
	if err != nil {
		return nil, d.at(err, key)
	}
	view := d.data[d.offset() : d.offset()+n]
	return view, d.skip(n)
}

func (d *decoder) integer() (int, error) {
	n, err := d.DecodeUint64()
	if err == nil && n > MaxFileSize {
		err = invalidf("integer %d: from 0 to %d is allowed", n, MaxFileSize)
	}
	return int(n), err
}

func (d *decoder) skip(n int) error {
	_, err := d.reader.Seek(int64(n), io.SeekCurrent)
	return err
}

func checkText(s string) error {
	if len(s) > MaxTextSize {
		return fmt.Errorf("string of %d bytes, at most %d are allowed: %w", len(s), MaxTextSize, ErrTooLarge)
	}
	if !utf8.ValidString(s) {
		return invalidf("string %.64q is not UTF-8", s)
	}
	return nil
}

// sizeOf is the size of a T made of words on a 64-bit machine. It is counted on
// every machine, so that all accept the same files.
func sizeOf[T any]() int {
	var t T
	return int(unsafe.Sizeof(t)) * 8 / int(unsafe.Sizeof(uintptr(0)))
}
