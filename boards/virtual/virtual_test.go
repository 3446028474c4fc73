//go:build linux

package main

import (
	"bytes"
	"context"
	"errors"
	"flag"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/edge-infer/edge-infer/boards/virtual/internal/fdt"
)

func TestOptions(t *testing.T) {
	o, err := parseOptions([]string{"-board", "thor", "-root", "debian", "-timeout", "30s", "-cache", "/c", "-mirror", "http://m.example/debian", "a.txt", "b.txt"}, io.Discard)
	if err != nil {
		t.Fatal(err)
	}
	if o.board.cpu != "max,pauth-impdef=on" || !o.debian || o.timeout != 30*time.Second || o.cache != "/c/bookworm" ||
		o.mirror != "http://m.example/debian" || !slices.Equal(o.scripts, []string{"a.txt", "b.txt"}) {
		t.Errorf("%+v", o)
	}
	for _, test := range []struct {
		want string
		args []string
	}{
		{"a script is missing", nil},
		{"agx-orin, agx-xavier, nano", []string{"-board", "pi", "a.txt"}},
		{"-root", []string{"-root", "ubuntu", "a.txt"}},
		{"-timeout", []string{"-timeout", "0s", "a.txt"}},
		{"-suite", []string{"-suite", "../../etc", "a.txt"}},
		{"commas", []string{"-cache", "/a,b", "a.txt"}},
		{"flag provided but not defined", []string{"-chroot", "a.txt"}},
	} {
		if _, err := parseOptions(test.args, io.Discard); err == nil || !strings.Contains(err.Error(), test.want) {
			t.Errorf("%q: error %v, want one with %q", test.args, err, test.want)
		}
	}
	var help bytes.Buffer
	if _, err := parseOptions([]string{"-h"}, &help); !errors.Is(err, flag.ErrHelp) || !strings.Contains(help.String(), "-board orin-nano") {
		t.Errorf("-h: %v\n%s", err, help.String())
	}
}

func TestIdentities(t *testing.T) {
	virt := (&fdt.Tree{Root: &fdt.Node{
		Properties: []fdt.Property{{Name: "model", Value: fdt.Strings("linux,dummy-virt")}, {Name: "compatible", Value: fdt.Strings("linux,dummy-virt")}},
		Children:   []*fdt.Node{{Name: "chosen"}},
	}}).Bytes()
	for name, id := range identities {
		blob, err := id.apply(append(bytes.Clone(virt), make([]byte, 1000)...))
		if err != nil {
			t.Fatal(err)
		}
		tree, err := fdt.Parse(blob)
		if err != nil || len(tree.Root.Children) != 1 {
			t.Fatalf("%s: %+v, %v", name, tree, err)
		}
		model, _ := tree.Root.Get("model")
		compatible, _ := tree.Root.Get("compatible")
		if name == "plain" {
			if len(blob) != len(virt) || string(model) != "linux,dummy-virt\x00" {
				t.Errorf("plain: %d bytes, model %q", len(blob), model)
			}
			continue
		}
		if !strings.HasSuffix(string(model), "\x00") || string(compatible) != strings.Join(id.compatible, "\x00")+"\x00" ||
			!strings.Contains(string(compatible), "\x00nvidia,tegra") {
			t.Errorf("%s: model %q, compatible %q", name, model, compatible)
		}
	}
	if _, err := identities["nano"].apply([]byte("no tree")); err == nil {
		t.Error("an identity was written into something else")
	}
}

func TestHardware(t *testing.T) {
	h := hardware{dir: "/t", cpu: "cortex-a57", gic: 2, memory: 512, kernel: "/vmlinuz", initramfs: "/initramfs", deviceTree: "/dtb"}
	has := func(h hardware, want string) bool { return strings.Contains(strings.Join(h.args(), " "), want) }
	if !has(h, "-machine virt,gic-version=2 ") || has(h, "virtio-blk") || has(h, "virtual.root") {
		t.Errorf("without a disk: %q", h.args())
	}
	h.disk = "/root.ext4"
	if !has(h, "file=/root.ext4,snapshot=on") || !has(h, "virtual.root=/dev/vda") {
		t.Errorf("with a disk: %q", h.args())
	}
	h.keep = true
	if has(h, "snapshot") || has(h, "virtual.root") {
		t.Errorf("with a disk that is being made: %q", h.args())
	}
}

func TestConsole(t *testing.T) {
	panicked := make(chan bool, 9)
	var shown bytes.Buffer
	c := &console{next: &shown, panicked: func() { panicked <- true }}
	for range 10000 {
		if _, err := c.Write([]byte("a line\r\n")); err != nil {
			t.Fatal(err)
		}
	}
	if len(c.kept) > 3*keptBytes || shown.Len() != 80000 {
		t.Errorf("%d bytes are kept and %d shown of 80000", len(c.kept), shown.Len())
	}
	// In two pieces, and twice.
	for _, piece := range []string{"[1.0] Kernel pan", "ic - not syncing: \x1b[31mno init\r\n", "Kernel panic - not syncing: again\r\n"} {
		io.WriteString(c, piece)
	}
	if got, want := c.tail(2), "\n  | [1.0] Kernel panic - not syncing: [31mno init\n  | Kernel panic - not syncing: again"; got != want {
		t.Errorf("tail %q, want %q", got, want)
	}
	<-panicked
	select {
	case <-panicked:
		t.Error("one panic was told twice")
	case <-time.After(2 * panicDelay):
	}
}

func TestProgramName(t *testing.T) {
	for _, test := range []struct {
		pkg  string
		test bool
		want string
	}{{"./cmd/edge-infer", false, "edge-infer"}, {"./boards/sensor", true, "sensor.test"}} {
		if got := programName(test.pkg, test.test); got != test.want || filepath.Base(got) != got {
			t.Errorf("%s, test %v: %q, want %q", test.pkg, test.test, got, test.want)
		}
	}
}

func TestLockCache(t *testing.T) {
	cache := filepath.Join(t.TempDir(), "a", "b")
	first, err := lockCache(t.Context(), cache)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.MkdirAll(filepath.Join(cache, "new-1", "x"), 0o755); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	if _, err := lockCache(ctx, cache); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("locked twice: %v", err)
	}
	if err := first.Close(); err != nil {
		t.Fatal(err)
	}
	second, err := lockCache(t.Context(), cache)
	if err != nil {
		t.Fatal(err)
	}
	defer second.Close()
	if _, err := os.Stat(filepath.Join(cache, "new-1")); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("what was left behind: %v", err)
	}
}
