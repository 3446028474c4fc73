package usbredir

import (
	"bufio"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"sync"
)

// Server serves a device over one stream.
type Server struct {
	device Device
	in     *bufio.Reader

	// What the goroutine of Serve and those that plug share.
	mu            sync.Mutex
	out           io.Writer
	greeted       bool
	long          bool // numbers have 64 bits
	plugged       bool
	configuration byte
}

// NewServer returns a server whose device will be plugged in as soon as the emulator has said hello.
func NewServer(stream io.ReadWriter, device Device) *Server {
	return &Server{device: device, in: bufio.NewReader(stream), out: stream, plugged: true}
}

// Serve answers until the stream ends, which is no error.
func (s *Server) Serve() error {
	if err := s.send(packet{kind: typeHello, payload: hello()}); err != nil {
		return err
	}
	for {
		p, err := readPacket(s.in, s.long)
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err == nil {
			err = s.answer(p)
		}
		if err != nil {
			return err
		}
	}
}

// Plug connects the device, as if it were plugged in.
func (s *Server) Plug() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.plugged {
		return errors.New("usbredir: the device is plugged in already")
	}
	s.plugged = true
	return s.connect()
}

// Unplug disconnects the device.
func (s *Server) Unplug() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if !s.plugged {
		return errors.New("usbredir: the device is not plugged in")
	}
	s.plugged = false
	if !s.greeted {
		return nil
	}
	return s.put(packet{kind: typeDisconnect})
}

func (s *Server) send(p packet) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.put(p)
}

// put, connect and describe are called with mu held.
func (s *Server) put(p packet) error {
	if _, err := s.out.Write(p.bytes(s.long)); err != nil {
		return fmt.Errorf("usbredir: %w", err)
	}
	return nil
}

func (s *Server) connect() error {
	if !s.greeted {
		return nil
	}
	s.configuration = 0
	if err := s.describe(); err != nil {
		return err
	}
	return s.put(packet{kind: typeConnect, payload: identity(s.device)})
}

func (s *Server) describe() error {
	if err := s.put(packet{kind: typeEndpoints, payload: endpoints()}); err != nil {
		return err
	}
	return s.put(packet{kind: typeInterfaces, payload: interfaces()})
}

func (s *Server) answer(p packet) error {
	if p.kind == typeControl {
		return s.control(p)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.greeted == (p.kind == typeHello) {
		return fmt.Errorf("usbredir: a packet of type %d: expected one hello, before all else", p.kind)
	}
	switch p.kind {
	case typeHello:
		// The capabilities are as many words as the other side knows. Numbers are long if both sides want them to be.
		theirs := p.payload[helloVersion:]
		s.long = len(theirs) >= 4 && binary.LittleEndian.Uint32(theirs)>>canLongNumbers&1 != 0
		s.greeted = true
		if s.plugged {
			return s.connect()
		}
	case typeSetConfiguration:
		s.configuration = p.payload[0]
		if err := s.describe(); err != nil {
			return err
		}
		return s.put(packet{typeConfigurationStatus, p.number, []byte{statusSuccess, s.configuration}})
	case typeGetConfiguration:
		return s.put(packet{typeConfigurationStatus, p.number, []byte{statusSuccess, s.configuration}})
	case typeSetSetting:
		return s.put(packet{typeSettingStatus, p.number, []byte{statusSuccess, p.payload[0], p.payload[1]}})
	case typeGetSetting:
		return s.put(packet{typeSettingStatus, p.number, []byte{statusSuccess, p.payload[0], 0}})
	case typeReset:
	case typeCancel: // each transfer is answered before the next packet is read, so it has been
	}
	return nil
}

func (s *Server) control(p packet) error {
	header, data := p.payload[:controlHeader:controlHeader], p.payload[controlHeader:]
	setup := Setup{
		Request: header[1],
		Type:    header[2],
		Value:   binary.LittleEndian.Uint16(header[4:]),
		Index:   binary.LittleEndian.Uint16(header[6:]),
		Length:  binary.LittleEndian.Uint16(header[8:]),
	}
	if want := int(setup.Length); setup.In() && len(data) != 0 || !setup.In() && len(data) != want {
		return fmt.Errorf("usbredir: a control transfer of %d bytes, reading %v, comes with %d", want, setup.In(), len(data))
	}
	s.mu.Lock()
	greeted, plugged := s.greeted, s.plugged
	s.mu.Unlock()
	if !greeted {
		return errors.New("usbredir: a control transfer before the hello")
	}

	var reply []byte
	status := byte(statusFailed)
	if plugged {
		var err error
		status = statusSuccess
		if reply, err = standard(s.device, setup, data); err != nil {
			reply, status = nil, statusStall
		}
	}
	header[3] = status
	if setup.In() {
		reply = reply[:min(len(reply), int(setup.Length))]
		binary.LittleEndian.PutUint16(header[8:], uint16(len(reply)))
		header = append(header, reply...)
	}
	return s.send(packet{typeControl, p.number, header})
}
