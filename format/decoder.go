package format

import (
	"bytes"
	"errors"
	"fmt"
	"io"

	"github.com/vmihailenco/msgpack/v5"
	"github.com/vmihailenco/msgpack/v5/msgpcode"
)

// A decoder reads fields in the order in which records list them, from a buffer
// whose every remaining byte it can count. Of the MessagePack library it uses
// the primitive calls only: those that build values of any shape trust lengths,
// recurse without bound and let the last of two equal keys win.
type decoder struct {
	*msgpack.Decoder
	data   []byte
	reader *bytes.Reader
	stack  []field // of the records being read, outermost first
	budget int64   // bytes that may still be allocated
	lists  int     // lists of layers around the one being read
}

func newDecoder(data []byte) *decoder {
	r := bytes.NewReader(data)
	return &decoder{
		Decoder: msgpack.NewDecoder(r),
		data:    data,
		reader:  r,
		budget:  4*int64(len(data)) + 1<<20 - 1<<16, // what is left goes to fixed costs and to the error
	}
}

func (d *decoder) offset() int { return len(d.data) - d.reader.Len() }

func (d *decoder) fields(fields []field) error {
	for _, f := range fields {
		if err := d.key(f.key); err != nil {
			return d.at(err, f.key)
		}
		if err := d.value(f.ptr); err != nil {
			return d.at(err, f.key)
		}
	}
	return nil
}

func (d *decoder) key(want string) error {
	n, err := d.length()
	if err != nil {
		return err
	}
	got := d.data[d.offset() : d.offset()+n]
	if string(got) != want {
		return invalidf("key %.64q where %q is needed", got, want)
	}
	return d.skip(n)
}

func (d *decoder) value(ptr any) (err error) {
	switch p := ptr.(type) {
	case *string:
		*p, err = d.text()
	case *tensorName:
		*(*string)(p), err = d.text()
	case *int:
		*p, err = d.integer()
	case *uint32:
		*p, err = d.DecodeUint32()
	case *float32:
		*p, err = d.DecodeFloat32()
	case *float64:
		*p, err = d.DecodeFloat64()
	case *bool:
		*p, err = d.DecodeBool()
	case *[]int:
		*p, err = decodeList(d, MaxFileSize, d.integer)
	case *[]string:
		*p, err = d.names()
	case *[]Layer:
		*p, err = d.layers()
	case recordList:
		err = d.records(p)
	case optionalRecord:
		err = d.optional(p)
	case record:
		err = d.record(p)
	default:
		panic(fmt.Sprintf("format: a field of type %T", ptr))
	}
	return err
}

func (d *decoder) optional(o optionalRecord) error {
	if code, err := d.PeekCode(); err != nil || code == msgpcode.Nil {
		if err == nil {
			err = d.DecodeNil()
		}
		return err
	}
	if err := d.charge(1, o.size()); err != nil {
		return err
	}
	return d.record(o.create())
}

func (d *decoder) record(r record) error {
	n, err := d.entries()
	if err != nil {
		return err
	}
	base := len(d.stack)
	d.stack = r.fields(d.stack)
	return d.object(n, base)
}

// object reads a map of n entries into the fields above base, and takes them off
// the stack.
func (d *decoder) object(n, base int) error {
	f := d.stack[base:]
	if n != len(f) {
		return invalidf("map of %d entries where %d are needed", n, len(f))
	}
	err := d.fields(f)
	d.stack = d.stack[:base]
	return err
}

func (d *decoder) records(list recordList) error {
	n, err := d.count(MaxTensors) // every list of records has the same limit
	if err != nil || n == 0 {
		return err
	}
	if err := d.charge(n, list.size()); err != nil {
		return err
	}
	list.resize(n)
	for i := range n {
		if err := d.record(list.at(i)); err != nil {
			return d.at(err, fmt.Sprintf("[%d]", i))
		}
	}
	return nil
}

func (d *decoder) layers() ([]Layer, error) {
	if d.lists == 2 {
		return nil, invalidf("a columns layer within a columns layer: they do not nest")
	}
	d.lists++
	defer func() { d.lists-- }()
	return decodeList(d, MaxLayers, d.layer)
}

func (d *decoder) layer() (Layer, error) {
	n, err := d.entries()
	if err != nil {
		return nil, err
	}
	if err := d.key("op"); err != nil {
		return nil, err
	}
	op, err := d.text()
	if err != nil {
		return nil, err
	}
	// No layer is larger than a Dense; the string is the encoder's copy of op.
	if err := d.charge(1, sizeOf[Dense]()+sizeOf[string]()); err != nil {
		return nil, err
	}
	l := newLayer(op)
	if l == nil {
		return nil, invalidf("layer %.64q is not defined", op)
	}
	base := len(d.stack)
	d.stack = l.fields(d.stack)
	return l, d.object(n-1, base)
}

// at puts the offset and the path of the field before an error.
func (d *decoder) at(err error, path string) error {
	var located *Error
	if !errors.As(err, &located) {
		switch {
		case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF):
			err = ErrTruncated
		case !ours(err):
			err = fmt.Errorf("%w: %v", ErrInvalid, err) // the library met another type
		}
		return &Error{Offset: d.offset(), Field: path, Err: err}
	}
	switch {
	case located.Field == "" || path == "":
		located.Field += path
	case located.Field[0] == '[':
		located.Field = path + located.Field
	default:
		located.Field = path + "." + located.Field
	}
	return err
}

// ours tells whether an error wraps one of the package's.
func ours(err error) bool {
	for _, e := range []error{ErrNotModel, ErrNewer, ErrTruncated, ErrChecksum, ErrNotCanonical, ErrInvalid, ErrTooLarge} {
		if errors.Is(err, e) {
			return true
		}
	}
	return false
}

func zero(b []byte) bool {
	for _, c := range b {
		if c != 0 {
			return false
		}
	}
	return true
}
