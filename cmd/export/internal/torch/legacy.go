package torch

import (
	"encoding/binary"
	"fmt"
	"io"

	"github.com/edge-infer/edge-infer/cmd/export/internal/pickle"
)

// legacyProtocol is the only version of the older form that there was.
const legacyProtocol = 1001

// legacy reads the older form: five pickles one after the other, which are a magic number, the
// version, facts of the machine, the object, and the keys of the storages; then each storage, as its
// number of values in eight bytes, and the values. All is little-endian, on any machine.
func (c *content) legacy(file io.ReaderAt) (any, error) {
	r := pickle.NewReader(io.NewSectionReader(file, 0, c.size), c.size, c.options())
	if _, err := r.Load(); err != nil {
		return nil, err
	}
	version, err := r.Load()
	if err != nil {
		return nil, err
	}
	if version != any(int64(legacyProtocol)) {
		return nil, fmt.Errorf("version %s of the older form: %d is read", pickle.Describe(version), legacyProtocol)
	}
	if _, err := r.Load(); err != nil {
		return nil, err
	}
	root, err := r.Load()
	if err != nil {
		return nil, err
	}
	keys, err := r.Load()
	if err != nil {
		return nil, err
	}
	list, ok := keys.(*pickle.List)
	if !ok {
		return nil, fmt.Errorf("%s where the keys of the storages are needed", pickle.Describe(keys))
	}
	for _, key := range list.Items {
		if err := c.next(r, key); err != nil {
			return nil, err
		}
	}
	return root, nil
}

// next reads the storage of a key. Its type is known from the tensors.
func (c *content) next(r *pickle.Reader, key any) error {
	name, _ := key.(string)
	s := c.storages[name]
	if s == nil || s.data != nil {
		return fmt.Errorf("storage %s: no tensor has it, or it comes twice", pickle.Describe(key))
	}
	field, err := r.Take(8)
	if err != nil {
		return fmt.Errorf("storage %q: %w", name, err)
	}
	if n := binary.LittleEndian.Uint64(field); s.width == 0 || n != uint64(s.size/s.width) {
		return fmt.Errorf("storage %q of %d values: the tensors have %d bytes of it", name, n, s.size)
	}
	if s.data, err = r.Take(uint64(s.size)); err != nil {
		return fmt.Errorf("storage %q: %w", name, err)
	}
	return nil
}
