package format

import (
	"errors"
	"fmt"
)

// What can be wrong with a model file. Every error of this package wraps one of
// these or an error of the operating system.
var (
	ErrNotModel     = errors.New("not an edge-infer model file")
	ErrNewer        = errors.New("written for a newer version; update edge-infer")
	ErrTruncated    = errors.New("file ends too early; copy it again")
	ErrChecksum     = errors.New("checksum mismatch: the file is damaged; copy it again")
	ErrNotCanonical = errors.New("not the canonical encoding")
	ErrInvalid      = errors.New("invalid model")
	ErrTooLarge     = errors.New("too large")
)

// Error tells where in a file decoding stopped.
type Error struct {
	Offset int    // bytes from the start of the file
	Field  string // path of the field, such as "layers[2].weight"; may be empty
	Err    error
}

func (e *Error) Error() string {
	if e.Field == "" {
		return fmt.Sprintf("format: byte %d: %v", e.Offset, e.Err)
	}
	return fmt.Sprintf("format: byte %d: %s: %v", e.Offset, e.Field, e.Err)
}

func (e *Error) Unwrap() error { return e.Err }

// invalidf reports a model that breaks a rule of the format.
func invalidf(text string, args ...any) error {
	return fmt.Errorf("%w: %s", ErrInvalid, fmt.Sprintf(text, args...))
}
