package cli

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"strings"
)

// The exit codes.
const (
	ExitDone   = 0
	ExitFailed = 1 // what was asked for failed
	ExitUsage  = 2 // the call was wrong
)

// UsageError is an error in how a command was called. Its exit code is 2.
type UsageError struct{ Err error }

func (e *UsageError) Error() string { return e.Err.Error() }

func (e *UsageError) Unwrap() error { return e.Err }

// Usagef returns a UsageError. It formats like fmt.Errorf, %w included.
func Usagef(format string, a ...any) error {
	return &UsageError{fmt.Errorf(format, a...)}
}

// CheckFile checks a file that the call names for reading: one that does not exist or is a
// directory is a UsageError.
func CheckFile(name string) error {
	info, err := os.Stat(name)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return Usagef("%s: no such file", name)
	case err != nil:
		return err
	case info.IsDir():
		return Usagef("%s: is a directory: name a file in it", name)
	}
	return nil
}

// exitCode is the exit code that an error stands for.
func exitCode(err error) int {
	var usage *UsageError
	switch {
	case err == nil:
		return ExitDone
	case errors.As(err, &usage):
		return ExitUsage
	}
	return ExitFailed
}

// oneLine joins the lines of a message. Joined errors and quoted names bring line ends along, and
// whoever reads stderr counts on a message a line.
func oneLine(message string) string {
	var lines []string
	for line := range strings.Lines(message) {
		if line = strings.TrimSpace(line); line != "" {
			lines = append(lines, line)
		}
	}
	return strings.Join(lines, "; ")
}
