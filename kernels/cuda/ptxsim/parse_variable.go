package ptxsim

import "fmt"

// A space is a state space of PTX.
type space uint8

const (
	genericSpace space = iota
	globalSpace
	constSpace
	sharedSpace
	localSpace
	paramSpace
)

var spaceNames = [...]string{"generic", "global", "const", "shared", "local", "param"}

func (s space) String() string { return spaceNames[s] }

// Where the spaces begin. None begins at 0, so that a null pointer hits nothing in any of them; global memory
// begins above 4 GB, so that an address cut to 32 bits hits nothing either. An address of shared, const or local memory
// becomes generic by adding the base of its window.
const (
	sharedBase = 256
	constBase  = 256
	localBase  = 256

	sharedWindow = 0x0100_0000_0000
	localWindow  = 0x0101_0000_0000
	constWindow  = 0x0102_0000_0000
	windowBytes  = 0x0000_1000_0000
	globalBase   = 0x0200_0000_0000
)

// Sizes that a variable or a sum of them may have.
const (
	maxSharedBytes = 49152     // of a block that has not opted in to more
	maxConstBytes  = 65536     // of a module
	maxLocalBytes  = 512 << 10 // of a thread
	maxGlobalBytes = 256 << 20 // of one .global variable
)

// A variable is a named piece of memory.
type variable struct {
	name    string
	line    int
	space   space
	align   int
	size    int
	data    []byte // what it holds at first, for .global and .const; the rest is 0
	dynamic bool   // .extern .shared name[]
	address uint64 // in its space; for .global and dynamic ones the launch decides
}

// moduleVariable reads a declaration outside of entries, behind its state space.
func (p *parser) moduleVariable(spaceName string, extern bool) error {
	v, err := p.declaration(spaceName, extern)
	if err != nil {
		return err
	}
	if p.module.variables[v.name] != nil {
		return parseError(v.line, "%s is declared twice", v.name)
	}
	p.module.variables[v.name] = v
	switch v.space {
	case globalSpace:
		p.module.globals = append(p.module.globals, v)
	case constSpace:
		at := alignUp(len(p.module.constants), v.align)
		if at+v.size > maxConstBytes {
			return parseError(v.line, "%s: constants of more than %d bytes", v.name, maxConstBytes)
		}
		v.address = uint64(constBase + at)
		p.module.constants = append(p.module.constants, make([]byte, at+v.size-len(p.module.constants))...)
		copy(p.module.constants[at:], v.data)
	}
	return nil
}

// declaration reads ".align 4 .b8 name[20] = {1, 2};".
func (p *parser) declaration(spaceName string, extern bool) (*variable, error) {
	v := &variable{line: p.tok.line}
	limit := 0
	switch spaceName {
	case "global":
		v.space, limit = globalSpace, maxGlobalBytes
	case "const":
		v.space, limit = constSpace, maxConstBytes
	case "shared":
		v.space, limit = sharedSpace, maxSharedBytes
	case "local":
		v.space, limit = localSpace, maxLocalBytes
	}
	align, k, name, err := p.typedName()
	if err != nil {
		return nil, err
	}
	v.name, v.align, v.size = name, align, k.bytes()
	for p.at("[") {
		if err := p.dimension(v, limit); err != nil {
			return nil, err
		}
	}
	if extern != v.dynamic {
		return nil, p.fail("%s: .extern goes with .shared arrays of open size, and only with them", name)
	}
	if v.size > limit {
		return nil, p.fail("%s: %d bytes of .%s memory: at most %d are there", name, v.size, spaceName, limit)
	}
	if given, err := p.accept("="); err != nil {
		return nil, err
	} else if given {
		if v.space != globalSpace && v.space != constSpace {
			return nil, p.fail("%s: only .global and .const variables begin with a value", name)
		}
		if err := p.initialValues(v, k); err != nil {
			return nil, err
		}
	}
	return v, p.expect(";")
}

// typedName reads an alignment, a type and a name. The alignment is at least that of the type.
func (p *parser) typedName() (align int, k kind, name string, err error) {
	if given, err := p.accept(".align"); err != nil {
		return 0, noKind, "", err
	} else if given {
		if align, err = p.number("an alignment", 256); err != nil {
			return 0, noKind, "", err
		}
		if align == 0 || align&(align-1) != 0 {
			return 0, noKind, "", p.fail("an alignment of %d: a power of two is expected", align)
		}
	}
	if k, err = p.memoryType("a variable"); err != nil {
		return 0, noKind, "", err
	}
	name, err = p.word("a name")
	return max(align, k.bytes()), k, name, err
}

// memoryType reads the type of something in memory.
func (p *parser) memoryType(of string) (kind, error) {
	name, err := p.word("a type")
	if err != nil {
		return noKind, err
	}
	k := kindOf(name[1:])
	if name[0] != '.' || k == noKind || k == pred || k == f16 {
		return noKind, p.fail("%s is no type of %s", name, of)
	}
	return k, nil
}

// dimension reads "[20]" or "[]".
func (p *parser) dimension(v *variable, limit int) error {
	if err := p.expect("["); err != nil {
		return err
	}
	if open, err := p.accept("]"); err != nil || open {
		if err == nil && (v.space != sharedSpace || v.dynamic) {
			err = p.fail("%s: an array needs a size", v.name)
		}
		v.dynamic, v.size = true, 0
		return err
	}
	n, err := p.number("the size of an array", limit)
	if err != nil {
		return err
	}
	if v.size *= n; v.size > limit {
		return p.fail("%s: more than %d bytes", v.name, limit)
	}
	return p.expect("]")
}

// initialValues reads "7" or "{1, 2, 3}".
func (p *parser) initialValues(v *variable, k kind) error {
	list, err := p.accept("{")
	if err != nil {
		return err
	}
	for {
		bits, err := p.constant(k)
		if err != nil {
			return err
		}
		for i := range k.bytes() {
			v.data = append(v.data, byte(bits>>(8*i)))
		}
		if len(v.data) > v.size {
			return p.fail("%s: more values than its %d bytes hold", v.name, v.size)
		}
		if !list {
			return nil
		}
		if more, err := p.accept(","); err != nil {
			return err
		} else if !more {
			return p.expect("}")
		}
	}
}

// constant reads a number of type k.
func (p *parser) constant(k kind) (uint64, error) {
	l, err := p.literal()
	if err != nil {
		return 0, err
	}
	bits, err := l.as(k)
	if err != nil {
		return 0, p.fail("%w", err)
	}
	return bits, nil
}

// literal reads a number, with a sign or without.
func (p *parser) literal() (literal, error) {
	negative, err := p.accept("-")
	if err != nil {
		return literal{}, err
	}
	if p.tok.sort != numberToken {
		return literal{}, p.fail("%v where a number is expected", p.tok)
	}
	l, err := parseLiteral(p.tok.text, negative)
	if err != nil {
		return literal{}, p.fail("%w", err)
	}
	return l, p.advance()
}

// alignUp returns the first multiple of align, a power of two, that is not below n.
func alignUp(n, align int) int { return (n + align - 1) &^ (align - 1) }

func (v *variable) String() string { return fmt.Sprintf(".%v variable %s", v.space, v.name) }
