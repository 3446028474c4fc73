package sensor

import (
	"embed"
	"fmt"
	"io"
	"io/fs"
	"os"
	"strings"
)

//go:embed descriptions/*.yaml
var descriptions embed.FS

// Shipped returns the descriptions that come with the package, by name.
func Shipped() ([]*Description, error) {
	files, err := fs.ReadDir(descriptions, "descriptions")
	if err != nil {
		return nil, err
	}
	var list []*Description
	for _, f := range files {
		d, err := shipped(strings.TrimSuffix(f.Name(), ".yaml"))
		if err != nil {
			return nil, err
		}
		list = append(list, d)
	}
	return list, nil
}

// shipped returns one of them; that there is none of a name is fs.ErrNotExist.
func shipped(name string) (*Description, error) {
	text, err := descriptions.ReadFile("descriptions/" + name + ".yaml")
	if err != nil {
		return nil, err
	}
	return ParseDescription(name+".yaml", text)
}

// ReadDescription reads a file that describes a sensor.
func ReadDescription(file string) (*Description, error) {
	f, err := os.Open(file)
	if err != nil {
		return nil, fmt.Errorf("sensor: %w", err)
	}
	defer f.Close()
	text, err := io.ReadAll(io.LimitReader(f, largestDescription+1))
	if err != nil {
		return nil, fmt.Errorf("sensor: %w", err)
	}
	return ParseDescription(file, text)
}
