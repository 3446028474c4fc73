// Command server holds a simulated GPU for programs that load the libcuda.so.1
// of the folder above:
//
//	cc -shared -fPIC -O2 -o LIBRARY/libcuda.so.1 -Wl,-soname,libcuda.so.1 libcuda.c -lpthread
//	server -listen SOCKET -board orin-nano -log calls.jsonl &
//	LD_LIBRARY_PATH=LIBRARY EDGE_INFER_SIMULATED_GPU=SOCKET edge-infer ...
//
// It accepts calls as soon as the socket is there, and ends at an interrupt or
// a request to terminate. Its exit code is 1 if anything went wrong that
// nobody had asked for: an access out of bounds in a kernel, a race.
package main

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"strings"
	"syscall"

	"github.com/edge-infer/edge-infer/kernels/cuda/ptxsim/libcuda/driver"
)

func main() {
	stop := make(chan os.Signal, 1)
	signal.Notify(stop, os.Interrupt, syscall.SIGTERM)
	os.Exit(run(os.Args[1:], os.Stderr, stop))
}

type specs []string

func (s *specs) String() string     { return strings.Join(*s, ",") }
func (s *specs) Set(v string) error { *s = append(*s, v); return nil }

func run(args []string, stderr io.Writer, stop <-chan os.Signal) int {
	flags := flag.NewFlagSet("server", flag.ContinueOnError)
	flags.SetOutput(stderr)
	listen := flags.String("listen", "", "the `socket` to listen on")
	boardName := flags.String("board", "orin-nano", "the `board`: "+strings.Join(driver.BoardNames(), ", "))
	version := flags.Int("driver", 0, "the driver's CUDA `version`, 10020 for 10.2 (default the board's)")
	memory := flags.Int64("memory", 0, "the device's memory in `bytes` (default the board's)")
	log := flags.String("log", "", "a `file` that gets a JSON line for every process that ends")
	once := flags.Bool("once", false, "end with the first process")
	var failures specs
	flags.Var(&failures, "fail", "a failure: CALL=NUMBER, CALL=NUMBER@N for the Nth call alone, or no-device; may be repeated")
	if err := flags.Parse(args); err != nil {
		if errors.Is(err, flag.ErrHelp) {
			return 0
		}
		return 2
	}
	wrong := func(err error) int {
		fmt.Fprintln(stderr, "server:", err)
		return 2
	}
	if *listen == "" || flags.NArg() > 0 {
		return wrong(errors.New("-listen SOCKET is needed, and nothing but flags"))
	}
	o := driver.Options{Errors: stderr, Once: *once}
	var err error
	if o.Board, err = driver.FindBoard(*boardName); err != nil {
		return wrong(err)
	}
	if *version != 0 {
		o.Board.Driver = *version
	}
	if *memory != 0 {
		o.Board.Memory = *memory
	}
	if o.Failures, err = driver.ParseFailures(failures); err != nil {
		return wrong(err)
	}
	if *log != "" {
		file, err := os.OpenFile(*log, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o644)
		if err != nil {
			return wrong(err)
		}
		defer file.Close()
		o.Log = file
	}
	return serve(o, *listen, stderr, stop)
}

func serve(o driver.Options, socket string, stderr io.Writer, stop <-chan os.Signal) int {
	listener, err := driver.Listen(socket)
	if err != nil {
		fmt.Fprintln(stderr, "server:", err)
		return 2
	}
	defer os.Remove(socket)
	server := driver.NewServer(o)
	go func() {
		<-stop
		server.Close()
	}()
	if err := server.Serve(listener); err != nil {
		fmt.Fprintln(stderr, "server:", err)
		return 1
	}
	if n := server.Faults(); n > 0 {
		fmt.Fprintf(stderr, "server: %d faults\n", n)
		return 1
	}
	return 0
}
