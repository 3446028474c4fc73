package hdf5

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io"
)

// readAt fills p from an offset in the file.
func (f *File) readAt(p []byte, offset uint64) error {
	n, err := f.r.ReadAt(p, int64(offset))
	if n == len(p) {
		return nil
	}
	if errors.Is(err, io.EOF) {
		err = io.ErrUnexpectedEOF
	}
	return fmt.Errorf("%d of %d bytes at offset %d: %w", n, len(p), offset, err)
}

// within checks that n bytes from an address lie in the file.
func (f *File) within(address, n uint64) error {
	if space := f.size - f.base; address > space || n > space-address {
		return fmt.Errorf("%d bytes at address %#x: the file has %d", n, address, space)
	}
	return nil
}

// read returns n bytes from an address, for which the caller has used up an allowance.
func (f *File) read(address, n uint64) ([]byte, error) {
	if err := f.within(address, n); err != nil {
		return nil, err
	}
	b := make([]byte, n)
	if err := f.readAt(b, f.base+address); err != nil {
		return nil, err
	}
	return b, nil
}

// spend takes n from an allowance.
func spend(allowance *uint64, n uint64, of string) error {
	if n > *allowance {
		return fmt.Errorf("more %s than a file of this size is allowed", of)
	}
	*allowance -= n
	return nil
}

// entryCost is what keeping an entry of a structure, such as a link, costs beside its bytes.
const entryCost = 128

// entry accounts for one entry of a structure.
func (f *File) entry() error { return spend(&f.allowed.structure, entryCost, "structure") }

// block returns n bytes of structure.
func (f *File) block(address, n uint64) ([]byte, error) {
	if err := f.within(address, n); err != nil {
		return nil, err
	}
	if err := spend(&f.allowed.structure, n+entryCost, "structure"); err != nil {
		return nil, err
	}
	return f.read(address, n)
}

// signed returns n bytes of structure that begin with a signature.
func (f *File) signed(address, n uint64, signature string) ([]byte, error) {
	b, err := f.block(address, n)
	if err != nil {
		return nil, fmt.Errorf("block %q: %w", signature, err)
	}
	if len(b) < len(signature) || string(b[:len(signature)]) != signature {
		return nil, fmt.Errorf("%q at address %#x where a block %q is needed", b[:min(len(b), len(signature))], address, signature)
	}
	return b, nil
}

// checked is signed for a block whose last 4 bytes are the checksum of those before. It returns the
// block without them.
func (f *File) checked(address, n uint64, signature string) ([]byte, error) {
	b, err := f.signed(address, n, signature)
	if err != nil {
		return nil, err
	}
	return f.verify(b, address)
}

// verify compares the checksum at the end of a block from an address, and cuts it off.
func (f *File) verify(b []byte, address uint64) ([]byte, error) {
	if len(b) < 4 {
		return nil, fmt.Errorf("a block of %d bytes at address %#x has no checksum", len(b), address)
	}
	body := b[:len(b)-4]
	if want := binary.LittleEndian.Uint32(b[len(body):]); !f.unchecked && lookup3(body) != want {
		return nil, fmt.Errorf("block at address %#x: %w", address, errChecksum)
	}
	return body, nil
}

var errChecksum = errors.New("the checksum does not match: the file is damaged")
