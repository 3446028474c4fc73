package sensor

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"syscall"
	"testing"
)

func TestKinds(t *testing.T) {
	periph := func(errno syscall.Errno) error { return fmt.Errorf("sysfs-i2c: %v", errno) }
	for _, test := range []struct {
		err  error
		want error
	}{
		{syscall.ENXIO, ErrGone},
		{periph(syscall.ENXIO), ErrGone},
		{periph(remoteIO), ErrGone},
		{periph(syscall.ENODEV), ErrGone},
		{fmt.Errorf("sysfs-i2c: bus #%d is not configured: %v", 9, &os.PathError{Op: "open", Path: "/dev/i2c-9", Err: syscall.ENOENT}), ErrGone},
		{&os.PathError{Op: "read", Path: "x", Err: syscall.ENODEV}, ErrGone},
		{os.ErrNotExist, ErrGone},
		{io.EOF, ErrGone},
		{periph(syscall.ETIMEDOUT), ErrTemporary},
		{periph(syscall.EAGAIN), ErrTemporary},
		{periph(syscall.EIO), ErrTemporary},
		{fmt.Errorf("sysfs-spi: Tx() failed: %v", syscall.ETIMEDOUT), ErrTemporary},
		{io.ErrUnexpectedEOF, ErrTemporary},
		{context.DeadlineExceeded, ErrTemporary},
		{os.ErrDeadlineExceeded, ErrTemporary},
		{fmt.Errorf("x: %w", ErrCRC), ErrCRC},
		{fmt.Errorf("x: %w", ErrIdentity), ErrIdentity},
		{fmt.Errorf("x: %w", ErrInUse), ErrInUse},
		{periph(syscall.EACCES), nil},
		{context.Canceled, nil},
		{errors.New("anything"), nil},
		{errors.New("no input/output error of the bus"), nil},
		{nil, nil},
	} {
		if got := kindOf(test.err); got != test.want {
			t.Errorf("%v: %v, want %v", test.err, got, test.want)
		}
	}
}

func TestErrorText(t *testing.T) {
	cause := errors.New("no answer")
	err := error(&Error{"sht4x at I2C1, address 0x44", "read", ErrGone, cause})
	if got := err.Error(); got != "sensor: sht4x at I2C1, address 0x44: read: the sensor is gone: no answer" {
		t.Error(got)
	}
	if !errors.Is(err, cause) || !errors.Is(err, ErrGone) || errors.Is(err, ErrCRC) {
		t.Errorf("%v is not what it is of", err)
	}
}
