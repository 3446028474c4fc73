// Package cli is what the commands share of being a command: how they end, and how they speak to programs.
//
// A command's main is one line, os.Exit(run(args, stdin, stdout, stderr)), and run builds a tree of
// cobra commands and hands it to [Main]. Data goes to stdout and everything else to stderr. An error
// becomes one line, "NAME: what is wrong and what to do", and an exit code that a script can rely
// on:
//
//	0  done
//	1  what was asked for failed: a bad row, a damaged file, a golden vector that differs
//	2  the call was wrong: an unknown flag, a missing argument, a file that does not exist
//
// Trying again with the same words never helps after 2.
package cli
