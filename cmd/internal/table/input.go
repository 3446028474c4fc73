package table

import (
	"bufio"
	"errors"
	"io"
)

// maxRow bounds the bytes of one row of text, so that a file without line ends cannot fill memory.
const maxRow = 64 << 20

// errRowTooLong is returned for a row of text of more than maxRow bytes.
var errRowTooLong = errors.New("row is too long: are its line ends missing?")

// rowLimiter fails when one row takes more than limit bytes; a quote that is never closed would
// otherwise make a row of the whole file. Its user sets left before each row. What a buffer above
// reads ahead is the next row's, and only makes its limit larger.
type rowLimiter struct {
	r           io.Reader
	limit, left int
}

func (l *rowLimiter) Read(p []byte) (int, error) {
	if l.left == 0 {
		return 0, errRowTooLong
	}
	n, err := l.r.Read(p[:min(len(p), l.left)])
	l.left -= n
	return n, err
}

// skipBOM returns r buffered, without the byte order mark that some spreadsheets put first. It
// looks further than one byte only if that one may begin a mark: a pipe may hold no more for now.
func skipBOM(r io.Reader) *bufio.Reader {
	const bom = "\ufeff"
	b := bufio.NewReaderSize(r, 64<<10)
	if first, _ := b.Peek(1); string(first) == bom[:1] {
		if mark, _ := b.Peek(len(bom)); string(mark) == bom {
			b.Discard(len(bom))
		}
	}
	return b
}

// lineReader returns the lines of its input one by one.
type lineReader struct {
	r     *bufio.Reader
	limit int
	long  []byte // room for a line that the buffer cannot hold
}

// next returns the next line, which holds until the next call. The last line may lack its end; a
// line that an error cuts short is not returned.
func (l *lineReader) next() ([]byte, error) {
	line, err := l.r.ReadSlice('\n')
	if err == bufio.ErrBufferFull {
		l.long = l.long[:0]
		for err == bufio.ErrBufferFull {
			l.long = append(l.long, line...)
			if len(l.long) > l.limit {
				return nil, errRowTooLong
			}
			line, err = l.r.ReadSlice('\n')
		}
		l.long = append(l.long, line...)
		line = l.long
	}
	if err == nil || err == io.EOF && len(line) > 0 {
		return line, nil
	}
	return nil, err
}
