package driverlib

import (
	"slices"
	"testing"
)

func packed(t *testing.T, members ...Member) []byte {
	t.Helper()
	archive := []byte(archiveMagic)
	for _, m := range members {
		archive = appendMember(archive, m.Name, m.Data)
	}
	return archive
}

func TestUndefined(t *testing.T) {
	// As in a compiled package, with members that are no ELF.
	uses := packed(t, Member{"__.PKGDEF", []byte("go object linux amd64")}, object(t, "uses.o"), Member{"dynimportfail", nil})
	defines := packed(t, object(t, "defines.o"))
	tests := []struct {
		name     string
		archives [][]byte
		want     []string
	}{
		{"nothing", nil, nil},
		{"one package", [][]byte{uses}, []string{"cuInit", "cuLaunchAndSync", "cuMemAlloc_v2", "cuWeak"}},
		{"another defines a name", [][]byte{uses, defines}, []string{"cuInit", "cuLaunchKernel", "cuMemAlloc_v2", "cuWeak"}},
		{"in the other order", [][]byte{defines, uses}, []string{"cuInit", "cuLaunchKernel", "cuMemAlloc_v2", "cuWeak"}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			var names Names
			for _, a := range test.archives {
				if err := names.AddArchive(a); err != nil {
					t.Fatal(err)
				}
			}
			if got := names.Undefined(); !slices.Equal(got, test.want) {
				t.Errorf("%q, expected %q", got, test.want)
			}
		})
	}
}

func TestDamagedObject(t *testing.T) {
	whole := object(t, "uses.o").Data
	var names Names
	if err := names.AddArchive(packed(t, Member{"half.o", whole[:len(whole)/2]})); err == nil {
		t.Errorf("half an object is read")
	}
}

func TestDriverName(t *testing.T) {
	for name, want := range map[string]bool{
		"cuInit": true, "cuMemAlloc_v2": true, "cuD3D9GetDevice": true,
		"": false, "cu": false, "cubic": false, "cudaMalloc": false, "cu_Init": false, "CuInit": false, "xcuInit": false,
		"cuInit@plt": false, "cuInit)": false, "cuÄ": false,
	} {
		if got := DriverName(name); got != want {
			t.Errorf("%q: %v", name, got)
		}
	}
}
