package guest

import (
	"bufio"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"time"
)

// MaxOutput bounds what one command may print, in bytes.
const MaxOutput = 8 << 20

// Result is how a command went.
type Result struct {
	Stdout, Stderr []byte
	Code           int // 128 and the signal's number for a command that a signal ended
	Duration       time.Duration
}

// Client is the host's end of the line.
type Client struct {
	in  *bufio.Reader
	out io.Writer
}

// NewClient returns the host's end of a line.
func NewClient(line io.ReadWriter) *Client {
	return &Client{in: bufio.NewReaderSize(line, maxPayload), out: line}
}

// Hello waits for the guest and returns its kernel's release.
func (c *Client) Hello() (string, error) {
	k, payload, err := readFrame(c.in)
	if err != nil {
		return "", ended(err)
	}
	if k != kindHello {
		return "", fmt.Errorf("guest: begins with a frame %q, expected %q", k, kindHello)
	}
	return string(payload), nil
}

// Run runs a line in the guest's shell, in its home folder.
func (c *Client) Run(line string) (Result, error) {
	if len(line) > maxPayload {
		return Result{}, fmt.Errorf("guest: a command of %d bytes: at most %d are possible", len(line), maxPayload)
	}
	start := time.Now()
	if err := writeFrame(c.out, kindRun, []byte(line)); err != nil {
		return Result{}, err
	}
	r, err := c.wait()
	r.Duration = time.Since(start)
	return r, err
}

// Put makes a file in the guest, with the folders above it. A relative name is below the home folder.
func (c *Client) Put(name string, perm fs.FileMode, content io.Reader) error {
	header := binary.LittleEndian.AppendUint32(nil, uint32(perm.Perm()))
	if len(header)+len(name) > maxPayload {
		return fmt.Errorf("guest: a file name of %d bytes", len(name))
	}
	if err := writeFrame(c.out, kindFile, append(header, name...)); err != nil {
		return err
	}
	for piece := make([]byte, maxPayload); ; {
		n, err := io.ReadFull(content, piece)
		if n > 0 {
			if err := writeFrame(c.out, kindData, piece[:n]); err != nil {
				return err
			}
		}
		if err == io.EOF || err == io.ErrUnexpectedEOF {
			break
		}
		if err != nil {
			return fmt.Errorf("guest: reading what becomes %s: %w", name, err)
		}
	}
	if err := writeFrame(c.out, kindEnd, nil); err != nil {
		return err
	}
	r, err := c.wait()
	if err == nil && r.Code != 0 {
		err = fmt.Errorf("guest: writing %s: %s", name, r.Stderr)
	}
	return err
}

// Off asks the guest to power off, and does not wait.
func (c *Client) Off() error { return writeFrame(c.out, kindOff, nil) }

// wait collects frames until one says how it ended.
func (c *Client) wait() (Result, error) {
	var r Result
	for {
		k, payload, err := readFrame(c.in)
		if err != nil {
			return r, ended(err)
		}
		switch {
		case k == kindStdout:
			r.Stdout = append(r.Stdout, payload...)
		case k == kindStderr:
			r.Stderr = append(r.Stderr, payload...)
		case k == kindExit && len(payload) == 4:
			r.Code = int(int32(binary.LittleEndian.Uint32(payload)))
			return r, nil
		default:
			return r, fmt.Errorf("guest: a frame %q of %d bytes was not expected here", k, len(payload))
		}
		if len(r.Stdout)+len(r.Stderr) > MaxOutput {
			return r, fmt.Errorf("guest: a command printed more than %d bytes", MaxOutput)
		}
	}
}

// ErrGone is a line that ended while the guest was expected to answer.
var ErrGone = errors.New("guest: it is gone")

func ended(err error) error {
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		return fmt.Errorf("%w (%w)", ErrGone, err)
	}
	return err
}
