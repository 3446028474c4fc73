package format

// A field is one entry of a map in the file: its key, and a pointer to the Go
// value that holds it. The pointer's type decides how it is written:
//
//	*string              str
//	*tensorName          str, the name of a tensor that the record uses; empty for none
//	*int                 int, never negative
//	*uint32              uint 32, always 5 bytes (checksums)
//	*float32, *float64   float 32, float 64
//	*bool                bool
//	*[]int, *[]string    array of int, of str
//	record               map
//	optional             map, or nil
//	recordList           array of maps
//	*[]Layer             array of maps, each with the key "op" first
type field struct {
	key string
	ptr any
}

// tensorName marks the fields that TensorNames and checkUse look for.
type tensorName string

// A record is a map with fixed keys. Its fields method appends them in the
// order of the file; appending lets a walk over many records reuse one slice.
type record interface {
	fields(f []field) []field
}

type recordPtr[T any] interface {
	*T
	record
}

// optionalRecord is a record that may be absent.
type optionalRecord interface {
	get() record // nil when absent
	create() record
	size() int // bytes in memory
}

type optional[T any, P recordPtr[T]] struct{ p **T }

func (o optional[T, P]) get() record {
	if *o.p == nil {
		return nil
	}
	return P(*o.p)
}

func (o optional[T, P]) create() record {
	*o.p = new(T)
	return P(*o.p)
}

func (o optional[T, P]) size() int { return sizeOf[T]() }

// recordList is a list of records of one kind.
type recordList interface {
	len() int
	resize(n int)
	at(i int) record
	size() int // bytes of one element in memory
}

type records[T any, P recordPtr[T]] struct{ s *[]T }

func (r records[T, P]) len() int        { return len(*r.s) }
func (r records[T, P]) resize(n int)    { *r.s = make([]T, n) }
func (r records[T, P]) at(i int) record { return P(&(*r.s)[i]) }
func (r records[T, P]) size() int       { return sizeOf[T]() }
