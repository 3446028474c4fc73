package sink

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
)

// finishedName is the name of a finished file. Six digits keep the order of the names the order of the files for
// longer than anyone will keep them; a seventh is not an error.
func finishedName(path string, number uint64) string {
	return fmt.Sprintf("%s.%06d", path, number)
}

// finishedFiles lists the numbers of the finished files beside path, oldest first.
func finishedFiles(path string) ([]uint64, error) {
	entries, err := os.ReadDir(filepath.Dir(path))
	if err != nil {
		return nil, err
	}
	var numbers []uint64
	for _, e := range entries {
		digits, found := strings.CutPrefix(e.Name(), filepath.Base(path)+".")
		// At most 15 digits, so that the next number exists.
		if !found || len(digits) > 15 || !e.Type().IsRegular() {
			continue
		}
		number, err := strconv.ParseUint(digits, 10, 64)
		if err != nil || finishedName("", number) != "."+digits {
			continue // Somebody else's file.
		}
		numbers = append(numbers, number)
	}
	slices.Sort(numbers)
	return numbers, nil
}
