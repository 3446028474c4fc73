package script

import (
	"fmt"
	"regexp"
	"strings"
	"time"

	"github.com/rogpeppe/go-internal/txtar"
)

// Verb is what a line does.
type Verb string

// The directives; Exec is also every line that begins with none of them.
const (
	Exec   Verb = "exec"
	Stdout Verb = "stdout"
	Stderr Verb = "stderr"
	Copy   Verb = "cp"
	Build  Verb = "build"
	Sleep  Verb = "sleep"
	Unplug Verb = "unplug"
	Replug Verb = "replug"
)

// Outcome is how a line must end.
type Outcome byte

// The outcomes: as it should, with a failure, either way.
const (
	MustPass Outcome = ' '
	MustFail Outcome = '!'
	MayFail  Outcome = '?'
)

// Line is one line that does something.
type Line struct {
	Number  int    // from 1
	Text    string // as it is in the script, without blanks around it
	Outcome Outcome
	Verb    Verb

	Command  string         // of Exec: for the shell
	Pattern  *regexp.Regexp // of Stdout and Stderr
	File     string         // of Copy and Build: the host's file, or the package
	Name     string         // of Copy and Build: where in the guest; empty for the default
	Test     bool           // of Build: the package's test binary
	Duration time.Duration  // of Sleep
}

// File is a file that came inside a script.
type File struct {
	Name string
	Data []byte
}

// Script is a script as it was read.
type Script struct {
	Lines []Line
	Files []File
}

// Parse reads a script. Errors name the line.
func Parse(text []byte) (Script, error) {
	archive := txtar.Parse(text)
	var s Script
	for _, f := range archive.Files {
		s.Files = append(s.Files, File{f.Name, f.Data})
	}
	number, command := 0, false
	for text := range strings.Lines(string(archive.Comment)) {
		number++
		text = strings.TrimSpace(text)
		if text == "" || strings.HasPrefix(text, "#") {
			continue
		}
		line, err := parseLine(text)
		if err != nil {
			return Script{}, fmt.Errorf("script: line %d: %w", number, err)
		}
		line.Number = number
		if !command && (line.Verb == Stdout || line.Verb == Stderr) {
			return Script{}, fmt.Errorf("script: line %d: %s before any command", number, line.Verb)
		}
		command = command || line.Verb == Exec
		s.Lines = append(s.Lines, line)
	}
	return s, nil
}

func parseLine(text string) (Line, error) {
	line := Line{Text: text, Outcome: MustPass}
	if mark, rest, found := strings.Cut(text, " "); found && (mark == "!" || mark == "?") {
		line.Outcome, text = Outcome(mark[0]), strings.TrimSpace(rest)
	}
	word, rest, _ := strings.Cut(text, " ")
	line.Verb, rest = Verb(word), strings.TrimSpace(rest)
	var err error
	switch line.Verb {
	case Exec:
		if line.Command = rest; rest == "" {
			err = fmt.Errorf("exec: a command is expected")
		}
	case Stdout, Stderr:
		line.Pattern, err = pattern(rest)
	case Copy, Build, Sleep, Unplug, Replug:
		err = line.arguments(strings.Fields(rest))
	default:
		line.Verb, line.Command = Exec, text
	}
	if err == nil && line.Outcome != MustPass && line.Verb != Exec && (line.Pattern == nil || line.Outcome == MayFail) {
		err = fmt.Errorf("%s: %c is for commands, and ! for stdout and stderr", line.Verb, line.Outcome)
	}
	return line, err
}

// arguments takes the words of the directives that have them.
func (l *Line) arguments(words []string) error {
	if l.Verb == Build && len(words) > 0 && words[0] == "-test" {
		l.Test, words = true, words[1:]
	}
	switch {
	case (l.Verb == Copy || l.Verb == Build) && (len(words) == 1 || len(words) == 2):
		if l.File = words[0]; len(words) == 2 {
			l.Name = words[1]
		}
		return nil
	case l.Verb == Copy:
		return fmt.Errorf("cp: expected FILE [NAME]; the shell's own is `exec cp`")
	case l.Verb == Build:
		return fmt.Errorf("build: expected [-test] PACKAGE [NAME]")
	case l.Verb == Sleep:
		if len(words) == 1 {
			if d, err := time.ParseDuration(words[0]); err == nil && d >= 0 {
				l.Duration = d
				return nil
			}
		}
		return fmt.Errorf("sleep: expected a duration such as 300ms; the shell's own is `exec sleep`")
	case len(words) != 1 || words[0] != "i2c":
		return fmt.Errorf("%s: expected i2c, which is all that can be unplugged", l.Verb)
	}
	return nil
}

// pattern compiles a regular expression, with ^ and $ at every line as testscript has it.
func pattern(text string) (*regexp.Regexp, error) {
	if text == "" {
		return nil, fmt.Errorf("a regular expression is expected")
	}
	if quoted, found := strings.CutPrefix(text, "'"); found {
		inner, closed := strings.CutSuffix(quoted, "'")
		if !closed || strings.Contains(strings.ReplaceAll(inner, "''", ""), "'") {
			return nil, fmt.Errorf("%s: expected one regular expression, its quote closed at the end of the line", text)
		}
		text = strings.ReplaceAll(inner, "''", "'")
	}
	return regexp.Compile("(?m)" + text)
}
