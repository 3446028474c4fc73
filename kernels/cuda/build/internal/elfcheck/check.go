package elfcheck

import (
	"debug/elf"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
)

// Rules are what a program must keep to.
type Rules struct {
	Machine elf.Machine
	GLIBC   Version  // the newest version of a symbol that may be asked for
	Inside  []string // names that may neither be asked for nor exported
}

// libraries are the C library and those of its parts that are files of their own before glibc 2.34.
var libraries = []string{
	"libc.so.6", "libm.so.6", "libpthread.so.0", "libdl.so.2", "ld-linux-aarch64.so.1", "ld-linux-x86-64.so.2",
}

// Check reads a linked program and returns an error that names everything about it that breaks the rules.
func Check(r io.ReaderAt, rules Rules) error {
	file, err := elf.NewFile(r)
	if err != nil {
		return fmt.Errorf("elfcheck: %w", err)
	}
	if file.Type != elf.ET_EXEC && file.Type != elf.ET_DYN {
		return fmt.Errorf("elfcheck: %v is not a linked program", file.Type)
	}
	if file.Machine != rules.Machine {
		return fmt.Errorf("elfcheck: for %v, expected %v", file.Machine, rules.Machine)
	}
	needed, err := file.ImportedLibraries()
	if err != nil {
		return fmt.Errorf("elfcheck: NEEDED entries: %w", err)
	}
	var broken []error
	for _, library := range needed {
		if !slices.Contains(libraries, library) {
			broken = append(broken, fmt.Errorf("elfcheck: needs %s: only the C library may be needed", library))
		}
	}
	versions, err := checkVersions(file, rules.GLIBC)
	if err != nil {
		return err
	}
	names, err := checkNames(file, rules.Inside)
	if err != nil {
		return err
	}
	return errors.Join(slices.Concat(broken, versions, names)...)
}

// checkVersions compares the symbol versions that the program asks its libraries for. That a file has no table of
// them is no error: it may ask for symbols without versions.
func checkVersions(file *elf.File, newest Version) (broken []error, err error) {
	symbols, err := file.ImportedSymbols()
	if err != nil && !errors.Is(err, elf.ErrNoSymbols) {
		return nil, fmt.Errorf("elfcheck: dynamic symbols: %w", err)
	}
	needs, err := file.DynamicVersionNeeds()
	if err != nil {
		return nil, fmt.Errorf("elfcheck: version needs: %w", err)
	}
	for _, library := range needs {
		for _, need := range library.Needs {
			version, err := parseGLIBC(need.Dep)
			if err == nil && version.Compare(newest) <= 0 {
				continue
			}
			var by []string
			for _, s := range symbols {
				if s.Version == need.Dep {
					by = append(by, s.Name)
				}
			}
			broken = append(broken, fmt.Errorf("elfcheck: needs %s of %s, GLIBC_%v is the newest there is (asked for by: %s)",
				need.Dep, library.Name, newest, strings.Join(by, " ")))
		}
	}
	return broken, nil
}

// checkNames looks among the dynamic symbols for names that should not be there.
func checkNames(file *elf.File, inside []string) (broken []error, err error) {
	symbols, err := file.DynamicSymbols()
	if err != nil && !errors.Is(err, elf.ErrNoSymbols) {
		return nil, fmt.Errorf("elfcheck: dynamic symbols: %w", err)
	}
	for _, s := range symbols {
		if !slices.Contains(inside, s.Name) {
			continue
		}
		what := "exports"
		if s.Section == elf.SHN_UNDEF {
			what = "leaves open"
		}
		broken = append(broken, fmt.Errorf("elfcheck: %s the name %s", what, s.Name))
	}
	return broken, nil
}
