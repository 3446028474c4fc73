package boardstest

import (
	"encoding/hex"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"

	"github.com/rogpeppe/go-internal/txtar"
)

// Tree is a system in memory. Tests may change its files at any time.
type Tree struct {
	Files map[string]*File
}

// File is a file of a tree.
type File struct {
	Data      []byte
	Err       error // that a read of it fails with
	Directory bool
	Device    bool
	Denied    bool   // whether access is denied
	Group     uint32 // of a device
}

// Load reads an archive.
func Load(name string) (*Tree, error) {
	archive, err := txtar.ParseFile(name)
	if err != nil {
		return nil, err
	}
	t := &Tree{map[string]*File{}}
	for _, f := range archive.Files {
		if !fs.ValidPath(f.Name) || t.Files[f.Name] != nil {
			return nil, fmt.Errorf("%s: %q is no path below a root, or twice there", name, f.Name)
		}
		file, err := parse(string(f.Data))
		if err != nil {
			return nil, fmt.Errorf("%s: %s: %w", name, f.Name, err)
		}
		t.Files[f.Name] = file
	}
	if len(t.Files) == 0 {
		return nil, fmt.Errorf("%s: no files", name)
	}
	return t, nil
}

var failures = map[string]error{
	"EAGAIN": syscall.EAGAIN, "EIO": syscall.EIO, "ENODEV": syscall.ENODEV, "EACCES": syscall.EACCES,
}

func parse(text string) (*File, error) {
	if !strings.HasPrefix(text, "!") {
		return &File{Data: []byte(text)}, nil
	}
	first, rest, _ := strings.Cut(text, "\n")
	word, argument, _ := strings.Cut(first[1:], " ")
	switch word {
	case "strings":
		return &File{Data: []byte(strings.ReplaceAll(rest, "\n", "\x00"))}, nil
	case "bytes":
		data, err := hex.DecodeString(strings.ReplaceAll(argument, " ", ""))
		return &File{Data: data}, err
	case "repeat":
		count, text, _ := strings.Cut(argument, " ")
		n, err := strconv.Atoi(count)
		if err != nil || n < 0 || text == "" {
			return nil, fmt.Errorf("%q: a number and a text are needed", first)
		}
		return &File{Data: []byte(strings.Repeat(text, n/len(text)+1)[:n])}, nil
	case "directory":
		return &File{Directory: true}, nil
	case "error":
		if failures[argument] == nil {
			return nil, fmt.Errorf("%q: there is no such error", first)
		}
		return &File{Err: failures[argument]}, nil
	case "device", "denied":
		group, err := strconv.ParseUint(argument, 10, 32)
		return &File{Device: true, Group: uint32(group), Denied: word == "denied"}, err
	}
	return nil, fmt.Errorf("%q: nothing is called so", first)
}

// find returns a file, or a directory that others are in.
func (t *Tree) find(name string) (*File, error) {
	name = path.Clean(name)
	if f := t.Files[name]; f != nil {
		return f, nil
	}
	for other := range t.Files {
		if strings.HasPrefix(other, name+"/") {
			return &File{Directory: true}, nil
		}
	}
	return nil, fs.ErrNotExist
}

// ReadFile fills buf from the beginning of a file.
func (t *Tree) ReadFile(name string, buf []byte) (int, error) {
	f, err := t.find(name)
	switch {
	case err != nil:
		return 0, err
	case f.Err != nil:
		return 0, f.Err
	case f.Directory || f.Device:
		return 0, syscall.EISDIR
	}
	return copy(buf, f.Data), nil
}

// ReadDir returns the names in a directory, in the order of a map.
func (t *Tree) ReadDir(name string) ([]string, error) {
	if _, err := t.find(name); err != nil {
		return nil, err
	}
	names := map[string]bool{}
	for other := range t.Files {
		if rest, below := strings.CutPrefix(other, path.Clean(name)+"/"); below {
			first, _, _ := strings.Cut(rest, "/")
			names[first] = true
		}
	}
	var list []string
	for name := range names {
		list = append(list, name)
	}
	return list, nil
}

// Group returns the group of a file.
func (t *Tree) Group(name string) (uint32, error) {
	f, err := t.find(name)
	if err != nil {
		return 0, err
	}
	return f.Group, nil
}

// Access fails for a file that is denied.
func (t *Tree) Access(name string) error {
	f, err := t.find(name)
	if err == nil && f.Denied {
		return fs.ErrPermission
	}
	return err
}

// Write puts the tree below a directory. A file whose read fails becomes a directory, whose read fails
// too, and a device becomes an empty file.
func (t *Tree) Write(dir string) error {
	for name, f := range t.Files {
		at := filepath.Join(dir, filepath.FromSlash(name))
		if f.Directory || f.Err != nil {
			if err := os.MkdirAll(at, 0o755); err != nil {
				return err
			}
			continue
		}
		if err := os.MkdirAll(filepath.Dir(at), 0o755); err != nil {
			return err
		}
		if err := os.WriteFile(at, f.Data, 0o644); err != nil {
			return err
		}
	}
	return nil
}
