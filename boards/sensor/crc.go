package sensor

import "fmt"

// CRC is a CRC-8 that a sensor appends to its data, most significant bit first.
type CRC struct {
	Polynomial byte `yaml:"polynomial"` // without the x⁸: 0x31 is x⁸+x⁵+x⁴+1
	Initial    byte `yaml:"initial"`
	Xor        byte `yaml:"xor"`   // applied at the end
	Words      int  `yaml:"words"` // after how many bytes each checksum follows
}

// Sum returns the checksum of some bytes.
func (c *CRC) Sum(data []byte) byte {
	sum := c.Initial
	for _, b := range data {
		sum ^= b
		for range 8 {
			carry := sum & 0x80
			sum <<= 1
			if carry != 0 {
				sum ^= c.Polynomial
			}
		}
	}
	return sum ^ c.Xor
}

// wire returns how many bytes carry n bytes of data.
func (c *CRC) wire(n int) int {
	if c == nil {
		return n
	}
	return n + n/c.Words
}

// strip copies data into dst without the checksums, after checking them.
func (c *CRC) strip(dst, data []byte) error {
	if c == nil {
		copy(dst, data)
		return nil
	}
	for word := 0; len(data) > 0; word++ {
		if got, want := data[c.Words], c.Sum(data[:c.Words]); got != want {
			return fmt.Errorf("%w: word %d of the answer, % x, has %#02x and should have %#02x", ErrCRC, word, data[:c.Words], got, want)
		}
		dst = dst[copy(dst, data[:c.Words]):]
		data = data[c.Words+1:]
	}
	return nil
}
