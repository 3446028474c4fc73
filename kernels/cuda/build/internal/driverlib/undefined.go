package driverlib

import (
	"bytes"
	"debug/elf"
	"errors"
	"fmt"
	"maps"
	"slices"
)

// Names gathers the names of driver functions over the objects of a link. The zero value is ready.
type Names struct {
	defined, undefined map[string]bool
}

// AddArchive takes in the ELF objects of a compiled package. Members of other formats (Go's own objects among them)
// hold no references from C and are passed over.
func (n *Names) AddArchive(archive []byte) error {
	members, err := ReadArchive(archive)
	if err != nil {
		return err
	}
	if n.defined == nil {
		n.defined, n.undefined = map[string]bool{}, map[string]bool{}
	}
	for _, m := range members {
		if !bytes.HasPrefix(m.Data, []byte(elf.ELFMAG)) {
			continue
		}
		symbols, err := globals(m)
		if err != nil {
			return err
		}
		for _, s := range symbols {
			switch {
			case !DriverName(s.name):
			case s.defined:
				n.defined[s.name] = true
			default:
				n.undefined[s.name] = true
			}
		}
	}
	return nil
}

// Undefined lists, sorted, the driver functions that some object refers to and that none defines. Packages do define
// such names of their own: gorgonia.org/cu has a cuLaunchAndSync.
func (n *Names) Undefined() []string {
	var names []string
	for _, name := range slices.Sorted(maps.Keys(n.undefined)) {
		if !n.defined[name] {
			names = append(names, name)
		}
	}
	return names
}

// DriverName tells whether a symbol is named like a function of the CUDA driver: cu, a capital letter, and more
// letters, digits and underscores.
func DriverName(name string) bool {
	if len(name) < 3 || name[:2] != "cu" || name[2] < 'A' || name[2] > 'Z' {
		return false
	}
	for _, c := range []byte(name) {
		letter := c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c == '_'
		if !letter && (c < '0' || c > '9') {
			return false
		}
	}
	return true
}

// symbol is a name that other objects see.
type symbol struct {
	name    string
	defined bool
}

// globals lists the global and weak names of an ELF object, defined and undefined.
func globals(object Member) ([]symbol, error) {
	file, err := elf.NewFile(bytes.NewReader(object.Data))
	if err != nil {
		return nil, fmt.Errorf("driverlib: object %q: %w", object.Name, err)
	}
	all, err := file.Symbols()
	if err != nil && !errors.Is(err, elf.ErrNoSymbols) {
		return nil, fmt.Errorf("driverlib: object %q: symbols: %w", object.Name, err)
	}
	var symbols []symbol
	for _, s := range all {
		if bind := elf.ST_BIND(s.Info); bind == elf.STB_GLOBAL || bind == elf.STB_WEAK {
			symbols = append(symbols, symbol{s.Name, s.Section != elf.SHN_UNDEF})
		}
	}
	return symbols, nil
}
