package driverlib

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"strconv"
	"strings"
)

// The ar format: a magic line, then members, each a header of 60 bytes and its content, padded to an even length.
const (
	archiveMagic  = "!<arch>\n"
	headerSize    = 60
	headerEnd     = "`\n"
	maxMemberName = 15 // longer names need a table that this package neither reads nor writes
)

// Member is a file inside an archive.
type Member struct {
	Name string
	Data []byte
}

// ReadArchive takes an ar archive apart. The members' data are slices of the archive. Names longer than 15 bytes,
// which archives keep elsewhere, are left as they stand in the header.
func ReadArchive(archive []byte) ([]Member, error) {
	rest, found := bytes.CutPrefix(archive, []byte(archiveMagic))
	if !found {
		return nil, fmt.Errorf("driverlib: archive: begins with %q, expected %q", archive[:min(len(archive), 8)], archiveMagic)
	}
	var members []Member
	for len(rest) > 0 {
		offset := len(archive) - len(rest)
		if len(rest) < headerSize {
			return nil, fmt.Errorf("driverlib: archive: header at offset %d: %d bytes are left, a header has %d", offset, len(rest), headerSize)
		}
		header := rest[:headerSize]
		if string(header[58:]) != headerEnd {
			return nil, fmt.Errorf("driverlib: archive: header at offset %d ends with %q, expected %q", offset, header[58:], headerEnd)
		}
		name := strings.TrimSuffix(strings.TrimRight(string(header[:16]), " "), "/")
		digits := strings.TrimRight(string(header[48:58]), " ")
		size, err := strconv.ParseUint(digits, 10, 62)
		if err != nil {
			return nil, fmt.Errorf("driverlib: archive: member %q at offset %d: size %q is not a number", name, offset, digits)
		}
		rest = rest[headerSize:]
		if size > uint64(len(rest)) {
			return nil, fmt.Errorf("driverlib: archive: member %q at offset %d has %d bytes, %d are left", name, offset, size, len(rest))
		}
		members = append(members, Member{Name: name, Data: rest[:size]})
		// Some writers leave out the padding after the last member.
		rest = rest[min(size+size%2, uint64(len(rest))):]
	}
	return members, nil
}

// Archive writes an ar archive of ELF objects with the index of their global names, without which linkers refuse a
// library. Names of members have 15 bytes at most.
func Archive(objects []Member) ([]byte, error) {
	type entry struct {
		name   string
		object int
	}
	var index []entry
	for i, object := range objects {
		if len(object.Name) > maxMemberName || strings.ContainsAny(object.Name, "/ ") {
			return nil, fmt.Errorf("driverlib: archive: member name %q: at most %d bytes without blanks and slashes", object.Name, maxMemberName)
		}
		symbols, err := globals(object)
		if err != nil {
			return nil, err
		}
		for _, s := range symbols {
			if s.defined {
				index = append(index, entry{s.name, i})
			}
		}
	}

	// The index is the first member, so the offsets in it depend on its own size, which its names alone decide.
	var names []byte
	for _, e := range index {
		names = append(append(names, e.name...), 0)
	}
	indexSize := 4 + 4*len(index) + len(names)
	offsets := make([]uint32, len(objects))
	at := len(archiveMagic) + headerSize + indexSize + indexSize%2
	for i, object := range objects {
		offsets[i] = uint32(at)
		at += headerSize + len(object.Data) + len(object.Data)%2
	}

	table := binary.BigEndian.AppendUint32(make([]byte, 0, indexSize), uint32(len(index)))
	for _, e := range index {
		table = binary.BigEndian.AppendUint32(table, offsets[e.object])
	}
	archive := appendMember([]byte(archiveMagic), "/", append(table, names...))
	for _, object := range objects {
		archive = appendMember(archive, object.Name+"/", object.Data)
	}
	return archive, nil
}

// appendMember writes a header, in which time and owner are zero so that the same objects give the same archive, and
// the data.
func appendMember(archive []byte, name string, data []byte) []byte {
	archive = fmt.Appendf(archive, "%-16s%-12d%-6d%-6d%-8o%-10d%s", name, 0, 0, 0, 0o644, len(data), headerEnd)
	archive = append(archive, data...)
	if len(data)%2 == 1 {
		archive = append(archive, '\n')
	}
	return archive
}
