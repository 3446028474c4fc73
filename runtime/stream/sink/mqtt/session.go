package mqtt

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"time"

	"github.com/edge-infer/edge-infer/runtime/stream/sink/internal/outage"
)

// A session is one connection, from CONNECT to its end.
type session struct {
	*Sink
	conn    net.Conn
	out     []byte // packets that are not written yet
	answers chan answer
	failed  chan error // why reading ended

	flight []flying
	id     uint16
	next   uint64 // the record to send next
	leave  bool   // "offline" is under way: the last that is sent
}

// flying is a message between PUBLISH and PUBACK.
type flying struct {
	id     uint16
	number uint64 // of its record, 0 for a status
	sent   time.Time
	done   bool // acknowledged before an earlier one
}

// session connects, and publishes until something fails. It returns errFinished at the end of the last session.
func (s *Sink) session(ctx context.Context, trouble *outage.Outage) error {
	c := &session{
		Sink:    s,
		answers: make(chan answer, s.options.Window+2),
		failed:  make(chan error, 1),
		next:    1,
	}
	if err := c.connect(ctx); err != nil {
		return err
	}
	reader := make(chan struct{})
	halt := make(chan struct{})
	go func() {
		defer close(reader)
		c.failed <- c.read(halt)
	}()
	cancelled := context.AfterFunc(ctx, func() { c.conn.Close() }) // A write that hangs, too, ends with ctx.
	defer func() {
		cancelled()
		close(halt)
		c.conn.Close()
		<-reader
	}()
	s.connections.Add(1)
	s.connected.Store(true)
	trouble.Note(nil)
	if s.status != "" {
		c.publishStatus(online)
	}
	return c.loop(ctx)
}

// connect opens the connection and introduces us.
func (c *session) connect(ctx context.Context) (err error) {
	ctx, cancel := context.WithTimeout(ctx, c.options.Connect)
	defer cancel()
	user, err := c.options.User.Read()
	if err != nil {
		return fmt.Errorf("mqtt: user name: %w", err)
	}
	password, err := c.options.Password.Read()
	if err != nil {
		return fmt.Errorf("mqtt: password: %w", err)
	}
	if c.conn, err = c.dial(ctx); err != nil {
		return fmt.Errorf("mqtt: %w", err)
	}
	stopped := context.AfterFunc(ctx, func() { c.conn.Close() })
	defer func() {
		if !stopped() {
			err = fmt.Errorf("mqtt: connecting: %w", ctx.Err())
		}
		if err != nil {
			c.conn.Close()
		}
	}()
	hello := connect{
		clientID: c.options.ClientID, keepAlive: c.options.KeepAlive,
		will: c.status, willText: offline, user: user, pass: password,
	}
	if _, err := c.conn.Write(hello.append(nil)); err != nil {
		return fmt.Errorf("mqtt: connecting: %w", err)
	}
	// Its 4 bytes and no more: what follows is for the session's own reader.
	a, err := readAnswer(bufio.NewReaderSize(io.LimitReader(c.conn, 4), 16))
	switch {
	case err != nil:
		return fmt.Errorf("mqtt: connecting: %w", err)
	case a.kind != typeConnack:
		return fmt.Errorf("mqtt: connecting: a packet of type %d came instead of the acknowledgement", a.kind)
	case a.code != 0:
		return refusal(a.code)
	}
	return nil
}

// read passes on what the broker sends. A broker that answers neither messages nor pings for the time of KeepAlive is
// taken for dead.
func (c *session) read(halt <-chan struct{}) error {
	r := bufio.NewReader(c.conn)
	for {
		if err := c.conn.SetReadDeadline(time.Now().Add(c.options.KeepAlive)); err != nil {
			return err
		}
		a, err := readAnswer(r)
		if err != nil {
			return err
		}
		select {
		case c.answers <- a:
		case <-halt:
			return nil
		}
	}
}

