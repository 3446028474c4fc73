package pickle

import (
	"fmt"
	"strings"

	"github.com/edge-infer/edge-infer/cmd/internal/npy"
)

// objects is the dtype of arrays whose values are Python's own.
const objects npy.DType = "|O"

// DType returns the dtype that a record of numpy.dtype is. It is one that npy reads, or "|O" for an
// array of Python's values.
func DType(v any) (npy.DType, error) {
	r, ok := v.(*Record)
	if !ok || !r.Class.Is("numpy", "dtype") || len(r.Args) == 0 {
		return "", fmt.Errorf("numpy: %s where a dtype is needed", Describe(v))
	}
	name, ok := textOrBytes(r.Args[0])
	if !ok {
		return "", fmt.Errorf("numpy: a dtype of %s", Describe(r.Args[0]))
	}
	if strings.HasPrefix(name, "O") {
		return objects, nil
	}
	// The state is version, byte order, the dtype within this one, names, fields, and more.
	order := "|"
	state, _ := r.State.(Tuple)
	if len(state) >= 5 {
		if state[2] != nil || state[3] != nil || state[4] != nil {
			return "", fmt.Errorf("numpy: dtype %.40q has fields or is an array itself: plain numbers or texts are read", name)
		}
		if order, ok = textOrBytes(state[1]); !ok {
			return "", fmt.Errorf("numpy: a byte order of %s", Describe(state[1]))
		}
	}
	if order == "=" || order == "|" && strings.HasPrefix(name, "U") {
		order = "<"
	}
	d := npy.DType(order + name)
	if err := d.Check(); err != nil {
		return "", fmt.Errorf("numpy: %w", err)
	}
	return d, nil
}

// textOrBytes returns the text of what Python 3 holds as str, and Python 2 as bytes.
func textOrBytes(v any) (string, bool) {
	switch v := v.(type) {
	case string:
		return v, true
	case []byte:
		return string(v), true
	}
	return "", false
}
