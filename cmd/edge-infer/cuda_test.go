//go:build cuda

package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io/fs"
	"math"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/edge-infer/edge-infer/format"
	"github.com/edge-infer/edge-infer/kernels/cuda/ptxsim/libcuda/driver"
	"github.com/edge-infer/edge-infer/kernels/cuda/ptxsim/libcuda/simtest"
	"github.com/edge-infer/edge-infer/runtime"
)

// These tests run on simulated boards: a libcuda.so.1 that interprets the PTX. The loader takes it
// when a program starts, so each test runs in a process of its own, the test program again. They
// need the environment of kernels/cuda/build and fail without.

// onBoard runs a test on a board, with failures as driver.ParseFailure reads them, in a cache folder
// of its own.
func onBoard(t *testing.T, name string, failures []string, test func(t *testing.T)) {
	t.Helper()
	simtest.OnBoard(t, name, failures, test, "XDG_CACHE_HOME="+t.TempDir())
}

// call runs the command, which must end with an exit code.
func call(t *testing.T, code int, args ...string) (stdout, stderr string) {
	t.Helper()
	var out, errors bytes.Buffer
	if got := run(args, strings.NewReader(""), &out, &errors); got != code {
		t.Fatalf("%q: exit code %d, want %d:\n%s%s", args, got, code, &out, &errors)
	}
	return out.String(), errors.String()
}

// expect looks for a line.
func expect(t *testing.T, text, line string) {
	t.Helper()
	if !regexp.MustCompile("(?m)^" + line + "$").MatchString(text) {
		t.Errorf("no line %q in\n%s", line, text)
	}
}

const digits = "../../testdata/digits/digits.edge"

// exported is the folder of the models that the test of all of them has exported.
const exported = "EDGE_INFER_EXPORTED"

// Every model file of testdata, and every trained file of testdata/models once it is exported, gives
// the canonical bits on the GPU.
func TestCUDAVerifiesEveryModel(t *testing.T) {
	if os.Getenv(exported) == "" {
		t.Setenv(exported, exportAll(t))
	}
	onBoard(t, "orin-nano", nil, func(t *testing.T) {
		if n := verifyAll(t, "../../testdata"); n < 35 {
			t.Errorf("only %d model files in testdata", n)
		}
		if n := verifyAll(t, os.Getenv(exported)); n < 300 {
			t.Errorf("only %d models of testdata/models", n)
		}
	})
}

func TestCUDAVerifiesOnEveryBoard(t *testing.T) {
	for _, board := range []string{"nano", "tx2", "xavier-nx", "thor", "desktop"} {
		t.Run(board, func(t *testing.T) {
			onBoard(t, board, nil, func(t *testing.T) {
				for _, folder := range []string{"digits", "format/valid", "gallery/mlp_453", "gallery/bike_sharing"} {
					if n := verifyAll(t, "../../testdata/"+folder); n == 0 {
						t.Errorf("no model files in %s", folder)
					}
				}
			})
		})
	}
}

// exportAll exports the trained files of testdata/models that are not there to be refused, with the
// flags of their cases.
func exportAll(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	program := filepath.Join(dir, "edge-export")
	build := exec.Command("go", "build", "-o", program, "../export")
	build.Env = append(os.Environ(), "GOFLAGS=-buildvcs=false", "CGO_ENABLED=0")
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	cases, err := filepath.Glob("../../testdata/models/*/*/case.txt")
	if err != nil {
		t.Fatal(err)
	}
	for i, name := range cases {
		text, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		folder := filepath.Dir(name)
		var file string
		var flags []string
		refused := false
		for line := range strings.Lines(string(text)) {
			key, value, _ := strings.Cut(strings.TrimSpace(line), ": ")
			switch key {
			case "file":
				file = filepath.Join(folder, value)
			case "flags":
				flags = strings.Fields(strings.ReplaceAll(value, "{dir}", folder))
			case "refused":
				refused = true
			}
		}
		if refused {
			continue
		}
		export := exec.Command(program, append([]string{file, "-o", filepath.Join(dir, fmt.Sprintf("%03d.edge", i))}, flags...)...)
		if out, err := export.CombinedOutput(); err != nil {
			t.Errorf("%s: %v\n%s", folder, err, out)
		}
	}
	return dir
}

// verifyAll verifies the model files below a folder on the GPU, holds answers to random rows against
// the reference, and returns how many files there are.
func verifyAll(t *testing.T, folder string) int {
	t.Helper()
	n := 0
	err := filepath.WalkDir(folder, func(name string, d fs.DirEntry, err error) error {
		if err != nil || filepath.Ext(name) != ".edge" || filepath.Base(filepath.Dir(name)) == "invalid" {
			return err
		}
		n++
		m, err := format.Open(name)
		if err != nil {
			return err
		}
		s, err := runtime.New(m, runtime.Options{Backend: runtime.CUDA})
		if err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
		reference, err := runtime.New(m, runtime.Options{Backend: runtime.Reference})
		if err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
		if m.Golden != nil {
			got, err := runtime.Verify(m, s)
			if err != nil {
				return fmt.Errorf("%s: %w", name, err)
			}
			want, err := runtime.Verify(m, reference)
			if err != nil {
				return fmt.Errorf("%s: %w", name, err)
			}
			want.Backend = runtime.CUDA
			if fmt.Sprint(got) != fmt.Sprint(want) {
				t.Errorf("%s: %v, and in the reference %v", name, got, want)
			}
			invented := strings.Contains(name, "format/valid") // there the golden vectors are made up
			if !invented && (got.Differing > 0 || got.Vectors == 0) {
				t.Errorf("%s: %v", name, got.Err())
			}
		}
		if err := compare(m, s, reference); err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
		return nil
	})
	if err != nil {
		t.Error(err)
	}
	return n
}

