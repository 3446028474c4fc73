package ptxsim

import "slices"

// A shared is the shared memory of the block that runs.
type shared struct {
	end   uint64 // behind the last byte, as an address
	data  []byte
	fresh []byte // what data holds when a block begins
	words []word
}

func newShared(e *Entry, dynamic int) shared {
	bytes := e.staticShared
	if dynamic > 0 {
		bytes = e.dynamicAt + dynamic
	}
	return shared{
		end:   sharedBase + uint64(bytes),
		data:  make([]byte, bytes),
		fresh: slices.Repeat([]byte{junk}, bytes),
		words: make([]word, (bytes+3)/4),
	}
}

// clear makes it as a block finds it: nobody has written anything.
func (s *shared) clear() {
	clear(s.words)
	copy(s.data, s.fresh)
}
