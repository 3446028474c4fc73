package script

import (
	"reflect"
	"regexp"
	"strings"
	"testing"
	"time"
)

func TestParse(t *testing.T) {
	got, err := Parse([]byte(`# A comment.

edge-infer board --json | head -n 1 > x
! edge-infer verify broken.edge
? rm x
  stdout '"model": "it''s .*"$'
! stderr panic: .*
exec cp a b
! exec sleep
cp ../digits.edge
cp a/*.deb /tmp/a.deb
build ./boards/camera
build -test ./boards/sensor /opt/sensor.test
sleep 1.5s
unplug i2c
replug i2c
-- input/rows.csv --
1,2
`))
	if err != nil {
		t.Fatal(err)
	}
	want := Script{
		Lines: []Line{
			{Number: 3, Verb: Exec, Outcome: MustPass, Command: "edge-infer board --json | head -n 1 > x"},
			{Number: 4, Verb: Exec, Outcome: MustFail, Command: "edge-infer verify broken.edge"},
			{Number: 5, Verb: Exec, Outcome: MayFail, Command: "rm x"},
			{Number: 6, Verb: Stdout, Outcome: MustPass, Pattern: regexp.MustCompile(`(?m)"model": "it's .*"$`)},
			{Number: 7, Verb: Stderr, Outcome: MustFail, Pattern: regexp.MustCompile(`(?m)panic: .*`)},
			{Number: 8, Verb: Exec, Outcome: MustPass, Command: "cp a b"},
			{Number: 9, Verb: Exec, Outcome: MustFail, Command: "sleep"},
			{Number: 10, Verb: Copy, Outcome: MustPass, File: "../digits.edge"},
			{Number: 11, Verb: Copy, Outcome: MustPass, File: "a/*.deb", Name: "/tmp/a.deb"},
			{Number: 12, Verb: Build, Outcome: MustPass, File: "./boards/camera"},
			{Number: 13, Verb: Build, Outcome: MustPass, File: "./boards/sensor", Name: "/opt/sensor.test", Test: true},
			{Number: 14, Verb: Sleep, Outcome: MustPass, Duration: 1500 * time.Millisecond},
			{Number: 15, Verb: Unplug, Outcome: MustPass},
			{Number: 16, Verb: Replug, Outcome: MustPass},
		},
		Files: []File{{"input/rows.csv", []byte("1,2\n")}},
	}
	for i := range got.Lines {
		if got.Lines[i].Text == "" {
			t.Errorf("line %d has no text", got.Lines[i].Number)
		}
		got.Lines[i].Text = ""
	}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got\n%+v\nwant\n%+v", got, want)
	}
}

func TestMalformed(t *testing.T) {
	for text, want := range map[string]string{
		"true\n\nstdout [":     "line 3",
		"true\nstdout":         "regular expression is expected",
		"true\nstdout 'a' b":   "quote closed",
		"true\nstdout 'a":      "quote closed",
		"true\n? stdout a":     "? is for commands",
		"stdout a":             "before any command",
		"exec":                 "a command is expected",
		"cp":                   "expected FILE",
		"cp -r a b":            "exec cp",
		"! cp a":               "is for commands",
		"build -test":          "expected [-test] PACKAGE",
		"sleep 3":              "300ms",
		"sleep -3s":            "300ms",
		"unplug usb":           "expected i2c",
		"replug":               "expected i2c",
		"# fine\n! sleep 10ms": "is for commands",
	} {
		if _, err := Parse([]byte(text)); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: error %v, want one with %q", text, err, want)
		}
	}
}

// FuzzParse: a script that is accepted has in each line what its verb needs.
func FuzzParse(f *testing.F) {
	f.Add("echo 'a\n! stdout 'it''s'\nsleep 3ms\ncp a b\nbuild -test ./x\nunplug i2c\n-- a --\nb")
	f.Add("true\nstdout ''")
	f.Add("stdout '")
	f.Add("! ! ? exec exec")
	f.Fuzz(func(t *testing.T, text string) {
		s, err := Parse([]byte(text))
		if err != nil {
			return
		}
		for _, l := range s.Lines {
			output := l.Verb == Stdout || l.Verb == Stderr
			if l.Number < 1 || l.Text == "" || (l.Verb == Exec) != (l.Command != "") || output != (l.Pattern != nil) ||
				(l.Verb == Copy || l.Verb == Build) != (l.File != "") {
				t.Fatalf("%+v", l)
			}
		}
	})
}
