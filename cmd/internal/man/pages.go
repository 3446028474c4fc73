package man

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/spf13/cobra"
)

// Write writes a page for each command and each help topic below root, but for hidden ones, into the sections of a
// folder: dir/man1/tool-run.1, dir/man7/tool-topic.7. The folder is made if it is not there.
func Write(dir string, root *cobra.Command, date time.Time) error {
	for _, c := range described(root) {
		path := filepath.Join(dir, "man"+section(c), fileName(c))
		if err := os.MkdirAll(filepath.Dir(path), 0o777); err != nil {
			return fmt.Errorf("man: %w", err)
		}
		if err := os.WriteFile(path, page(c, date), 0o666); err != nil {
			return fmt.Errorf("man: %w", err)
		}
	}
	return nil
}

// described lists a command and what stands below it, in the order of the help.
func described(c *cobra.Command) []*cobra.Command {
	list := []*cobra.Command{c}
	for _, child := range c.Commands() {
		if child.IsAvailableCommand() || child.IsAdditionalHelpTopicCommand() {
			list = append(list, described(child)...)
		}
	}
	return list
}

// section is the section of the manual: 1 for commands, 7 for topics.
func section(c *cobra.Command) string {
	if c.IsAdditionalHelpTopicCommand() {
		return "7"
	}
	return "1"
}

// title is a command's path with hyphens, as man finds "tool run" too.
func title(c *cobra.Command) string { return strings.ReplaceAll(c.CommandPath(), " ", "-") }

func fileName(c *cobra.Command) string { return title(c) + "." + section(c) }
