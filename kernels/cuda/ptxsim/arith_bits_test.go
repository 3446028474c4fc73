package ptxsim

import "testing"

func TestBitInstructions(t *testing.T) {
	const all = ^uint64(0)
	bfe32, bfe64 := []kind{b32, u32, u32}, []kind{b64, u32, u32}
	three := []kind{b32, b32, b32}
	m := newMachine(t)
	for _, test := range []struct {
		opcode   string
		result   kind
		kinds    []kind
		operands []uint64
		want     uint64
	}{
		{"not.b16", b16, []kind{b16}, []uint64{0x00ff}, 0xff00},
		{"not.pred", pred, []kind{pred}, []uint64{1}, 0},
		{"xor.pred", pred, []kind{pred, pred}, []uint64{1, 1}, 0},
		{"and.b64", b64, []kind{b64, b64}, []uint64{0xff00ff, 0xffff00}, 0xff0000},

		{"shl.b32", b32, []kind{b32, u32}, []uint64{1, 31}, 1 << 31},
		{"shl.b32", b32, []kind{b32, u32}, []uint64{1, 32}, 0},
		{"shl.b32", b32, []kind{b32, u32}, []uint64{1, 0xffffffff}, 0},
		{"shl.b16", b16, []kind{b16, u32}, []uint64{0xffff, 15}, 0x8000},
		{"shl.b16", b16, []kind{b16, u32}, []uint64{0xffff, 16}, 0},
		{"shl.b64", b64, []kind{b64, u32}, []uint64{1, 63}, 1 << 63},
		{"shl.b64", b64, []kind{b64, u32}, []uint64{1, 64}, 0},
		{"shr.u32", u32, []kind{u32, u32}, []uint64{0x80000000, 31}, 1},
		{"shr.u32", u32, []kind{u32, u32}, []uint64{0x80000000, 32}, 0},
		{"shr.s32", s32, []kind{s32, u32}, []uint64{0x80000000, 4}, 0xf8000000},
		{"shr.s32", s32, []kind{s32, u32}, []uint64{0x80000000, 99}, 0xffffffff},
		{"shr.s32", s32, []kind{s32, u32}, []uint64{0x7fffffff, 99}, 0},
		{"shr.s16", s16, []kind{s16, u32}, []uint64{0x8000, 20}, 0xffff},
		{"shr.s64", s64, []kind{s64, u32}, []uint64{1 << 63, 64}, all},
		{"shr.u64", u64, []kind{u64, u32}, []uint64{1 << 63, 64}, 0},

		{"shf.l.wrap.b32", b32, []kind{b32, b32, u32}, []uint64{0x89abcdef, 0x01234567, 8}, 0x23456789},
		{"shf.l.wrap.b32", b32, []kind{b32, b32, u32}, []uint64{0x89abcdef, 0x01234567, 32}, 0x01234567},
		{"shf.l.clamp.b32", b32, []kind{b32, b32, u32}, []uint64{0x89abcdef, 0x01234567, 40}, 0x89abcdef},
		{"shf.r.wrap.b32", b32, []kind{b32, b32, u32}, []uint64{0x89abcdef, 0x01234567, 8}, 0x6789abcd},
		{"shf.r.wrap.b32", b32, []kind{b32, b32, u32}, []uint64{0x89abcdef, 0x01234567, 33}, 0xc4d5e6f7},
		{"shf.r.clamp.b32", b32, []kind{b32, b32, u32}, []uint64{0x89abcdef, 0x01234567, 33}, 0x01234567},

		{"bfe.u32", u32, bfe32, []uint64{0x12345678, 8, 12}, 0x456},
		{"bfe.u32", u32, bfe32, []uint64{0x12345678, 28, 12}, 1},
		{"bfe.u32", u32, bfe32, []uint64{0xffffffff, 0, 0}, 0},
		{"bfe.u32", u32, bfe32, []uint64{0xffffffff, 256 + 4, 256 + 4}, 15},
		{"bfe.u32", u32, bfe32, []uint64{0xffffffff, 40, 8}, 0},
		{"bfe.s32", s32, bfe32, []uint64{0x12345678, 8, 12}, 0x456},
		{"bfe.s32", s32, bfe32, []uint64{0x12345678, 4, 4}, 7},
		{"bfe.s32", s32, bfe32, []uint64{0x12345688, 4, 4}, 0xfffffff8},
		{"bfe.s32", s32, bfe32, []uint64{0x80000000, 24, 20}, 0xffffff80},
		{"bfe.s32", s32, bfe32, []uint64{0x80000000, 40, 4}, 0xffffffff},
		{"bfe.s32", s32, bfe32, []uint64{0x80000000, 40, 0}, 0},
		{"bfe.u64", u64, bfe64, []uint64{0x123456789abcdef0, 32, 16}, 0x5678},
		{"bfe.s64", s64, bfe64, []uint64{0x123456789abcdef0, 4, 4}, all},
		{"bfe.s64", s64, bfe64, []uint64{1 << 63, 60, 200}, all - 7},

		{"prmt.b32", b32, three, []uint64{0x33221100, 0x77665544, 0x0123}, 0x00112233},
		{"prmt.b32", b32, three, []uint64{0x33221100, 0x77665544, 0x7654}, 0x77665544},
		{"prmt.b32", b32, three, []uint64{0x00008000, 0x7f000000, 0xf9f1}, 0x00ff0080},
		{"lop3.b32 [0x96]", b32, three, []uint64{0xf0f0f0f0, 0xcccccccc, 0xaaaaaaaa}, 0x96969696},
		{"lop3.b32 [0x80]", b32, three, []uint64{0xf0f0f0f0, 0xcccccccc, 0xaaaaaaaa}, 0x80808080},
		{"lop3.b32 [0]", b32, three, []uint64{1, 2, 3}, 0},

		{"bfi.b32", b32, []kind{b32, b32, u32, u32}, []uint64{0xab, 0xffffffff, 8, 8}, 0xffffabff},
		{"bfi.b32", b32, []kind{b32, b32, u32, u32}, []uint64{0xff, 0, 28, 8}, 0xf0000000},
		{"bfi.b32", b32, []kind{b32, b32, u32, u32}, []uint64{0xff, 5, 4, 0}, 5},
		{"bfi.b32", b32, []kind{b32, b32, u32, u32}, []uint64{0xffffffff, 5, 40, 8}, 5},
		{"bfi.b32", b32, []kind{b32, b32, u32, u32}, []uint64{0x12345678, 0, 0, 255}, 0x12345678},
		{"bfi.b64", b64, []kind{b64, b64, u32, u32}, []uint64{0xff, 0, 60, 64}, 0xf << 60},

		{"clz.b32", u32, []kind{b32}, []uint64{1}, 31},
		{"clz.b32", u32, []kind{b32}, []uint64{0}, 32},
		{"clz.b64", u32, []kind{b64}, []uint64{0}, 64},
		{"popc.b32", u32, []kind{b32}, []uint64{0xf0f0f0f0}, 16},
		{"popc.b64", u32, []kind{b64}, []uint64{all}, 64},
		{"brev.b32", b32, []kind{b32}, []uint64{1}, 1 << 31},
		{"brev.b64", b64, []kind{b64}, []uint64{1}, 1 << 63},
		{"bfind.u32", u32, []kind{u32}, []uint64{0x00800000}, 23},
		{"bfind.u32", u32, []kind{u32}, []uint64{0}, 0xffffffff},
		{"bfind.s32", u32, []kind{s32}, []uint64{0xffffffff}, 0xffffffff},
		{"bfind.s32", u32, []kind{s32}, []uint64{0xfffffffb}, 2},
		{"bfind.shiftamt.u32", u32, []kind{u32}, []uint64{0x00800000}, 8},
		{"bfind.u64", u32, []kind{u64}, []uint64{1 << 40}, 40},

		{"selp.b32", b32, []kind{b32, b32, pred}, []uint64{1, 2, 0}, 2},
		{"slct.u32.s32", u32, []kind{u32, u32, s32}, []uint64{1, 2, 0}, 1},
		{"slct.u32.s32", u32, []kind{u32, u32, s32}, []uint64{1, 2, 0xffffffff}, 2},
		{"slct.f32.f32", f32, []kind{f32, f32, f32}, []uint64{1, 2, minusZeroF32}, 1},
		{"slct.f32.f32", f32, []kind{f32, f32, f32}, []uint64{1, 2, nanF32}, 2},
	} {
		if got := m.evaluate(t, test.opcode, test.result, test.kinds, test.operands...); got != test.want {
			t.Errorf("%s of %#x: %#x, want %#x", test.opcode, test.operands, got, test.want)
		}
	}
}
