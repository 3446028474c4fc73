package man

import (
	"fmt"
	"strings"
	"time"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

// page is the page of one command.
func page(c *cobra.Command, date time.Time) []byte {
	root := c.Root()
	c.InitDefaultHelpFlag()
	c.InitDefaultVersionFlag()

	var r roff
	r.head(strings.ToUpper(title(c)), section(c), date, strings.TrimSpace(root.Name()+" "+root.Version), root.Name()+" manual")
	r.macro("SH", "NAME")
	r.paragraph(title(c) + " - " + c.Short)
	if section(c) == "1" {
		r.macro("SH", "SYNOPSIS")
		r.preformatted([]string{c.UseLine()})
	}
	r.macro("SH", "DESCRIPTION")
	if c.Long != "" {
		r.text(c.Long)
	} else {
		r.text(c.Short + ".")
	}
	if section(c) == "1" {
		options(&r, c)
	}
	if c.Example != "" {
		r.macro("SH", "EXAMPLES")
		r.preformatted(strings.Split(c.Example, "\n"))
	}
	if section(c) == "1" {
		r.macro("SH", "EXIT STATUS")
		for _, code := range [...][2]string{{"0", "Done."}, {"1", "What was asked for failed."}, {"2", "The call was wrong."}} {
			r.item(code[0])
			r.paragraph(code[1])
		}
	}
	seeAlso(&r, c)
	return r.bytes()
}

func options(r *roff, c *cobra.Command) {
	r.macro("SH", "OPTIONS")
	c.Flags().VisitAll(func(f *pflag.Flag) {
		if f.Hidden {
			return
		}
		var names strings.Builder
		if f.Shorthand != "" {
			fmt.Fprintf(&names, "-%s, ", f.Shorthand)
		}
		names.WriteString("--" + f.Name)
		value, usage := pflag.UnquoteUsage(f)
		if value != "" {
			names.WriteString(" " + value)
		}
		r.item(names.String())
		if f.DefValue != "" && f.DefValue != "false" && f.DefValue != "0" && f.DefValue != "0s" && f.DefValue != "[]" {
			usage += fmt.Sprintf(" (default %s)", f.DefValue)
		}
		r.paragraph(usage)
	})
}

// seeAlso names the command above, and those and the topics below.
func seeAlso(r *roff, c *cobra.Command) {
	var pages []string
	if c.HasParent() {
		pages = append(pages, title(c.Parent())+"("+section(c.Parent())+")")
	}
	for _, child := range c.Commands() {
		if child.IsAvailableCommand() || child.IsAdditionalHelpTopicCommand() {
			pages = append(pages, title(child)+"("+section(child)+")")
		}
	}
	if len(pages) > 0 {
		r.macro("SH", "SEE ALSO")
		r.paragraph(strings.Join(pages, ", "))
	}
}
