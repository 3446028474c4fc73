package wheel

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"os"
)

// download writes a wheel's file, checked against its pin.
func (c *Cache) download(ctx context.Context, w Wheel, path string) error {
	address, err := locate(ctx, c.Client, c.Index, w)
	if err != nil {
		return fmt.Errorf("%w (looking for %s)", err, w.File)
	}
	fmt.Fprintf(c.Progress, "downloading %s (%.1f MB)\n", address.Redacted(), float64(w.Size)/1e6)
	body, err := get(ctx, c.Client, address, "*/*")
	if err != nil {
		return err
	}
	defer body.Close()
	f, err := os.Create(path)
	if err != nil {
		return fmt.Errorf("wheel: %w", err)
	}
	defer f.Close()
	meter := &meter{total: w.Size, out: c.Progress}
	if err := copyChecked(f, io.TeeReader(body, meter), w); err != nil {
		return fmt.Errorf("wheel: %s: %w", address.Redacted(), err)
	}
	if err := f.Close(); err != nil {
		return fmt.Errorf("wheel: %w", err)
	}
	return nil
}

// copyChecked copies a wheel's file and compares it with its pin. It reads one byte more than the pin's size at most.
func copyChecked(dst io.Writer, src io.Reader, w Wheel) error {
	hash := sha256.New()
	n, err := io.Copy(io.MultiWriter(dst, hash), io.LimitReader(src, w.Size+1))
	if err != nil {
		return err
	}
	if n > w.Size {
		return fmt.Errorf("more than the %d bytes of %s", w.Size, w.File)
	}
	if n < w.Size {
		return fmt.Errorf("ends after %d of the %d bytes of %s", n, w.Size, w.File)
	}
	if sum := hex.EncodeToString(hash.Sum(nil)); sum != w.SHA256 {
		return fmt.Errorf("the SHA-256 of %s is %s, expected %s", w.File, sum, w.SHA256)
	}
	return nil
}

// meter writes a line at every quarter of what passes.
type meter struct {
	done, total int64
	quarter     int64 // that the last line was about
	out         io.Writer
}

func (m *meter) Write(p []byte) (int, error) {
	m.done += int64(len(p))
	if q := 4 * m.done / m.total; q > m.quarter && q <= 4 {
		m.quarter = q
		fmt.Fprintf(m.out, "  %d %%\n", 25*q)
	}
	return len(p), nil
}
