package kmod

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"
)

// Module is a module that was picked.
type Module struct {
	// Name is as in lsmod, with underscores.
	Name string
	// Path is below lib/modules/RELEASE and ends with .ko.
	Path string
	// Needs lists the modules that this one names, by name.
	Needs []string
	// Data is the ELF file, decompressed.
	Data []byte
}

// Set is modules in an order in which they load: each comes after all that it needs.
type Set []Module

// Pick reads the modules with these names, and all that they need, from lib/modules/RELEASE. Minus and underscore are the
// same in a module's name. A module that is part of the kernel itself, as modules.builtin says, needs no file.
func Pick(modules fs.FS, names ...string) (Set, error) {
	files, err := index(modules)
	if err != nil {
		return nil, err
	}
	p := picker{modules: modules, files: files, state: map[string]int{}}
	if p.builtin, err = builtin(modules); err != nil {
		return nil, err
	}
	for _, name := range names {
		if err := p.pick(name); err != nil {
			return nil, err
		}
	}
	return p.set, nil
}

// Dep is a modules.dep for the set: after each module, everything that must be there before it, what comes first last.
func (s Set) Dep() []byte {
	var b bytes.Buffer
	for i, m := range s {
		needed := map[string]bool{m.Name: true}
		fmt.Fprintf(&b, "%s:", m.Path)
		for _, before := range slices.Backward(s[:i+1]) {
			if !needed[before.Name] {
				continue
			}
			for _, name := range before.Needs {
				needed[name] = true
			}
			if before.Name != m.Name {
				fmt.Fprintf(&b, " %s", before.Path)
			}
		}
		b.WriteByte('\n')
	}
	return b.Bytes()
}

const (
	visiting = 1 + iota
	picked
)

type picker struct {
	modules fs.FS
	files   map[string]string // name to path
	builtin map[string]bool
	state   map[string]int
	set     Set
}

func (p *picker) pick(name string) error {
	name = canonical(name)
	switch {
	case p.state[name] == picked || p.builtin[name]:
		return nil
	case p.state[name] == visiting:
		return fmt.Errorf("kmod: %s: depends on itself", name)
	}
	p.state[name] = visiting
	file, found := p.files[name]
	if !found {
		return fmt.Errorf("kmod: %s: this kernel has no such module", name)
	}
	data, err := fs.ReadFile(p.modules, file)
	if err != nil {
		return fmt.Errorf("kmod: %w", err)
	}
	if data, err = expand(file, data); err != nil {
		return err
	}
	needs, err := depends(file, data)
	if err != nil {
		return err
	}
	for i, need := range needs {
		needs[i] = canonical(need)
		if err := p.pick(need); err != nil {
			return fmt.Errorf("%w, which %s needs", err, name)
		}
	}
	p.state[name] = picked
	p.set = append(p.set, Module{Name: name, Path: plain(file), Needs: needs, Data: data})
	return nil
}

// canonical is a module's name as the kernel writes it.
func canonical(name string) string { return strings.ReplaceAll(name, "-", "_") }

// plain is the path of a module's file, less the ending of its compression.
func plain(file string) string {
	before, _, _ := strings.Cut(file, ".ko")
	return before + ".ko"
}

// index finds each module's file by its name.
func index(modules fs.FS) (map[string]string, error) {
	files := map[string]string{}
	err := fs.WalkDir(modules, "kernel", func(file string, entry fs.DirEntry, err error) error {
		if err == nil && !entry.IsDir() && strings.Contains(path.Base(file), ".ko") {
			files[canonical(strings.TrimSuffix(path.Base(plain(file)), ".ko"))] = file
		}
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("kmod: %w", err)
	}
	return files, nil
}

// builtin reads the names of the modules that are part of the kernel.
func builtin(modules fs.FS) (map[string]bool, error) {
	list, err := fs.ReadFile(modules, "modules.builtin")
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("kmod: %w", err)
	}
	names := map[string]bool{}
	for lines := bufio.NewScanner(bytes.NewReader(list)); lines.Scan(); {
		names[canonical(strings.TrimSuffix(path.Base(lines.Text()), ".ko"))] = true
	}
	return names, nil
}
