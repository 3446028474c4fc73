package main

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/edge-infer/edge-infer/kernels/cuda/ptxsim/libcuda/driver"
)

func TestWrongCalls(t *testing.T) {
	for _, args := range [][]string{
		{},
		{"-listen", "s", "more"},
		{"-listen", "s", "-board", "tx1"},
		{"-listen", "s", "-fail", "cuMemAlloc"},
		{"-listen", "s", "-log", filepath.Join(t.TempDir(), "none", "log")},
		{"-listen", filepath.Join(t.TempDir(), "none", "s")},
		{"-unknown"},
	} {
		var stderr bytes.Buffer
		if code := run(args, &stderr, nil); code != 2 || stderr.Len() == 0 {
			t.Errorf("%v: exit code %d, %q: expected 2 with a reason", args, code, &stderr)
		}
	}
}

func TestServer(t *testing.T) {
	for _, c := range []struct {
		name  string
		calls func(*driver.Client) (driver.Result, error)
		want  int
	}{
		{"nothing goes wrong", func(c *driver.Client) (driver.Result, error) { return c.Call(1, "cuInit", 0) }, 0},
		{"a fault", func(c *driver.Client) (driver.Result, error) { return c.Call(1, "cuNothing") }, 1},
	} {
		t.Run(c.name, func(t *testing.T) {
			folder, err := os.MkdirTemp("", "gpu")
			if err != nil {
				t.Fatal(err)
			}
			defer os.RemoveAll(folder)
			socket, log := filepath.Join(folder, "s"), filepath.Join(folder, "log")
			var stderr bytes.Buffer
			code := make(chan int)
			go func() {
				code <- run([]string{"-listen", socket, "-board", "thor", "-driver", "12080", "-memory", "4096",
					"-fail", "cuMemAlloc=2@1", "-log", log, "-once"}, &stderr, nil)
			}()
			for range 500 {
				if _, err := os.Stat(socket); err == nil {
					break
				}
				time.Sleep(10 * time.Millisecond)
			}
			client, err := driver.Dial(socket, driver.NewArena(64))
			if err != nil {
				t.Fatal(err)
			}
			c.calls(client)
			client.Close()
			if have := <-code; have != c.want {
				t.Errorf("exit code %d: expected %d\n%s", have, c.want, &stderr)
			}
			if text, err := os.ReadFile(log); err != nil || !strings.Contains(string(text), `"board":"thor"`) {
				t.Errorf("log %q, %v", text, err)
			}
			if _, err := os.Stat(socket); err == nil {
				t.Error("the socket is left behind")
			}
		})
	}
}

func TestStop(t *testing.T) {
	folder, err := os.MkdirTemp("", "gpu")
	if err != nil {
		t.Fatal(err)
	}
	defer os.RemoveAll(folder)
	stop := make(chan os.Signal, 1)
	stop <- os.Interrupt
	var stderr bytes.Buffer
	if code := run([]string{"-listen", filepath.Join(folder, "s")}, &stderr, stop); code != 0 {
		t.Errorf("exit code %d: expected 0\n%s", code, &stderr)
	}
}
