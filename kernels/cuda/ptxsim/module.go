package ptxsim

import (
	"encoding/binary"
	"fmt"
	"slices"
	"strings"
)

// A Module is a parsed text of PTX. It does not change; any number of memories may launch its entries.
type Module struct {
	version   int // 42 is PTX ISA 4.2
	target    int
	entries   []*Entry
	variables map[string]*variable
	constants []byte // the .const variables, from constBase
	globals   []*variable
	source    string
}

// Target returns the number of the .target: 53 for sm_53.
func (m *Module) Target() int { return m.target }

// Entries returns the names of the entries in the order of the text.
func (m *Module) Entries() []string {
	names := make([]string, len(m.entries))
	for i, e := range m.entries {
		names[i] = e.name
	}
	return names
}

// Entry returns the entry with the name.
func (m *Module) Entry(name string) (*Entry, bool) {
	i := slices.IndexFunc(m.entries, func(e *Entry) bool { return e.name == name })
	if i < 0 {
		return nil, false
	}
	return m.entries[i], true
}

// text returns a line of the source without its comment and its last semicolon, with single blanks.
func (m *Module) text(line int) string {
	rest := m.source
	for ; line > 1; line-- {
		_, rest, _ = strings.Cut(rest, "\n")
	}
	text, _, _ := strings.Cut(rest, "\n")
	text, _, _ = strings.Cut(text, "//")
	return strings.TrimSuffix(strings.Join(strings.Fields(text), " "), ";")
}

// An Entry is a kernel of a module.
type Entry struct {
	name         string
	line         int
	params       []parameter
	paramBytes   int
	registers    int
	staticShared int // bytes from sharedBase
	dynamicAt    int // where dynamic shared memory begins, behind the static one
	localBytes   int // bytes of one thread from localBase
	maxThreads   int
	required     [3]int // .reqntid, 0 if none
	program
}

// A Param is a parameter of an entry: Type is u64, f32 and so on, b8 for an array of bytes.
type Param struct {
	Type  string
	Bytes int
}

type parameter struct {
	Param
	name   string
	offset int // in the block of parameters
	array  bool
}

// Params returns the parameters in order.
func (e *Entry) Params() []Param {
	params := make([]Param, len(e.params))
	for i, p := range e.params {
		params[i] = p.Param
	}
	return params
}

// Registers returns how many registers the entry declares, predicates included. That says how long the text is rather
// than what the hardware needs, since drivers allocate registers anew.
func (e *Entry) Registers() int { return e.registers }

// StaticShared returns the bytes of shared memory that every block has, beside the dynamic ones of a launch.
func (e *Entry) StaticShared() int { return e.staticShared }

// MaxThreads returns the most threads a block may have by .maxntid or .reqntid, 0 if the entry does not say.
func (e *Entry) MaxThreads() int { return e.maxThreads }

// PackParams lays out one value a parameter as PTX aligns them, for [Launch].Params. A float goes in as its bits. It
// fails if the number of values is another than that of the parameters, if a value does not fit, or for an array.
func PackParams(e *Entry, values ...uint64) ([]byte, error) {
	if len(values) != len(e.params) {
		return nil, fmt.Errorf("ptxsim: entry %s: %d values for %d parameters", e.name, len(values), len(e.params))
	}
	block := make([]byte, e.paramBytes)
	for i, p := range e.params {
		if p.array {
			return nil, fmt.Errorf("ptxsim: entry %s: parameter %d is an array of %d bytes, not a number", e.name, i, p.Bytes)
		}
		if p.Bytes < 8 && values[i]>>(8*p.Bytes) != 0 {
			return nil, fmt.Errorf("ptxsim: entry %s: parameter %d: %#x does not fit into .%s", e.name, i, values[i], p.Type)
		}
		var number [8]byte
		binary.LittleEndian.PutUint64(number[:], values[i])
		copy(block[p.offset:p.offset+p.Bytes], number[:])
	}
	return block, nil
}
