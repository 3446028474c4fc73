package main

import (
	"bytes"
	"io"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

func TestParseOptions(t *testing.T) {
	o, err := parseOptions([]string{"-targets", "linux/amd64,linux/amd64", "-version", "1.2.3", "-cuda", "-out", "here"}, io.Discard)
	if err != nil {
		t.Fatal(err)
	}
	if !slices.Equal(o.targets, []target{{"linux", "amd64"}}) || o.version != "1.2.3" || !o.cuda || !filepath.IsAbs(o.out) {
		t.Errorf("options %+v", o)
	}
	o, err = parseOptions(nil, io.Discard)
	if err != nil || !slices.Equal(o.targets, known) || o.cuda || o.out != "" {
		t.Errorf("without flags: %+v, %v", o, err)
	}
}

func TestRun_wrongCalls(t *testing.T) {
	for name, test := range map[string]struct {
		args string
		code int
		want string // in stderr
	}{
		"help":           {"-h", 0, "go run ./boards/package"},
		"unknown flag":   {"-targts x", 2, "not defined"},
		"argument":       {"dist", 2, "no arguments"},
		"unknown target": {"-targets linux/mips", 2, "linux/mips"},
		"no target":      {"-targets=", 2, "expected of"},
		"no version":     {"-version 1", 2, "v1.2.3"},
	} {
		t.Run(name, func(t *testing.T) {
			var stderr bytes.Buffer
			if code := run(strings.Fields(test.args), &stderr); code != test.code || !strings.Contains(stderr.String(), test.want) {
				t.Errorf("exit code %d, stderr %q: want %d, %q", code, stderr.String(), test.code, test.want)
			}
		})
	}
}
