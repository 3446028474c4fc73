package deb

import (
	"bytes"
	"fmt"
	"strings"
)

// paragraph is the control file. Size is what the files take once installed, in KiB.
func (c *Control) paragraph(size int) []byte {
	var text bytes.Buffer
	field := func(name, value string) {
		if value != "" {
			fmt.Fprintf(&text, "%s: %s\n", name, value)
		}
	}
	field("Package", c.Name)
	field("Version", c.Version)
	field("Architecture", c.Architecture)
	field("Maintainer", c.Maintainer)
	field("Installed-Size", fmt.Sprint(size))
	field("Depends", c.Depends)
	field("Conflicts", c.Conflicts)
	field("Replaces", c.Replaces)
	field("Provides", c.Provides)
	field("Section", c.Section)
	field("Priority", "optional")
	field("Homepage", c.Homepage)
	field("Description", c.Summary)
	for line := range strings.SplitSeq(strings.Trim(c.Description, "\n"), "\n") {
		if line == "" {
			line = "." // an empty line would end the paragraph
		}
		text.WriteString(" " + line + "\n")
	}
	return text.Bytes()
}
