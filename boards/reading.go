package boards

import (
	"encoding/json"
	"strconv"
)

// Reading is a number that a board may not give. The zero Reading is one that is not there. In JSON
// it is a number or null, and with omitzero it is left out.
type Reading struct {
	Value float64
	Known bool
}

// Known is the Reading of a value.
func Known(value float64) Reading { return Reading{value, true} }

// IsZero reports whether there is no number.
func (r Reading) IsZero() bool { return !r.Known }

// MarshalJSON writes the number or null. The numbers of this package are finite.
func (r Reading) MarshalJSON() ([]byte, error) {
	if !r.Known {
		return []byte("null"), nil
	}
	return json.Marshal(r.Value)
}

// UnmarshalJSON reads a number or null.
func (r *Reading) UnmarshalJSON(text []byte) error {
	*r = Reading{}
	if string(text) == "null" {
		return nil
	}
	if err := json.Unmarshal(text, &r.Value); err != nil {
		return err
	}
	r.Known = true
	return nil
}

// String gives the number, or a dash where there is none.
func (r Reading) String() string {
	if !r.Known {
		return "-"
	}
	return strconv.FormatFloat(r.Value, 'g', -1, 64)
}

// over divides a reading.
func (r Reading) over(divisor float64) Reading {
	if !r.Known {
		return r
	}
	return Known(r.Value / divisor)
}

// within is the reading if it lies between two bounds, both of them allowed, and otherwise none.
func (r Reading) within(low, high float64) Reading {
	if !r.Known || r.Value < low || r.Value > high {
		return Reading{}
	}
	return r
}
