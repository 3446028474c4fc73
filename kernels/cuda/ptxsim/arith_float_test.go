package ptxsim

import (
	"math"
	"math/big"
	"math/rand/v2"
	"testing"
)

func TestFloatInstructions(t *testing.T) {
	f32s := func(n int) []kind { return []kind{f32, f32, f32}[:n] }
	m := newMachine(t)
	for _, test := range []struct {
		name, opcode string
		operands     []uint64
		want         uint64
	}{
		{"a product that only a fused sum keeps", "fma.rn.f32", []uint64{0x3f800800, 0x3f800800, 0xbf801000}, f(math.Ldexp(1, -24))},
		{"a tie to even", "add.rn.f32", []uint64{f(1), f(math.Ldexp(1, -24))}, f(1)},
		{"a tie to even, upwards", "add.rn.f32", []uint64{0x3f800001, f(math.Ldexp(1, -24))}, 0x3f800002},
		{"a subnormal sum", "add.rn.f32", []uint64{leastF32, leastF32}, 2},
		{"a subnormal product", "mul.rn.f32", []uint64{f(math.Ldexp(1, -100)), f(math.Ldexp(1, -49))}, leastF32},
		{"half the least number", "mul.rn.f32", []uint64{leastF32, f(0.5)}, 0},
		{"three quarters of the least number", "mul.rn.f32", []uint64{leastF32, f(0.75)}, leastF32},
		{"an overflow", "mul.rn.f32", []uint64{greatestF32, f(2)}, infF32},
		{"opposite numbers", "add.rn.f32", []uint64{f(3), f(-3)}, 0},
		{"two negative zeros", "add.rn.f32", []uint64{minusZeroF32, minusZeroF32}, minusZeroF32},
		{"a fused sum of opposites", "fma.rn.f32", []uint64{f(2), f(-3), f(6)}, 0},
		{"a fused sum of negative zeros", "fma.rn.f32", []uint64{minusZeroF32, f(1), minusZeroF32}, minusZeroF32},
		{"infinity times zero", "mul.rn.f32", []uint64{infF32, 0}, nanF32},
		{"infinity less infinity", "sub.rn.f32", []uint64{infF32, infF32}, nanF32},
		{"infinity times zero and a NaN", "fma.rn.f32", []uint64{infF32, 0, otherNaNF32}, nanF32},
		{"a NaN's payload is lost", "add.rn.f32", []uint64{otherNaNF32, f(1)}, nanF32},
		{"a NaN's payload is lost in a product", "mul.rn.f32", []uint64{f(1), signalF32}, nanF32},
		{"a third", "div.rn.f32", []uint64{f(1), f(3)}, 0x3eaaaaab},
		{"by zero", "div.rn.f32", []uint64{f(-1), 0}, minusInfF32},
		{"zero by zero", "div.rn.f32", []uint64{0, 0}, nanF32},
		{"a subnormal quotient", "div.rn.f32", []uint64{0x00800000, f(2)}, 0x00400000},
		{"a reciprocal", "rcp.rn.f32", []uint64{f(3)}, 0x3eaaaaab},
		{"of negative zero", "rcp.rn.f32", []uint64{minusZeroF32}, minusInfF32},
		{"of a large number", "rcp.rn.f32", []uint64{greatestF32}, 0x00200000},
		{"a root", "sqrt.rn.f32", []uint64{f(2)}, 0x3fb504f3},
		{"of a subnormal number", "sqrt.rn.f32", []uint64{leastF32}, 0x1a3504f3},
		{"of a negative number", "sqrt.rn.f32", []uint64{f(-1)}, nanF32},
		{"of negative zero", "sqrt.rn.f32", []uint64{minusZeroF32}, minusZeroF32},
		{"of infinity", "sqrt.rn.f32", []uint64{infF32}, infF32},
		{"the negative", "neg.f32", []uint64{f(1)}, f(-1)},
		{"of zero", "neg.f32", []uint64{0}, minusZeroF32},
		{"of NaN", "neg.f32", []uint64{otherNaNF32}, nanF32},
		{"the absolute value", "abs.f32", []uint64{f(-2.5)}, f(2.5)},
		{"of negative infinity", "abs.f32", []uint64{minusInfF32}, infF32},
		{"of NaN, absolute", "abs.f32", []uint64{otherNaNF32}, nanF32},
		{"the lesser", "min.f32", []uint64{f(1), f(-1)}, f(-1)},
		{"the lesser zero", "min.f32", []uint64{0, minusZeroF32}, minusZeroF32},
		{"the lesser zero, the other way round", "min.f32", []uint64{minusZeroF32, 0}, minusZeroF32},
		{"the lesser of NaN and a number", "min.f32", []uint64{signalF32, f(1)}, f(1)},
		{"the lesser of a number and NaN", "min.f32", []uint64{f(1), otherNaNF32}, f(1)},
		{"the lesser of NaNs", "min.f32", []uint64{otherNaNF32, signalF32}, nanF32},
		{"the greater", "max.f32", []uint64{f(1), f(-1)}, f(1)},
		{"the greater zero", "max.f32", []uint64{minusZeroF32, 0}, 0},
		{"the greater zero, the other way round", "max.f32", []uint64{0, minusZeroF32}, 0},
		{"the greater of NaN and a number", "max.f32", []uint64{otherNaNF32, f(-1)}, f(-1)},
		{"the greater of NaNs", "max.f32", []uint64{otherNaNF32, otherNaNF32}, nanF32},
		{"the sign of another", "copysign.f32", []uint64{f(-1), f(3)}, f(-3)},
	} {
		t.Run(test.opcode+" "+test.name, func(t *testing.T) {
			if got := m.evaluate(t, test.opcode, f32, f32s(len(test.operands)), test.operands...); got != test.want {
				t.Errorf("%#x, want %#x", got, test.want)
			}
		})
	}
}

