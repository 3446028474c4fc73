package tflite

import (
	"archive/zip"
	"bytes"
	"fmt"
	"io"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/edge-infer/edge-infer/cmd/export/internal/plural"
	"github.com/edge-infer/edge-infer/format"
)

// maxLabels bounds a file of labels, in bytes.
const maxLabels = 1 << 20

// labelFiles are the names under which labels are packed where no metadata tells.
var labelFiles = []string{"labels.txt", "label.txt", "labelmap.txt", "dict.txt"}

// labels returns the labels that are packed behind the model, a zip archive at the end of the file,
// if they fit its output. A line is a label.
func (c *converter) labels(a about) []string {
	if archive, err := zip.NewReader(bytes.NewReader(c.flat.data), int64(len(c.flat.data))); err == nil {
		for _, f := range archive.File {
			if f.Name == a.labels || a.labels == "" && slices.Contains(labelFiles, f.Name) {
				return c.take(f)
			}
		}
	}
	if a.labels != "" {
		c.draft.Note("the metadata names labels in %q, and no such file is packed behind the model", a.labels)
	}
	return nil
}

// take returns the labels of a file, nil if they cannot be used.
func (c *converter) take(f *zip.File) []string {
	labels, err := readLabels(f)
	if err == nil {
		err = c.fit(labels)
	}
	if err != nil {
		c.draft.Note("labels in %q are left out: %v", f.Name, err)
		return nil
	}
	c.draft.Note("labels are those of %q, packed behind the model", f.Name)
	return labels
}

func readLabels(f *zip.File) ([]string, error) {
	r, err := f.Open()
	if err != nil {
		return nil, err
	}
	defer r.Close()
	data, err := io.ReadAll(io.LimitReader(r, maxLabels+1))
	switch {
	case err != nil:
		return nil, err
	case len(data) > maxLabels:
		return nil, fmt.Errorf("more than %d bytes", maxLabels)
	case !utf8.Valid(data):
		return nil, fmt.Errorf("not UTF-8")
	}
	lines := strings.Split(strings.TrimRight(strings.TrimPrefix(string(data), "\ufeff"), " \r\n"), "\n")
	for i, line := range lines {
		lines[i] = strings.TrimRight(line, "\r")
	}
	return lines, nil
}

// fit checks labels against the output.
func (c *converter) fit(labels []string) error {
	width := c.width()
	_, class := c.draft.Layers.Last().(*format.ArgMax)
	if len(labels) != width && !(width == 1 && len(labels) == 2) && !class {
		return fmt.Errorf("%s for %s", plural.Count(len(labels), "label"), plural.Count(width, "output column"))
	}
	seen := map[string]bool{}
	for i, l := range labels {
		if l == "" || len(l) > maxText || seen[l] {
			return fmt.Errorf("line %d, %.64q, is empty, too long, or stands twice", i+1, l)
		}
		seen[l] = true
	}
	return nil
}
