package ptxsim

import (
	"math"
	"testing"
)

func TestConversions(t *testing.T) {
	inf, nan := math.Inf(1), math.NaN()
	m := newMachine(t)
	for _, test := range []struct {
		opcode   string
		to, from kind
		operand  uint64
		want     uint64
	}{
		{"cvt.u32.u64", u32, u64, 0x123456789, 0x23456789},
		{"cvt.u64.u32", u64, u32, 0x80000000, 0x80000000},
		{"cvt.s64.s32", s64, s32, 0x80000000, 0xffffffff80000000},
		{"cvt.u64.s32", u64, s32, 0x80000000, 0xffffffff80000000},
		{"cvt.s64.u32", s64, u32, 0x80000000, 0x80000000},
		{"cvt.s32.s8", s32, b32, 0x180, 0xffffff80},
		{"cvt.u32.u8", u32, b32, 0x180, 0x80},
		{"cvt.s8.s32", s32, s32, 0x180, 0xffffff80},
		{"cvt.u8.u32", u32, u32, 0x180, 0x80},
		{"cvt.s16.s8", s16, b16, 0x80, 0xff80},
		{"cvt.s32.s16", s32, b32, 0x18000, 0xffff8000},
		{"cvt.sat.u8.s32", u32, s32, 0xffffffff, 0},
		{"cvt.sat.u8.s32", u32, s32, 300, 255},
		{"cvt.sat.s8.s32", s32, s32, 0xffffff00, 0xffffff80},
		{"cvt.sat.s8.u32", s32, u32, 0xffffff00, 127},
		{"cvt.sat.s32.s64", s32, s64, 1 << 40, 0x7fffffff},
		{"cvt.sat.s32.s64", s32, s64, 1 << 63, 0x80000000},
		{"cvt.sat.u64.s32", u64, s32, 0xffffffff, 0},

		{"cvt.rn.f32.s32", f32, s32, 0xffffffff, f(-1)},
		{"cvt.rn.f32.s32", f32, s32, 16777217, f(16777216)},
		{"cvt.rn.f32.s32", f32, s32, 16777219, f(16777220)},
		{"cvt.rn.f32.u32", f32, u32, 0xffffffff, f(4294967296)},
		{"cvt.rn.f32.u64", f32, u64, 0x8000008000000001, 0x5f000001},
		{"cvt.rn.f32.u64", f32, u64, 0x8000008000000000, 0x5f000000},
		{"cvt.rn.f32.s64", f32, s64, 0x4000004000000001, 0x5e800001},
		{"cvt.rn.f32.u16", f32, u16, 0xffff, f(65535)},
		{"cvt.rn.f32.s8", f32, b16, 0x80, f(-128)},
		{"cvt.rn.f32.u8", f32, b16, 0x1ff, f(255)},
		{"cvt.rn.f64.s64", f64, s64, 1<<53 + 1, d(1 << 53)},
		{"cvt.rn.f64.u32", f64, u32, 0xffffffff, d(4294967295)},

		{"cvt.f64.f32", f64, f32, leastF32, d(math.Ldexp(1, -149))},
		{"cvt.f64.f32", f64, f32, signalF32, nanF64},
		{"cvt.rn.f32.f64", f32, f64, d(1 + math.Ldexp(1, -24)), f(1)},
		{"cvt.rn.f32.f64", f32, f64, d(1 + math.Ldexp(1, -24) + math.Ldexp(1, -50)), 0x3f800001},
		{"cvt.rn.f32.f64", f32, f64, d(math.Ldexp(3, -151)), leastF32},
		{"cvt.rn.f32.f64", f32, f64, d(1e300), infF32},
		{"cvt.rn.f32.f64", f32, f64, d(nan), nanF32},
		{"cvt.f32.f16", f32, b16, 0x3c00, f(1)},
		{"cvt.f32.f16", f32, b16, 0x8001, f(-math.Ldexp(1, -24))},
		{"cvt.f32.f16", f32, b16, 0x7bff, f(65504)},
		{"cvt.f32.f16", f32, b16, 0xfc00, minusInfF32},
		{"cvt.f32.f16", f32, b16, 0x7c01, nanF32},
		{"cvt.rn.f16.f32", b16, f32, f(65519.996), 0x7bff},
		{"cvt.rn.f16.f32", b16, f32, f(65520), 0x7c00},
		{"cvt.rn.f16.f32", b16, f32, f(-math.Ldexp(1, -24)), 0x8001},
		{"cvt.rn.f16.f32", b16, f32, f(math.Ldexp(1, -25)), 0},
		{"cvt.rn.f16.f32", b16, f32, f(math.Ldexp(3, -25)), 2},
		{"cvt.rn.f16.f32", b16, f32, f(1 + math.Ldexp(1, -11)), 0x3c00},
		{"cvt.rn.f16.f32", b16, f32, f(1 + math.Ldexp(3, -11)), 0x3c02},
		{"cvt.rn.f16.f32", b16, f32, f(2047.5), 0x6800},
		{"cvt.rn.f16.f32", b16, f32, minusZeroF32, 0x8000},
		{"cvt.rn.f16.f32", b16, f32, otherNaNF32, nanF16},

		{"cvt.rzi.s32.f32", s32, f32, f(-1.75), 0xffffffff},
		{"cvt.rni.s32.f32", s32, f32, f(2.5), 2},
		{"cvt.rni.s32.f32", s32, f32, f(3.5), 4},
		{"cvt.rmi.s32.f32", s32, f32, f(-1.25), 0xfffffffe},
		{"cvt.rpi.s32.f32", s32, f32, f(1.25), 2},
		{"cvt.rzi.s32.f32", s32, f32, f(3e9), 0x7fffffff},
		{"cvt.rzi.s32.f32", s32, f32, minusInfF32, 0x80000000},
		{"cvt.rzi.u32.f32", u32, f32, f(-1), 0},
		{"cvt.rzi.u32.f32", u32, f32, f(5e9), 0xffffffff},
		{"cvt.rzi.s32.f32", s32, f32, nanF32, 0},
		{"cvt.rzi.s64.f32", s64, f32, nanF32, 1 << 63},
		{"cvt.rzi.s32.f64", s32, f64, d(nan), 0x80000000},
		{"cvt.rzi.u64.f64", u64, f64, d(inf), ^uint64(0)},
		{"cvt.rzi.s64.f64", s64, f64, d(inf), 1<<63 - 1},
		{"cvt.rzi.s64.f64", s64, f64, d(-math.Ldexp(1, 63)), 1 << 63},
		{"cvt.rzi.u8.f32", u32, f32, f(300), 255},
		{"cvt.rzi.s8.f32", s32, f32, f(-300), 0xffffff80},
		{"cvt.rzi.u32.f16", u32, b16, 0x4200, 3},

		{"cvt.rni.f32.f32", f32, f32, f(-0.25), minusZeroF32},
		{"cvt.rni.f32.f32", f32, f32, f(0.5), 0},
		{"cvt.rzi.f32.f32", f32, f32, f(1.75), f(1)},
		{"cvt.rmi.f32.f32", f32, f32, f(-0.25), f(-1)},
		{"cvt.rpi.f32.f32", f32, f32, f(0.25), f(1)},
		{"cvt.rpi.f32.f32", f32, f32, nanF32 - 5, nanF32},
		{"cvt.f32.f32", f32, f32, leastF32, leastF32},
	} {
		if got := m.evaluate(t, test.opcode, test.to, []kind{test.from}, test.operand); got != test.want {
			t.Errorf("%s of %#x: %#x, want %#x", test.opcode, test.operand, got, test.want)
		}
	}
}

// Every number of binary16 survives the way to binary32 and back.
func TestHalvesThereAndBack(t *testing.T) {
	for x := range uint64(1 << 16) {
		want := x
		if x&0x7c00 == 0x7c00 && x&0x3ff != 0 {
			want = nanF16
		}
		wide := fromFloat32(float32(halfToFloat64(x)))
		if got := float32ToHalf(wide, 0, 0); got != want {
			t.Fatalf("%#x comes back as %#x, want %#x", x, got, want)
		}
	}
}
