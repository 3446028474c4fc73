// Package spool is a bounded queue of records in a folder: what was put in and not yet acknowledged is there again after a
// crash, in order.
//
// Every record has a number, from 1. The folder holds segments, files named by the number of their first record in 16
// hexadecimal digits and ".spool", each a plain run of records with consecutive numbers, integers little-endian:
//
//	uint32  CRC-32C of all that follows
//	uint32  length of the record, at least 1
//	uint64  number of the record
//	bytes   the record
//
// The number keeps blocks that a file system brings back from a deleted file from passing as records, and a record that
// cannot be read leaves a gap whose size is known: what was lost is counted even then. A segment whose records are all
// acknowledged is deleted. When the folder would grow past its limit, the oldest segment is deleted, at most an eighth
// of the limit, with its records counted as dropped: so dropping is one call and not one for each record.
//
// The file "acknowledged" holds the number of the last record that is done and the CRC-32C of its 8 bytes. It is
// written at each acknowledgement but never fsynced: after a power cut it may be old, and some records come twice.
package spool
