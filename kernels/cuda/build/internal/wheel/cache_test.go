package wheel

import (
	"archive/zip"
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"io/fs"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// file is an entry of a zip that a test makes.
type file struct {
	name, content string
	mode          fs.FileMode
}

func makeZip(t *testing.T, files ...file) []byte {
	t.Helper()
	var buffer bytes.Buffer
	w := zip.NewWriter(&buffer)
	for _, f := range files {
		header := &zip.FileHeader{Name: f.name, Method: zip.Deflate}
		header.SetMode(f.mode)
		entry, err := w.CreateHeader(header)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := io.WriteString(entry, f.content); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return buffer.Bytes()
}

// pin makes a Wheel of a file's content.
func pin(content []byte) Wheel {
	sum := sha256.Sum256(content)
	return Wheel{
		Project: "tool", Version: "1.0", File: "tool-1.0-py3-none-manylinux_2_12_x86_64.manylinux2010_x86_64.whl",
		Size: int64(len(content)), SHA256: hex.EncodeToString(sum[:]), Prefix: "tool/",
	}
}

// index serves a project page and the file that it links to.
type index struct {
	page     string
	content  []byte
	requests int
}

func (x *index) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	x.requests++
	switch {
	case r.URL.Path == "/simple/tool/" && r.Header.Get("Accept") == indexJSON:
		io.WriteString(w, x.page)
	case r.URL.Path == "/files/tool.whl":
		w.Write(x.content)
	default:
		http.NotFound(w, r)
	}
}

// serve starts an index with one file, and gives it with a cache that asks it.
func serve(t *testing.T, w Wheel, content []byte) (*index, *Cache) {
	t.Helper()
	x := &index{content: content}
	x.page = fmt.Sprintf(`{"name": "tool", "files": [{"filename": "tool-0.9.whl", "url": "gone"},
		{"filename": %q, "url": "../../files/tool.whl#sha256=0", "hashes": {}}]}`, w.File)
	server := httptest.NewServer(x)
	t.Cleanup(server.Close)
	dir := filepath.Join(t.TempDir(), "cache")
	return x, &Cache{Dir: dir, Index: server.URL + "/simple/", Client: server.Client(), Progress: t.Output()}
}

func TestWheelIsFetchedOnce(t *testing.T) {
	content := makeZip(t, file{"tool/bin/cc", "#!", 0o755}, file{"tool/lib/a.h", "int a;", 0o644}, file{"tool-1.0/RECORD", "x", 0o644})
	w := pin(content)
	x, cache := serve(t, w, content)
	for run := range 2 {
		dir, err := cache.Wheel(t.Context(), w)
		if err != nil {
			t.Fatal(err)
		}
		if want := filepath.Join(cache.Dir, "tool-1.0-py3-none-manylinux_2_12_x86_64"); dir != want {
			t.Errorf("unpacked into %s, expected %s", dir, want)
		}
		text, err := os.ReadFile(filepath.Join(dir, "tool", "lib", "a.h"))
		if err != nil || string(text) != "int a;" {
			t.Errorf("run %d: a.h holds %q, %v", run, text, err)
		}
		for name, executable := range map[string]bool{"bin/cc": true, "lib/a.h": false} {
			info, err := os.Stat(filepath.Join(dir, "tool", name))
			if err != nil {
				t.Fatal(err)
			}
			if got := info.Mode()&0o100 != 0; got != executable {
				t.Errorf("%s has mode %v", name, info.Mode())
			}
		}
		if _, err := os.Stat(filepath.Join(dir, "tool-1.0")); err == nil {
			t.Errorf("what does not begin with the prefix is unpacked")
		}
	}
	if x.requests != 2 {
		t.Errorf("%d requests, expected one for the page and one for the file", x.requests)
	}
	expectEntries(t, cache.Dir, 1)
}

func TestWheelThatWasPutThere(t *testing.T) {
	content := makeZip(t, file{"tool/a", "a", 0o644})
	w := pin(content)
	x, cache := serve(t, w, nil)
	if err := os.MkdirAll(cache.Dir, 0o777); err != nil {
		t.Fatal(err)
	}
	given := filepath.Join(cache.Dir, w.File)
	if err := os.WriteFile(given, content[1:], 0o666); err != nil {
		t.Fatal(err)
	}
	if _, err := cache.Wheel(t.Context(), w); err == nil || !strings.Contains(err.Error(), given) {
		t.Errorf("a damaged file: error %v, expected one that names it", err)
	}
	if err := os.WriteFile(given, content, 0o666); err != nil {
		t.Fatal(err)
	}
	if _, err := cache.Wheel(t.Context(), w); err != nil {
		t.Error(err)
	}
	if x.requests != 0 {
		t.Errorf("%d requests, expected none", x.requests)
	}
}

// Whatever goes wrong, the error says with what and what to do, and the cache is left empty.
func TestWheelIsRefused(t *testing.T) {
	content := makeZip(t, file{"tool/a", "a", 0o644})
	flipped := bytes.Clone(content)
	flipped[len(flipped)/2] ^= 1
	other := makeZip(t, file{"other/a", "a", 0o644})
	tests := []struct {
		name   string
		change func(x *index, w *Wheel, c *Cache)
		want   []string
	}{
		{"a flipped bit", func(x *index, w *Wheel, c *Cache) { x.content = flipped },
			[]string{"/files/tool.whl", "the SHA-256 of tool-1.0-py3", "pip download --no-deps tool==1.0"}},
		{"a byte too few", func(x *index, w *Wheel, c *Cache) { x.content = content[:len(content)-1] },
			[]string{"/files/tool.whl", "ends after", "pip download"}},
		{"a byte too many", func(x *index, w *Wheel, c *Cache) { x.content = append(bytes.Clone(content), 0) },
			[]string{"/files/tool.whl", "more than the"}},
		{"no such file", func(x *index, w *Wheel, c *Cache) { w.File = "tool-2.0.whl" },
			[]string{"/simple/tool/", "tool-2.0.whl is not among its 2 files"}},
		{"no such project", func(x *index, w *Wheel, c *Cache) { w.Project = "tools" },
			[]string{"/simple/tools/", "404"}},
		{"a page for people", func(x *index, w *Wheel, c *Cache) { x.page = "<!DOCTYPE html>" },
			[]string{"/simple/tool/", "not the JSON form"}},
		{"a page without end", func(x *index, w *Wheel, c *Cache) { x.page = strings.Repeat(" ", maxIndexSize+1) },
			[]string{"/simple/tool/", "no index page is that long"}},
		{"a link to a file", func(x *index, w *Wheel, c *Cache) {
			x.page = strings.Replace(x.page, "../../files", "file:///files", 1)
		}, []string{"links to file:///files/tool.whl", "only https"}},
		{"no network", func(x *index, w *Wheel, c *Cache) { c.Index = "http://user:secret@127.0.0.1:1/simple" },
			[]string{"127.0.0.1:1/simple/tool/", "pip download --no-deps tool==1.0"}},
		{"another zip", func(x *index, w *Wheel, c *Cache) { x.content = other; *w = pin(other) },
			[]string{`no entry begins with "tool/"`}},
		{"no zip", func(x *index, w *Wheel, c *Cache) { x.content = []byte("text"); *w = pin([]byte("text")) },
			[]string{"zip: not a valid zip file"}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			w := pin(content)
			x, cache := serve(t, w, content)
			test.change(x, &w, cache)
			_, err := cache.Wheel(t.Context(), w)
			if err == nil {
				t.Fatal("it is taken")
			}
			for _, want := range test.want {
				if !strings.Contains(err.Error(), want) {
					t.Errorf("error %v, expected %q in it", err, want)
				}
			}
			if strings.Contains(err.Error(), "secret") {
				t.Errorf("error %v has the password", err)
			}
			expectEntries(t, cache.Dir, 0)
		})
	}
}

func expectEntries(t *testing.T, dir string, want int) {
	t.Helper()
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	if len(entries) != want {
		t.Errorf("the cache holds %v, expected %d entries", entries, want)
	}
}
