package deb

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"
	"testing"
	"time"
)

// entry is what a tar archive says of a file.
type entry struct {
	mode    int64
	kind    byte
	owner   string
	time    time.Time
	content string
}

// opened is a package that was read back, by the words of deb(5) and with none of the code that wrote it.
type opened struct {
	members       []string
	control, data map[string]entry
	order         []string // of data
}

func open(t *testing.T, file []byte) opened {
	t.Helper()
	rest, found := bytes.CutPrefix(file, []byte("!<arch>\n"))
	if !found {
		t.Fatalf("no ar archive: it begins with %q", file[:min(8, len(file))])
	}
	var o opened
	contents := map[string][]byte{}
	for len(rest) > 0 {
		if len(rest) < 60 || string(rest[58:60]) != "`\n" {
			t.Fatalf("member %d has no header: %q", len(o.members), rest[:min(60, len(rest))])
		}
		name := strings.TrimRight(string(rest[:16]), " ")
		size, err := strconv.Atoi(strings.TrimRight(string(rest[48:58]), " "))
		if err != nil || size > len(rest)-60 {
			t.Fatalf("member %s: size %q of %d bytes", name, rest[48:58], len(rest)-60)
		}
		if fields := strings.Fields(string(rest[16:48])); fmt.Sprint(fields[1:]) != "[0 0 100644]" {
			t.Errorf("member %s: time, user, group and mode %v", name, fields)
		}
		o.members = append(o.members, name)
		contents[name] = rest[60 : 60+size]
		rest = rest[60+size+size%2:]
	}
	if got := string(contents["debian-binary"]); got != "2.0\n" {
		t.Errorf("debian-binary holds %q", got)
	}
	o.control, _ = untar(t, contents["control.tar.gz"])
	o.data, o.order = untar(t, contents["data.tar.gz"])
	return o
}

func untar(t *testing.T, compressed []byte) (map[string]entry, []string) {
	t.Helper()
	z, err := gzip.NewReader(bytes.NewReader(compressed))
	if err != nil {
		t.Fatal(err)
	}
	entries := map[string]entry{}
	var order []string
	for r := tar.NewReader(z); ; {
		h, err := r.Next()
		if errors.Is(err, io.EOF) {
			return entries, order
		}
		if err != nil {
			t.Fatal(err)
		}
		content, err := io.ReadAll(r)
		if err != nil {
			t.Fatal(err)
		}
		order = append(order, h.Name)
		entries[h.Name] = entry{h.Mode, h.Typeflag, fmt.Sprintf("%d:%d %s:%s", h.Uid, h.Gid, h.Uname, h.Gname), h.ModTime.UTC(), string(content)}
	}
}
