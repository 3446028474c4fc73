package spool

import (
	"bufio"
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"os"
	"slices"
	"strconv"
	"strings"
)

const (
	headBytes = 16
	suffix    = ".spool"
	maxRecord = 16 << 20 // of a damaged length, no more is believed
	// maxFirst keeps sums of sequence numbers and counts from overflowing; a record a nanosecond takes longer than a
	// century to get there.
	maxFirst = 1 << 62
)

var castagnoli = crc32.MakeTable(crc32.Castagnoli)

// A segment is one file of records.
type segment struct {
	path  string
	first uint64 // the number of its first record
	count uint64 // the records that can be read
	size  int64  // the bytes of the file
}

// end is the number after that of its last record.
func (s *segment) end() uint64 { return s.first + s.count }

func segmentName(first uint64) string { return fmt.Sprintf("%016x%s", first, suffix) }

// segmentFirst is the inverse of segmentName.
func segmentFirst(name string) (first uint64, ok bool) {
	digits, found := strings.CutSuffix(name, suffix)
	first, err := strconv.ParseUint(digits, 16, 64)
	return first, found && err == nil && first >= 1 && first <= maxFirst && segmentName(first) == name
}

// appendRecord appends a record as it stands in a segment.
func appendRecord(dst []byte, number uint64, record []byte) []byte {
	start := len(dst)
	dst = append(dst, 0, 0, 0, 0)
	dst = binary.LittleEndian.AppendUint32(dst, uint32(len(record)))
	dst = binary.LittleEndian.AppendUint64(dst, number)
	dst = append(dst, record...)
	binary.LittleEndian.PutUint32(dst[start:], crc32.Checksum(dst[start+4:], castagnoli))
	return dst
}

// errTorn is a record that is cut short or damaged.
var errTorn = errors.New("spool: damaged record")

// readRecord reads the record of that number, with its head, into buf, growing it where need be. There are left bytes in
// front of r. At the end of the file the error is io.EOF; where the bytes are no such record it is errTorn.
func readRecord(r *bufio.Reader, left int64, number uint64, buf []byte) ([]byte, error) {
	buf = slices.Grow(buf[:0], headBytes)[:headBytes]
	if _, err := io.ReadFull(r, buf); err != nil {
		return buf, shortRead(err)
	}
	n := int64(binary.LittleEndian.Uint32(buf[4:]))
	if n == 0 || n > left-headBytes || n > maxRecord || binary.LittleEndian.Uint64(buf[8:]) != number {
		return buf, errTorn
	}
	buf = slices.Grow(buf, int(n))[:headBytes+n]
	if _, err := io.ReadFull(r, buf[headBytes:]); err != nil {
		if err == io.EOF {
			err = io.ErrUnexpectedEOF
		}
		return buf, shortRead(err)
	}
	if binary.LittleEndian.Uint32(buf) != crc32.Checksum(buf[4:], castagnoli) {
		return buf, errTorn
	}
	return buf, nil
}

func shortRead(err error) error {
	if errors.Is(err, io.ErrUnexpectedEOF) {
		return errTorn
	}
	return err
}

// scan counts the records of a segment and returns how many bytes they take: what follows them cannot be read.
func (s *segment) scan() (whole int64, err error) {
	f, err := os.Open(s.path)
	if err != nil {
		return 0, err
	}
	defer f.Close()
	r := bufio.NewReaderSize(f, 64<<10)
	var buf []byte
	for {
		buf, err = readRecord(r, s.size-whole, s.end(), buf)
		switch {
		case err == io.EOF || err == errTorn:
			return whole, nil
		case err != nil:
			return 0, err
		}
		whole += int64(len(buf))
		s.count++
	}
}
