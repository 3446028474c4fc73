package main

import (
	"fmt"
	"io"
	"text/tabwriter"

	"github.com/edge-infer/edge-infer/cmd/export/internal/draft"
)

// printFates writes what became of each layer of the source, if its reader says.
func printFates(w io.Writer, fates []draft.Fate) {
	if len(fates) == 0 {
		return
	}
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	fmt.Fprint(t, "\nlayer of the source\twhat becomes of it\n")
	for _, f := range fates {
		fmt.Fprintf(t, "%s\t%s\n", printable(f.Layer), printable(f.Became))
	}
	t.Flush()
}
