package ptxsim

import "fmt"

// A frame hands out the slots of an entry.
type frame struct {
	slots     int
	constants map[uint64]slot
	params    map[slotParam]slot // by offset and width
	places    map[slotPlace]slot // by variable and offset
}

func newFrame() frame {
	return frame{
		slots:     int(firstFreeSlot),
		constants: map[uint64]slot{}, params: map[slotParam]slot{}, places: map[slotPlace]slot{},
	}
}

func (f *frame) newSlot() (slot, error) {
	if f.slots == maxSlots {
		return 0, fmt.Errorf("more than %d registers and constants", maxSlots)
	}
	f.slots++
	return slot(f.slots - 1), nil
}

// constant returns the slot that holds a value.
func (f *frame) constant(value uint64) (slot, error) {
	return lookUp(f, f.constants, value)
}

// param returns the slot that holds some bytes of the parameters.
func (f *frame) param(offset, bytes int) (slot, error) {
	return lookUp(f, f.params, slotParam{offset: offset, bytes: bytes})
}

// placeOf returns the slot that holds the address of a variable that the launch decides.
func (f *frame) placeOf(v *variable, offset int64) (slot, error) {
	return lookUp(f, f.places, slotPlace{variable: v, offset: offset})
}

func lookUp[K comparable](f *frame, known map[K]slot, key K) (slot, error) {
	if at, ok := known[key]; ok {
		return at, nil
	}
	at, err := f.newSlot()
	if err == nil {
		known[key] = at
	}
	return at, err
}

// newSlot returns a slot for a register.
func (b *body) newSlot() (slot, error) { return b.frame.newSlot() }

// place gives a variable of the body, or a static one of the module that the body uses, its address.
func (b *body) place(v *variable) error {
	switch {
	case v.space == sharedSpace && !v.dynamic:
		at := alignUp(b.entry.staticShared, v.align)
		b.entry.staticShared = at + v.size
		if b.entry.staticShared > maxSharedBytes {
			return fmt.Errorf("%s: more than %d bytes of shared memory", v.name, maxSharedBytes)
		}
		b.addresses[v] = uint64(sharedBase + at)
	case v.space == localSpace:
		at := alignUp(b.entry.localBytes, v.align)
		b.entry.localBytes = at + v.size
		if b.entry.localBytes > maxLocalBytes {
			return fmt.Errorf("%s: more than %d bytes of local memory", v.name, maxLocalBytes)
		}
		b.addresses[v] = uint64(localBase + at)
	}
	return nil
}

// variable returns the variable of a name, the innermost one.
func (b *body) variable(name string) (*variable, bool) {
	for i := len(b.scopes) - 1; i >= 0; i-- {
		if v := b.scopes[i].variables[name]; v != nil {
			return v, true
		}
	}
	v, ok := b.module.variables[name]
	return v, ok
}

// addressOf returns the slot that holds the address of a variable plus an offset, in the variable's space.
func (b *body) addressOf(v *variable, offset int64) (slot, error) {
	switch {
	case v.space == globalSpace || v.dynamic:
		return b.frame.placeOf(v, offset)
	case v.space == constSpace:
		return b.frame.constant(v.address + uint64(offset))
	}
	if _, placed := b.addresses[v]; !placed {
		if err := b.place(v); err != nil {
			return 0, err
		}
	}
	return b.frame.constant(b.addresses[v] + uint64(offset))
}

// parameter returns the parameter of a name.
func (b *body) parameter(name string) (parameter, bool) {
	for _, p := range b.entry.params {
		if p.name == name {
			return p, true
		}
	}
	return parameter{}, false
}
