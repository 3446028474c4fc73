// Package elfcheck tells whether a linked program will start on the boards, from its ELF file alone.
//
// A board's C library is older than a workstation's, and the dynamic linker ends a program before its first line
// when a library is missing or a symbol is newer than the library. Both are written down in the file: the libraries
// in NEEDED entries, the versions of symbols in a table of the dynamic section. Check reads them and compares them with
// what every JetPack has.
package elfcheck
