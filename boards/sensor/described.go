package sensor

import (
	"context"
	"fmt"
	"time"
)

// described is a sensor that a description tells how to read.
type described struct {
	description *Description
	channels    []Channel
	plan        *plan
	link        *link
	timer       *time.Timer
}

// openDescribed checks what the sensor is and initialises it. The link is its own from then on.
func openDescribed(ctx context.Context, d *Description, l *link) (Sensor, error) {
	s := &described{d, d.ChannelList(), d.plan(l.spi), l, time.NewTimer(0)}
	l.begin(ctx)
	if err := s.start(ctx); err != nil {
		s.Close()
		return nil, newError(l.name, "open", err)
	}
	return s, nil
}

func (s *described) start(ctx context.Context) error {
	if err := s.description.check(s.link); err != nil {
		return err
	}
	for i := range s.description.Init {
		step := s.description.command(s.link.spi, &s.description.Init[i])
		if err := s.take(ctx, &step); err != nil {
			return fmt.Errorf("init[%d]: %w", i, err)
		}
	}
	return nil
}

// check asks a sensor who it is.
func (d *Description) check(l *link) error {
	for i := range d.ExpectID {
		id := &d.ExpectID[i]
		step := d.identify(l.spi, id)
		if err := step.transact(l); err != nil {
			return fmt.Errorf("identity in register %#02x: %w", id.Register, err)
		}
		if err := id.holds(step.data); err != nil {
			return err
		}
	}
	return nil
}

// holds says whether the bytes of an identity's register are as expected.
func (id *Identity) holds(data []byte) error {
	got := id.value(data)
	for _, want := range id.Values {
		if got == want {
			return nil
		}
	}
	return fmt.Errorf("%w: register %#02x holds %#x, not %#x", ErrIdentity, id.Register, got, id.Values)
}

func (s *described) Channels() []Channel { return s.channels }

func (s *described) Read(ctx context.Context, values []float64) (time.Time, error) {
	checkPlaces(values, s.channels)
	s.link.begin(ctx)
	start := time.Now()
	for i := range s.plan.steps {
		if err := s.take(ctx, &s.plan.steps[i]); err != nil {
			return time.Time{}, newError(s.link.name, "read", err)
		}
	}
	for i := range s.plan.parts {
		values[i] = s.plan.parts[i].value(s.plan.frame)
	}
	return between(start), nil
}

func (s *described) Close() error {
	s.timer.Stop()
	return s.link.close()
}

// take makes one transaction and waits after it.
func (s *described) take(ctx context.Context, step *step) error {
	if err := step.transact(s.link); err != nil {
		return err
	}
	if step.wait == 0 {
		return nil
	}
	s.timer.Reset(step.wait)
	select {
	case <-s.timer.C:
		return nil
	case <-ctx.Done():
		return fmt.Errorf("waiting for the measurement: %w", ctx.Err())
	}
}

// transact makes a step's transaction, checks its checksums and puts its data into the frame.
func (step *step) transact(l *link) error {
	if len(step.write) == 0 && len(step.read) == 0 {
		return nil
	}
	// What a transfer that ended early has not touched then looks like a bus that nobody drives.
	for i := range step.read {
		step.read[i] = 0xff
	}
	if err := l.Tx(step.write, step.read); err != nil {
		return err
	}
	if len(step.read) == 0 {
		return nil
	}
	return step.crc.strip(step.data, step.read[step.skip:])
}
