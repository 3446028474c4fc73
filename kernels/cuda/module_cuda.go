//go:build cuda

package cuda

import (
	"bytes"
	"fmt"
	"runtime"
	"strings"

	"gorgonia.org/cu"
)

// logBytes is how much of each of the compiler's logs is kept, and logLines how many lines of it go into an error.
const (
	logBytes = 8 << 10
	logLines = 6
)

// module returns the kernels of a text, compiled by the driver. They stay until the gpu is released. A context
// must be current.
func (g *gpu) module(ptx string) (cu.Module, error) {
	g.mu.Lock()
	defer g.mu.Unlock()
	if m, ok := g.modules[ptx]; ok {
		return m, nil
	}
	// The driver writes into both buffers, of which the call is given mere numbers.
	var errorLog, infoLog [logBytes]byte
	var pinner runtime.Pinner
	defer pinner.Unpin()
	pinner.Pin(&errorLog)
	pinner.Pin(&infoLog)
	m, err := cu.LoadDataEx(ptx, &cu.JITErrorLogBuffer{Buffer: errorLog[:]}, &cu.JITInfoLogBuffer{Buffer: infoLog[:]})
	if err == nil {
		g.modules[ptx] = m
		return m, nil
	}
	failed := g.failed("compiling them", err)
	log := firstLines(errorLog[:])
	if log == "" {
		log = firstLines(infoLog[:])
	}
	if log != "" {
		failed = fmt.Errorf("%w: %s", failed, log)
	}
	return cu.Module{}, failed
}

// firstLines returns the beginning of a log, which ends at its first zero byte, in one line.
func firstLines(log []byte) string {
	log, _, _ = bytes.Cut(log, []byte{0})
	var lines []string
	for line := range strings.Lines(string(log)) {
		if line = strings.TrimSpace(line); line != "" && len(lines) < logLines {
			lines = append(lines, line)
		}
	}
	return strings.Join(lines, "; ")
}
