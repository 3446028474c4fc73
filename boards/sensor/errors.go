package sensor

import (
	"context"
	"errors"
	"io"
	"io/fs"
	"os"
	"slices"
	"strings"
	"syscall"
)

// The kinds of failure, to be asked for with errors.Is. An error of none of them (a missing permission, a wrong name)
// does not go away by trying again.
var (
	// ErrGone says that the sensor or its bus is not there: nothing acknowledges the address, or the device
	// file has vanished. Close the sensor and open it again later.
	ErrGone = errors.New("the sensor is gone")
	// ErrTemporary says that this reading failed and the next may succeed: a timeout, lost arbitration, a
	// transfer that ended early, a measurement that was not ready.
	ErrTemporary = errors.New("temporary failure")
	// ErrIdentity says that another device than the expected one answers.
	ErrIdentity = errors.New("another device answers")
	// ErrCRC says that bytes were damaged between the sensor and here.
	ErrCRC = errors.New("checksum mismatch")
	// ErrInUse says that a driver of the kernel has the sensor. Read it through IIO, or unbind the driver.
	ErrInUse = errors.New("in use by the kernel")
)

// Error is a failure of a sensor, with its kind and its cause.
type Error struct {
	Sensor string // its name and where it is, such as "sht4x at I2C1, address 0x44"
	Op     string // "open" or "read"
	Kind   error  // one of the kinds above, or nil
	Err    error  // the cause
}

// newError finds the kind of a failure by its cause.
func newError(sensor, op string, cause error) *Error {
	return &Error{sensor, op, kindOf(cause), cause}
}

func (e *Error) Error() string {
	text := "sensor: " + e.Sensor + ": " + e.Op + ": "
	if e.Kind != nil && !errors.Is(e.Err, e.Kind) {
		text += e.Kind.Error() + ": "
	}
	return text + e.Err.Error()
}

// Unwrap makes errors.Is find both the kind and the cause.
func (e *Error) Unwrap() []error {
	if e.Kind == nil {
		return []error{e.Err}
	}
	return []error{e.Kind, e.Err}
}

// kindOf finds the kind of a failed operation, or nil. NAK is ENXIO from most I2C adapters of Linux and EREMOTEIO
// (remoteIO) from Tegra's.
func kindOf(err error) error {
	for _, kind := range []error{ErrGone, ErrTemporary, ErrIdentity, ErrCRC, ErrInUse} {
		if errors.Is(err, kind) {
			return kind
		}
	}
	switch {
	case errors.Is(err, context.DeadlineExceeded), errors.Is(err, os.ErrDeadlineExceeded), errors.Is(err, io.ErrUnexpectedEOF):
		return ErrTemporary
	case errors.Is(err, io.EOF), errors.Is(err, fs.ErrNotExist):
		return ErrGone
	}
	switch errno := errnoOf(err); {
	case slices.Contains(gone, errno):
		return ErrGone
	case slices.Contains(passing, errno):
		return ErrTemporary
	}
	return nil
}

// The error numbers that buses and drivers answer, by what can be done about them.
var (
	gone    = []syscall.Errno{syscall.ENXIO, remoteIO, syscall.ENODEV, syscall.ENOENT, syscall.ESHUTDOWN}
	passing = []syscall.Errno{
		syscall.ETIMEDOUT, syscall.EAGAIN, syscall.EBUSY, syscall.EINTR, syscall.EIO, syscall.EPROTO, syscall.EBADMSG,
	}
	lasting = []syscall.Errno{syscall.EACCES, syscall.EPERM, syscall.EOPNOTSUPP}
)

// errnoOf finds the system's error number in an error, or 0. periph formats it into the end of a text and drops it, so
// that text is what there is to go by.
func errnoOf(err error) syscall.Errno {
	var errno syscall.Errno
	if err == nil || errors.As(err, &errno) {
		return errno
	}
	for _, errno := range slices.Concat(gone, passing, lasting) {
		if strings.HasSuffix(err.Error(), ": "+errno.Error()) {
			return errno
		}
	}
	return 0
}
