//go:build cudabuild

package cuda

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"os/exec"
	"path/filepath"
	"sync"
	"testing"
)

// host runs the kernels as clang compiles them for this machine.
type host struct{ program string }

var buildHost = sync.OnceValues(func() (string, error) {
	program := filepath.Join(hostFolder, "host")
	compile := exec.Command("clang-19", "-O2", "-ffp-contract=off", "-fno-math-errno", "-Wall", "-Wextra", "-Wno-unused-parameter", "-Wno-psabi",
		"-Werror", "-o", program, "testdata/host.c", "-lm")
	if message, err := compile.CombinedOutput(); err != nil {
		return "", fmt.Errorf("%v\n%s", err, message)
	}
	return program, nil
})

var hostFolder string

func newHost(t *testing.T) host {
	if hostFolder == "" {
		hostFolder = t.TempDir()
	}
	program, err := buildHost()
	if err != nil {
		t.Fatal(err)
	}
	return host{program}
}

func (h host) run(p *Program, launches []Launch, rows int, src []byte) ([]byte, error) {
	var in bytes.Buffer
	number := func(n int) { in.Write(binary.LittleEndian.AppendUint64(nil, uint64(n))) }
	block := func(b []byte) {
		number(len(b))
		in.Write(b)
	}
	block(p.Image)
	sizes := p.Buffers(rows)
	number(len(sizes))
	for _, size := range sizes {
		number(size)
	}
	block(src)
	number(len(launches))
	for _, l := range launches {
		var name [32]byte
		copy(name[:], l.Entry)
		in.Write(name[:])
		for _, v := range []int{l.Grid[0], l.Grid[1], l.Block, l.Shared, l.Src, l.Dst, l.Scratch, int(l.Rows), int(l.PerBlock), int(l.Record)} {
			in.Write(binary.LittleEndian.AppendUint32(nil, uint32(v)))
		}
	}
	run := exec.Command(h.program)
	var out, message bytes.Buffer
	run.Stdin, run.Stdout, run.Stderr = &in, &out, &message
	if err := run.Run(); err != nil {
		return nil, fmt.Errorf("%v: %s", err, message.Bytes())
	}
	return out.Bytes(), nil
}

// The same C on the host gives the same bits, for networks of all steps.
func TestHost(t *testing.T) {
	h := newHost(t)
	for seed := range uint64(300) {
		r := newRandom(seed)
		inputs, rows := 1+r.IntN(200), 1+r.IntN(12)
		build := r.net(inputs, 1+r.IntN(6), 150)
		traits := []Traits{nano, orin}[seed%2]
		heavy := []int{0, 1, 1 << 40}[seed%3]
		check(t, h, program(t, build, inputs, traits, heavy), build, r.values(rows*inputs))
		if t.Failed() {
			t.Fatalf("seed %d", seed)
		}
	}
}
