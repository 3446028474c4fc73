package tinyusb

import (
	"bytes"
	"errors"
	"fmt"
	"testing"

	"github.com/edge-infer/edge-infer/boards/virtual/internal/usbredir"
)

// logged is a bus with one device at 0x50, which reads as 1, 2, 3 and so on; it writes down what happens.
type logged struct{ log bytes.Buffer }

func (l *logged) Transfer(address uint16, write, read []byte) error {
	fmt.Fprintf(&l.log, "%02x:% x/%d;", address, write, len(read))
	if address != 0x50 {
		return errors.New("nobody")
	}
	for i := range read {
		read[i] = byte(i + 1)
	}
	return nil
}

type setup usbredir.Setup

func TestAdapter(t *testing.T) {
	const in, out = 0xc1, 0x41 // vendor's, to the interface
	for _, test := range []struct {
		name    string
		setups  []setup
		data    []byte
		reply   []byte // of the last request
		bus     string
		refused bool
	}{
		{"echo", []setup{{in, 0, 0x1234, 0, 2}}, nil, []byte{0x34, 0x12}, "", false},
		{"functions", []setup{{in, 1, 0, 0, 4}}, nil, []byte{1, 0, 0xff, 0x0e}, "", false},
		{"delay", []setup{{out, 2, 10, 0, 0}, {in, 3, 0, 0, 1}}, nil, []byte{0}, "", false},
		{"write", []setup{{out, 7, 0, 0x50, 2}}, []byte{9, 8}, nil, "50:09 08/0;", false},
		{"write, status", []setup{{out, 7, 0, 0x50, 0}, {in, 3, 0, 0, 1}}, nil, []byte{1}, "50:/0;", false},
		{"write, read", []setup{{out, 5, 0, 0x50, 0}, {in, 6, 1, 0x50, 3}}, nil, []byte{1, 2, 3}, "50:/0;50:/3;", false},
		{"nobody", []setup{{in, 7, 1, 0x51, 1}, {in, 3, 0, 0, 1}}, nil, []byte{2}, "51:/1;", false},
		{"too long", []setup{{in, 7, 1, 0x50, 0xffff}}, nil, nil, "", true},
		{"unknown", []setup{{in, 8, 0, 0, 1}}, nil, nil, "", true},
		{"class request", []setup{{0x21, 1, 0, 0, 0}}, nil, nil, "", true},
	} {
		t.Run(test.name, func(t *testing.T) {
			bus := &logged{}
			a := New(bus)
			var reply []byte
			var err error
			for _, s := range test.setups {
				reply, err = a.Control(usbredir.Setup(s), test.data)
			}
			if !bytes.Equal(reply, test.reply) || (err != nil) != test.refused || bus.log.String() != test.bus {
				t.Errorf("reply % x, error %v, bus %q; want % x, %v, %q", reply, err, bus.log.String(), test.reply, test.refused, test.bus)
			}
		})
	}
}
