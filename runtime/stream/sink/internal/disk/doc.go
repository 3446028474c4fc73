// Package disk appends to files so that a full disk, a crash or a second process leaves them readable.
//
// An [Appender] writes a record whole or takes back the part that was written. What was appended survives a crash of
// the program at once; whether it survives a power cut is a matter of fsync, which costs a flash write each time and
// is therefore the caller's choice.
package disk
