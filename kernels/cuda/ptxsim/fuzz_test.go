package ptxsim

import "testing"

// Parse neither panics nor hangs, whatever the text; and what it accepts runs to an end or to an error. The seeds are
// short, since fuzzing works best on those.
func FuzzParse(f *testing.F) {
	for _, body := range []string{
		"T: .branchtargets A, B; brx.idx %n, T; A: ret; B: bar.sync 0; ret;",
		".shared .align 16 .b8 s[64]; .local .b8 l[8]; mov.u64 %rd1, s+8; st.shared.v2.f32 [%rd1], {%f1, 0f3F800000}; ret;",
		"setp.lt.and.s32 %p1|_, %r1, -5, !%p2; @!%p1 bra L; mov.b64 {%r1, _}, %rd1; L: { .reg .b32 %x<4>; mov.u32 %x3, 0x7FU; } exit;",
		"ld.param.v2.u16 {%h1, %h2}, [n]; cvta.to.shared.u64 %rd1, %ra; bfi.b32 %r1, %n, %n, 4, 8; lop3.b32 %r1, %n, %n, %n, 0x96; trap;",
		"cvt.rn.f32.s8 %f1, %h1; cvt.sat.u8.s32 %r1, %n; cvt.rni.s32.f32 %r2, %f1; fma.rn.f32 %f1, %f1, %f1, %f1; L: bra.uni L;",
	} {
		f.Add(kernel(body))
	}
	f.Add(header + ".const .align 4 .b8 c[8] = {1, -2, 0x3}; .global .f32 g = 0f3F800000; .extern .shared .b8 d[];\n.entry k .maxntid 1 .reqntid 1 { ld.const.u32 %r, [c]; }")
	f.Fuzz(func(t *testing.T, text string) {
		m, err := Parse(text)
		if err != nil {
			return
		}
		memory := NewMemory(1 << 20)
		for _, name := range m.Entries() {
			e, ok := m.Entry(name)
			if !ok {
				t.Fatalf("the entry %q is listed but not there", name)
			}
			l := Launch{Entry: name, Grid: [3]int{2, 1, 1}, Block: [3]int{2, 1, 1}, Params: make([]byte, e.paramBytes), Shared: 64, Instructions: 500, Trace: true}
			counts, err := memory.Launch(m, l)
			if (counts == nil) == (err == nil) {
				t.Fatalf("entry %q: counts %v with error %v", name, counts, err)
			}
		}
	})
}
