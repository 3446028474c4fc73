package cli

import (
	"fmt"
	"time"

	"github.com/spf13/cobra"

	"github.com/edge-infer/edge-infer/cmd/internal/man"
)

// newMan is the command that writes the manual pages of all others. Packages are made with it, so it is not in the help.
func newMan() *cobra.Command {
	var date string
	c := &cobra.Command{
		Use:    "man FOLDER",
		Short:  "Write the manual pages into a folder",
		Hidden: true,
		Args:   cobra.ExactArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			day, err := time.Parse(time.DateOnly, date)
			if err != nil {
				return Usagef("--date %q: a day such as 2006-01-02 is needed", date)
			}
			if err := man.Write(args[0], c.Root(), day); err != nil {
				return fmt.Errorf("writing manual pages: %w", err)
			}
			return nil
		},
	}
	c.Flags().StringVar(&date, "date", time.Now().Format(time.DateOnly), "the `day` that the pages bear")
	return c
}
