// Package cpio writes archives in the "newc" format, the one that the Linux kernel unpacks as its initial file system.
//
// An archive is a row of entries, each a header of 110 bytes in ASCII, the name with a zero byte, and the data; name and
// data are padded to four bytes. An entry named TRAILER!!! ends it. The kernel makes no parent folders by itself, so a
// Writer adds those that are missing, and everything belongs to root and bears no time: the same entries give the same bytes.
package cpio
