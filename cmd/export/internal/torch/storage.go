package torch

import (
	"errors"
	"fmt"
	"strings"

	"github.com/edge-infer/edge-infer/cmd/export/internal/pickle"
	"github.com/edge-infer/edge-infer/cmd/internal/npy"
)

// content is a file while it is read.
type content struct {
	size     int64 // of the file, in bytes
	script   bool  // it is TorchScript
	big      bool  // values have the most significant byte first
	storages map[string]*storage
	fetch    func(*storage) error // reads a storage's data; nil once all are there
	fetched  int64                // bytes of storages so far
	spent    int64                // bytes of the tensors so far
	visits   int                  // modules and entries of dicts so far
}

// storage is a flat array of values that tensors are views of.
type storage struct {
	key   string
	size  int    // in bytes
	width int    // bytes of one value, as the storage was first seen
	data  []byte // nil until it is fetched
}

// part is a storage, or a part of one, as values of one type.
type part struct {
	*storage
	dtype dtype
	first int // value of the storage that is the part's first
	count int // values
}

// dtype is the type of a tensor's values.
type dtype struct {
	name string    // as PyTorch has it; empty for bytes whose type the tensor tells
	npy  npy.DType // without the byte order; empty for bfloat16, which NumPy lacks
	size int       // of one value, in bytes
}

// dtypes are those that can be read. The names of storages are those of C.
var dtypes = []struct {
	storage string
	dtype
}{
	{"DoubleStorage", dtype{"float64", "f8", 8}},
	{"FloatStorage", dtype{"float32", "f4", 4}},
	{"HalfStorage", dtype{"float16", "f2", 2}},
	{"BFloat16Storage", dtype{"bfloat16", "", 2}},
	{"LongStorage", dtype{"int64", "i8", 8}},
	{"IntStorage", dtype{"int32", "i4", 4}},
	{"ShortStorage", dtype{"int16", "i2", 2}},
	{"CharStorage", dtype{"int8", "i1", 1}},
	{"ByteStorage", dtype{"uint8", "u1", 1}},
	{"BoolStorage", dtype{"bool", "b1", 1}},
	{"UntypedStorage", dtype{"", "", 1}},
	{"", dtype{"uint64", "u8", 8}},
	{"", dtype{"uint32", "u4", 4}},
	{"", dtype{"uint16", "u2", 2}},
}

// storageDType returns the type of the values of a class of storages.
func storageDType(class any) (dtype, error) {
	if g, ok := class.(*pickle.Global); ok && strings.HasPrefix(g.Module, "torch") {
		for _, d := range dtypes {
			if d.storage == g.Name && d.storage != "" {
				return d.dtype, nil
			}
		}
	}
	return dtype{}, fmt.Errorf("a storage of %s, whose values are not read: floats of 16 to 64 bits, integers and booleans are", pickle.Describe(class))
}

// namedDType returns the type that is called torch.float32, say.
func namedDType(v any) (dtype, error) {
	if g, ok := v.(*pickle.Global); ok && g.Module == "torch" {
		for _, d := range dtypes {
			if d.name == g.Name {
				return d.dtype, nil
			}
		}
	}
	return dtype{}, fmt.Errorf("a tensor of dtype %s", pickle.Describe(v))
}

// persistent returns what stands for an object outside of the pickle: a part of a storage. The older
// form so refers to classes of modules too, with their source code.
func (c *content) persistent(id any) (any, error) {
	t, _ := id.(pickle.Tuple)
	kind := ""
	if len(t) > 0 {
		kind, _ = t[0].(string)
	}
	switch {
	case kind == "module" && len(t) >= 2:
		return t[1], nil
	case kind == "storage" && len(t) >= 5:
		return c.part(t[1:])
	}
	return nil, fmt.Errorf("%s as a reference to a storage", pickle.Describe(id))
}

// part reads class, key, device and number of values, and in old files the part that is meant: a
// key of its own, the first value and their number.
func (c *content) part(t pickle.Tuple) (*part, error) {
	d, err := storageDType(t[0])
	if err != nil {
		return nil, err
	}
	key, ok1 := t[1].(string)
	count, ok2 := t[3].(int64)
	if !ok1 || !ok2 || count < 0 || count > c.size/int64(d.size) {
		return nil, fmt.Errorf("a storage %s of %s values of %d bytes in a file of %d", pickle.Describe(t[1]), pickle.Describe(t[3]), d.size, c.size)
	}
	p := &part{dtype: d, count: int(count)}
	size := p.count * d.size
	if p.storage = c.storages[key]; p.storage == nil {
		p.storage = &storage{key: key, size: size, width: d.size}
		if c.storages == nil {
			c.storages = map[string]*storage{}
		}
		c.storages[key] = p.storage
	}
	if p.size != size {
		return nil, fmt.Errorf("storage %q has %d bytes here and %d there", key, size, p.size)
	}
	if len(t) < 5 || t[4] == nil {
		return p, nil
	}
	view, _ := t[4].(pickle.Tuple)
	if len(view) != 3 {
		return nil, fmt.Errorf("storage %q: %s as its part", key, pickle.Describe(t[4]))
	}
	first, ok1 := view[1].(int64)
	n, ok2 := view[2].(int64)
	if !ok1 || !ok2 || first < 0 || n < 0 || first > count || n > count-first {
		return nil, fmt.Errorf("storage %q of %d values: a part that does not lie in it", key, count)
	}
	p.first, p.count = int(first), int(n)
	return p, nil
}

// bytes returns the data of a part.
func (c *content) bytes(p *part) ([]byte, error) {
	if p.data == nil && p.size > 0 {
		if c.fetch == nil {
			return nil, fmt.Errorf("storage %q is not in the file", p.key)
		}
		if err := c.fetch(p.storage); err != nil {
			return nil, fmt.Errorf("storage %q: %w", p.key, err)
		}
	}
	return p.data[p.first*p.dtype.size:][:p.count*p.dtype.size], nil
}

// spend accounts for the bytes of a tensor. Several may be views of one storage, as tied weights
// are; a file that fills memory so is refused.
func (c *content) spend(n int) error {
	const shared = 4
	if c.spent += int64(n); c.spent > shared*c.size {
		return errors.New("the tensors together are many times as large as the file, being views of one another")
	}
	return nil
}
