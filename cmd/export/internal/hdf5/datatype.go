package hdf5

import (
	"errors"
	"fmt"

	"github.com/edge-infer/edge-infer/cmd/internal/npy"
)

// datatype says how values are stored.
type datatype struct {
	size   int       // bytes of a stored value
	dtype  npy.DType // what the values become; of variable-length text not known before they are read
	kind   kind
	opaque bool
	// Why values are not read. The dtype is in the file all the same, and other datasets beside it.
	problem error
}

// kind is how stored values turn into those of an array.
type kind int

const (
	plain        kind = iota // as they are
	brainFloat               // the upper halves of float32 values
	fixedText                // ends with a zero
	paddedText               // filled up with zeros
	spacedText               // filled up with spaces
	variableText             // references to the global heap
)

// errTooLarge ends the error for values that take more than this file may.
var errTooLarge = errors.New("too large: one file may have 1 GiB of values, and 16 MiB plus 64 times its own size")

var errCommitted = errors.New("a committed (named) datatype is not read: copy the dataset with a plain one, dst[name] = src[name][()]")

// classes are the names of datatype classes.
var classes = [...]string{"integer", "float", "time", "text", "bit field", "opaque", "compound", "reference", "enumeration", "variable-length", "array", "complex"}

// parseDatatype reads a datatype message. An error is damage; what is whole but not read is a
// problem of the datatype.
func parseDatatype(c *cursor) (datatype, error) {
	classAndVersion := c.u8()
	class, version := classAndVersion&15, classAndVersion>>4
	bits := uint32(c.uint(3))
	size := c.u32()
	t := datatype{size: int(size)}
	if err := c.err(); err != nil {
		return t, err
	}
	if size == 0 || size > 1<<30 {
		return t, fmt.Errorf("a value of %d bytes", size)
	}
	switch class {
	case 0:
		t.integer(c, bits)
	case 1:
		t.float(c, bits)
	case 3:
		t.text(bits)
	case 8:
		return t.enumeration(c, bits, version)
	case 9:
		t.variable(bits)
	default:
		t.opaque = class == 5
		name := fmt.Sprintf("class %d", class)
		if int(class) < len(classes) {
			name = classes[class]
		}
		t.problem = fmt.Errorf("values of datatype %s are not read: save numbers or text", name)
	}
	return t, c.err()
}

// numeric sets the dtype of a number, in the byte order of bit 0.
func (t *datatype) numeric(kind byte, bits uint32) {
	order := '<'
	if bits&1 != 0 {
		order = '>'
	}
	if t.size == 1 {
		order = '|'
	}
	t.dtype = npy.DType(fmt.Sprintf("%c%c%d", order, kind, t.size))
	t.problem = t.dtype.Check()
}

func (t *datatype) integer(c *cursor, bits uint32) {
	offset, precision := c.u16(), c.u16()
	kind := byte('u')
	if bits&8 != 0 {
		kind = 'i'
	}
	t.numeric(kind, bits)
	if offset != 0 || precision != 8*t.size {
		t.problem = fmt.Errorf("integers of %d bits in %d bytes are not read", precision, t.size)
	}
}

// floatLayout is where the parts of a float lie, in bits, and the bias of its exponent.
type floatLayout struct {
	offset, precision                                          int
	exponentAt, exponentSize, fractionAt, fractionSize, signAt byte
	bias                                                       uint32
}

var (
	binary16 = floatLayout{0, 16, 10, 5, 0, 10, 15, 15}
	binary32 = floatLayout{0, 32, 23, 8, 0, 23, 31, 127}
	binary64 = floatLayout{0, 64, 52, 11, 0, 52, 63, 1023}
	bfloat16 = floatLayout{0, 16, 7, 8, 0, 7, 15, 127}
)

func (t *datatype) float(c *cursor, bits uint32) {
	l := floatLayout{offset: c.u16(), precision: c.u16()}
	l.exponentAt, l.exponentSize, l.fractionAt, l.fractionSize = c.u8(), c.u8(), c.u8(), c.u8()
	l.bias = c.u32()
	l.signAt = byte(bits >> 8)
	const implied = 2 << 4 // the first bit of the fraction is 1 and left out
	const vax = 1 << 6
	known := bits&0x30 == implied && bits&vax == 0
	switch {
	case known && t.size == 4 && l == binary32, known && t.size == 8 && l == binary64, known && t.size == 2 && l == binary16:
		t.numeric('f', bits)
	case known && t.size == 2 && l == bfloat16 && bits&1 == 0:
		t.dtype, t.kind = "<f4", brainFloat
	default:
		t.problem = fmt.Errorf("floats of %d bits in %d bytes with an exponent of %d are not read: use astype to make them float32 or float64", l.precision, t.size, l.exponentSize)
	}
}

// text is of a fixed length.
func (t *datatype) text(bits uint32) {
	t.dtype = npy.DType(fmt.Sprintf("|S%d", t.size))
	t.problem = t.dtype.Check()
	switch bits & 15 {
	case 0:
		t.kind = fixedText
	case 1:
		t.kind = paddedText
	case 2:
		t.kind = spacedText
	default:
		t.problem = fmt.Errorf("text of padding %d is not read", bits&15)
	}
}

// variable is text of any length. Lists of other values have no equal in NumPy.
func (t *datatype) variable(bits uint32) {
	switch {
	case bits&15 != 1:
		t.problem = errors.New("lists of variable length are not read: save an array, and a second one with the lengths")
	case t.size != 16:
		t.problem = fmt.Errorf("text of variable length in %d bytes is not read: 16 are usual", t.size)
	default:
		t.kind = variableText
	}
}

// enumeration is read as its numbers. NumPy's booleans are one of FALSE and TRUE.
func (t datatype) enumeration(c *cursor, bits uint32, version byte) (datatype, error) {
	if len(c.b) > 0 && c.b[0]&15 != 0 { // the class of the numbers, integer
		t.problem = errors.New("enumerations of other values than integers are not read")
		return t, nil
	}
	numbers, err := parseDatatype(c)
	if err != nil {
		return t, err
	}
	if numbers.size != t.size {
		return t, fmt.Errorf("an enumeration of %d bytes in %d", numbers.size, t.size)
	}
	if n := bits & 0xffff; n == 2 && t.size == 1 {
		names := []string{enumerationName(c, version), enumerationName(c, version)}
		if values := c.take(2); names[0] == "FALSE" && names[1] == "TRUE" && string(values) == "\x00\x01" {
			numbers.dtype = "|b1"
		}
	}
	return numbers, c.err()
}

// enumerationName takes a name and the zeros behind it.
func enumerationName(c *cursor, version byte) string {
	name := upToZero(c.b)
	length := len(name) + 1
	if version < 3 {
		length = (length + 7) &^ 7
	}
	c.skip(length)
	return name
}
