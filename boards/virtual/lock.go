//go:build linux

package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"syscall"
	"time"
)

// lockCache makes the cache folder and keeps other processes from filling it at the same time. What an earlier one left
// behind that was killed is removed. The lock is released by closing the file, or with the end of this process.
func lockCache(ctx context.Context, cache string) (*os.File, error) {
	if err := os.MkdirAll(cache, 0o755); err != nil {
		return nil, fmt.Errorf("virtual: %w", err)
	}
	f, err := os.OpenFile(filepath.Join(cache, "lock"), os.O_RDWR|os.O_CREATE, 0o644)
	if err != nil {
		return nil, fmt.Errorf("virtual: %w", err)
	}
	for {
		err := syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB)
		if err == nil {
			break
		}
		if !errors.Is(err, syscall.EWOULDBLOCK) && !errors.Is(err, syscall.EINTR) {
			f.Close()
			return nil, fmt.Errorf("virtual: lock %s: %w", f.Name(), err)
		}
		select {
		case <-ctx.Done():
			f.Close()
			return nil, fmt.Errorf("virtual: another process fills %s: %w", cache, context.Cause(ctx))
		case <-time.After(200 * time.Millisecond):
		}
	}
	left, err := filepath.Glob(filepath.Join(cache, "new-*"))
	for _, dir := range left {
		err = errors.Join(err, os.RemoveAll(dir))
	}
	if err != nil {
		f.Close()
		return nil, fmt.Errorf("virtual: %w", err)
	}
	return f, nil
}
