package mqtt

import (
	"context"
	"net"
	"sync"
	"testing"

	"github.com/eclipse/paho.mqtt.golang/packets"
)

// A broker is the other end, over pipes or a listener. It decodes with the Eclipse client's codec, not with ours, and
// can be told to misbehave at any publish.
type broker struct {
	mu       sync.Mutex
	connects []packets.ConnectPacket
	got      []packets.PublishPacket // in the order of arrival, repetitions included
	wills    []string                // payloads of the last wills that were due
	conns    map[net.Conn]bool
	down     bool
	dials    int
	refuse   byte // the code of the CONNACK

	// on says what to do with the n-th publish of all, from 0. nil acknowledges everything.
	on      func(n int) verdict
	mute    bool // neither acknowledges nor answers pings
	servers sync.WaitGroup
}

type verdict int

const (
	acknowledge verdict = iota
	forget              // no PUBACK
	kill                // the connection ends instead of the PUBACK
	killAfter           // the connection ends after the PUBACK
)

// dial makes a connection to the broker over a pipe.
func (b *broker) dial(ctx context.Context) (net.Conn, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.dials++
	if b.down {
		return nil, &net.OpError{Op: "dial", Net: "pipe", Err: net.ErrClosed}
	}
	ours, theirs := net.Pipe()
	b.add(theirs)
	return ours, nil
}

// listen serves real connections.
func (b *broker) listen(t *testing.T, l net.Listener) {
	b.servers.Add(1)
	go func() {
		defer b.servers.Done()
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			b.mu.Lock()
			b.add(c)
			b.mu.Unlock()
		}
	}()
	t.Cleanup(func() {
		l.Close()
		b.stop()
		b.servers.Wait()
	})
}

func (b *broker) add(c net.Conn) {
	if b.conns == nil {
		b.conns = map[net.Conn]bool{}
	}
	b.conns[c] = true
	b.servers.Add(1)
	go func() {
		defer b.servers.Done()
		b.serve(c)
	}()
}

// stop kills the broker in whatever it is doing; start brings it back.
func (b *broker) stop() {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.down = true
	for c := range b.conns {
		c.Close()
	}
}

func (b *broker) start() {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.down = false
}

func (b *broker) serve(c net.Conn) {
	var hello *packets.ConnectPacket
	clean := false
	defer func() {
		c.Close()
		b.mu.Lock()
		delete(b.conns, c)
		if hello != nil && !clean && hello.WillFlag {
			b.wills = append(b.wills, string(hello.WillMessage))
		}
		b.mu.Unlock()
	}()
	// As a kernel's buffers do, the queue of answers lets a client write without reading.
	answers := make(chan packets.ControlPacket, 4096)
	defer close(answers)
	b.servers.Add(1)
	go func() {
		defer b.servers.Done()
		for p := range answers {
			if p == nil {
				c.Close() // After what was to be written before.
			} else if p.Write(c) != nil {
				c.Close()
			}
		}
	}()
	for {
		p, err := packets.ReadPacket(c)
		if err != nil {
			return
		}
		b.mu.Lock()
		mute := b.mute
		b.mu.Unlock()
		switch p := p.(type) {
		case *packets.ConnectPacket:
			b.mu.Lock()
			b.connects = append(b.connects, *p)
			code := b.refuse
			b.mu.Unlock()
			ack := packets.NewControlPacket(packets.Connack).(*packets.ConnackPacket)
			if ack.ReturnCode = code; code == 0 {
				ack.ReturnCode = p.Validate()
			}
			answers <- ack
			if ack.ReturnCode != 0 {
				answers <- nil
				continue
			}
			hello = p
		case *packets.PublishPacket:
			b.mu.Lock()
			what := acknowledge
			if b.on != nil {
				what = b.on(len(b.got))
			}
			b.got = append(b.got, *p)
			b.mu.Unlock()
			if what == kill {
				return
			}
			if p.Qos == 1 && what != forget && !mute {
				ack := packets.NewControlPacket(packets.Puback).(*packets.PubackPacket)
				ack.MessageID = p.MessageID
				answers <- ack
			}
			if what == killAfter {
				answers <- nil
			}
		case *packets.PingreqPacket:
			if !mute {
				answers <- packets.NewControlPacket(packets.Pingresp)
			}
		case *packets.DisconnectPacket:
			clean = true
		default:
			return
		}
	}
}

// received lists the payloads on a topic; first leaves repetitions out.
func (b *broker) received(topic string, first bool) []string {
	b.mu.Lock()
	defer b.mu.Unlock()
	var list []string
	seen := map[string]bool{}
	for _, p := range b.got {
		if payload := string(p.Payload); p.TopicName == topic && !(first && seen[payload]) {
			seen[payload] = true
			list = append(list, payload)
		}
	}
	return list
}

func (b *broker) publishes() []packets.PublishPacket {
	b.mu.Lock()
	defer b.mu.Unlock()
	return append([]packets.PublishPacket(nil), b.got...)
}

// set changes the broker's behaviour while it runs.
func (b *broker) set(change func()) {
	b.mu.Lock()
	defer b.mu.Unlock()
	change()
}
