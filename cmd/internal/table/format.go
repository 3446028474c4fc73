package table

import (
	"fmt"
	"path/filepath"
	"strings"
)

// Format is the way rows lie in a file.
type Format int

// The formats. The zero Format is none of them.
const (
	CSV      Format = iota + 1 // comma-separated text
	JSONL                      // one JSON value on each line
	NPY                        // NumPy's array file
	Raw                        // little-endian float32
	SVMLight                   // the elements of a row that are not 0, on each line
	Text                       // a document on each line, whose words are counted
	Document                   // each file is one document
)

// String returns the name that ParseFormat reads.
func (f Format) String() string {
	switch f {
	case CSV:
		return "csv"
	case JSONL:
		return "jsonl"
	case NPY:
		return "npy"
	case Raw:
		return "raw"
	case SVMLight:
		return "svmlight"
	case Text:
		return "text"
	case Document:
		return "document"
	}
	return fmt.Sprintf("Format(%d)", int(f))
}

// ParseFormat returns the format called name: csv, jsonl, npy, raw, svmlight, text or document.
func ParseFormat(name string) (Format, error) {
	for f := CSV; f <= Document; f++ {
		if name == f.String() {
			return f, nil
		}
	}
	return 0, fmt.Errorf("table: format %q is not known: choose csv, jsonl, npy, raw, svmlight, text or document", name)
}

// FormatOf returns the format that a file's extension tells, in either case: .csv, .jsonl or
// .ndjson, .npy, .raw, .f32 or .bin for raw, .svmlight, .libsvm or .svm, and .txt for text.
func FormatOf(name string) (Format, bool) {
	switch strings.ToLower(filepath.Ext(name)) {
	case ".csv":
		return CSV, true
	case ".jsonl", ".ndjson":
		return JSONL, true
	case ".npy":
		return NPY, true
	case ".raw", ".f32", ".bin":
		return Raw, true
	case ".svmlight", ".libsvm", ".svm":
		return SVMLight, true
	case ".txt":
		return Text, true
	}
	return 0, false
}
