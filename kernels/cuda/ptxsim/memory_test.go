package ptxsim

import (
	"bytes"
	"errors"
	"strings"
	"testing"
)

func TestMemoryAlignsAndSeparates(t *testing.T) {
	m := NewMemory(1 << 20)
	end := uint64(0)
	for _, size := range []int{1, 255, 256, 4096, 3840, 3841, 100000} {
		at, err := m.Alloc(size)
		if err != nil {
			t.Fatal(err)
		}
		if at%256 != 0 || at < end+256 || at < 1<<32 {
			t.Errorf("%d bytes at %#x, behind an allocation that ends at %#x", size, at, end)
		}
		end = at + uint64(size)
		data := bytes.Repeat([]byte{7}, size)
		if err := m.Write(at, data); err != nil {
			t.Errorf("write of %d bytes: %v", size, err)
		}
		got := make([]byte, size)
		if err := m.Read(at, got); err != nil || !bytes.Equal(got, data) {
			t.Errorf("read of %d bytes: %v", size, err)
		}
	}
}

func TestMemoryLimit(t *testing.T) {
	m := NewMemory(1000)
	first, err := m.Alloc(600)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := m.Alloc(401); !errors.Is(err, ErrOutOfMemory) {
		t.Errorf("401 of 400 bytes: %v", err)
	}
	if _, err := m.Alloc(400); err != nil {
		t.Errorf("400 of 400 bytes: %v", err)
	}
	if m.Used() != 1000 || m.Limit() != 1000 {
		t.Errorf("%d of %d bytes are used", m.Used(), m.Limit())
	}
	if err := m.Free(first); err != nil {
		t.Fatal(err)
	}
	second, err := m.Alloc(600)
	if err != nil || second == first {
		t.Errorf("after Free: %#x, %v", second, err)
	}
	for _, size := range []int{0, -1} {
		if _, err := m.Alloc(size); err == nil {
			t.Errorf("an allocation of %d bytes", size)
		}
	}
	if _, err := NewMemory(1 << 62).Alloc(1 << 61); !errors.Is(err, ErrOutOfMemory) {
		t.Errorf("2^61 bytes: %v", err)
	}
}

func TestMemoryErrors(t *testing.T) {
	m := NewMemory(1 << 20)
	at, err := m.Alloc(100)
	if err != nil {
		t.Fatal(err)
	}
	gone, err := m.Alloc(100)
	if err != nil {
		t.Fatal(err)
	}
	if err := m.Free(gone); err != nil {
		t.Fatal(err)
	}
	for _, test := range []struct {
		name string
		err  error
		want error
	}{
		{"write behind the end", m.Write(at+1, make([]byte, 100)), ErrOutOfBounds},
		{"write before the beginning", m.Write(at-1, make([]byte, 1)), ErrOutOfBounds},
		{"write far away", m.Write(^uint64(0), make([]byte, 2)), ErrOutOfBounds},
		{"write to nothing", m.Write(0, make([]byte, 2)), ErrOutOfBounds},
		{"read after free", m.Read(gone, make([]byte, 1)), ErrOutOfBounds},
		{"fill after free", m.Fill(gone+99, 0, 1), ErrOutOfBounds},
		{"fill too much", m.Fill(at, 0, 101), ErrOutOfBounds},
		{"a second free", m.Free(gone), ErrAddress},
		{"free within", m.Free(at + 1), ErrAddress},
		{"free of nothing", m.Free(1), ErrAddress},
	} {
		if !errors.Is(test.err, test.want) {
			t.Errorf("%s: %v, want %v", test.name, test.err, test.want)
		}
	}
	if err := m.Fill(at, 0, -1); err == nil {
		t.Error("a fill of -1 bytes")
	}
	if err := m.Write(at+100, nil); err != nil {
		t.Errorf("nothing written behind the end: %v", err)
	}
}

func TestReadOfUnwrittenBytes(t *testing.T) {
	m := NewMemory(1 << 20)
	at, err := m.Alloc(10000)
	if err != nil {
		t.Fatal(err)
	}
	if err := m.Fill(at, 1, 5000); err != nil {
		t.Fatal(err)
	}
	into := make([]byte, 6000)
	err = m.Read(at, into)
	if !errors.Is(err, ErrUnwritten) || !strings.Contains(err.Error(), "the first is at 5000") {
		t.Errorf("error %v", err)
	}
	if into[4999] != 1 || into[5000] != junk || into[5999] != junk {
		t.Errorf("%d, %d, %d", into[4999], into[5000], into[5999])
	}
}

// Variables of a module live in the memory, not in the module.
func TestModuleVariables(t *testing.T) {
	m := mustParse(t, header+`.visible .global .align 4 .u32 counter = 7;
.global .align 4 .b8 bytes[8] = {1, 2, 3};
.const .align 4 .f32 half = 0f3F000000;
.const .b8 more[3] = {250, 251, 252};
.entry k(.param .u64 out)
{
.reg .b32 %r<8>; .reg .b64 %rd<8>;
ld.param.u64 %rd1, [out];
ld.global.u32 %r1, [counter]; add.u32 %r1, %r1, 1; st.global.u32 [counter], %r1;
ld.global.u32 %r2, [bytes]; ld.global.u32 %r3, [bytes+4];
ld.const.f32 %r4, [half]; mov.u64 %rd2, more; ld.const.u8 %r5, [%rd2+2]; ld.const.s8 %r6, [more];
mov.u64 %rd3, bytes; cvta.global.u64 %rd3, %rd3; ld.s8 %r7, [%rd3+2];
st.global.v4.u32 [%rd1], {%r1, %r2, %r3, %r4};
st.global.v2.u32 [%rd1+16], {%r5, %r6};
st.global.u32 [%rd1+24], %r7;
ret;
}
`)
	e, _ := m.Entry("k")
	memory := NewMemory(1 << 20)
	out := allocate(t, memory, make([]byte, 32))
	used := memory.Used()
	launch := func() []uint32 {
		params, err := PackParams(e, out)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := memory.Launch(m, Launch{Entry: "k", Grid: [3]int{1, 1, 1}, Block: [3]int{1, 1, 1}, Params: params}); err != nil {
			t.Fatal(err)
		}
		return (&bench{memory: memory}).words(t, out, 7)
	}
	want := []uint32{8, 0x030201, 0, 0x3f000000, 252, 0xfffffffa, 3}
	for i, got := range launch() {
		if got != want[i] {
			t.Errorf("word %d is %#x, want %#x", i, got, want[i])
		}
	}
	if got := launch(); got[0] != 9 {
		t.Errorf("the counter of the second launch is %d", got[0])
	}
	if memory.Used() <= used {
		t.Error("the variables take no memory")
	}
	memory.Unload(m)
	memory.Unload(m)
	if memory.Used() != used {
		t.Errorf("%d bytes are left", memory.Used()-used)
	}
	if got := launch(); got[0] != 8 {
		t.Errorf("the counter of a fresh module is %d", got[0])
	}
	if _, err := NewMemory(10).Launch(m, Launch{Entry: "k", Grid: [3]int{1, 1, 1}, Block: [3]int{1, 1, 1}, Params: make([]byte, 8)}); !errors.Is(err, ErrOutOfMemory) {
		t.Errorf("variables beyond the limit: %v", err)
	}
}
