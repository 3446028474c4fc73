package kmod

import (
	"bytes"
	"compress/gzip"
	"debug/elf"
	"encoding/binary"
	"io"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/ulikunitz/xz"
)

// module is a relocatable ELF file with nothing but a section .modinfo.
func module(info string) []byte {
	names := "\x00.modinfo\x00.shstrtab\x00"
	var b bytes.Buffer
	b.Grow(512)
	header := elf.Header64{
		Ident: [16]byte{0x7f, 'E', 'L', 'F', byte(elf.ELFCLASS64), byte(elf.ELFDATA2LSB), byte(elf.EV_CURRENT)},
		Type:  uint16(elf.ET_REL), Machine: uint16(elf.EM_AARCH64), Version: 1,
		Shoff: 64 + uint64(len(info)+len(names)), Ehsize: 64, Shentsize: 64, Shnum: 3, Shstrndx: 2,
	}
	binary.Write(&b, binary.LittleEndian, header)
	b.WriteString(info + names)
	binary.Write(&b, binary.LittleEndian, []elf.Section64{
		{},
		{Name: 1, Type: uint32(elf.SHT_PROGBITS), Off: 64, Size: uint64(len(info))},
		{Name: 10, Type: uint32(elf.SHT_STRTAB), Off: 64 + uint64(len(info)), Size: uint64(len(names))},
	})
	return b.Bytes()
}

func compressed(t *testing.T, data []byte, writer func(io.Writer) (io.WriteCloser, error)) []byte {
	t.Helper()
	var b bytes.Buffer
	w, err := writer(&b)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := w.Write(data); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func tree(t *testing.T) fstest.MapFS {
	file := func(data []byte) *fstest.MapFile { return &fstest.MapFile{Data: data} }
	inXZ := compressed(t, module("license=GPL\x00depends=mc,video-dev\x00name=vivid\x00"),
		func(w io.Writer) (io.WriteCloser, error) { return xz.NewWriter(w) })
	inGzip := compressed(t, module("depends=usbcore\x00"),
		func(w io.Writer) (io.WriteCloser, error) { return gzip.NewWriter(w), nil })
	return fstest.MapFS{
		"modules.builtin":                  file([]byte("kernel/drivers/usb/core/usbcore.ko\nkernel/lib/i2c-core.ko\n")),
		"kernel/drivers/media/mc.ko":       file(module("depends=\x00")),
		"kernel/drivers/media/videodev.ko": file(module("depends=videodev\x00")),
		// A module of three that need one another in a diamond, one of them written with a minus.
		"kernel/media/video-dev.ko":     file(module("depends=mc,i2c_core\x00")),
		"kernel/media/vivid.ko.xz":      file(inXZ),
		"kernel/usb/i2c-tiny-usb.ko.gz": file(inGzip),
		"kernel/bad/text.ko":            file([]byte("not a module")),
		"kernel/bad/lost.ko":            file(module("depends=nowhere\x00")),
		"kernel/bad/zstd.ko.zst":        file([]byte{1}),
		"kernel/bad/torn.ko.xz":         file(inXZ[:40]),
		"kernel/bad/README":             file([]byte("no module")),
	}
}

func TestPick(t *testing.T) {
	for _, test := range []struct {
		name  string
		names []string
		want  string // the set's modules.dep
	}{
		{"none", nil, ""},
		{"built in", []string{"usbcore", "i2c-core"}, ""},
		{"without needs", []string{"mc"}, "kernel/drivers/media/mc.ko:\n"},
		{"a need that is built in", []string{"i2c_tiny_usb"}, "kernel/usb/i2c-tiny-usb.ko:\n"},
		{"a diamond", []string{"vivid", "mc", "vivid"}, "kernel/drivers/media/mc.ko:\n" +
			"kernel/media/video-dev.ko: kernel/drivers/media/mc.ko\n" +
			"kernel/media/vivid.ko: kernel/media/video-dev.ko kernel/drivers/media/mc.ko\n"},
		{"in the order asked for", []string{"i2c-tiny-usb", "mc"}, "kernel/usb/i2c-tiny-usb.ko:\nkernel/drivers/media/mc.ko:\n"},
	} {
		t.Run(test.name, func(t *testing.T) {
			set, err := Pick(tree(t), test.names...)
			if err != nil {
				t.Fatal(err)
			}
			if got := string(set.Dep()); got != test.want {
				t.Errorf("got\n%swant\n%s", got, test.want)
			}
			for _, m := range set {
				if !bytes.HasPrefix(m.Data, []byte(elf.ELFMAG)) {
					t.Errorf("%s is not decompressed", m.Name)
				}
			}
		})
	}
}

func TestPickErrors(t *testing.T) {
	for name, want := range map[string]string{
		"zram":     "no such module",
		"text":     "kernel/bad/text.ko",
		"lost":     "nowhere: this kernel has no such module, which lost needs",
		"videodev": "depends on itself",
		"zstd":     ".ko.gz",
		"torn":     "torn.ko.xz",
	} {
		if _, err := Pick(tree(t), name); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: error %v, want one with %q", name, err, want)
		}
	}
	if _, err := Pick(fstest.MapFS{}, "mc"); err == nil {
		t.Error("a folder without modules was taken")
	}
}
