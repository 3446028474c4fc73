// Package man writes the commands of a program as manual pages, one for each, from the words that --help prints.
//
// The help of our commands is plain text: paragraphs, and tables and examples that are indented. A page keeps that
// apart: paragraphs are filled by the reader's man, indented lines stay as they are, and no letter has a second
// meaning, so that a tensor called mean_ is printed as mean_. Cobra's own generator takes the same text for Markdown,
// where a table becomes one paragraph and what stands between two underscores is emphasised.
//
// A command of a program "tool" called "tool run" is described in tool-run.1, and a help topic, which is a command that
// does nothing, in section 7. Pages are the same bytes wherever they are written: their date is given.
package man
