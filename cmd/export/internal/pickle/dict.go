package pickle

import (
	"fmt"
	"iter"
	"math"
)

// Dict is a dict, in the order of the file. Keys are equal as in Python, True to 1 and 1 to 1.0;
// records, names and persistent ids are equal to themselves only.
type Dict struct {
	entries []entry
	index   map[any]int // by keyOf; made with the first entry
}

type entry struct{ key, value any }

// Len returns the number of keys.
func (d *Dict) Len() int { return len(d.entries) }

// Get returns the value of a key.
func (d *Dict) Get(key any) (any, bool) {
	k, err := keyOf(key)
	if err != nil {
		return nil, false
	}
	i, ok := d.index[k]
	if !ok {
		return nil, false
	}
	return d.entries[i].value, true
}

// All goes through keys and values in the order in which the keys were first set.
func (d *Dict) All() iter.Seq2[any, any] {
	return func(yield func(any, any) bool) {
		for _, e := range d.entries {
			if !yield(e.key, e.value) {
				return
			}
		}
	}
}

func (d *Dict) set(key, value any) error {
	k, err := keyOf(key)
	if err != nil {
		return err
	}
	if i, ok := d.index[k]; ok {
		d.entries[i].value = value
		return nil
	}
	if d.index == nil {
		d.index = make(map[any]int, 1)
	}
	d.index[k] = len(d.entries)
	d.entries = append(d.entries, entry{key, value})
	return nil
}

// Longest keys, in bytes. A pickle may use one text as a key a million times, and each time it would
// be hashed; and a tuple that holds one tuple twice, which holds another twice, has a text of any length.
const (
	maxTextKey  = 4096
	maxTupleKey = 256
)

var errTupleKey = fmt.Errorf("a tuple of more than %d bytes as a key", maxTupleKey)

// tupleKey is what stands for a tuple.
type tupleKey string

// keyOf returns what stands for a value as the key of a map: equal for values that are equal.
func keyOf(v any) (any, error) {
	switch v := v.(type) {
	case nil, int64, *Record, *Global, *Persistent:
		return v, nil
	case string:
		if len(v) <= maxTextKey {
			return v, nil
		}
	case bool:
		if v {
			return int64(1), nil
		}
		return int64(0), nil
	case float64:
		if i := int64(v); math.Abs(v) < 1<<53 && float64(i) == v {
			return i, nil
		}
		return v, nil
	case Tuple:
		text, err := appendKey(make([]byte, 0, maxTupleKey), v)
		if err == nil && len(text) > maxTupleKey { // texts in it may be cut
			err = errTupleKey
		}
		return tupleKey(text), err
	}
	return nil, fmt.Errorf("%s as a key", Describe(v))
}

// appendKey writes a key so that equal keys have equal texts and others have not.
func appendKey(text []byte, v any) ([]byte, error) {
	if len(text) > maxTupleKey {
		return nil, errTupleKey
	}
	k := v
	var err error
	t, isTuple := v.(Tuple)
	if !isTuple {
		k, err = keyOf(v)
	}
	switch k := k.(type) {
	case Tuple:
		text = append(text, '(')
		for _, item := range t {
			if text, err = appendKey(text, item); err != nil {
				return nil, err
			}
		}
		text = append(text, ')')
	case string:
		text = fmt.Appendf(text, "%.*q,", maxTupleKey, k)
	case *Record, *Global, *Persistent:
		text = fmt.Appendf(text, "%p,", k)
	default:
		text = fmt.Appendf(text, "%T %v,", k, k)
	}
	return text, err
}
