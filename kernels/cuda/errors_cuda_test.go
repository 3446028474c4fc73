//go:build cuda

package cuda

import (
	"errors"
	"fmt"
	"testing"

	"gorgonia.org/cu"
)

func TestSentinels(t *testing.T) {
	tests := map[error][]int{
		ErrOutOfMemory: {2},
		ErrNoDevice:    {100},
		ErrPTXRefused:  {200, 209, 218, 221, 222, 223, 300},
		ErrDeviceLost:  {4, 201, 214, 220, 226, 700, 702, 709, 710, 714, 715, 716, 717, 718, 719, 721, 999},
		nil:            {1, 3, 205, 304, 400, 500, 600, 701, 703, 708, 713, 720, 801, 900, 901, 12345},
	}
	for want, codes := range tests {
		for _, code := range codes {
			if got := sentinel(code); got != want {
				t.Errorf("%d is %v, want %v", code, got, want)
			}
			if err := failure("trying", code); want != nil && !errors.Is(err, want) {
				t.Errorf("%d is reported as %v, want %v", code, err, want)
			}
		}
	}
}

func TestCode(t *testing.T) {
	tests := []struct {
		err  error
		want int
	}{
		{cu.OutOfMemory, 2},
		{fmt.Errorf("with context: %w", cu.LaunchFailed), 719},
		{errors.New("not of the driver"), 999},
	}
	for _, test := range tests {
		if got := code(test.err); got != test.want {
			t.Errorf("%v has code %d, want %d", test.err, got, test.want)
		}
	}
}

func TestFirstLines(t *testing.T) {
	log := []byte("ptxas error   : line 3\n\n  ptxas fatal : no\n1\n2\n3\n4\n5\n6\x00left of before")
	if got, want := firstLines(log), "ptxas error   : line 3; ptxas fatal : no; 1; 2; 3; 4"; got != want {
		t.Errorf("%q, want %q", got, want)
	}
}

func TestMegabytes(t *testing.T) {
	for bytes, want := range map[int64]string{0: "0.0 MB", 1_240_000: "1.2 MB", 9_960_000: "10.0 MB", 300_000_000: "300 MB"} {
		if got := megabytes(bytes); got != want {
			t.Errorf("%d bytes are %s, want %s", bytes, got, want)
		}
	}
}
