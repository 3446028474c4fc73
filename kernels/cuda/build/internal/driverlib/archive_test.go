package driverlib

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

func object(t testing.TB, name string) Member {
	t.Helper()
	data, err := os.ReadFile(filepath.Join("testdata", name))
	if err != nil {
		t.Fatal(err)
	}
	return Member{Name: name, Data: data}
}

// header is one of an archive, with any text for the size.
func header(name, size string) string {
	return fmt.Sprintf("%-16s%-12s%-6s%-6s%-8s%-10s`\n", name, "0", "0", "0", "644", size)
}

func TestReadArchive(t *testing.T) {
	tests := []struct {
		name    string
		archive string
		want    []Member
	}{
		{"empty", archiveMagic, nil},
		{"as Go writes it", archiveMagic + header("__.PKGDEF", "2") + "ab" + header("_go_.o", "3") + "cde\x00",
			[]Member{{"__.PKGDEF", []byte("ab")}, {"_go_.o", []byte("cde")}}},
		{"as ar writes it", archiveMagic + header("/", "1") + "i\n" + header("a.o/", "0"),
			[]Member{{"", []byte("i")}, {"a.o", nil}}},
		{"no padding at the end", archiveMagic + header("a.o/", "1") + "x", []Member{{"a.o", []byte("x")}}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			got, err := ReadArchive([]byte(test.archive))
			if err != nil {
				t.Fatal(err)
			}
			equal := func(a, b Member) bool { return a.Name == b.Name && bytes.Equal(a.Data, b.Data) }
			if !slices.EqualFunc(got, test.want, equal) {
				t.Errorf("%q, expected %q", got, test.want)
			}
		})
	}
}

func TestReadDamagedArchive(t *testing.T) {
	tests := []struct{ name, archive, want string }{
		{"nothing", "", "begins with"},
		{"thin", "!<thin>\n", "begins with"},
		{"half a header", archiveMagic + header("a.o/", "0")[:59], "header at offset 8: 59 bytes are left"},
		{"no end of the header", archiveMagic + strings.Repeat(" ", 60), "ends with"},
		{"no size", archiveMagic + header("a.o/", ""), "is not a number"},
		{"negative size", archiveMagic + header("a.o/", "-2"), "is not a number"},
		{"more than is there", archiveMagic + header("a.o/", "3") + "ab", "has 3 bytes, 2 are left"},
		{"far more than is there", archiveMagic + header("a.o/", "9999999999"), "has 9999999999 bytes, 0 are left"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			members, err := ReadArchive([]byte(test.archive))
			if err == nil || !strings.Contains(err.Error(), test.want) {
				t.Errorf("%d members, error %v, expected %q in it", len(members), err, test.want)
			}
		})
	}
}

// What linkers look up: the index has every global name, and leads to the header of the member that defines it.
func TestArchiveIndex(t *testing.T) {
	objects := []Member{object(t, "uses.o"), object(t, "defines.o")}
	objects[0].Data = append(objects[0].Data, 0) // an odd length, to be padded
	archive, err := Archive(objects)
	if err != nil {
		t.Fatal(err)
	}
	members, err := ReadArchive(archive)
	if err != nil {
		t.Fatal(err)
	}
	if len(members) != 3 || members[0].Name != "" || members[1].Name != "uses.o" || members[2].Name != "defines.o" ||
		!bytes.Equal(members[1].Data, objects[0].Data) || !bytes.Equal(members[2].Data, objects[1].Data) {
		t.Fatalf("the members are %.20q", members)
	}
	index := members[0].Data
	count := int(binary.BigEndian.Uint32(index))
	names := strings.Split(strings.TrimSuffix(string(index[4+4*count:]), "\x00"), "\x00")
	got := map[string]string{}
	for i, name := range names {
		got[name] = strings.TrimRight(string(archive[binary.BigEndian.Uint32(index[4+4*i:]):][:16]), " ")
	}
	if count != 2 || got["use"] != "uses.o/" || got["cuLaunchAndSync"] != "defines.o/" {
		t.Errorf("an index of %d: %v", count, got)
	}
}

func TestArchiveRefuses(t *testing.T) {
	good := object(t, "uses.o").Data
	for _, member := range []Member{
		{"sixteen_letters.", good},
		{"a/b.o", good},
		{"text.o", []byte("text")},
	} {
		if _, err := Archive([]Member{member}); err == nil {
			t.Errorf("member %q is taken", member.Name)
		}
	}
}

func FuzzReadArchive(f *testing.F) {
	whole, err := Archive([]Member{object(f, "uses.o"), object(f, "defines.o")})
	if err != nil {
		f.Fatal(err)
	}
	f.Add(whole)
	f.Add([]byte(archiveMagic + header("a.o/", "1") + "x"))
	f.Fuzz(func(t *testing.T, archive []byte) {
		members, err := ReadArchive(archive)
		if err != nil {
			return
		}
		total := len(archiveMagic)
		for _, m := range members {
			total += headerSize + len(m.Data)
		}
		if total > len(archive) {
			t.Errorf("members of %d bytes in an archive of %d", total, len(archive))
		}
		var names Names
		if names.AddArchive(archive) == nil {
			for _, name := range names.Undefined() {
				if !DriverName(name) {
					t.Errorf("%q is listed", name)
				}
			}
		}
	})
}
