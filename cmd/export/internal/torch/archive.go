package torch

import (
	"archive/zip"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/edge-infer/edge-infer/cmd/export/internal/pickle"
)

// archive reads a zip file: FOLDER/data.pkl is the pickle, FOLDER/data/KEY are the storages.
func (c *content) archive(r io.ReaderAt) (any, error) {
	z, err := zip.NewReader(r, c.size)
	if err != nil && !errors.Is(err, zip.ErrInsecurePath) { // a name here, nothing is written under it
		return nil, err
	}
	folder, err := folderOf(z)
	if err != nil {
		return nil, err
	}
	entries := make(map[string]*zip.File, len(z.File))
	for _, entry := range z.File {
		name, ok := strings.CutPrefix(entry.Name, folder)
		if ok && entries[name] != nil {
			return nil, fmt.Errorf("two entries are called %q", entry.Name)
		}
		if ok {
			entries[name] = entry
		}
	}
	c.script = entries["constants.pkl"] != nil
	if order := entries["byteorder"]; order != nil {
		text, err := readEntry(order)
		if err != nil {
			return nil, err
		}
		switch string(text) {
		case "little":
		case "big":
			c.big = true
		default:
			return nil, fmt.Errorf("byte order %.20q: little or big is needed", text)
		}
	}
	c.fetch = func(s *storage) error {
		entry := entries["data/"+s.key]
		if entry == nil {
			return errors.New("it is not in the archive")
		}
		if entry.UncompressedSize64 != uint64(s.size) {
			return fmt.Errorf("entry %q has %d bytes where %d are needed", entry.Name, entry.UncompressedSize64, s.size)
		}
		if c.fetched += int64(s.size); c.fetched > c.size { // entries may share bytes
			return fmt.Errorf("the storages so far have %d bytes, the whole file %d", c.fetched, c.size)
		}
		s.data, err = readEntry(entry)
		return err
	}
	data, err := open(entries["data.pkl"])
	if err != nil {
		return nil, err
	}
	defer data.Close()
	return pickle.NewReader(data, int64(entries["data.pkl"].UncompressedSize64), c.options()).Load()
}

// folderOf returns the folder that all entries lie in, with its slash.
func folderOf(z *zip.Reader) (string, error) {
	for _, entry := range z.File {
		switch folder, name, ok := strings.Cut(entry.Name, "/"); {
		case ok && name == "data.pkl":
			return folder + "/", nil
		case ok && name == "archive_format":
			return "", errors.New("a program of torch.export: save the model itself, by torch.save(model, FILE), or its state_dict")
		}
	}
	return "", errors.New("a zip archive without FOLDER/data.pkl, which torch.save writes")
}

// open returns the content of an entry. PyTorch compresses none, so that what is read is never more
// than the file is long.
func open(entry *zip.File) (io.ReadCloser, error) {
	const encrypted = 1 << 0
	switch {
	case entry.Flags&encrypted != 0:
		return nil, fmt.Errorf("entry %q is encrypted", entry.Name)
	case entry.Method != zip.Store || entry.UncompressedSize64 != entry.CompressedSize64:
		return nil, fmt.Errorf("entry %q is compressed, which torch.save does not do: zip the folder again with no compression", entry.Name)
	}
	return entry.Open()
}

// readEntry returns the bytes of an entry, whose checksum is compared.
func readEntry(entry *zip.File) ([]byte, error) {
	data, err := open(entry)
	if err != nil {
		return nil, err
	}
	defer data.Close()
	all, err := io.ReadAll(data)
	if err != nil {
		return nil, fmt.Errorf("entry %q: %w", entry.Name, err)
	}
	return all, nil
}
