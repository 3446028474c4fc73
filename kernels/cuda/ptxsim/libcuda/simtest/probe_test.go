//go:build cudabuild

package simtest

import (
	"bufio"
	"bytes"
	"flag"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/edge-infer/edge-infer/kernels/cuda/ptxsim/libcuda/driver"
)

var (
	ccAMD64   = flag.String("cc-amd64", "cc", "C compiler for amd64, with arguments")
	ccARM64   = flag.String("cc-arm64", "aarch64-linux-gnu-gcc", "C compiler for arm64, with arguments")
	qemuARM64 = flag.String("qemu-arm64", "qemu-aarch64-static -L /usr/aarch64-linux-gnu", "what runs programs for arm64")
)

// machine is a processor that programs with a libcuda.so.1 run on.
type machine struct {
	name     string
	compiler []string
	runner   []string
	folder   string
}

// machines compiles the library and the probe for both processors. Without
// the compilers the tests fail: nothing is skipped.
func machines(t *testing.T, version int) []machine {
	t.Helper()
	list := []machine{
		{name: "amd64", compiler: strings.Fields(*ccAMD64)},
		{name: "arm64", compiler: strings.Fields(*ccARM64), runner: strings.Fields(*qemuARM64)},
	}
	for i := range list {
		m := &list[i]
		m.folder = t.TempDir()
		if err := (Library{Compiler: m.compiler, Driver: version}).Build(m.folder); err != nil {
			t.Fatal(err)
		}
		command := append(m.compiler[:len(m.compiler):len(m.compiler)], "-std=gnu11", "-O2", "-Wall",
			"-o", filepath.Join(m.folder, "probe"), "../testdata/probe.c", "-ldl", "-lpthread")
		if out, err := exec.Command(command[0], command[1:]...).CombinedOutput(); err != nil {
			t.Fatalf("%q: %v\n%s", command, err, out)
		}
	}
	return list
}

func (m machine) probe(scenario string, environment ...string) *exec.Cmd {
	line := append(m.runner[:len(m.runner):len(m.runner)], filepath.Join(m.folder, "probe"), "../testdata/twice.ptx", scenario)
	c := exec.Command(line[0], line[1:]...)
	c.Env = append(os.Environ(), "LD_LIBRARY_PATH="+m.folder)
	c.Env = append(c.Env, environment...)
	return c
}

func options(t *testing.T, board string, failures ...string) driver.Options {
	t.Helper()
	b, err := driver.FindBoard(board)
	if err != nil {
		t.Fatal(err)
	}
	o := driver.Options{Board: b}
	if o.Failures, err = driver.ParseFailures(failures); err != nil {
		t.Fatal(err)
	}
	return o
}

func TestProbe(t *testing.T) {
	scenarios := []struct {
		name     string
		board    string
		failures []string
		fault    string // of the server
		says     string // the library, on stderr
	}{
		{name: "copies", board: "nano"},
		{name: "mapped", board: "agx-orin"},
		{name: "graphs", board: "orin-nano"},
		{name: "events", board: "desktop"},
		{name: "device", board: "thor"},
		{name: "threads", board: "xavier-nx"},
		{name: "lost", board: "orin-nx", failures: []string{"cuLaunchKernel=719@2"}},
		{name: "no-device", board: "nano", failures: []string{"no-device"}},
		{name: "unwritten", board: "tx2", fault: "launch of twice"},
		{name: "unmapped", board: "tx2", says: "host memory that is not there"},
	}
	for _, m := range machines(t, 0) {
		for _, s := range scenarios {
			t.Run(m.name+"/"+s.name, func(t *testing.T) {
				gpu, err := Start(m.folder, options(t, s.board, s.failures...))
				if err != nil {
					t.Fatal(err)
				}
				var stderr bytes.Buffer
				probe := m.probe(s.name, gpu.Environment()...)
				probe.Stderr = &stderr
				if out, err := probe.Output(); err != nil {
					t.Errorf("%v\n%s%s", err, out, stderr.Bytes())
				}
				if s.says == "" && stderr.Len() > 0 || !strings.Contains(stderr.String(), s.says) {
					t.Errorf("the library says %q: expected %q", &stderr, s.says)
				}
				reports, err := driver.Reports(gpu.Socket())
				if err != nil || len(reports) != 1 || reports[0].Calls["cuInit"] != 1 {
					t.Errorf("reports: %+v, %v: expected that of one process", reports, err)
				}
				switch err := gpu.Close(); {
				case s.fault == "" && err != nil:
					t.Error(err)
				case s.fault != "" && (err == nil || !strings.Contains(err.Error(), s.fault)):
					t.Errorf("closing the GPU: %v: expected %q", err, s.fault)
				}
			})
		}
	}
}

func TestServerGoesAway(t *testing.T) {
	for _, m := range machines(t, 0) {
		t.Run(m.name, func(t *testing.T) {
			gpu, err := Start(m.folder, options(t, "orin-nano"))
			if err != nil {
				t.Fatal(err)
			}
			probe := m.probe("gone", gpu.Environment()...)
			stdin, err := probe.StdinPipe()
			if err != nil {
				t.Fatal(err)
			}
			stdout, err := probe.StdoutPipe()
			if err != nil {
				t.Fatal(err)
			}
			if err := probe.Start(); err != nil {
				t.Fatal(err)
			}
			out := bufio.NewReader(stdout)
			if line, err := out.ReadString('\n'); line != "ready\n" {
				t.Errorf("%q, %v: expected ready", line, err)
			}
			if err := gpu.Close(); err != nil {
				t.Error(err)
			}
			stdin.Close()
			rest, _ := out.ReadString(0)
			if err := probe.Wait(); err != nil {
				t.Errorf("%v\n%s", err, rest)
			}
		})
	}
}

func TestNoServer(t *testing.T) {
	for _, m := range machines(t, 0) {
		for _, socket := range []string{"", filepath.Join(m.folder, "none"), strings.Repeat("long", 100)} {
			if out, err := m.probe("nowhere", Variable+"="+socket).Output(); err != nil {
				t.Errorf("%s: socket %q: %v\n%s", m.name, socket, err, out)
			}
		}
	}
}

// A server that says nothing is given up in time.
func TestSilentServer(t *testing.T) {
	folder, err := os.MkdirTemp("", "gpu")
	if err != nil {
		t.Fatal(err)
	}
	defer os.RemoveAll(folder)
	listener, err := driver.Listen(filepath.Join(folder, "socket"))
	if err != nil {
		t.Fatal(err)
	}
	defer listener.Close()
	for _, m := range machines(t, 0) {
		if out, err := m.probe("nowhere", Variable+"="+filepath.Join(folder, "socket"), Variable+"_TIMEOUT=1").Output(); err != nil {
			t.Errorf("%s: %v\n%s", m.name, err, out)
		}
	}
}

func TestDriverVersions(t *testing.T) {
	cases := []struct {
		version int
		want    string
	}{
		{10020, "cuGraphInstantiate\n"},
		{11000, "cuGraphInstantiate\ncuGraphInstantiate_v2\ncuDevicePrimaryCtxRelease_v2\n"},
		{11040, "cuGraphInstantiate\ncuGraphInstantiate_v2\ncuGraphInstantiateWithFlags\ncuDevicePrimaryCtxRelease_v2\n"},
	}
	for _, c := range cases {
		for _, m := range machines(t, c.version) {
			out, err := m.probe("symbols").Output()
			if err != nil || string(out) != c.want {
				t.Errorf("%s, driver %d: %q, %v: expected %q", m.name, c.version, out, err, c.want)
			}
		}
	}
}