func (c *session) loop(ctx context.Context) error {
	// Twice in the time of KeepAlive, so that one late answer is not the end.
	tick := time.NewTicker(c.options.KeepAlive / 2)
	defer tick.Stop()
	closing := c.closing
	for {
		if err := c.send(); err != nil {
			return err
		}
		if closing == nil && len(c.flight) == 0 {
			if !c.leave && c.status != "" {
				c.leave = true
				c.publishStatus(offline)
				continue
			}
			c.out = appendHead(c.out, typeDisconnect, 0, 0)
			_ = c.flush() // Everything has arrived: how the connection ends is of no account.
			return errFinished
		}
		select {
		case a := <-c.answers:
			if err := c.take(a); err != nil {
				return err
			}
		case <-c.spool.Ready():
		case <-tick.C:
			if len(c.flight) > 0 && time.Since(c.flight[0].sent) > c.options.KeepAlive {
				return fmt.Errorf("mqtt: the broker has not acknowledged a message for %v", c.options.KeepAlive)
			}
			c.out = appendHead(c.out, typePingreq, 0, 0)
		case err := <-c.failed:
			if err == io.EOF {
				return errors.New("mqtt: the broker has closed the connection")
			}
			return fmt.Errorf("mqtt: connection lost: %w", err)
		case <-closing:
			closing = nil
		case <-ctx.Done():
			return ctx.Err() // Without DISCONNECT: the broker publishes the last will.
		}
	}
}

// send fills the window from the buffer.
func (c *session) send() error {
	for !c.leave {
		sent := 0
		for len(c.flight) < c.options.Window && sent < c.options.Window {
			record, number, err := c.spool.Read(c.next)
			if err == io.EOF {
				break
			}
			if err != nil {
				return fmt.Errorf("mqtt: %w", err)
			}
			c.next = number + 1
			topic, payload, ok := splitRecord(record)
			if !ok {
				continue // Not written by this package; it goes with the next message that is acknowledged.
			}
			c.publish(number, byte(c.options.QoS), c.options.Retained, topic, payload)
			sent++
			c.published.Add(1)
			if len(c.out) >= 64<<10 {
				if err := c.flush(); err != nil {
					return err
				}
			}
		}
		if err := c.flush(); err != nil {
			return err
		}
		if c.options.QoS > 0 || sent == 0 {
			return nil
		}
		// Quality of service 0: written is done.
		c.acknowledged.Add(uint64(sent))
		c.release(c.next - 1)
	}
	return c.flush()
}

func (c *session) publish(number uint64, qos byte, retain bool, topic, payload []byte) {
	if qos > 0 {
		c.id = max(c.id+1, 1) // 0 is not an identifier.
		c.flight = append(c.flight, flying{id: c.id, number: number, sent: time.Now()})
	}
	c.out = appendPublish(c.out, qos, retain, c.id, topic, payload)
}

// publishStatus sends a status as the last will would be sent: retained, quality of service 1.
func (c *session) publishStatus(status string) {
	c.publish(0, 1, true, []byte(c.status), []byte(status))
}

// take handles an answer, and those that have come meanwhile.
func (c *session) take(a answer) error {
	for {
		switch a.kind {
		case typePingresp:
		case typePuback:
			if err := c.landed(a.id); err != nil {
				return err
			}
		default:
			return errors.New("mqtt: the broker has acknowledged a second connection")
		}
		select {
		case a = <-c.answers:
			continue
		default:
		}
		c.acknowledge()
		return nil
	}
}

func (c *session) landed(id uint16) error {
	for i := range c.flight {
		if c.flight[i].id == id && !c.flight[i].done {
			c.flight[i].done = true
			return nil
		}
	}
	return fmt.Errorf("mqtt: the broker has acknowledged message %d, which is not under way", id)
}

// acknowledge lets go of the messages before the first that is still under way.
func (c *session) acknowledge() {
	n, last := 0, uint64(0)
	for ; n < len(c.flight) && c.flight[n].done; n++ {
		if number := c.flight[n].number; number > 0 {
			last = number
			c.acknowledged.Add(1)
		}
	}
	c.flight = append(c.flight[:0], c.flight[n:]...)
	if last > 0 {
		c.release(last)
	}
}

// release lets the buffer forget the records up to this one. A disk that cannot take note of it is no reason to stop: at
// worst they are sent again after a restart.
func (c *session) release(number uint64) {
	err := c.spool.Acknowledge(number)
	if err != nil {
		err = fmt.Errorf("mqtt: %w", err)
	}
	c.disk.Note(err)
}

// flush writes what is to be written.
func (c *session) flush() error {
	if len(c.out) == 0 {
		return nil
	}
	if err := c.conn.SetWriteDeadline(time.Now().Add(c.options.KeepAlive)); err != nil {
		return fmt.Errorf("mqtt: connection lost: %w", err)
	}
	_, err := c.conn.Write(c.out)
	c.out = c.out[:0]
	if err != nil {
		return fmt.Errorf("mqtt: connection lost: %w", err)
	}
	return nil
}
