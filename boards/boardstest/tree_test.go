package boardstest

import (
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"syscall"
	"testing"
)

func TestLoad(t *testing.T) {
	name := filepath.Join(t.TempDir(), "board.txtar")
	const archive = `A board.
-- a/plain --
text
-- a/strings --
!strings
one
two words
-- a/bytes --
!bytes 00 ff
-- a/long --
!repeat 5 ab
-- a/directory --
!directory
-- a/fails --
!error EAGAIN
-- dev/open --
!device 108
-- dev/closed --
!denied 44
`
	if err := os.WriteFile(name, []byte(archive), 0o600); err != nil {
		t.Fatal(err)
	}
	tree, err := Load(name)
	if err != nil {
		t.Fatal(err)
	}
	want := map[string]*File{
		"a/plain": {Data: []byte("text\n")}, "a/strings": {Data: []byte("one\x00two words\x00")}, "a/bytes": {Data: []byte{0, 0xff}},
		"a/long": {Data: []byte("ababa")}, "a/directory": {Directory: true}, "a/fails": {Err: syscall.EAGAIN},
		"dev/open": {Device: true, Group: 108}, "dev/closed": {Device: true, Group: 44, Denied: true},
	}
	if !reflect.DeepEqual(tree.Files, want) {
		t.Errorf("%+v, want %+v", tree.Files, want)
	}
	names, err := tree.ReadDir("a/")
	slices.Sort(names)
	if want := []string{"bytes", "directory", "fails", "long", "plain", "strings"}; err != nil || !slices.Equal(names, want) {
		t.Errorf("%v, %v: want %v", names, err, want)
	}
	if tree.Access("dev/open") != nil || tree.Access("dev/closed") == nil || tree.Access("dev/none") == nil {
		t.Error("access is not as the archive says")
	}
}

func TestLoadRefuses(t *testing.T) {
	for name, archive := range map[string]string{
		"no files": "a comment\n", "a path out of the root": "-- ../a --\n", "a path from the root": "-- /a --\n", "a file twice": "-- a --\n-- a --\n",
		"an unknown word": "-- a --\n!word\n", "an unknown error": "-- a --\n!error EFOO\n", "no bytes": "-- a --\n!bytes xy\n",
		"no group": "-- a --\n!device i2c\n", "nothing to repeat": "-- a --\n!repeat 5\n", "a count that is none": "-- a --\n!repeat x y\n",
	} {
		file := filepath.Join(t.TempDir(), "board.txtar")
		if err := os.WriteFile(file, []byte(archive), 0o600); err != nil {
			t.Fatal(err)
		}
		if tree, err := Load(file); err == nil {
			t.Errorf("%s: %+v", name, tree.Files)
		}
	}
}
