package main

import (
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/edge-infer/edge-infer/cmd/internal/cli"
	"github.com/edge-infer/edge-infer/cmd/internal/table"
)

// formatFlag is a flag that names a format of rows.
type formatFlag struct {
	name    string // of the flag
	format  table.Format
	formats []table.Format // to choose from
	lacks   string         // why the others are not among them
}

func (f *formatFlag) Type() string { return "name" }

func (f *formatFlag) String() string {
	if f.format == 0 {
		return ""
	}
	return f.format.String()
}

func (f *formatFlag) Set(name string) (err error) {
	if f.format, err = table.ParseFormat(name); err != nil {
		return fmt.Errorf("choose %s", f.choice())
	}
	return nil
}

// add defines the flag for a command. standard says which format it is without flag and file.
func (f *formatFlag) add(c *cobra.Command, name, standard string, formats ...table.Format) {
	f.name, f.formats = name, formats
	c.Flags().Var(f, name, fmt.Sprintf("%s (default: by the file's extension; %s)", f.choice(), standard))
	complete(c, name, f.names()...)
}

// of settles the format of a file: what the flag says, or the file's extension. Without either, for
// the name -, it is the standard one.
func (f *formatFlag) of(file string, standard table.Format) (table.Format, error) {
	format := f.format
	if format == 0 && file == "-" {
		format = standard
	}
	if format == 0 {
		var known bool
		if format, known = table.FormatOf(file); !known {
			return 0, cli.Usagef("%s: the extension tells no format: add --%s %s", file, f.name, f.choice())
		}
	}
	if !slices.Contains(f.formats, format) {
		return 0, cli.Usagef("%s %s: choose %s", format, f.lacks, f.choice())
	}
	return format, nil
}

func (f *formatFlag) names() []string {
	var names []string
	for _, format := range f.formats {
		names = append(names, format.String())
	}
	return names
}

// choice lists the formats: csv, jsonl or npy.
func (f *formatFlag) choice() string {
	names := f.names()
	last := len(names) - 1
	return strings.Join(names[:last], ", ") + " or " + names[last]
}
