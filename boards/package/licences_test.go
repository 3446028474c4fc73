package main

import (
	"os"
	"path/filepath"
	"testing"
)

func TestReadLicence(t *testing.T) {
	for name, test := range map[string]struct {
		files map[string]string
		want  string // empty: an error
	}{
		"text":        {map[string]string{"LICENSE": "Copyright me\n"}, "Copyright me\n"},
		"other name":  {map[string]string{"COPYING": "Copyright me"}, "Copyright me"},
		"apache":      {map[string]string{"LICENSE.txt": "\n   Apache License\n Version 2.0\n"}, apache},
		"with notice": {map[string]string{"LICENSE": "Apache License", "NOTICE": "By me"}, apache + "\n\nBy me"},
		"none":        {map[string]string{"README": "Copyright me"}, ""},
	} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			for file, text := range test.files {
				if err := os.WriteFile(filepath.Join(dir, file), []byte(text), 0o600); err != nil {
					t.Fatal(err)
				}
			}
			got, err := readLicence(dir)
			if string(got) != test.want || (err != nil) != (test.want == "") {
				t.Errorf("%q, %v: want %q", got, err, test.want)
			}
		})
	}
}
