// Package table reads and writes rows of numbers, from and to files and pipes, for the commands.
//
// A row is what a model takes or gives once: a fixed number of float32 values, and perhaps a label.
// Rows of values come in four formats:
//
//	csv    commas, with or without a header line; a header picks the columns by name
//	jsonl  on each line an array of numbers, an object keyed by feature names, or
//	       {"values": [...], "label": "..."}
//	npy    NumPy's array file; the first dimension counts the rows
//	raw    little-endian float32 and nothing else
//
// Rows that are mostly zeros are also read from what gives only the other elements:
//
//	svmlight  on each line a label, which may be left out, and index:value for each element
//	jsonl     objects that name only the features that are not 0
//	text      a document on each line, whose words are counted; so are those of a csv column, of
//	          a jsonl key, and of documents that are files of their own
//
// A [Reader] fills a batch with all values, a [SparseReader] one with the elements that are there.
// Neither holds more than one row beside it, so an endless pipe and a file larger than memory are
// read alike. (The exception is an npy array in Fortran order, whose first row ends near the end of
// the file.) A value that cannot be read is an error that
// names the row, the line and the column, never a guess; a missing value has to be written as nan,
// or null in jsonl.
//
// A [Writer] writes text that reads back to the same bits, and an npy file that numpy.load opens
// even though the number of rows was not known when it was begun.
package table
