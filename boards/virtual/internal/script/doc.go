// Package script reads what is to happen on a virtual board: lines in the manner of testscript, the language in which the
// Go project tests its commands, with the same words where the meaning is the same.
//
//	# The board knows itself.
//	edge-infer board --json
//	stdout '"family": "jetson-orin"'
//	! edge-infer verify broken.edge
//	stderr 'checksum'
//
// A line is a directive if its first word is one of those below; any other line goes to the guest's shell as it is, with
// its pipes, quotes and redirections, and must end with exit code 0. Each has a shell of its own, in /root; to pass
// something on, write a file. Put `!` before a line that must fail, `?` before one that may.
//
//	exec LINE            LINE goes to the shell, whatever its first word
//	stdout REGEXP        what the last command wrote matches; with `!`, does not. ^ and $ match at every line
//	stderr REGEXP        the same for its error output
//	cp FILE [NAME]       a file of the host, relative to the script, becomes NAME in the guest (default: its own name in /root).
//	                     FILE may be a pattern as long as one file matches
//	build [-test] PACKAGE [NAME]
//	                     a Go package is compiled for the board and put at NAME (default: /usr/bin and the package's last word,
//	                     or that with .test, if it is the package's test binary that is built)
//	sleep DURATION       the host waits, for instance 300ms
//	unplug i2c           the I2C adapter is pulled out
//	replug i2c           and put back
//
// A regular expression may be in single quotes, and a quote inside is then written twice. Lines that are empty or begin with # do nothing.
// A script may be a txtar archive: the files in it are in /root before its first line runs.
package script
