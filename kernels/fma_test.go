package kernels

import (
	"math"
	"math/big"
	"testing"
)

// exactFMA computes x·y + z with 600 bits, which hold every such value exactly, and rounds once.
type exactFMA struct{ x, y, z big.Float }

func (e *exactFMA) of(x, y, z float32) float32 {
	isInf := func(v float32) bool { return math.IsInf(float64(v), 0) }
	invalid := x != x || y != y || z != z || isInf(x) && y == 0 || x == 0 && isInf(y)
	if !invalid && (isInf(x) || isInf(y)) && isInf(z) {
		invalid = math.Signbit(float64(x)) != math.Signbit(float64(y)) != math.Signbit(float64(z))
	}
	if invalid {
		return nan
	}
	set := func(f *big.Float, v float32) *big.Float { return f.SetPrec(600).SetFloat64(float64(v)) }
	product := set(&e.x, x)
	product.Mul(product, set(&e.y, y))
	result, _ := product.Add(product, set(&e.z, z)).Float32()
	return result
}

// fmaCases are kinds of triples at which a fused multiply-add without the instruction goes wrong.
var fmaCases = []struct {
	name string
	draw func(r *random) (x, y, z float32)

	// Of 1000 triples, at least this many are wrong when rounded to binary64 and then to binary32. It shows
	// that the triples are as hard as they claim to be.
	twiceRoundedWrong int
}{
	{"any bits", func(r *random) (x, y, z float32) {
		return r.value(anyBits), r.value(anyBits), r.value(anyBits)
	}, 0},
	{"ordinary", func(r *random) (x, y, z float32) {
		return r.value(ordinary), r.value(ordinary), r.value(ordinary)
	}, 0},
	{"a product on a midpoint, and a far smaller term", func(r *random) (x, y, z float32) {
		// 13 bits times 12 bits are up to 25: one more than a float32 has.
		x = math.Float32frombits(r.uint32()&0x807ff800 | uint32(120+r.below(10))<<23)
		y = math.Float32frombits(r.uint32()&0x807ff000 | 127<<23)
		return x, y, math.Float32frombits(r.uint32()&0x807fffff | uint32(10+r.below(50))<<23)
	}, 30},
	{"a hair beside a midpoint", func(r *random) (x, y, z float32) {
		// (1 + j·2^-23)·(1 − j·2^-23) is 1 − j²·2^-46; scaled to half the last place of z, it brings the sum
		// so near to a midpoint that binary64 cannot tell the difference.
		j := float32(1 + r.below(30))
		exponent := 30 + r.below(200)
		z = math.Float32frombits(r.uint32()&0x807fffff | uint32(exponent)<<23)
		halfPlace := math.Float32frombits(uint32(exponent-24) << 23)
		y = float32(1-j*0x1p-23) * halfPlace
		if r.below(2) == 0 {
			y = -y
		}
		return float32(1 + j*0x1p-23), y, z
	}, 200},
	{"subnormal results", func(r *random) (x, y, z float32) {
		draw := func(low, count int) float32 {
			return math.Float32frombits(r.uint32()&0x807fffff | uint32(low+r.below(count))<<23)
		}
		return draw(50, 14), draw(50, 14), math.Float32frombits(r.uint32() & 0x80ffffff)
	}, 0},
	{"a hair beside a midpoint of subnormals", func(r *random) (x, y, z float32) {
		// The same about half of 2^-149, where midpoints are at other bits of the binary64 sum.
		j := float32(1 + r.below(30))
		x, y = float32(1+j*0x1p-23)*0x1p-75, float32(1-j*0x1p-23)*0x1p-75
		if r.below(2) == 0 {
			y = -y
		}
		return x, y, math.Float32frombits(r.uint32()&0x807fffff | 0x400000)
	}, 200},
	{"at the edge of overflow", func(r *random) (x, y, z float32) {
		near := math.Float32frombits(0x7f7fffff - uint32(r.below(4)))
		half := math.Float32frombits(uint32(102-r.below(3)+127)<<23 | uint32(r.below(3)))
		if r.below(2) == 0 {
			return float32(1 + float32(r.below(3))*0x1p-23), near, half
		}
		return -near, 1, -half
	}, 0},
	{"cancellation", func(r *random) (x, y, z float32) {
		x, y = r.value(wide), r.value(wide)
		return x, y, math.Float32frombits(math.Float32bits(-x*y) + uint32(r.below(5)) - 2)
	}, 0},
}

func TestFMAAgainstExact(t *testing.T) {
	const each = 64 << 10 // over 450,000 in all
	for _, c := range fmaCases {
		t.Run(c.name, func(t *testing.T) {
			r, exact, wrong := newRandom(1), new(exactFMA), 0
			for range each {
				x, y, z := c.draw(r)
				want := exact.of(x, y, z)
				if got := FMA(x, y, z); !same(got, want) {
					t.Fatalf("FMA(%x, %x, %x) = %x: %x expected", x, y, z, got, want)
				}
				if !same(float32(math.FMA(float64(x), float64(y), float64(z))), want) {
					wrong++
				}
			}
			if wrong*1000 < c.twiceRoundedWrong*each {
				t.Errorf("rounding twice is wrong %d times of %d: at least %d in 1000 expected", wrong, each, c.twiceRoundedWrong)
			}
		})
	}
}

func TestFMASpecials(t *testing.T) {
	specials := []float32{
		0, negZero, 1, -1, 0.5, -1.5, 0x1p-149, -0x1p-149, 0x1p-126, -0x1.fffffcp-127, 0x1p-24, 1 + 0x1p-23,
		math.MaxFloat32, -math.MaxFloat32, 0x1p102, -0x1p103, inf, -inf, nan,
	}
	exact := new(exactFMA)
	for _, x := range specials {
		for _, y := range specials {
			for _, z := range specials {
				if got, want := FMA(x, y, z), exact.of(x, y, z); !same(got, want) {
					t.Errorf("FMA(%x, %x, %x) = %x: %x expected", x, y, z, got, want)
				}
			}
		}
	}
}

func FuzzFMA(f *testing.F) {
	r := newRandom(2)
	for _, c := range fmaCases {
		x, y, z := c.draw(r)
		f.Add(math.Float32bits(x), math.Float32bits(y), math.Float32bits(z))
	}
	f.Add(uint32(0x7f800000), uint32(0x80000000), uint32(0x7fc00001))
	f.Fuzz(func(t *testing.T, xBits, yBits, zBits uint32) {
		x, y, z := math.Float32frombits(xBits), math.Float32frombits(yBits), math.Float32frombits(zBits)
		if got, want := FMA(x, y, z), new(exactFMA).of(x, y, z); !same(got, want) {
			t.Errorf("FMA(%x, %x, %x) = %x: %x expected", x, y, z, got, want)
		}
	})
}
