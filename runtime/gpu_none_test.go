//go:build !cuda

package runtime

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/edge-infer/edge-infer/format"
)

// A build without CUDA knows the backend, and says what it lacks.
func TestWithoutCUDA(t *testing.T) {
	if slices.Contains(Backends(), CUDA) {
		t.Error("it is among the backends that can run")
	}
	_, err := New(pixels(format.F32), Options{Backend: CUDA})
	if !errors.Is(err, ErrWithoutCUDA) || !strings.Contains(err.Error(), "reference") {
		t.Errorf("error %v, which should say what there is", err)
	}
	if _, err := FindGPU(); !errors.Is(err, ErrWithoutCUDA) {
		t.Errorf("a GPU is looked for: %v", err)
	}
	s, err := New(pixels(format.F32), Options{Notify: func(err error) { t.Errorf("told %v", err) }, CacheDir: t.TempDir()})
	if err != nil {
		t.Fatal(err)
	}
	if tuning := s.Tuning(); !errors.Is(tuning.Unused, ErrWithoutCUDA) || tuning.Measured != nil {
		t.Errorf("tuning %+v", tuning)
	}
}
