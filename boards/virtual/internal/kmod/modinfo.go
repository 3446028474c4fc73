package kmod

import (
	"bytes"
	"compress/gzip"
	"debug/elf"
	"fmt"
	"io"
	"strings"

	"github.com/ulikunitz/xz"
)

// maxModule bounds a module after decompression. The largest of Debian's, a graphics driver, has 20 MB.
const maxModule = 64 << 20

// expand returns a module's ELF file: kernels from 6.x on may come with compressed modules, which the kernel decompresses
// only when it was built to, and busybox does not.
func expand(name string, file []byte) ([]byte, error) {
	var in io.Reader
	var err error
	switch {
	case strings.HasSuffix(name, ".ko"):
		return file, nil
	case strings.HasSuffix(name, ".ko.xz"):
		in, err = xz.NewReader(bytes.NewReader(file))
	case strings.HasSuffix(name, ".ko.gz"):
		in, err = gzip.NewReader(bytes.NewReader(file))
	default:
		return nil, fmt.Errorf("kmod: %s: modules end with .ko, .ko.xz or .ko.gz", name)
	}
	if err != nil {
		return nil, fmt.Errorf("kmod: %s: %w", name, err)
	}
	data, err := io.ReadAll(io.LimitReader(in, maxModule+1))
	if err != nil {
		return nil, fmt.Errorf("kmod: %s: %w", name, err)
	}
	if len(data) > maxModule {
		return nil, fmt.Errorf("kmod: %s: more than %d bytes when decompressed", name, maxModule)
	}
	return data, nil
}

// depends reads which modules a module needs, by name.
func depends(name string, module []byte) ([]string, error) {
	file, err := elf.NewFile(bytes.NewReader(module))
	if err != nil {
		return nil, fmt.Errorf("kmod: %s: %w", name, err)
	}
	section := file.Section(".modinfo")
	if section == nil {
		return nil, fmt.Errorf("kmod: %s: an ELF file without a section .modinfo is no kernel module", name)
	}
	info, err := section.Data()
	if err != nil {
		return nil, fmt.Errorf("kmod: %s: .modinfo: %w", name, err)
	}
	for field := range strings.SplitSeq(string(info), "\x00") {
		if list, found := strings.CutPrefix(field, "depends="); found {
			return strings.FieldsFunc(list, func(r rune) bool { return r == ',' }), nil
		}
	}
	return nil, nil
}
