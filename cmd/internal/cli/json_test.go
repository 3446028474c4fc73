package cli

import (
	"encoding/json"
	"math"
	"testing"
)

func TestNumberInJSON(t *testing.T) {
	for n, want := range map[Number]string{0.25: "0.25", 1e-300: "1e-300", Number(math.Inf(1)): "null", Number(math.Inf(-1)): "null"} {
		if got, err := json.Marshal(n); err != nil || string(got) != want {
			t.Errorf("%v: %s, %v: want %s", float64(n), got, err, want)
		}
	}
	if got, err := json.Marshal(Number(math.NaN())); err != nil || string(got) != "null" {
		t.Errorf("NaN: %s, %v", got, err)
	}
}

func TestVersion(t *testing.T) {
	if got := Version("1.2.3"); got != "1.2.3" {
		t.Errorf("a stamped version is printed as %q", got)
	}
	if got := Version(""); got == "" {
		t.Error("there is no version without a stamp")
	}
}
