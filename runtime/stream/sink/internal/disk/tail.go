package disk

import (
	"bytes"
	"io"
)

// WholeLines returns how many of a file's size bytes are whole lines: what follows the last newline is the line that a
// crash tore.
func WholeLines(f io.ReaderAt, size int64) (int64, error) {
	block := make([]byte, 64<<10)
	for end := size; end > 0; {
		b := block[:min(int64(len(block)), end)]
		start := end - int64(len(b))
		if _, err := f.ReadAt(b, start); err != nil {
			return 0, err
		}
		if i := bytes.LastIndexByte(b, '\n'); i >= 0 {
			return start + int64(i) + 1, nil
		}
		end = start
	}
	return 0, nil
}
