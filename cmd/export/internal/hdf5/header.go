package hdf5

import "fmt"

// header is what an object header and the structures behind it say of an object.
type header struct {
	address    uint64
	links      map[string]link
	names      []string // of the links, sorted; nil before they are asked for
	attributes map[string]attribute

	// Of a dataset. Whatever of it is not read is known when its values are asked for, so that the
	// rest of the file stays open.
	space   dataspace
	dtype   datatype
	layout  []byte // the message; nil for a group
	filters []filter
	fill    []byte // one value, as it is stored; empty for zeros
	problem error  // why the values cannot be read
}

// messages of an object header. Others do not matter for reading.
const (
	messageSpace        = 0x01
	messageLinkInfo     = 0x02
	messageDatatype     = 0x03
	messageFill         = 0x05
	messageLink         = 0x06
	messageExternal     = 0x07
	messageLayout       = 0x08
	messageFilters      = 0x0b
	messageAttribute    = 0x0c
	messageContinuation = 0x10
	messageSymbolTable  = 0x11
	messageAttributes   = 0x15
)

// header reads the object header at an address, once.
func (f *File) header(address uint64) (*header, error) {
	if h := f.headers[address]; h != nil {
		return h, nil
	}
	h := &header{address: address, links: map[string]link{}, attributes: map[string]attribute{}}
	messages, err := f.messages(address)
	if err != nil {
		return nil, err
	}
	for _, m := range messages {
		if err := f.apply(h, m); err != nil {
			return nil, fmt.Errorf("object at address %#x: message %#02x: %w", address, m.kind, err)
		}
	}
	f.nameBrainFloat(h)
	f.headers[address] = h
	return h, nil
}

// apply takes what a message says into a header.
func (f *File) apply(h *header, m message) (err error) {
	c := &cursor{b: m.body}
	if m.shared {
		return h.applyShared(m)
	}
	switch m.kind {
	case messageSpace:
		h.space, err = parseSpace(c)
	case messageDatatype:
		h.dtype, err = parseDatatype(c)
	case messageFill:
		h.fill, err = parseFill(c)
	case messageExternal:
		h.problem = fmt.Errorf("its values lie in other files: one file is read; h5repack brings them together")
	case messageLayout:
		h.layout = m.body
	case messageFilters:
		h.filters, err = parseFilters(c)
	case messageAttribute:
		err = f.attribute(h, c)
	case messageAttributes:
		err = f.denseAttributes(h, c)
	case messageLink:
		err = f.link(h, c)
	case messageLinkInfo:
		err = f.denseLinks(h, c)
	case messageSymbolTable:
		err = f.symbolTable(h, c)
	}
	return err
}

// nameBrainFloat knows bfloat16 values as Keras writes them: to HDF5 they are two opaque bytes each,
// and an attribute says what they are.
func (f *File) nameBrainFloat(h *header) {
	a, ok := h.attributes["dtype"]
	if !ok || !h.dtype.opaque || h.dtype.size != 2 {
		return
	}
	// An attribute that cannot be read leaves the values opaque, which is an error of their own.
	name, err := f.attributeValues(a)
	if err == nil && name.Len() == 1 && name.Strings()[0] == "bfloat16" {
		h.dtype = datatype{size: 2, dtype: "<f4", kind: brainFloat}
	}
}

// applyShared leaves a note where a message stands elsewhere in the file, as that of a committed
// datatype does.
func (h *header) applyShared(m message) error {
	switch m.kind {
	case messageDatatype:
		h.dtype.problem = errCommitted
	case messageSpace, messageFill, messageFilters:
		h.problem = fmt.Errorf("message %#02x is kept in a table of shared messages, which is not read: h5repack writes it in place", m.kind)
	case messageAttribute, messageLink:
		return fmt.Errorf("it is kept in a table of shared messages, which is not read: h5repack writes it in place")
	}
	return nil
}

// link is an entry of a group: another object by its address, or a path.
type link struct {
	address  uint64
	target   string // of a soft link: a path in this file
	external string // of an external link: the file
}

// addLink adds an entry to a group. Two of one name would make one of them invisible.
func (f *File) addLink(h *header, name string, l link) error {
	if _, twice := h.links[name]; twice {
		return fmt.Errorf("two links are called %q", name)
	}
	h.links[name] = l
	return f.entry()
}

// parseFill reads the value of what was never written, in messages of version 1 to 3.
func parseFill(c *cursor) ([]byte, error) {
	version := c.u8()
	defined := true
	switch version {
	case 1, 2:
		c.skip(2) // when space is allocated and values are written
		defined = c.u8() != 0 || version == 1
	case 3:
		defined = c.u8()&(1<<5) != 0
	default:
		return nil, fmt.Errorf("fill value of version %d", version)
	}
	if !defined {
		return nil, c.err()
	}
	value := c.take(int(c.u32()))
	return value, c.err()
}