// compare runs random rows in two sessions, with numbers among them that are none.
func compare(m *format.Model, gpu, reference *runtime.Session) error {
	const rows = 5
	random := rand.New(rand.NewPCG(1, 2))
	special := []float32{0, float32(math.Copysign(0, -1)), float32(math.NaN()), float32(math.Inf(1)), float32(math.Inf(-1)), 1e-42, 3e38}
	x := make([]float32, rows*gpu.Inputs())
	for i := range x {
		x[i] = float32(random.NormFloat64())
		if m.Input.DType == format.U8 {
			x[i] = float32(random.IntN(256))
		} else if random.IntN(50) == 0 {
			x[i] = special[random.IntN(len(special))]
		}
	}
	got, want := make([]float32, rows*gpu.Outputs()), make([]float32, rows*gpu.Outputs())
	if err := gpu.Run(got, x); err != nil {
		return err
	}
	if err := reference.Run(want, x); err != nil {
		return err
	}
	for i := range got {
		if math.Float32bits(got[i]) != math.Float32bits(want[i]) && (got[i] == got[i] || want[i] == want[i]) {
			return fmt.Errorf("value %d is %v on the GPU and %v in the reference", i, got[i], want[i])
		}
	}
	return nil
}

func TestCUDACommands(t *testing.T) {
	onBoard(t, "orin-nano", nil, func(t *testing.T) {
		stdout, _ := call(t, 0, "version")
		expect(t, stdout, `built with CUDA: Orin .*, compute capability 8.7, [0-9]+ MB; the driver offers CUDA 12.6`)
		stdout, _ = call(t, 0, "__complete", "run", "--backend", "")
		if !strings.Contains(stdout, "auto\ncuda\n") {
			t.Errorf("the shell is not offered cuda:\n%s", stdout)
		}

		stdout, stderr := call(t, 0, "verify", digits, "--backend", "cuda")
		expect(t, stdout, `bit for bit  ok      3,600 of 3,600 values in 360 vectors, backend cuda`)
		if stderr != "" {
			t.Errorf("stderr: %s", stderr)
		}
		model := filepath.Join(t.TempDir(), "sigmoid.edge")
		writeModels(t, filepath.Dir(model))
		stdout, _ = call(t, 0, "bench", model, "--batch", "1,3", "--duration", "10ms", "--backend", "cuda")
		expect(t, stdout, `backend  cuda \(Orin \(simulated\), CUDA 12.6\), .*`)
		expect(t, stdout, `batch +min +median +p95 +p99 +h2d +kernels +d2h +per inference .*`)
		expect(t, stdout, ` +3 .* 0 ns +[0-9.]+ .s +0 ns .*`)
		stdout, _ = call(t, 0, "bench", model, "--batch", "1,3", "--duration", "10ms")
		expect(t, stdout, `backend  [a-z0-9]+, since cuda is slower \(Orin .*`)
		expect(t, stdout, `batch  backend +min .*`)
		expect(t, stdout, ` +3  cuda .*`)
		expect(t, stdout, ` +3  `+string(processorBackend())+` .*`)
		stdout, _ = call(t, 0, "bench", model, "--batch", "2", "--duration", "10ms", "--backend", "cuda", "--json")
		var report struct {
			Backend string
			Batches []struct {
				Backend string
				GPU     struct{ Kernels float64 } `json:"gpu_ns"`
			}
		}
		if err := json.Unmarshal([]byte(stdout), &report); err != nil || len(report.Batches) != 1 || report.Batches[0].Backend != "cuda" || report.Batches[0].GPU.Kernels <= 0 {
			t.Errorf("%v: %s", err, stdout)
		}
		_, stderr = call(t, 2, "bench", model, "--elements", "1", "--backend", "cuda")
		expect(t, stderr, `edge-infer: --elements and --backend cuda: sparse rows always run on the processor`)
		stdout, _ = call(t, 0, "bench", model, "--elements", "1", "--duration", "1ms", "--batch", "1")
		if strings.Contains(stdout, "cuda") {
			t.Errorf("sparse rows are said to have met the GPU:\n%s", stdout)
		}
	})
}

