//go:build cuda

package cuda

import (
	"errors"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/edge-infer/edge-infer/kernels/cuda/ptxsim/libcuda/driver"
	"github.com/edge-infer/edge-infer/kernels/cuda/ptxsim/libcuda/simtest"
)

// The tests of the launcher run it in a process of its own each, the test program again, against a driver that
// interprets the PTX: the driver's library is loaded before any test could choose a board or a failure. To run them,
// at the top of the repository:
//
//	(eval "$(go run ./kernels/cuda/build -print-env -pkg ./kernels/cuda)" && go test ./kernels/cuda)

// libraries is the folder of the driver libraries, one for each version.
var libraries string

func TestMain(m *testing.M) {
	var err error
	if libraries, err = os.MkdirTemp("", "libcuda"); err != nil {
		panic(err)
	}
	code := m.Run()
	os.RemoveAll(libraries)
	os.Exit(code)
}

// library returns the folder of a driver library, made by the compiler that cgo uses, for the same processor.
func library(version int) (string, error) {
	folder := filepath.Join(libraries, strconv.Itoa(version))
	if _, err := os.Stat(folder); err == nil {
		return folder, nil
	}
	if err := os.Mkdir(folder, 0o777); err != nil {
		return "", err
	}
	l := simtest.Library{Compiler: strings.Fields(os.Getenv("CC")), Driver: version}
	return folder, l.Build(folder)
}

// A simulation is what a test runs on.
type simulation struct {
	board   string
	fail    []string // as driver.ParseFailure reads it
	memory  int64    // bytes; 0: the board's
	compute int      // 0: the board's
	refuses bool     // calls fail that were not asked to
	lost    bool     // by the end of the test: what could not be given back then is no leak
}

// on runs a test on a board on which nothing fails.
func on(t *testing.T, board string, test func(*testing.T)) { simulation{board: board}.run(t, test) }

// run runs a test in a process of its own. That process must give back all that it takes.
func (s simulation) run(t *testing.T, test func(*testing.T)) {
	t.Helper()
	if simtest.IsAlone(t) {
		test(t)
		return
	}
	gpu := s.start(t)
	failed := simtest.Alone(t, gpu.Environment()...)
	reports := gpu.Reports()
	if err := errors.Join(failed, gpu.Close()); err != nil {
		t.Fatal(err)
	}
	if len(reports) != 1 {
		t.Fatalf("%d processes used the driver", len(reports))
	}
	if !s.lost {
		checkGivenBack(t, reports[0], !s.refuses)
	}
}

// checkGivenBack checks that a process has left nothing behind; and, where no call failed, that it gave each thing
// back itself, rather than all at once with the context.
func checkGivenBack(t *testing.T, r driver.Report, even bool) {
	t.Helper()
	if r.Left != (driver.Left{}) {
		t.Errorf("left behind: %+v", r.Left)
	}
	if len(r.Failures) > 0 || !even {
		return
	}
	for _, of := range []struct{ made, given []string }{
		{[]string{"cuDevicePrimaryCtxRetain"}, []string{"cuDevicePrimaryCtxRelease", "cuDevicePrimaryCtxRelease_v2"}},
		{[]string{"cuModuleLoadDataEx"}, []string{"cuModuleUnload"}},
		{[]string{"cuMemAlloc_v2"}, []string{"cuMemFree_v2"}},
		{[]string{"cuMemHostAlloc"}, []string{"cuMemFreeHost"}},
		{[]string{"cuStreamCreate"}, []string{"cuStreamDestroy_v2"}},
		{[]string{"cuEventCreate"}, []string{"cuEventDestroy_v2"}},
		{[]string{"cuStreamEndCapture"}, []string{"cuGraphDestroy"}},
		{[]string{"cuGraphInstantiate", "cuGraphInstantiateWithFlags"}, []string{"cuGraphExecDestroy"}},
	} {
		if made, given := calls(r, of.made), calls(r, of.given); made != given {
			t.Errorf("%d calls of %v, %d of %v", made, of.made, given, of.given)
		}
	}
}

func calls(r driver.Report, names []string) (n int) {
	for _, name := range names {
		n += r.Calls[name]
	}
	return n
}

