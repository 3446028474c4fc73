package hdf5

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"math"

	"github.com/edge-infer/edge-infer/cmd/export/internal/source"
)

// File is an open HDF5 file. It is not safe for use by several goroutines.
type File struct {
	r    io.ReaderAt
	size uint64 // in bytes, of r
	base uint64 // offset of address 0
	root uint64 // address of the root group's object header

	allowed   allowances
	headers   map[uint64]*header           // read so far, by address
	heaps     map[uint64]map[uint32][]byte // global heap collections read so far
	unchecked bool                         // checksums are not verified: so tests reach what is behind them
}

// allowances are bytes that may still be read or made. They bound the work that a small file can
// ask for by pointing at the same bytes over and over.
type allowances struct {
	structure uint64 // everything that describes
	stored    uint64 // values as they are stored
	values    uint64 // values as they are handed out
}

// fixed is the part of an allowance that does not depend on the file's size.
const fixed = 16 << 20

func allow(size uint64) allowances {
	return allowances{
		structure: min(fixed+8*size, 8*fixed),
		stored:    fixed + 4*size,
		// Real data become ten times smaller when compressed, rarely more.
		values: min(fixed+64*size, source.MaxBytes),
	}
}

// undefined is the address of what does not exist.
const undefined = math.MaxUint64

const signature = "\x89HDF\r\n\x1a\n"

// Open reads the superblock of the file in r, which is size bytes long. The superblock stands at the
// start, or behind a user block of 512 bytes or a power of two times as many.
func Open(r io.ReaderAt, size int64) (*File, error) {
	return open(r, size, false)
}

func open(r io.ReaderAt, size int64, unchecked bool) (*File, error) {
	if size < 0 || size > math.MaxInt64/128 { // so that allowances do not overflow
		return nil, fmt.Errorf("hdf5: a file of %d bytes", size)
	}
	f := &File{
		r: r, size: uint64(size), allowed: allow(uint64(size)), unchecked: unchecked,
		headers: map[uint64]*header{}, heaps: map[uint64]map[uint32][]byte{},
	}
	if err := f.find(); err != nil {
		return nil, fmt.Errorf("hdf5: %w", err)
	}
	if err := f.superblock(); err != nil {
		return nil, fmt.Errorf("hdf5: superblock: %w", err)
	}
	return f, nil
}

// find looks for the signature where it may stand.
func (f *File) find() error {
	head := make([]byte, len(signature))
	for at := uint64(0); at+uint64(len(signature)) <= f.size; at = max(2*at, 512) {
		if err := f.readAt(head, at); err != nil {
			return err
		}
		if bytes.Equal(head, []byte(signature)) {
			f.base = at
			return nil
		}
	}
	return errors.New("not an HDF5 file: it does not begin with \\x89HDF")
}

// superblock reads versions 0 to 3.
func (f *File) superblock() error {
	head, err := f.block(0, uint64(len(signature))+1)
	if err != nil {
		return err
	}
	switch version := head[len(signature)]; version {
	case 0, 1:
		return f.oldSuperblock(version)
	case 2, 3:
		return f.newSuperblock()
	default:
		return fmt.Errorf("version %d is not read: 0 to 3 are", version)
	}
}

func (f *File) oldSuperblock(version byte) error {
	length := uint64(24 + 4*8 + 24) // signature to flags, four addresses, start of the root's entry
	if version == 1 {
		length += 4
	}
	b, err := f.block(0, length)
	if err != nil {
		return err
	}
	c := cursor{b: b[13:]}
	if err := checkSizes(c.u8(), c.u8()); err != nil {
		return err
	}
	c.skip(int(length) - 15 - 4*8 - 24)
	c.skip(8 + 8) // base address: the signature stands there; free space
	end := c.u64()
	c.skip(8 + 8) // driver information, name of the root
	f.root = c.u64()
	return f.checkEnd(end)
}

func (f *File) newSuperblock() error {
	b, err := f.checked(0, 48, "")
	if err != nil {
		return err
	}
	c := cursor{b: b[9:]}
	if err := checkSizes(c.u8(), c.u8()); err != nil {
		return err
	}
	c.skip(1 + 8 + 8) // flags, base address, extension
	end := c.u64()
	f.root = c.u64()
	return f.checkEnd(end)
}

// checkSizes requires addresses and lengths of 8 bytes, which all libraries write unless told not to.
func checkSizes(address, length byte) error {
	if address != 8 || length != 8 {
		return fmt.Errorf("addresses of %d and lengths of %d bytes: 8 and 8 are read", address, length)
	}
	return nil
}

// checkEnd tells a download that broke off from other damage.
func (f *File) checkEnd(end uint64) error {
	if end != undefined && end > f.size {
		return fmt.Errorf("the file ends after %d of %d bytes: it was not copied or downloaded whole", f.size, end)
	}
	return nil
}
