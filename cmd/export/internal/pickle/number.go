package pickle

import (
	"encoding/binary"
	"errors"
	"fmt"
	"math"
	"math/big"
	"slices"
	"strconv"
	"strings"
)

// maxDigits bounds an integer as text, and maxInteger one as bytes: reading it takes quadratic time.
const (
	maxDigits  = 2500
	maxInteger = 1024
)

func (m *machine) number(op byte) error {
	switch op {
	case opInt, opLong, opFloat:
		line, err := m.line(maxDigits)
		if err != nil {
			return err
		}
		v, err := parseNumber(op, string(line))
		if err != nil {
			return err
		}
		return m.push(v)
	case opBinFloat:
		data, err := m.Take(8)
		if err != nil {
			return err
		}
		return m.push(math.Float64frombits(binary.BigEndian.Uint64(data)))
	case opLong1, opLong4:
		return m.long(op)
	}
	size := 4
	switch op {
	case opBinInt1:
		size = 1
	case opBinInt2:
		size = 2
	}
	n, err := m.length(size)
	if err != nil {
		return err
	}
	if size == 4 {
		return m.push(int64(int32(n))) // the only one with a sign
	}
	return m.push(int64(n))
}

// parseNumber reads a number of protocol 0. There True and False are the integers 01 and 00.
func parseNumber(op byte, text string) (any, error) {
	text = strings.TrimSuffix(text, "\r")
	if op == opFloat {
		v, err := strconv.ParseFloat(text, 64)
		if err != nil && !errors.Is(err, strconv.ErrRange) {
			return nil, fmt.Errorf("the number %.40q", text)
		}
		return v, nil
	}
	if op == opInt && (text == "01" || text == "00") {
		return text == "01", nil
	}
	if op == opLong {
		text = strings.TrimSuffix(text, "L")
	}
	n, ok := new(big.Int).SetString(text, 10)
	if !ok {
		return nil, fmt.Errorf("the number %.40q", text)
	}
	return integer(n), nil
}

// long reads an integer in two's complement, the least significant byte first.
func (m *machine) long(op byte) error {
	size := 1
	if op == opLong4 {
		size = 4
	}
	n, err := m.length(size)
	if err != nil {
		return err
	}
	if n > maxInteger {
		return fmt.Errorf("an integer of %d bytes: at most %d are read", n, maxInteger)
	}
	data, err := m.Take(n)
	if err != nil {
		return err
	}
	slices.Reverse(data)
	v := new(big.Int).SetBytes(data)
	if n > 0 && data[0] >= 0x80 {
		v.Sub(v, new(big.Int).Lsh(big.NewInt(1), uint(8*n)))
	}
	return m.push(integer(v))
}

// integer returns an int64 where the number is one.
func integer(n *big.Int) any {
	if n.IsInt64() {
		return n.Int64()
	}
	return n
}

// lineIndex reads an index of the memo that is a line of text.
func (m *machine) lineIndex() (uint64, error) {
	line, err := m.line(20)
	if err != nil {
		return 0, err
	}
	index, err := strconv.ParseUint(strings.TrimSuffix(string(line), "\r"), 10, 32)
	if err != nil {
		return 0, fmt.Errorf("the index %q of the memo", line)
	}
	return index, nil
}
