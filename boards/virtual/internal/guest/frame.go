package guest

import (
	"encoding/binary"
	"fmt"
	"io"
)

// kind says what a frame is for.
type kind byte

// Frames to the guest, then from it.
const (
	kindRun  kind = 'r' // a line for the shell
	kindFile kind = 'f' // permissions in 4 bytes, then the path: a file begins
	kindData kind = 'd' // a piece of the file
	kindEnd  kind = 'e' // the file is complete
	kindOff  kind = 'q' // power off

	kindHello  kind = 'h' // the kernel's release
	kindStdout kind = 'o'
	kindStderr kind = 'E'
	kindExit   kind = 'x' // 4 bytes: how a command or a file ended
)

// maxPayload bounds a frame; longer data goes in several.
const maxPayload = 64 << 10

func writeFrame(out io.Writer, k kind, payload []byte) error {
	b := make([]byte, 5, 5+len(payload))
	b[0] = byte(k)
	binary.LittleEndian.PutUint32(b[1:], uint32(len(payload)))
	if _, err := out.Write(append(b, payload...)); err != nil {
		return fmt.Errorf("guest: %w", err)
	}
	return nil
}

// readFrame returns io.EOF itself when the line ends between frames.
func readFrame(in io.Reader) (kind, []byte, error) {
	var header [5]byte
	if _, err := io.ReadFull(in, header[:]); err == io.EOF {
		return 0, nil, err
	} else if err != nil {
		return 0, nil, fmt.Errorf("guest: %w", err)
	}
	size := binary.LittleEndian.Uint32(header[1:])
	if size > maxPayload {
		return 0, nil, fmt.Errorf("guest: a frame %q of %d bytes: at most %d are read", header[0], size, maxPayload)
	}
	payload := make([]byte, size)
	if _, err := io.ReadFull(in, payload); err != nil {
		return 0, nil, fmt.Errorf("guest: a frame %q of %d bytes is cut: %w", header[0], size, err)
	}
	return kind(header[0]), payload, nil
}
