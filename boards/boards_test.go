package boards

import (
	"context"
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/edge-infer/edge-infer/boards/boardstest"
)

// A sensor that goes takes its reading along, and no other; the list stays as it was. When it is back,
// so is its reading.
func TestSensorsComeAndGo(t *testing.T) {
	tree := load(t, "agx-xavier")
	telemetry := newTelemetry(tree, nil)
	before := telemetry.Read()
	if before.PowerOf != "sum of the rails" || before.Power != Known(18.062272) {
		t.Fatalf("power %v of %q", before.Power, before.PowerOf)
	}
	const current = "sys/class/hwmon/hwmon4/curr2_input"
	for _, fail := range []error{syscall.EAGAIN, syscall.EIO, syscall.ENODEV} {
		tree.Files[current].Err = fail
		s := telemetry.Read()
		want := slices.Clone(before.Rails)
		want[4] = Rail{Name: "VDDRQ", Volts: Known(18.984)}
		if !reflect.DeepEqual(s.Rails, want) {
			t.Errorf("%v: rails %+v, want %+v", fail, s.Rails, want)
		}
		if s.Power.Known || s.PowerOf != "" {
			t.Errorf("%v: power %v of %q, though a rail is missing", fail, s.Power, s.PowerOf)
		}
	}
	tree.Files[current].Err = nil
	if s := telemetry.Read(); !reflect.DeepEqual(s, before) {
		t.Errorf("afterwards %+v, want %+v", s, before)
	}
	for name := range tree.Files {
		delete(tree.Files, name)
	}
	s := telemetry.Read()
	if len(s.Temperatures) != len(before.Temperatures) || s.Hottest() != nil || s.FastestCPU() != nil || s.Power.Known || s.Mode != nil {
		t.Errorf("of nothing %+v", s)
	}
}

func TestFastestCPU(t *testing.T) {
	s := newTelemetry(load(t, "device-tree"), nil).Read()
	if c := s.FastestCPU(); c == nil || c.Name != "policy4" || c.Hertz != Known(816e6) {
		t.Errorf("fastest %+v", c)
	}
	if h := s.Hottest(); h == nil || h.Name != "gpu-thermal" || h.Celsius != Known(39.146) {
		t.Errorf("hottest %+v", h)
	}
}

// nvpmodel is asked where its status cannot be read, only then, and once.
func TestPowerModeIsAsked(t *testing.T) {
	calls := 0
	answers := func(text string, err error) Runner {
		return func(ctx context.Context, program string, args ...string) ([]byte, error) {
			calls++
			if _, limited := ctx.Deadline(); !limited || program != "nvpmodel" || !slices.Equal(args, []string{"-q"}) {
				t.Errorf("%s %v, limited in time: %v", program, args, limited)
			}
			return []byte(text), err
		}
	}
	for _, test := range []struct {
		name, board, text string
		err               error
		want              *PowerMode
		calls             int
	}{
		{"asked", "tx2", "NV Power Mode: MAXP_CORE_ARM\n3\n", nil, &PowerMode{3, "MAXP_CORE_ARM", 0}, 1},
		{"with warnings", "tx2", "NVPM WARN: fan mode is not set!\nNV Power Mode: MAXN\n0\n", nil, &PowerMode{0, "MAXN", 0}, 1},
		{"fails", "tx2", "NV Power Mode: MAXN\n0\n", errors.New("exit status 1"), nil, 1},
		{"rubbish", "tx2", "NV Power Mode: \x1b[2J\nMAXN\n", nil, nil, 1},
		{"too much", "tx2", "NV Power Mode: MAXN\n0\n" + strings.Repeat(" ", 5000), nil, nil, 1},
		{"in a file", "nano", "NV Power Mode: MAXN\n0\n", nil, &PowerMode{1, "5W", 2}, 0},
		{"no Jetson", "pc", "NV Power Mode: MAXN\n0\n", nil, nil, 0},
	} {
		t.Run(test.name, func(t *testing.T) {
			calls = 0
			telemetry := newTelemetry(load(t, test.board), answers(test.text, test.err))
			telemetry.Read()
			if got := telemetry.Read().Mode; !reflect.DeepEqual(got, test.want) || calls != test.calls {
				t.Errorf("mode %+v after %d calls, want %+v after %d", got, calls, test.want, test.calls)
			}
		})
	}
}

