package output

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/edge-infer/edge-infer/cmd/internal/cli"
)

// checkFolder checks which files a folder holds.
func checkFolder(t *testing.T, dir string, want ...string) {
	t.Helper()
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, e := range entries {
		got = append(got, e.Name())
	}
	if strings.Join(got, " ") != strings.Join(want, " ") {
		t.Errorf("the folder holds %q, want %q", got, want)
	}
}

// checkText checks what a file holds.
func checkText(t *testing.T, name, want string) {
	t.Helper()
	if text, err := os.ReadFile(name); err != nil || string(text) != want {
		t.Errorf("%s holds %q, %v: want %q", name, text, err, want)
	}
}

func create(t *testing.T, name string) *Output {
	t.Helper()
	o, err := Create(name, nil)
	if err != nil {
		t.Fatal(err)
	}
	return o
}

func write(o *Output, text string) func() error {
	return func() error {
		_, err := io.WriteString(o.To, text)
		return err
	}
}

func TestNewFile(t *testing.T) {
	dir := t.TempDir()
	name := filepath.Join(dir, "answers.csv")
	o := create(t, name)
	if err := o.Produce(context.Background(), write(o, "new")); err != nil {
		t.Fatal(err)
	}
	checkText(t, name, "new")
	checkFolder(t, dir, "answers.csv")
}

func TestStandardOutput(t *testing.T) {
	var stdout bytes.Buffer
	o, err := Create("-", &stdout)
	if err != nil {
		t.Fatal(err)
	}
	if err := o.Produce(context.Background(), write(o, "text")); err != nil || stdout.String() != "text" {
		t.Errorf("%q, %v", stdout.String(), err)
	}
}

// TestReplace checks that a file keeps its mode, and what it held until the new one is whole.
func TestReplace(t *testing.T) {
	dir := t.TempDir()
	name := filepath.Join(dir, "answers.csv")
	if err := os.WriteFile(name, []byte("old"), 0o600); err != nil {
		t.Fatal(err)
	}
	o := create(t, name)
	if err := write(o, "new")(); err != nil {
		t.Fatal(err)
	}
	checkText(t, name, "old")
	if err := o.commit(); err != nil {
		t.Fatal(err)
	}
	checkText(t, name, "new")
	if info, err := os.Stat(name); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("mode %v, %v", info.Mode(), err)
	}
	checkFolder(t, dir, "answers.csv")
}

func TestLink(t *testing.T) {
	dir := t.TempDir()
	name, link := filepath.Join(dir, "answers.csv"), filepath.Join(dir, "link.csv")
	if err := os.WriteFile(name, []byte("old"), 0o644); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink("answers.csv", link); err != nil {
		t.Fatal(err)
	}
	o := create(t, link)
	if err := o.Produce(context.Background(), write(o, "new")); err != nil {
		t.Fatal(err)
	}
	checkText(t, name, "new")
	if info, err := os.Lstat(link); err != nil || info.Mode().IsRegular() {
		t.Errorf("the link became %v, %v", info.Mode(), err)
	}
}

func TestFailedWork(t *testing.T) {
	dir := t.TempDir()
	o := create(t, filepath.Join(dir, "answers.csv"))
	failure := errors.New("row 17 is bad")
	err := o.Produce(context.Background(), func() error {
		return errors.Join(write(o, "half of it")(), failure)
	})
	if !errors.Is(err, failure) {
		t.Errorf("error %v, want %v", err, failure)
	}
	checkFolder(t, dir)
}

// TestInterrupted ends the work while it waits for what never comes.
func TestInterrupted(t *testing.T) {
	dir := t.TempDir()
	o := create(t, filepath.Join(dir, "answers.csv"))
	ctx, interrupt := context.WithCancel(context.Background())
	stuck := make(chan struct{})
	err := o.Produce(ctx, func() error {
		fmt.Fprintln(o.To, "half of it")
		interrupt()
		<-stuck
		return nil
	})
	if !errors.Is(err, ErrInterrupted) || !strings.Contains(err.Error(), "answers.csv is not written") {
		t.Errorf("error %v", err)
	}
	close(stuck)
	if err := o.commit(); err != ErrInterrupted {
		t.Errorf("commit after abort: %v", err)
	}
	checkFolder(t, dir)
}

func TestNoPlaceForAFile(t *testing.T) {
	dir := t.TempDir()
	for _, name := range []string{dir, filepath.Join(dir, "absent", "answers.csv")} {
		_, err := Create(name, nil)
		if wrong := new(cli.UsageError); !errors.As(err, &wrong) {
			t.Errorf("%s: error %v, want a wrong call", name, err)
		}
	}
	checkFolder(t, dir)
}
