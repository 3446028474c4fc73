package main

import (
	"encoding/binary"
	"fmt"
	"io"
	"math"
	"os"
	"strconv"
	"strings"

	"github.com/edge-infer/edge-infer/cmd/export/internal/assemble"
	"github.com/edge-infer/edge-infer/cmd/export/internal/source"
	"github.com/edge-infer/edge-infer/cmd/internal/cli"
	"github.com/edge-infer/edge-infer/cmd/internal/npy"
)

// maxList bounds a file of names, in bytes.
const maxList = 1 << 26

// readList returns a parser of names: a,b,c, or @FILE with one a line.
func readList(flag string) func(text string) ([]string, error) {
	return func(text string) ([]string, error) {
		file, isFile := strings.CutPrefix(text, "@")
		if !isFile {
			return trimmed(strings.Split(text, ",")), nil
		}
		if err := cli.CheckFile(file); err != nil {
			return nil, err
		}
		f, err := os.Open(file)
		if err != nil {
			return nil, err
		}
		defer f.Close()
		data, err := io.ReadAll(io.LimitReader(f, maxList+1))
		switch {
		case err != nil:
			return nil, err
		case len(data) > maxList:
			return nil, fmt.Errorf("%s @%s: at most %d bytes of names are read", flag, file, maxList)
		case len(strings.TrimSpace(string(data))) == 0:
			return nil, fmt.Errorf("%s @%s: the file is empty: one name a line is needed", flag, file)
		}
		return trimmed(strings.Split(strings.TrimRight(string(data), "\r\n"), "\n")), nil
	}
}

func trimmed(names []string) []string {
	for i, name := range names {
		names[i] = strings.TrimSpace(name)
	}
	return names
}

// readConstant returns a parser of an operand: values, @FILE.npy, none, or the name of a tensor.
func readConstant(name string) func(text string) (assemble.Constant, error) {
	return func(text string) (assemble.Constant, error) {
		if text == "none" {
			return assemble.Constant{None: true}, nil
		}
		var array *npy.Array
		var err error
		if file, isFile := strings.CutPrefix(text, "@"); isFile {
			array, err = readArray(file)
		} else {
			array = parseValues(text)
		}
		if err != nil {
			return assemble.Constant{}, fmt.Errorf("--%s: %w", name, err)
		}
		if array == nil {
			return assemble.Constant{Tensor: text}, nil
		}
		return assemble.Constant{Values: &source.Tensor{Name: name, Array: array}}, nil
	}
}

func readArray(file string) (*npy.Array, error) {
	if err := cli.CheckFile(file); err != nil {
		return nil, err
	}
	f, err := os.Open(file)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	array, err := npy.Read(f, source.MaxBytes)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", file, err)
	}
	return array, nil
}

// parseValues reads numbers between commas. It returns nil for anything else.
func parseValues(text string) *npy.Array {
	var data []byte
	words := strings.Split(text, ",")
	for _, word := range words {
		v, err := strconv.ParseFloat(strings.TrimSpace(word), 64)
		if err != nil {
			return nil
		}
		data = binary.LittleEndian.AppendUint64(data, math.Float64bits(v))
	}
	array, err := npy.New("<f8", []int{len(words)}, data)
	if err != nil {
		panic("edge-export: " + err.Error()) // the data are what the shape says
	}
	return array
}
