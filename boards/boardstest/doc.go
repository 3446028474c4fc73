// Package boardstest makes the systems of boards out of text archives, for tests.
//
// An archive is in the format of txtar: a file's path below the root, then its text. A text whose first
// line begins with ! is something else:
//
//	!strings           the lines that follow, each ended by a NUL, as properties of a device tree are
//	!bytes 00 ff 7f    these bytes
//	!repeat N TEXT     N bytes, of that text again and again
//	!directory         a directory where a file is expected
//	!error EIO         a file whose read fails: EAGAIN, EIO, ENODEV or EACCES
//	!device GROUP      a device that belongs to a group of that number, and may be opened
//	!denied GROUP      one that may not
//
// A [Tree] answers package boards in memory; [Tree.Write] puts it on a disk, for programs.
package boardstest
