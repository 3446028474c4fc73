package simtest

import (
	"bytes"
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"

	"github.com/edge-infer/edge-infer/kernels/cuda/ptxsim/libcuda/driver"
)

// Variable is the environment variable that names the server's socket.
const Variable = "EDGE_INFER_SIMULATED_GPU"

// A Library is a libcuda.so.1 to be.
type Library struct {
	Compiler []string // command and first arguments; nil: cc
	Driver   int      // CUDA version, 10020 for 10.2, that it has the functions of; 0: all there are
}

// Build compiles the library into a folder.
func (l Library) Build(folder string) error {
	source, err := sourceFile()
	if err != nil {
		return err
	}
	command := append([]string(nil), l.Compiler...)
	if len(command) == 0 {
		command = []string{"cc"}
	}
	command = append(command, "-std=c11", "-shared", "-fPIC", "-O2", "-Wall", "-Wextra", "-Werror", "-Wl,-soname,libcuda.so.1")
	if l.Driver != 0 {
		command = append(command, "-DDRIVER="+strconv.Itoa(l.Driver))
	}
	command = append(command, "-o", filepath.Join(folder, "libcuda.so.1"), source, "-lpthread")
	out, err := exec.Command(command[0], command[1:]...).CombinedOutput()
	if err != nil {
		return fmt.Errorf("simtest: %q: %w\n%s", command, err, out)
	}
	return nil
}

// sourceFile finds libcuda.c in the module that the working folder, which for
// a test is its package's, belongs to.
func sourceFile() (string, error) {
	folder, err := os.Getwd()
	if err != nil {
		return "", fmt.Errorf("simtest: %w", err)
	}
	for {
		source := filepath.Join(folder, "kernels", "cuda", "ptxsim", "libcuda", "libcuda.c")
		if _, err := os.Stat(source); err == nil {
			return source, nil
		}
		above := filepath.Dir(folder)
		if above == folder {
			return "", errors.New("simtest: libcuda.c: not found from the working folder upwards: run it inside of the module")
		}
		folder = above
	}
}

// A GPU is a server that runs in this process.
type GPU struct {
	server  *driver.Server
	libcuda string // the folder of libcuda.so.1
	folder  string
	errors  *bytes.Buffer
	served  chan error
}

// Start runs a server for the library in a folder. Errors of the options is
// taken by the GPU, which returns what is written there when it is closed.
func Start(library string, o driver.Options) (*GPU, error) {
	library, err := filepath.Abs(library)
	if err != nil {
		return nil, fmt.Errorf("simtest: %w", err)
	}
	folder, err := os.MkdirTemp("", "gpu") // short, as sockets want it
	if err != nil {
		return nil, fmt.Errorf("simtest: %w", err)
	}
	g := &GPU{libcuda: library, folder: folder, errors: new(bytes.Buffer), served: make(chan error, 1)}
	o.Errors = g.errors
	var listener net.Listener
	if listener, err = driver.Listen(g.Socket()); err != nil {
		os.RemoveAll(folder)
		return nil, fmt.Errorf("simtest: %w", err)
	}
	g.server = driver.NewServer(o)
	go func() { g.served <- g.server.Serve(listener) }()
	return g, nil
}

// Socket is where the server listens.
func (g *GPU) Socket() string { return filepath.Join(g.folder, "socket") }

// Environment is what a program needs to find the library and the server.
func (g *GPU) Environment() []string {
	return []string{"LD_LIBRARY_PATH=" + g.libcuda, Variable + "=" + g.Socket()}
}

// Reports returns what each program did, as far as they have got; of one that
// has exited, all that it did.
func (g *GPU) Reports() []driver.Report { return g.server.Reports() }

// Close ends the server. The error says what programs, or their kernels, did
// wrong; failures on request are not of it.
func (g *GPU) Close() error {
	err := errors.Join(g.server.Close(), <-g.served, os.RemoveAll(g.folder))
	if n := g.server.Faults(); n > 0 {
		err = errors.Join(err, fmt.Errorf("simtest: %d faults:\n%s", n, g.errors))
	}
	return err
}