// Moves keep the bits of a NaN, whatever they say.
func TestMovesKeepPayloads(t *testing.T) {
	m := newMachine(t)
	for _, nan := range []uint64{signalF32, otherNaNF32, 0xffffffff} {
		if got := m.evaluate(t, "mov.f32", f32, []kind{f32}, nan); got != nan {
			t.Errorf("mov of %#x is %#x", nan, got)
		}
		if got := m.evaluate(t, "selp.f32", f32, []kind{f32, f32, pred}, nan, 0, 1); got != nan {
			t.Errorf("selp of %#x is %#x", nan, got)
		}
	}
}

// The exact result of every operation, rounded once, from rational arithmetic.
func TestFloatsAreRoundedOnce(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	exact := map[string]func(x, y, z *big.Rat) *big.Rat{
		"add.rn.f32": func(x, y, _ *big.Rat) *big.Rat { return new(big.Rat).Add(x, y) },
		"sub.rn.f32": func(x, y, _ *big.Rat) *big.Rat { return new(big.Rat).Sub(x, y) },
		"mul.rn.f32": func(x, y, _ *big.Rat) *big.Rat { return new(big.Rat).Mul(x, y) },
		"div.rn.f32": func(x, y, _ *big.Rat) *big.Rat { return new(big.Rat).Quo(x, y) },
		"rcp.rn.f32": func(x, _, _ *big.Rat) *big.Rat { return new(big.Rat).Inv(x) },
		"fma.rn.f32": func(x, y, z *big.Rat) *big.Rat { return new(big.Rat).Add(new(big.Rat).Mul(x, y), z) },
	}
	for opcode, operation := range exact {
		fn := forms()[opcode].fn
		checked := 0
		for checked < 3000 {
			x, y, z := randomFloat(random), randomFloat(random), randomFloat(random)
			if y == 0 || x == 0 {
				continue
			}
			want := operation(rational(x), rational(y), rational(z))
			if want.Sign() == 0 {
				continue // its sign is a matter of the tables above
			}
			value, _ := want.Float32()
			if got := fn(x, y, z); got != uint64(math.Float32bits(value)) {
				t.Fatalf("%s of %#x, %#x, %#x is %#x, want %#x", opcode, x, y, z, got, math.Float32bits(value))
			}
			checked++
		}
	}
}

// A root lies between the midpoints to its neighbours.
func TestRootsAreRoundedOnce(t *testing.T) {
	random := rand.New(rand.NewPCG(3, 4))
	half := big.NewRat(1, 2)
	midpoint := func(x, y uint64) *big.Rat {
		sum := new(big.Rat).Add(rational(x), rational(y))
		return sum.Mul(sum, half)
	}
	for range 3000 {
		x := randomFloat(random) &^ signF32
		if x == 0 {
			continue
		}
		root := sqrtF32(x, 0, 0)
		low, high := midpoint(root-1, root), midpoint(root, root+1)
		if low.Mul(low, low).Cmp(rational(x)) > 0 || high.Mul(high, high).Cmp(rational(x)) < 0 {
			t.Fatalf("the root of %#x is not %#x", x, root)
		}
	}
}

func rational(x uint64) *big.Rat { return new(big.Rat).SetFloat64(float64(toFloat32(x))) }

// randomFloat returns the bits of a finite float: near one, anywhere, or subnormal.
func randomFloat(random *rand.Rand) uint64 {
	for {
		x := random.Uint64() & ones(32)
		switch random.IntN(4) {
		case 0:
			x = x&^0x7f800000 | uint64(120+random.IntN(16))<<23
		case 1:
			x &^= 0x7f800000
		case 2:
			x &^= 0xffff // with few digits, where ties are frequent
		}
		if x&infF32 != infF32 {
			return x
		}
	}
}
