package main

import (
	"fmt"
	"io"
	"os"

	"github.com/spf13/cobra"

	"github.com/edge-infer/edge-infer/cmd/internal/cli"
	"github.com/edge-infer/edge-infer/cmd/internal/table"
)

// inputFlags say where rows come from, and how many are worked on at once.
type inputFlags struct {
	name   string
	format formatFlag
	batch  int
}

// add defines the flags for a command that reads the given formats.
func (f *inputFlags) add(c *cobra.Command, formats ...table.Format) {
	c.Flags().StringVarP(&f.name, "input", "i", "-", "file of rows, - for standard input")
	f.format.add(c, "format", "csv for standard input", formats...)
	c.Flags().IntVar(&f.batch, "batch", 64, "rows to work on at once")
}

// input is an opened file of rows.
type input struct {
	io.Reader
	name   string // for messages
	format table.Format
	batch  int       // rows
	file   *os.File  // nil where the rows come from no file of the system
	bar    *progress // nil where none is shown
}

// open opens the file of rows. A long one shows its progress on stderr, if that is a terminal.
func (f *inputFlags) open(stdin io.Reader, stderr io.Writer) (*input, error) {
	if f.batch < 1 {
		return nil, cli.Usagef("--batch %d: at least 1 row is worked on at once", f.batch)
	}
	format, err := f.format.of(f.name, table.CSV)
	if err != nil {
		return nil, err
	}
	in := &input{Reader: stdin, name: "standard input", format: format, batch: f.batch}
	in.file, _ = stdin.(*os.File)
	if f.name != "-" {
		if err := cli.CheckFile(f.name); err != nil {
			return nil, err
		}
		if in.file, err = os.Open(f.name); err != nil {
			return nil, err
		}
		in.Reader, in.name = in.file, f.name
	}
	if in.file == nil {
		return in, nil
	}
	if isTerminal(in.file) {
		fmt.Fprintln(stderr, "edge-infer: note: reading rows from the terminal; end with Ctrl-D")
	}
	if isEmpty(in.file) {
		in.Close()
		return nil, fmt.Errorf("%s: the file is empty: rows are expected", in.name)
	}
	if bar := newProgress(in.file, stderr); bar != nil {
		in.Reader, in.bar = bar, bar
	}
	return in, nil
}

// isEmpty reports whether a file on a disk holds nothing: it was not written, or not to the end. A
// pipe that ends without a row is another matter, its producer may have had none.
func isEmpty(file *os.File) bool {
	info, err := file.Stat()
	if err != nil || !info.Mode().IsRegular() {
		return false
	}
	_, err = file.ReadAt(make([]byte, 1), 0) // the size of a file in /proc is 0 whatever it holds
	return err == io.EOF
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
