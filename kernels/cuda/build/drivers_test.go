//go:build cudabuild

package main

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"
)

// These tests download the compiler if the cache does not hold it, build testdata/probe for both targets, and run it
// beside drivers made from testdata/driver/driver.c. What is not the machine's own runs under qemu-user, with the C
// library of the Debian packages libc6-arm64-cross or libc6-amd64-cross.

// absent, missing, failing and older: what the probe says without a driver and with bad ones; and a driver that has
// everything.
var driverTests = []struct {
	name   string
	driver []string // how to compile it; nil: there is none
	want   []string
}{
	{"no driver", nil, []string{
		"load error: libcuda.so.1: cannot open shared object file: No such file or directory",
		"devices: 0, NoDevice",
		"version: -1",
		"module: NoDevice",
		"launch: 100",
		"cuCtxResetPersistingL2Cache: 100",
		"cuGraphInstantiate: 100",
	}},
	{"a driver that is a broken file", []string{"-DBROKEN"}, []string{
		"load error: libcuda.so.1: cannot open shared object file: No such file or directory",
		"devices: 0, NoDevice",
		"launch: 100",
	}},
	{"a driver that needs a library that is not there", []string{"-DINIT=0", "-lgone"}, []string{
		"load error: libgone.so: cannot open shared object file: No such file or directory",
		"devices: 0, NoDevice",
		"launch: 100",
	}},
	{"a driver without cuInit", []string{"-DNO_INIT"}, []string{
		"undefined symbol: cuInit",
		"devices: 0, NotFound",
		"version: -1",
		"launch: 500",
	}},
	{"a driver whose cuInit finds no device", []string{"-DINIT=100", "-DCOMPLETE"}, []string{
		"load error: \n",
		"devices: 0, NoDevice",
		"version: 10020",
		"module: NoDevice",
		"launch: 100",
		"cuCtxResetPersistingL2Cache: 100",
	}},
	{"a driver whose cuInit fails", []string{"-DINIT=999"}, []string{
		"load error: \n",
		"devices: 0, Unknown",
		"version: 10020",
		"launch: 999",
		"cuCtxResetPersistingL2Cache: 999",
	}},
	// The driver of JetPack 4 lacks cuCtxResetPersistingL2Cache, cuDevicePrimaryCtxRelease_v2 and others.
	{"a driver that is older than the package", []string{"-DINIT=0"}, []string{
		"load error: \n",
		"devices: 1, <nil>",
		"version: 10020",
		"module: <nil>",
		"launch: 0",
		"cuCtxResetPersistingL2Cache: 801",
		"cuDevicePrimaryCtxRelease_v2: 801",
		"cuDevicePrimaryCtxReset_v2: 801",
		"cuDevicePrimaryCtxSetFlags_v2: 801",
		"cuGraphInstantiate: 801",
	}},
	{"a driver that flushes subnormals to zero", []string{"-DINIT=0", "-DCOMPLETE", "-DFLUSH"}, []string{
		"load error: \n",
		"devices: 1, <nil>",
		"module: <nil>",
		"launch: 0",
		"cuCtxResetPersistingL2Cache: 0",
		"cuGraphInstantiate: 0",
	}},
}

func TestProbeBesideDrivers(t *testing.T) {
	for system := range targets {
		t.Run(system, func(t *testing.T) {
			dir := t.TempDir()
			probe := filepath.Join(dir, "probe")
			buildOrFail(t, "-target", system, "-pkg", "./testdata/probe", "-o", probe)
			for _, test := range driverTests {
				t.Run(test.name, func(t *testing.T) {
					libraries := t.TempDir()
					if test.driver != nil {
						makeDriver(t, system, libraries, test.driver)
					}
					for _, bindNow := range []string{"", "1"} {
						variables := []string{"LD_LIBRARY_PATH=" + libraries}
						if bindNow != "" {
							variables = append(variables, "LD_BIND_NOW="+bindNow)
						}
						got := runFor(t, system, variables, probe)
						want := append(slices.Clone(test.want), "subnormals after cuInit: kept", "subnormals after cuModuleLoadData: kept")
						for _, line := range want {
							if !strings.Contains(got, line) {
								t.Errorf("with LD_BIND_NOW=%q the probe does not say %q, but\n%s", bindNow, line, got)
							}
						}
					}
				})
			}
		})
	}
}

// The driver does what the test of subnormals says it does: a program that loads it as programs do loses them.
func TestDriverFlushesSubnormals(t *testing.T) {
	for system := range targets {
		t.Run(system, func(t *testing.T) {
			dir := t.TempDir()
			makeDriver(t, system, dir, []string{"-DINIT=0", "-DFLUSH"})
			program := filepath.Join(dir, "program")
			compileC(t, system, "-o", program, "testdata/driver/subnormal.c", filepath.Join(dir, "libcuda.so.1"))
			if got := runFor(t, system, []string{"LD_LIBRARY_PATH=" + dir}, program); got != "lost\n" {
				t.Errorf("the program says %q, expected %q", got, "lost\n")
			}
		})
	}
}

