//go:build linux

package main

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"time"
)

const usage = `Run scripts on a virtual board:

  go run ./boards/virtual -board orin-nano boards/virtual/testdata/orin-nano.txt

The scripts run one after the other on one board, in /root. What is downloaded
(Debian's kernel and busybox) is kept in a cache folder. Needs qemu (Debian's
package qemu-system-arm) and, with -root debian, debootstrap.

  # a whole Debian, in which packages can be installed
  go run ./boards/virtual -root debian boards/virtual/testdata/debian/package.txt

Options:
`

// options are what a call asks for.
type options struct {
	board   identity
	scripts []string
	debian  bool // a Debian runs on the board, not just busybox
	timeout time.Duration
	verbose bool

	cache   string
	mirror  string // empty: this machine's
	suite   string
	keyring string
	update  bool
}

func parseOptions(args []string, stderr io.Writer) (options, error) {
	var o options
	flags := flag.NewFlagSet("virtual", flag.ContinueOnError)
	flags.SetOutput(stderr)
	flags.Usage = func() {
		fmt.Fprint(stderr, usage)
		flags.PrintDefaults()
	}
	name := flags.String("board", "plain", "`name` of the board, one of "+boardNames()+"; plain is qemu's own")
	root := flags.String("root", "busybox", "the `system`: busybox or debian")
	flags.DurationVar(&o.timeout, "timeout", 5*time.Minute, "the longest that the board may run")
	flags.BoolVar(&o.verbose, "v", false, "show the board's console")
	flags.StringVar(&o.cache, "cache", "", "`folder` for what is downloaded (default edge-infer/virtual in the user's cache folder)")
	flags.StringVar(&o.mirror, "mirror", "", "`URL` of a mirror of Debian's archive (default that of this machine's apt)")
	flags.StringVar(&o.suite, "suite", "bookworm", "Debian's release, by its code `name`")
	flags.StringVar(&o.keyring, "keyring", "/usr/share/keyrings/debian-archive-keyring.gpg", "`file` with the keys of Debian's archive")
	flags.BoolVar(&o.update, "update", false, "get the current kernel and packages, also when there are some in the cache")
	if err := flags.Parse(args); err != nil {
		if err != flag.ErrHelp {
			err = fmt.Errorf("virtual: %w", err)
		}
		return options{}, err
	}
	var err error
	if o.board, err = findIdentity(*name); err != nil {
		return options{}, err
	}
	if o.scripts = flags.Args(); len(o.scripts) == 0 {
		return options{}, errors.New("virtual: a script is missing (-h tells more)")
	}
	switch *root {
	case "busybox", "debian":
		o.debian = *root == "debian"
	default:
		return options{}, fmt.Errorf("virtual: -root %q: expected busybox or debian", *root)
	}
	if o.timeout <= 0 {
		return options{}, fmt.Errorf("virtual: -timeout %v: expected more than 0", o.timeout)
	}
	if o.suite == "" || strings.ContainsAny(o.suite, "/ ") {
		return options{}, fmt.Errorf("virtual: -suite %q: expected a code name such as bookworm", o.suite)
	}
	if o.cache == "" {
		if o.cache, err = os.UserCacheDir(); err != nil {
			return options{}, fmt.Errorf("virtual: %w: name a folder with -cache", err)
		}
		o.cache = filepath.Join(o.cache, "edge-infer", "virtual")
	}
	if o.cache, err = filepath.Abs(o.cache); err != nil {
		return options{}, fmt.Errorf("virtual: -cache: %w", err)
	}
	// qemu takes a comma in a file name for the end of it, and apt a blank.
	if strings.ContainsAny(o.cache, ", \t\n\"") {
		return options{}, fmt.Errorf("virtual: cache folder %q: commas, blanks and quotes do not work: name another with -cache", o.cache)
	}
	o.cache = filepath.Join(o.cache, o.suite)
	return o, nil
}
