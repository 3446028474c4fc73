package sensors

// words is what chips with a pointer to registers of 16 bits have in common. A message to them is the pointer, and the
// register's high and low byte if it is to change. Reads begin at the high byte of the register that was last pointed to,
// and repeat it.
type words struct {
	pointer byte
	load    func(register byte) uint16
	store   func(register byte, value uint16)
}

func (w *words) Transfer(write, read []byte) error {
	if len(write) > 0 {
		w.pointer = write[0] & 3
	}
	if len(write) >= 3 {
		w.store(w.pointer, uint16(write[1])<<8|uint16(write[2]))
	}
	if len(read) > 0 {
		value := w.load(w.pointer)
		for i := range read {
			read[i] = byte(value >> (8 * (1 - i&1)))
		}
	}
	return nil
}