// A compiler that asks for a newer C library than the boards have is found out.
func TestNewerGLIBCIsRefused(t *testing.T) {
	options, err := parseOptions([]string{"-target", "linux/arm64", "-glibc", "2.38", "-o", "unused"}, os.Stderr)
	if err != nil {
		t.Fatal(err)
	}
	cc, err := compiler(t.Context(), options, t.Output())
	if err != nil {
		t.Fatal(err)
	}
	output := filepath.Join(t.TempDir(), "probe")
	var stderr bytes.Buffer
	code := run([]string{"-target", "linux/arm64", "-cc", cc, "-pkg", "./testdata/probe", "-o", output}, t.Output(), &stderr)
	if want := "GLIBC_2.27 is the newest there is"; code != 1 || !strings.Contains(stderr.String(), want) {
		t.Errorf("exit code %d and %q, expected 1 and %q", code, stderr.String(), want)
	}
	if _, err := os.Stat(output); err == nil {
		t.Errorf("the refused program was written")
	}
}

func TestPrintEnvironment(t *testing.T) {
	var lines bytes.Buffer
	if code := run([]string{"-print-env", "-pkg", "./testdata/probe"}, &lines, t.Output()); code != 0 {
		t.Fatalf("exit code %d", code)
	}
	// GOFLAGS bring the tag: without it the probe has no files.
	command := exec.Command("sh", "-c", lines.String()+"go run ./testdata/probe")
	command.Env = append(os.Environ(), "LD_LIBRARY_PATH=")
	output, err := command.CombinedOutput()
	if err != nil || !strings.Contains(string(output), "cuGraphInstantiate: 100") {
		t.Errorf("%v, and the probe says\n%s", err, output)
	}
}

func buildOrFail(t *testing.T, args ...string) {
	t.Helper()
	if code := run(args, t.Output(), t.Output()); code != 0 {
		t.Fatalf("build %q: exit code %d", args, code)
	}
}

// makeDriver puts a libcuda.so.1 into a folder.
func makeDriver(t *testing.T, system, dir string, flags []string) {
	t.Helper()
	library := filepath.Join(dir, "libcuda.so.1")
	if slices.Contains(flags, "-DBROKEN") {
		// A file of the right name for another machine: the dynamic linker looks further, and finds nothing.
		system = otherSystem(system)
		flags = []string{"-DINIT=0"}
	}
	if i := slices.Index(flags, "-lgone"); i >= 0 {
		compileC(t, system, "-shared", "-o", filepath.Join(dir, "libgone.so"), "-Wl,-soname,libgone.so", "testdata/driver/gone.c")
		flags = append(slices.Delete(slices.Clone(flags), i, i+1), "-Wl,--no-as-needed", filepath.Join(dir, "libgone.so"))
		defer os.Remove(filepath.Join(dir, "libgone.so"))
	}
	compileC(t, system, slices.Concat([]string{"-shared", "-fPIC", "-Wl,-soname,libcuda.so.1", "-o", library, "testdata/driver/driver.c"}, flags)...)
}

func otherSystem(system string) string {
	if system == "linux/amd64" {
		return "linux/arm64"
	}
	return "linux/amd64"
}

// compileC compiles with the compiler that the builds use.
func compileC(t *testing.T, system string, args ...string) {
	t.Helper()
	options, err := parseOptions([]string{"-target", system, "-o", "unused"}, os.Stderr)
	if err != nil {
		t.Fatal(err)
	}
	cc, err := compiler(t.Context(), options, t.Output())
	if err != nil {
		t.Fatal(err)
	}
	if output, err := exec.Command(cc, append([]string{"-O2"}, args...)...).CombinedOutput(); err != nil {
		t.Fatalf("C compiler, %q: %v\n%s", args, err, output)
	}
}

// runFor runs a program for a system, with more environment, and gives its output.
func runFor(t *testing.T, system string, variables []string, program string) string {
	t.Helper()
	command := exec.Command(program)
	command.Env = append(os.Environ(), variables...)
	if system != runtime.GOOS+"/"+runtime.GOARCH {
		emulator, libraries := "qemu-aarch64-static", "/usr/aarch64-linux-gnu"
		if system == "linux/amd64" {
			emulator, libraries = "qemu-x86_64-static", "/usr/x86_64-linux-gnu"
		}
		if _, err := os.Stat(libraries); err != nil {
			t.Fatalf("no C library for %s: %v", system, err)
		}
		args := []string{"-L", libraries}
		for _, v := range variables {
			args = append(args, "-E", v)
		}
		command = exec.Command(emulator, append(args, program)...)
	}
	output, err := command.CombinedOutput()
	if err != nil {
		t.Fatalf("%s: %v\n%s", command, err, output)
	}
	return string(output)
}
