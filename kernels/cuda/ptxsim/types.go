package ptxsim

// A kind is a fundamental type of PTX.
type kind uint8

const (
	noKind kind = iota
	pred
	b8
	b16
	b32
	b64
	u8
	u16
	u32
	u64
	s8
	s16
	s32
	s64
	f16
	f32
	f64
)

// kindNames are the types as PTX spells them, behind a dot.
var kindNames = [...]string{
	pred: "pred",
	b8:   "b8", b16: "b16", b32: "b32", b64: "b64",
	u8: "u8", u16: "u16", u32: "u32", u64: "u64",
	s8: "s8", s16: "s16", s32: "s32", s64: "s64",
	f16: "f16", f32: "f32", f64: "f64",
}

func (k kind) String() string { return kindNames[k] }

// kindOf returns the type with the name, noKind if there is none.
func kindOf(name string) kind {
	for k, n := range kindNames {
		if n == name && n != "" {
			return kind(k)
		}
	}
	return noKind
}

// bits returns the width of a value; a predicate has one bit.
func (k kind) bits() uint {
	switch k {
	case b8, u8, s8:
		return 8
	case b16, u16, s16, f16:
		return 16
	case b32, u32, s32, f32:
		return 32
	case b64, u64, s64, f64:
		return 64
	case pred:
		return 1
	}
	return 0
}

func (k kind) bytes() int { return int(k.bits() / 8) }

// mask has the bits of a value of the type set.
func (k kind) mask() uint64 { return ones(k.bits()) }

func (k kind) signed() bool   { return k >= s8 && k <= s64 }
func (k kind) unsigned() bool { return k >= u8 && k <= u64 }
func (k kind) integer() bool  { return k.signed() || k.unsigned() }
func (k kind) untyped() bool  { return k >= b8 && k <= b64 }
func (k kind) float() bool    { return k >= f16 }

// agrees reports whether an operand of type k fits an instruction of type want: the same width, and the same sort
// unless one of the two is mere bits. Signed and unsigned agree.
func (k kind) agrees(want kind) bool {
	if k == pred || want == pred {
		return k == want
	}
	if k.bits() != want.bits() {
		return false
	}
	if k.untyped() || want.untyped() {
		return true
	}
	return k.float() == want.float()
}

// holds is the looser rule of ld, st and cvt: a register may be wider than the type of the instruction, as long as
// neither is a floating-point type.
func (k kind) holds(want kind) bool {
	if k.agrees(want) {
		return true
	}
	return k != pred && want != pred && !k.float() && !want.float() && k.bits() > want.bits()
}

// signExtend returns the low bits of x as a signed number.
func signExtend(x uint64, bits uint) int64 {
	shift := 64 - bits
	return int64(x<<shift) >> shift
}

// extend returns a value of type k as a register of type into holds it: sign-extended if k is signed, else
// zero-extended.
func (k kind) extend(x uint64, into kind) uint64 {
	if k.signed() {
		return uint64(signExtend(x, k.bits())) & into.mask()
	}
	return x & k.mask()
}
