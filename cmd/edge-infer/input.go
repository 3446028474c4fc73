package main

import (
	"fmt"
	"io"
	"os"

	"github.com/spf13/cobra"

	"github.com/edge-infer/edge-infer/cmd/internal/cli"
	"github.com/edge-infer/edge-infer/cmd/internal/table"
)

// formatFlag is a flag that names a format of rows.
type formatFlag struct{ table.Format }

func (f *formatFlag) Type() string { return "name" }

func (f *formatFlag) String() string {
	if f.Format == 0 {
		return ""
	}
	return f.Format.String()
}

func (f *formatFlag) Set(name string) (err error) {
	f.Format, err = table.ParseFormat(name)
	return err
}

func (f *formatFlag) add(c *cobra.Command, name, usage string) {
	c.Flags().Var(f, name, usage)
	complete(c, name, "csv", "jsonl", "npy", "raw")
}

// inputFlags say where rows come from, and how many are worked on at once.
type inputFlags struct {
	name   string
	format formatFlag
	batch  int
}

func (f *inputFlags) add(c *cobra.Command) {
	c.Flags().StringVarP(&f.name, "input", "i", "-", "file of rows, - for standard input")
	f.format.add(c, "format", "csv, jsonl, npy or raw (default: by the file's extension; csv for standard input)")
	c.Flags().IntVar(&f.batch, "batch", 64, "rows to work on at once")
}

// input is an opened file of rows.
type input struct {
	io.Reader
	name   string // for messages
	format table.Format
	file   *os.File  // nil for standard input
	bar    *progress // nil where none is shown
}

// open opens the file of rows. A long one shows its progress on stderr, if that is a terminal.
func (f *inputFlags) open(stdin io.Reader, stderr io.Writer) (*input, error) {
	if f.batch < 1 {
		return nil, cli.Usagef("--batch %d: at least 1 row is worked on at once", f.batch)
	}
	in := &input{Reader: stdin, name: "standard input", format: f.format.Format}
	if f.name == "-" {
		if in.format == 0 {
			in.format = table.CSV
		}
		return in, nil
	}
	in.name = f.name
	if in.format == 0 {
		var known bool
		if in.format, known = table.FormatOf(f.name); !known {
			return nil, cli.Usagef("%s: the extension tells no format: add --format csv, jsonl, npy or raw", f.name)
		}
	}
	if err := cli.CheckFile(f.name); err != nil {
		return nil, err
	}
	file, err := os.Open(f.name)
	if err != nil {
		return nil, err
	}
	in.Reader, in.file = file, file
	if bar := newProgress(file, stderr); bar != nil {
		in.Reader, in.bar = bar, bar
	}
	return in, nil
}

// Close closes the file and takes the progress bar away. It may be called more than once.
func (in *input) Close() {
	if in.bar != nil {
		in.bar.clear()
		in.bar = nil
	}
	if in.file != nil {
		in.file.Close() // it was only read: there is nothing that an error could lose
	}
}

// noteIgnored says which columns the model did not want.
func (in *input) noteIgnored(stderr io.Writer, r table.Reader) {
	if names := r.Ignored(); len(names) > 0 {
		fmt.Fprintf(stderr, "edge-infer: note: %s: ignored, since the model has no such features: %s\n", in.name, some(names))
	}
}
