package main

import (
	"fmt"
	"io"
	"os"
	"slices"
	"strconv"

	"github.com/spf13/cobra"

	"github.com/edge-infer/edge-infer/cmd/internal/cli"
	"github.com/edge-infer/edge-infer/cmd/internal/table"
	"github.com/edge-infer/edge-infer/format"
	"github.com/edge-infer/edge-infer/runtime"
)

// inputFlags say where rows come from, what they look like, and how many are worked on at once.
type inputFlags struct {
	names  []string
	format formatFlag
	batch  int
	first  firstIndexFlag
	sparse bool
	text   string
}

// add defines the flags for a command that reads the given formats.
func (f *inputFlags) add(c *cobra.Command, formats ...table.Format) {
	c.Flags().StringArrayVarP(&f.names, "input", "i", []string{"-"}, "`file` of rows, - for standard input; of documents, one for each --input")
	c.Flags().Lookup("input").DefValue = "-" // as it is written, not as a list
	f.format.add(c, "format", "csv for standard input", formats...)
	c.Flags().BoolVar(&f.sparse, "sparse", false, "jsonl objects name only the features that are not 0")
	c.Flags().Var(&f.first, "first-index", "the first column's index in svmlight, 0 or 1 (default: what a comment of scikit-learn's says, else 1)")
	complete(c, "first-index", "0", "1")
	c.Flags().StringVar(&f.text, "text-column", "", "csv column or jsonl key that holds a text, whose words are counted")
	c.Flags().IntVar(&f.batch, "batch", 64, "rows to work on at once")
}

// firstIndexFlag is the flag --first-index.
type firstIndexFlag struct{ table.FirstIndex }

func (f *firstIndexFlag) Type() string { return "index" }

func (f *firstIndexFlag) String() string {
	if f.FirstIndex == table.FirstIndexStated {
		return ""
	}
	return strconv.Itoa(int(f.FirstIndex - table.FirstIndex0))
}

func (f *firstIndexFlag) Set(text string) error {
	switch text {
	case "0":
		f.FirstIndex = table.FirstIndex0
	case "1":
		f.FirstIndex = table.FirstIndex1
	default:
		return fmt.Errorf("choose 0 or 1")
	}
	return nil
}

// check settles the format of the rows, and refuses flags that do not fit it or the model.
func (f *inputFlags) check(in *format.Input) (table.Format, error) {
	if f.batch < 1 {
		return 0, cli.Usagef("--batch %d: at least 1 row is worked on at once", f.batch)
	}
	rows, err := f.format.of(f.names[0], table.CSV)
	if err != nil {
		return 0, err
	}
	byKey := rows == table.CSV || rows == table.JSONL
	switch {
	case len(f.names) > 1 && rows != table.Document:
		return 0, cli.Usagef("--input comes %d times: several files are taken only as documents: add --format document", len(f.names))
	case f.first.FirstIndex != table.FirstIndexStated && rows != table.SVMLight:
		return 0, cli.Usagef("--first-index %v: %s has no indices, svmlight has", &f.first, rows)
	case f.sparse && f.text != "":
		return 0, cli.Usagef("--sparse and --text-column: a row is one or the other")
	case f.sparse && rows != table.JSONL:
		return 0, cli.Usagef("--sparse: %s has no objects, jsonl has", rows)
	case f.text != "" && !byKey:
		return 0, cli.Usagef("--text-column %q: %s has no columns, csv and jsonl have", f.text, rows)
	case in.Layout != format.Words && f.text != "":
		return 0, cli.Usagef("--text-column %q: %s", f.text, noText(in))
	case in.Layout != format.Words && (rows == table.Text || rows == table.Document):
		return 0, cli.Usagef("%s: %s: for rows of numbers add --format csv or another", f.names[0], noText(in))
	}
	return rows, nil
}

func noText(in *format.Input) string {
	return fmt.Sprintf("the model takes no text: its input is of layout %s, not %s", in.Layout, format.Words)
}

// input is an opened file of rows, or a list of documents.
type input struct {
	io.Reader
	flags  *inputFlags
	name   string // for messages
	format table.Format
	file   *os.File  // nil where the rows come from no file of the system
	bar    *progress // nil where none is shown
	stdin  io.Reader // which may be one of the documents
}

// open opens the file of rows for a model. A long one shows its progress on stderr, if that is a
// terminal.
func (f *inputFlags) open(model *format.Input, stdin io.Reader, stderr io.Writer) (*input, error) {
	rows, err := f.check(model)
	if err != nil {
		return nil, err
	}
	in := &input{Reader: stdin, flags: f, name: "standard input", format: rows, stdin: stdin}
	for _, name := range f.names {
		if name != "-" {
			if err := cli.CheckFile(name); err != nil {
				return nil, err
			}
		}
	}
	if rows == table.Document {
		in.name = plural(len(f.names), "document")
		return in, nil
	}
	in.file, _ = stdin.(*os.File)
	if name := f.names[0]; name != "-" {
		if in.file, err = os.Open(name); err != nil {
			return nil, err
		}
		in.Reader, in.name = in.file, name
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

// texts reports whether the rows are texts, whose words are counted.
func (in *input) texts() bool {
	return in.format == table.Text || in.format == table.Document || in.flags.text != ""
}

// sparse reports whether the rows give only the values that are not 0.
func (in *input) sparse() bool {
	return in.texts() || in.flags.sparse || in.format == table.SVMLight
}

// work is what a session for the rows does.
func (in *input) work() work { return work{in.flags.batch, in.sparse()} }

// backend is what ran the rows.
func (in *input) backend(s *runtime.Session) runtime.Backend {
	b := s.BackendFor(in.flags.batch)
	if b == runtime.CUDA && in.sparse() {
		return processorBackend()
	}
	return b
}

// openDocument opens one of the documents.
func (in *input) openDocument(name string) (io.ReadCloser, error) {
	if name == "-" {
		return io.NopCloser(in.stdin), nil
	}
	return os.Open(name)
}

// files tells which files of the system are read.
func (in *input) files() []os.FileInfo {
	var files []os.FileInfo
	if in.file != nil {
		if info, err := in.file.Stat(); err == nil {
			files = append(files, info)
		}
	}
	if in.format == table.Document {
		for _, name := range in.flags.names {
			if info, err := os.Stat(name); err == nil {
				files = append(files, info)
			}
		}
	}
	return files
}

// refuseToReplace refuses to write something over a file that is read.
func refuseToReplace(file, something, model string, in *input) error {
	out, err := os.Stat(file)
	if file == "-" || err != nil || !out.Mode().IsRegular() {
		return nil // nothing is lost; a device may be both
	}
	if info, err := os.Stat(model); err == nil && os.SameFile(info, out) {
		return cli.Usagef("%s: the %s would replace the model", file, something)
	}
	if slices.ContainsFunc(in.files(), func(info os.FileInfo) bool { return os.SameFile(info, out) }) {
		return cli.Usagef("%s: the %s would replace the rows", file, something)
	}
	return nil
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
