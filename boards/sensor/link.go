package sensor

import (
	"context"
	"errors"
	"fmt"
	"math"
	"sync"

	"periph.io/x/conn/v3"
	"periph.io/x/conn/v3/i2c"
	"periph.io/x/conn/v3/physic"
	"periph.io/x/conn/v3/spi"
)

// link is a bus as one sensor sees it. It remembers how the last transaction went, since drivers drop their errors or
// reword them, and it lets a context stop a driver, which knows none, at the next transaction.
type link struct {
	name string // of the sensor and its place, for errors
	spi  bool

	bus   i2c.Bus // either this and an address
	addr  uint16
	port  spi.PortCloser // or this
	conn  spi.Conn       // of the port
	shut  func() error
	alive func() bool // whether the bus's device file is still there

	mu    sync.Mutex
	ctx   context.Context // of the reading or opening under way
	last  error           // of the last transaction
	count int             // of transactions since begin; negative if they are not counted
}

// mostTransactions of one reading stop a driver that waits in a loop for a sensor that never gets ready.
const mostTransactions = 10_000

var errEndless = fmt.Errorf("%w: %d transactions and no end", ErrTemporary, mostTransactions)

// begin starts a reading.
func (l *link) begin(ctx context.Context) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.ctx, l.last, l.count = ctx, nil, 0
}

// background lets transactions happen at any time of a sensor's life.
func (l *link) background(life context.Context) {
	l.begin(life)
	l.count = math.MinInt
}

// failure is how the last transaction went.
func (l *link) failure() error {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.last
}

func (l *link) close() error { return l.shut() }

// watched makes one transaction.
func (l *link) watched(addr uint16, w, r []byte) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.last = l.attempt(addr, w, r)
	return l.last
}

func (l *link) attempt(addr uint16, w, r []byte) error {
	if err := l.ctx.Err(); err != nil {
		return err
	}
	if l.count++; l.count > mostTransactions {
		return errEndless
	}
	var err error
	if l.spi {
		err = l.conn.Tx(w, r)
	} else {
		err = l.bus.Tx(addr, w, r)
	}
	if err == nil {
		return nil
	}
	// An adapter that is pulled out fails in many ways, but its file vanishes.
	if kindOf(err) != ErrGone && !l.alive() {
		return fmt.Errorf("%w: its bus has vanished: %w", ErrGone, err)
	}
	return err
}

// Tx makes a transaction with the sensor itself.
func (l *link) Tx(w, r []byte) error { return l.watched(l.addr, w, r) }

// drivenI2C is the link as an I2C bus, for periph's drivers.
type drivenI2C struct{ *link }

func (b drivenI2C) String() string                        { return b.bus.String() }
func (b drivenI2C) Tx(addr uint16, w, r []byte) error     { return b.watched(addr, w, r) }
func (b drivenI2C) SetSpeed(speed physic.Frequency) error { return b.bus.SetSpeed(speed) }

// drivenSPI is the link as an SPI port, for periph's drivers.
type drivenSPI struct{ *link }

func (p drivenSPI) String() string { return p.port.String() }

func (p drivenSPI) Connect(f physic.Frequency, mode spi.Mode, bits int) (spi.Conn, error) {
	c, err := p.port.Connect(f, mode, bits)
	p.conn = c
	return drivenConn(p), err
}

// drivenConn is a connection of drivenSPI.
type drivenConn struct{ *link }

func (c drivenConn) String() string       { return c.conn.String() }
func (c drivenConn) Duplex() conn.Duplex  { return c.conn.Duplex() }
func (c drivenConn) Tx(w, r []byte) error { return c.watched(0, w, r) }

func (c drivenConn) TxPackets([]spi.Packet) error {
	return errors.New("sensor: transactions of several packets are not made")
}
