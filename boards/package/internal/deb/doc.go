// Package deb writes Debian packages.
//
// A package is an ar archive with three members: the number of the format, a compressed tar archive that tells dpkg what
// the package is (its control file, checksums, scripts), and one with the files to install. See deb(5). That is little,
// and the standard library has tar, gzip and MD5, so it is written here rather than by a library that makes every
// system's packages.
//
// The same Package gives the same bytes, wherever and whenever it is written: files are sorted, belong to root, and have
// the time that the Package says.
package deb
