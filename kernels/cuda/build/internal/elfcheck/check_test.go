package elfcheck

import (
	"bytes"
	"debug/elf"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestCheck(t *testing.T) {
	arm64 := Rules{Machine: elf.EM_AARCH64, GLIBC: Version{2, 27}, Inside: []string{"cuInit"}}
	amd64 := arm64
	amd64.Machine = elf.EM_X86_64
	newer := arm64
	newer.GLIBC = Version{2, 34}
	older := amd64
	older.GLIBC = Version{2, 1}
	tests := []struct {
		file  string
		rules Rules
		want  []string // in the error; none: there is no error
	}{
		{"plain-arm64.elf", arm64, nil},
		{"plain-amd64.elf", amd64, nil},
		{"plain-arm64.elf", amd64, []string{"for EM_AARCH64, expected EM_X86_64"}},
		{"plain-amd64.elf", older, []string{"needs GLIBC_2.2.5 of libc.so.6, GLIBC_2.1 is the newest there is (asked for by: ", "dlopen"}},
		{"newer.elf", arm64, []string{"needs GLIBC_2.34 of libc.so.6, GLIBC_2.27 is the newest there is (asked for by: dlopen)"}},
		{"newer.elf", newer, nil},
		{"extra.elf", arm64, []string{"needs libextra.so: only the C library may be needed"}},
		{"exports.elf", arm64, []string{"exports the name cuInit"}},
		{"open.elf", arm64, []string{"leaves open the name cuInit"}},
		{"object.elf", arm64, []string{"ET_REL is not a linked program"}},
		{"library.c", arm64, []string{"bad magic number"}},
	}
	for _, test := range tests {
		t.Run(test.file, func(t *testing.T) {
			file, err := os.ReadFile(filepath.Join("testdata", test.file))
			if err != nil {
				t.Fatal(err)
			}
			err = Check(bytes.NewReader(file), test.rules)
			if test.want == nil && err != nil {
				t.Errorf("%v", err)
			}
			for _, want := range test.want {
				if err == nil || !strings.Contains(err.Error(), want) {
					t.Errorf("error %v, expected %q in it", err, want)
				}
			}
		})
	}
}

func TestVersions(t *testing.T) {
	for _, test := range []struct {
		name string
		want Version
		good bool
	}{
		{"GLIBC_2.17", Version{2, 17}, true},
		{"GLIBC_2.2.5", Version{2, 2}, true},
		{"GLIBC_2.100", Version{2, 100}, true},
		{"GLIBC_PRIVATE", Version{}, false},
		{"GLIBC_ABI_DT_RELR", Version{}, false},
		{"GCC_3.0", Version{}, false},
		{"GLIBC_2", Version{}, false},
		{"GLIBC_2.-1", Version{}, false},
		{"GLIBC_2.99999", Version{}, false},
	} {
		t.Run(test.name, func(t *testing.T) {
			got, err := parseGLIBC(test.name)
			if got != test.want && test.good || (err == nil) != test.good {
				t.Errorf("%v, %v", got, err)
			}
		})
	}
	// As numbers, not as text.
	if v := (Version{2, 9}); v.Compare(Version{2, 27}) >= 0 || v.Compare(Version{1, 30}) <= 0 || v.Compare(v) != 0 {
		t.Errorf("2.9 is not between 1.30 and 2.27")
	}
	if got := (Version{2, 27}).String(); got != "2.27" {
		t.Errorf("2.27 is written %q", got)
	}
}
