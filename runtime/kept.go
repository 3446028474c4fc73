package runtime

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"path/filepath"
	goruntime "runtime"
	"runtime/debug"
	"time"

	"github.com/edge-infer/edge-infer/format"
)

// A keptTuning is the file in which one measurement outlives the program. Its name
// holds a digest of all that the times depend on, so what was measured for another
// model, board, driver or program is never found.
//
// The file is a convenience: one that is damaged, or of another program, is as
// good as none, and is written over.
type keptTuning struct {
	dir, key string
}

const (
	keptFormat   = 1
	mostKept     = 4 << 10 // bytes; some 300 are usual
	longestPlain = time.Hour
)

// keptJSON is what the file holds. GPU and Driver are for people.
type keptJSON struct {
	Format  int    `json:"format"`
	Key     string `json:"key"`
	GPU     string `json:"gpu"`
	Driver  string `json:"driver"`
	Rows    int    `json:"rows"`
	CPUOne  int64  `json:"cpu_one_row_ns"`
	CPUMany int64  `json:"cpu_rows_ns"`
	GPUOne  int64  `json:"gpu_one_row_ns"`
	GPUMany int64  `json:"gpu_rows_ns"`
}

// newKeptTuning returns the place for a session's measurement with so many rows.
func newKeptTuning(dir string, m *format.Model, s *Session, rows int) (*keptTuning, error) {
	file, err := format.Marshal(m)
	if err != nil {
		return nil, fmt.Errorf("runtime: %w", err)
	}
	h := sha256.New()
	g := &s.shared.tuning.GPU
	fmt.Fprintf(h, "model %x\n", sha256.Sum256(file))
	fmt.Fprintf(h, "gpu %q %d, driver %q, kernels %q\n", g.Name, g.Compute, g.Driver, g.kernels)
	fmt.Fprintf(h, "cpu %s %s, %d of %d threads, %d rows\n", goruntime.GOARCH, s.plan.isa, s.Threads(), goruntime.NumCPU(), rows)
	fmt.Fprintf(h, "program %q\n", program())
	return &keptTuning{dir, hex.EncodeToString(h.Sum(nil))}, nil
}

// program names this program, as far as the build says which it is.
func program() string {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return ""
	}
	name := info.GoVersion + " " + info.Main.Version
	for _, s := range info.Settings {
		if s.Key == "vcs.revision" || s.Key == "vcs.modified" {
			name += " " + s.Value
		}
	}
	return name
}

func (k *keptTuning) path() string { return filepath.Join(k.dir, "tuning-"+k.key[:32]+".json") }

// read returns what was measured, or nil.
func (k *keptTuning) read() *Measured {
	f, err := os.Open(k.path())
	if err != nil {
		return nil
	}
	defer f.Close()
	data, err := io.ReadAll(io.LimitReader(f, mostKept+1))
	if err != nil || len(data) > mostKept {
		return nil
	}
	var file keptJSON
	strict := json.NewDecoder(bytes.NewReader(data))
	strict.DisallowUnknownFields()
	if strict.Decode(&file) != nil || strict.More() {
		return nil
	}
	if file.Format != keptFormat || file.Key != k.key || file.Rows < 2 || file.Rows > MaxBatch {
		return nil
	}
	for i, ns := range []int64{file.GPUMany, file.CPUOne, file.CPUMany, file.GPUOne} {
		if ns < 0 || ns == 0 && i > 0 || ns > int64(longestPlain) {
			return nil
		}
	}
	return &Measured{
		Rows:    file.Rows,
		CPUOne:  time.Duration(file.CPUOne),
		CPUMany: time.Duration(file.CPUMany),
		GPUOne:  time.Duration(file.GPUOne),
		GPUMany: time.Duration(file.GPUMany),
	}
}

// write keeps what was measured. A reader finds the whole file or none.
func (k *keptTuning) write(m *Measured, g GPU) error {
	data, err := json.MarshalIndent(keptJSON{keptFormat, k.key, g.Name, g.Driver, m.Rows,
		int64(m.CPUOne), int64(m.CPUMany), int64(m.GPUOne), int64(m.GPUMany)}, "", "  ")
	if err == nil {
		err = k.replace(append(data, '\n'))
	}
	if err != nil {
		return fmt.Errorf("runtime: what was measured is not kept: %w", err)
	}
	return nil
}

func (k *keptTuning) replace(data []byte) error {
	if err := os.MkdirAll(k.dir, 0o755); err != nil {
		return err
	}
	f, err := os.CreateTemp(k.dir, ".tuning-*")
	if err != nil {
		return err
	}
	_, err = f.Write(data)
	if closed := f.Close(); err == nil {
		err = closed
	}
	if err == nil {
		err = os.Rename(f.Name(), k.path())
	}
	if err != nil {
		os.Remove(f.Name())
	}
	return err
}