func (s simulation) start(t *testing.T) *simtest.GPU {
	t.Helper()
	board, err := driver.FindBoard(s.board)
	if err != nil {
		t.Fatal(err)
	}
	folder, err := library(board.Driver)
	if err != nil {
		t.Fatal(err)
	}
	if s.memory > 0 {
		board.Memory = s.memory
	}
	if s.compute > 0 {
		board.Compute = s.compute
	}
	o := driver.Options{Board: board}
	if o.Failures, err = driver.ParseFailures(s.fail); err != nil {
		t.Fatal(err)
	}
	gpu, err := simtest.Start(folder, o)
	if err != nil {
		t.Fatal(err)
	}
	return gpu
}

// report is what this process has done so far.
func report(t *testing.T) driver.Report {
	t.Helper()
	reports, err := driver.Reports(os.Getenv(simtest.Variable))
	if err != nil {
		t.Fatal(err)
	}
	return reports[0]
}

// fail makes a call of the driver fail from now on.
func fail(t *testing.T, spec string) {
	t.Helper()
	if err := driver.Fail(os.Getenv(simtest.Variable), spec); err != nil {
		t.Fatal(err)
	}
}

// open opens the device, and closes it when the test ends.
func open(t *testing.T) *Device {
	t.Helper()
	d, err := Open()
	if err != nil {
		t.Fatal(err)
	}
	closeAfter(t, d)
	return d
}

// load builds a network for a device and loads it.
func load(t *testing.T, d *Device, n testNet) *Model {
	t.Helper()
	m, err := d.Load(n.program(t, d.Traits()))
	if err != nil {
		t.Fatal(err)
	}
	closeAfter(t, m)
	return m
}

func newSession(t *testing.T, m *Model) *Session {
	t.Helper()
	s, err := m.NewSession()
	if err != nil {
		t.Fatal(err)
	}
	closeAfter(t, s)
	return s
}

func closeAfter(t *testing.T, c interface{ Close() error }) {
	t.Cleanup(func() {
		if err := c.Close(); err != nil {
			t.Error(err)
		}
	})
}

// A testNet is a network that the launcher runs and the reference, too.
type testNet struct {
	inputs int
	heavy  int // see program
	build  func(network)
	pass   int // rows; 0: as the program has it
}

var (
	// One launch; rows that are padded.
	small = testNet{inputs: 5, build: func(n network) {
		r := newRandom(1)
		n.Dense(r.finites(5*7), r.bias(7), 7)
		n.Map(1, 0, 0)
		n.Dense(r.finites(7*3), r.bias(3), 3)
		n.Softmax()
	}}
	// Three launches with buffers in between, and a fourth for bytes.
	deep = testNet{inputs: 33, heavy: 1 << 10, build: func(n network) {
		r := newRandom(2)
		n.Dense(r.finites(33*40), r.bias(40), 40)
		n.Map(1, 0, 0)
		n.Dense(r.finites(40*40), r.bias(40), 40)
		n.Dense(r.finites(40*6), r.bias(6), 6)
		n.ArgMax()
	}}
	// Every kind of step.
	mixed = testNet{inputs: 8, build: newRandom(14).net(8, 12, 16)}
)

func (n testNet) program(t *testing.T, traits Traits) *Program {
	t.Helper()
	p := program(t, n.build, n.inputs, traits, n.heavy)
	if n.pass > 0 { // a buffer that nobody uses makes passes short
		p.buffers = append(p.buffers, buffer{width: mostBytes / 4 / n.pass * 9 / 10})
		if p.MaxRows() != n.pass {
			t.Fatalf("passes of %d rows, want %d", p.MaxRows(), n.pass)
		}
	}
	return p
}

// want is what the reference makes of rows.
func (n testNet) want(x []float32) []float32 {
	ref := newReference(x, n.inputs)
	n.build(ref)
	return ref.x
}

// check runs rows in a session and compares the results with the reference.
func (n testNet) check(t *testing.T, s *Session, x []float32) {
	t.Helper()
	want := n.want(x)
	got := make([]float32, len(want))
	if err := s.Run(got, x, len(x)/n.inputs); err != nil {
		t.Fatal(err)
	}
	same(t, got, want, s.state.model.program.Outputs)
}

// checkUint8 is check for bytes.
func (n testNet) checkUint8(t *testing.T, s *Session, pixels []uint8) {
	t.Helper()
	want := n.want(floats(pixels))
	got := make([]float32, len(want))
	if err := s.RunUint8(got, pixels, len(pixels)/n.inputs); err != nil {
		t.Fatal(err)
	}
	same(t, got, want, s.state.model.program.Outputs)
}

func floats(pixels []uint8) []float32 {
	x := make([]float32, len(pixels))
	for i, p := range pixels {
		x[i] = float32(p)
	}
	return x
}