// A program that does not end is ended.
func TestRunIsLimited(t *testing.T) {
	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	start := time.Now()
	if _, err := Run(ctx, "sleep", "60"); err == nil || time.Since(start) > 20*time.Second {
		t.Errorf("error %v after %v", err, time.Since(start))
	}
	if text, err := Run(t.Context(), "echo", "NV Power Mode: A"); err != nil || string(text) != "NV Power Mode: A\n" {
		t.Errorf("%q, %v", text, err)
	}
}

// What is in the place of a file must not stop or mislead a reader of it.
func TestHostReadsRegularFilesOnly(t *testing.T) {
	dir := t.TempDir()
	path := func(name string) string { return filepath.Join(dir, name) }
	if err := syscall.Mkfifo(path("pipe"), 0o600); err != nil {
		t.Fatal(err)
	}
	for name, text := range map[string]string{"empty": "", "number": " 42\n", "page": strings.Repeat("7", smallFile), "large": strings.Repeat("7", 1<<20)} {
		if err := os.WriteFile(path(name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.Symlink("/dev/zero", path("zero")); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink("loop", path("loop")); err != nil {
		t.Fatal(err)
	}
	r := reader{system: host(dir)}
	for name, want := range map[string]Reading{
		"number": Known(42), "empty": {}, "page": {}, "large": {}, "pipe": {}, "zero": {}, "loop": {}, ".": {}, "missing": {},
	} {
		if got := r.integer(name); got != want {
			t.Errorf("%s: %v, want %v", name, got, want)
		}
	}
	if text := r.long("large", textFile); len(text) != 1<<20 {
		t.Errorf("%d bytes of a large file", len(text))
	}
	if text := r.long("large", 1<<20); text != "" {
		t.Errorf("%d bytes of a file that is too large", len(text))
	}
	if names := r.names("number", ""); names != nil {
		t.Errorf("%v in a file", names)
	}
	for _, root := range []string{path("number"), path("missing")} {
		if _, err := Detect(root); err == nil {
			t.Errorf("Detect(%s) is no error", root)
		}
		if _, err := NewTelemetry(root, nil); err == nil {
			t.Errorf("NewTelemetry(%s) is no error", root)
		}
	}
}

// The system that this test runs on is a board, too.
func TestThisSystem(t *testing.T) {
	b, err := Detect("/")
	if err != nil {
		t.Fatal(err)
	}
	if b.Name == "" || b.Kernel == "" || b.CPU.Online == 0 || !b.Memory.Bytes.Known {
		t.Errorf("%+v", b)
	}
	telemetry, err := NewTelemetry("/", nil)
	if err != nil {
		t.Fatal(err)
	}
	if s := telemetry.Read(); !s.Memory.Available.Known {
		t.Errorf("%+v", s)
	}
	if slices.ContainsFunc(b.Devices, func(d Device) bool { return d.Group == "" }) {
		t.Errorf("devices %+v", b.Devices)
	}
}

func TestReadingInJSON(t *testing.T) {
	type pair struct {
		A Reading `json:"a"`
		B Reading `json:"b,omitzero"`
	}
	for text, p := range map[string]pair{
		`{"a":null}`:        {},
		`{"a":0,"b":0}`:     {Known(0), Known(0)},
		`{"a":1.5,"b":-2}`:  {Known(1.5), Known(-2)},
		`{"a":null,"b":10}`: {B: Known(10)},
	} {
		got, err := json.Marshal(p)
		if err != nil || string(got) != text {
			t.Errorf("%s, %v: want %s", got, err, text)
		}
		var back pair
		if err := json.Unmarshal([]byte(text), &back); err != nil || back != p {
			t.Errorf("%s is read as %+v, %v", text, back, err)
		}
	}
	if Known(0).String() != "0" || (Reading{}).String() != "-" {
		t.Errorf("as text %v and %v", Known(0), Reading{})
	}
}

// What a doctor finds on a board where all is well, but for what each case changes.
func TestDoctor(t *testing.T) {
	for _, test := range []struct {
		name   string
		change func(*boardstest.Tree)
		want   []string
	}{
		{"well", func(*boardstest.Tree) {}, nil},
		{"a lower mode", set("var/lib/nvpmodel/status", "pmode:0003"), []string{"power-mode"}},
		{"a mode without a name", set("var/lib/nvpmodel/status", "pmode:0077"), []string{"power-mode"}},
		{"an unlocked GPU", set("sys/class/devfreq/17000000.gv11b/min_freq", "114750000"), []string{"clocks"}},
		{"an unlocked processor", set("sys/devices/system/cpu/cpufreq/policy4/scaling_min_freq", "1190400"), []string{"clocks"}},
		{"no library", unset("usr/lib/aarch64-linux-gnu/tegra/libcuda.so.1"), []string{"cuda-driver"}},
		{"no kernel driver", unset("dev/nvhost-ctrl-gpu"), []string{"cuda-driver"}},
		{"hot", set("sys/class/thermal/thermal_zone1/temp", "76001"), []string{"temperature"}},
		{"not yet hot", set("sys/class/thermal/thermal_zone1/temp", "76000"), nil},
		{"throttled", set("sys/class/thermal/cooling_device1/cur_state", "1"), []string{"throttling"}},
		{"an old kernel", set("proc/sys/kernel/osrelease", "4.9.299-tegra"), nil},
		{"an old kernel and pins", both(set("proc/sys/kernel/osrelease", "4.9.299-tegra"), set("dev/gpiochip0", "")), []string{"gpio-kernel"}},
		{"a new kernel and pins", set("dev/gpiochip0", ""), nil},
		{"memory", set("proc/meminfo", "MemAvailable: 262143 kB"), []string{"memory"}},
		{"swap", set("proc/meminfo", "SwapTotal: 100000 kB\nSwapFree: 34463 kB"), []string{"swap"}},
		{"little swap", set("proc/meminfo", "SwapTotal: 100000 kB\nSwapFree: 34464 kB"), nil},
	} {
		t.Run(test.name, func(t *testing.T) {
			tree := load(t, "agx-xavier")
			test.change(tree)
			var got []string
			for _, f := range Doctor(detect(tree), newTelemetry(tree, nil).Read()) {
				got = append(got, f.ID)
				if f.What == "" || f.Why == "" {
					t.Errorf("%+v says too little", f)
				}
			}
			if !slices.Equal(got, test.want) {
				t.Errorf("found %v, want %v", got, test.want)
			}
		})
	}
}

func set(name, text string) func(*boardstest.Tree) {
	return func(t *boardstest.Tree) { t.Files[name] = &boardstest.File{Data: []byte(text)} }
}

func unset(name string) func(*boardstest.Tree) {
	return func(t *boardstest.Tree) { delete(t.Files, name) }
}

func both(a, b func(*boardstest.Tree)) func(*boardstest.Tree) {
	return func(t *boardstest.Tree) { a(t); b(t) }
}

// What 10 reads a second cost: see README.md.
func BenchmarkRead(b *testing.B) {
	for _, name := range []string{"orin-nano", "thor"} {
		b.Run(name, func(b *testing.B) {
			dir := b.TempDir()
			if err := load(b, name).Write(dir); err != nil {
				b.Fatal(err)
			}
			telemetry, err := NewTelemetry(dir, nil)
			if err != nil {
				b.Fatal(err)
			}
			b.ReportAllocs()
			for b.Loop() {
				telemetry.Read()
			}
		})
	}
}