// The board's own numbers are not here, so the file of what was measured is told others.
func TestCUDABreakEven(t *testing.T) {
	onBoard(t, "agx-orin", nil, func(t *testing.T) {
		stdout, _ := call(t, 0, "inspect", digits)
		expect(t, stdout, `backend       auto: [a-z0-9]+, since cuda is slower \(Orin \(simulated\), CUDA 12.6\)`)
		expect(t, stdout, `gpu           1 row takes [a-z0-9]+ .*, and cuda .*; 64 rows .* and .*`)
		stdout, _ = call(t, 0, "inspect", digits)
		expect(t, stdout, `gpu .*; measured before: --tune measures anew`)

		teach(t, 1000, 64000, 30000, 31000)
		stdout, _ = call(t, 0, "inspect", digits)
		expect(t, stdout, `backend       auto: [a-z0-9]+ up to 30 rows, cuda from 31 on \(Orin \(simulated\), CUDA 12.6\)`)
		stdout, _ = call(t, 0, "inspect", digits, "--json")
		var report struct {
			GPU struct {
				FromRows int `json:"from_rows"`
				Measured struct{ Kept bool }
			}
		}
		if err := json.Unmarshal([]byte(stdout), &report); err != nil || report.GPU.FromRows != 31 || !report.GPU.Measured.Kept {
			t.Errorf("%v: %s", err, stdout)
		}
		stdout, stderr := call(t, 0, "verify", digits)
		expect(t, stdout, `bit for bit  ok .* backend cuda`)
		if stderr != "" {
			t.Errorf("stderr: %s", stderr)
		}

		stdout, _ = call(t, 0, "inspect", digits, "--tune")
		expect(t, stdout, `backend       auto: [a-z0-9]+, since cuda is slower .*`)
		teach(t, 1000, 64000, 300, 310)
		stdout, _ = call(t, 0, "inspect", digits)
		expect(t, stdout, `backend       auto: cuda \(Orin \(simulated\), CUDA 12.6\)`)
	})
}

// teach overwrites the times in the only file of what was measured.
func teach(t *testing.T, cpuOne, cpuMany, gpuOne, gpuMany int) {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(cacheDir(), "tuning-*.json"))
	if err != nil || len(files) != 1 {
		t.Fatalf("%d files of what was measured: %v", len(files), err)
	}
	data, err := os.ReadFile(files[0])
	if err != nil {
		t.Fatal(err)
	}
	for key, ns := range map[string]int{"cpu_one_row": cpuOne, "cpu_rows": cpuMany, "gpu_one_row": gpuOne, "gpu_rows": gpuMany} {
		data = regexp.MustCompile(`"`+key+`_ns": [0-9]+`).ReplaceAll(data, fmt.Appendf(nil, `"%s_ns": %d`, key, ns))
	}
	if err := os.WriteFile(files[0], data, 0o644); err != nil {
		t.Fatal(err)
	}
}

// A GPU that fails is told in one line, and the answers are right all the same.
func TestCUDAFailsInCommands(t *testing.T) {
	for name, failure := range map[string]string{
		"no_device":     "no-device",
		"PTX":           "cuModuleLoadDataEx=218",
		"out_of_memory": "cuMemAlloc=2",
	} {
		t.Run(name, func(t *testing.T) {
			onBoard(t, "nano", []string{failure}, func(t *testing.T) {
				stdout, stderr := call(t, 0, "verify", digits)
				expect(t, stdout, `bit for bit  ok .*`)
				expect(t, stderr, `edge-infer: GPU not used: runtime: cuda: .*; the CPU goes on with the same bits`)
				if strings.Count(stderr, "\n") != 1 {
					t.Errorf("stderr: %s", stderr)
				}
				stdout, stderr = call(t, 0, "inspect", digits)
				expect(t, stdout, `gpu           not used: runtime: cuda: .*`)
				if stderr != "" {
					t.Errorf("stderr: %s", stderr)
				}
				_, stderr = call(t, 1, "verify", digits, "--backend", "cuda")
				expect(t, stderr, `edge-infer: .*digits.edge: runtime: cuda: .*`)
			})
		})
	}
}

// The GPU is lost between the rows of a long input.
func TestCUDAIsLostInARun(t *testing.T) {
	onBoard(t, "desktop", nil, func(t *testing.T) {
		const rows = "../../testdata/digits/test.csv"
		want, _ := call(t, 0, "run", digits, "--input", rows, "--backend", "reference")
		call(t, 0, "inspect", digits)
		teach(t, 1000, 64000, 300, 310)
		got, stderr := call(t, 0, "run", digits, "--input", rows)
		if got != want || strings.Contains(stderr, "GPU") {
			t.Errorf("other answers on the GPU: %s", stderr)
		}
		if err := driver.Fail(os.Getenv(simtest.Variable), "cuLaunchKernel=719@2"); err != nil {
			t.Fatal(err)
		}
		got, stderr = call(t, 0, "run", digits, "--input", rows)
		if got != want {
			t.Error("other answers once the GPU is lost")
		}
		expect(t, stderr, `edge-infer: GPU not used: runtime: cuda: device lost: .*; the CPU goes on with the same bits`)
		_, stderr = call(t, 1, "run", digits, "--input", rows, "--backend", "cuda")
		expect(t, stderr, `edge-infer: .*cuda: .*`)
	})
}
