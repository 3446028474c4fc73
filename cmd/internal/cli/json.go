package cli

import (
	"encoding/json"
	"io"
	"math"
	"strconv"
)

// PrintJSON writes a value as indented JSON, with <, > and & as they are.
func PrintJSON(w io.Writer, v any) error {
	e := json.NewEncoder(w)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	return e.Encode(v)
}

// Number is a float64 that is null in JSON where JSON has no number for it.
type Number float64

func (n Number) MarshalJSON() ([]byte, error) {
	if v := float64(n); math.IsNaN(v) || math.IsInf(v, 0) {
		return []byte("null"), nil
	}
	return json.Marshal(float64(n))
}

// String gives six digits, which is what a person compares.
func (n Number) String() string { return strconv.FormatFloat(float64(n), 'g', 6, 64) }
