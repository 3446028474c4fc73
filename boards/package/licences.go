package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

const homepage = "https://github.com/edge-infer/edge-infer"

// apache stands for the text of the licence that we and others have.
const apache = "Apache-2.0, whose text is in the file LICENSE, on Debian systems /usr/share/common-licenses/Apache-2.0"

// licences is the text that a program's licences ask to go with it: our own, and those of what is linked in.
func (b *builder) licences(ctx context.Context, t target, p program, tags string) ([]byte, error) {
	var list bytes.Buffer
	err := b.goCommand(ctx, t, &list, "list", "-deps", "-tags="+tags,
		"-f", "{{with .Module}}{{if not .Main}}{{.Path}} {{.Version}}\t{{.Dir}}\n{{end}}{{end}}", p.path)
	if err != nil {
		return nil, err
	}
	modules := slices.Compact(slices.Sorted(strings.Lines(strings.ReplaceAll(list.String(), "\n\n", "\n"))))

	var goroot bytes.Buffer
	if err := b.goCommand(ctx, t, &goroot, "env", "GOVERSION", "GOROOT"); err != nil {
		return nil, err
	}
	version, dir, _ := strings.Cut(strings.TrimSpace(goroot.String()), "\n")

	var text bytes.Buffer
	fmt.Fprintf(&text, "%s, from %s\n\nCopyright: the edge-infer authors\nLicence: %s\n\nThe program holds what follows, in compiled form.\n",
		p.name, homepage, apache)
	for _, m := range append([]string{"The runtime and standard library of Go, " + version + "\t" + dir}, modules...) {
		name, dir, found := strings.Cut(strings.TrimSpace(m), "\t")
		if !found {
			continue // an empty line of the list
		}
		licence, err := readLicence(dir)
		if err != nil {
			return nil, fmt.Errorf("package: licence of %s: %w", name, err)
		}
		fmt.Fprintf(&text, "\n%s\n%s\n\n%s\n", strings.Repeat("-", 72), name, bytes.TrimSpace(licence))
	}
	return text.Bytes(), nil
}

// readLicence reads the licence in the folder of a module, and the notice that may be beside it.
func readLicence(dir string) ([]byte, error) {
	for _, name := range []string{"LICENSE", "LICENSE.txt", "LICENSE.md", "LICENCE", "COPYING"} {
		text, err := os.ReadFile(filepath.Join(dir, name))
		if errors.Is(err, fs.ErrNotExist) {
			continue
		}
		if bytes.HasPrefix(bytes.TrimSpace(text), []byte("Apache License")) {
			text = []byte(apache)
		}
		notice, missing := os.ReadFile(filepath.Join(dir, "NOTICE"))
		if missing == nil {
			text = slices.Concat(text, []byte("\n\n"), notice)
		}
		return text, err
	}
	return nil, errors.New("there is no LICENSE in its folder")
}
