package sink

import (
	"context"
	"fmt"
	"slices"
)

// A Pin is an output of the board. True is the high level.
type Pin interface {
	Out(level bool) error
}

// GPIOOptions say when the pin is on.
type GPIOOptions struct {
	Classes []int // on only while one of these is decided; empty: whichever is
	Low     bool  // on is the low level
}

// GPIO switches a pin on while the decision holds.
type GPIO struct {
	pin     Pin
	options GPIOOptions
	set, on bool // what the pin was last told, once it was told anything
}

// NewGPIO returns a sink for a pin, which it switches off at once: until the first decision, and after [GPIO.Close], nothing holds.
func NewGPIO(pin Pin, o GPIOOptions) (*GPIO, error) {
	g := &GPIO{pin: pin, options: GPIOOptions{slices.Clone(o.Classes), o.Low}}
	if err := g.out(false); err != nil {
		return nil, err
	}
	return g, nil
}

// Send switches the pin where the message changes it, or where the last attempt failed.
func (g *GPIO) Send(_ context.Context, m *Message) error {
	return g.out(m.Active && (len(g.options.Classes) == 0 || slices.Contains(g.options.Classes, m.Class)))
}

// Close switches the pin off.
func (g *GPIO) Close() error {
	g.set = false // Written even if it seems to be off: whoever else had the line since, this is how it is left.
	return g.out(false)
}

func (g *GPIO) out(on bool) error {
	if g.set && g.on == on {
		return nil
	}
	if err := g.pin.Out(on != g.options.Low); err != nil {
		g.set = false
		return fmt.Errorf("sink: gpio: %w", err)
	}
	g.set, g.on = true, on
	return nil
}
