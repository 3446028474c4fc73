// Package makes everything that is handed out, below dist, in one command:
//
//	go run ./boards/package
//
// For arm64 and amd64 it builds edge-infer and edge-export, static, and a Debian package of edge-infer; with -cuda also
// edge-infer with CUDA, by kernels/cuda/build, and a package edge-infer-cuda that takes the plain one's place. Beside
// them it writes manual pages, completions for bash, zsh and fish, the licences of what is linked in, and SHA256SUMS.
//
// The version comes from git: of the tag v1.2.3, v1.2.3; five commits later v1.2.3-5-g0123456789ab, which Debian calls
// 1.2.3+5.g0123456789ab; before the first tag all commits are counted from v0.0.0, so a clone must not be shallow.
// -version gives another, and without git SOURCE_DATE_EPOCH is needed too: the seconds since 1970 that all files bear.
//
// The same commit and the same Go give the same bytes, in whichever folder, under whichever umask, zone and user. What
// could differ is set: no build IDs, no paths, no state of git in the programs, no flags of a person's environment;
// sorted files of root's in the packages, with the time of the commit. A test builds twice and compares:
//
//	go test -tags packaging ./boards/package
//
// # What is installed
//
// The package holds the program, two services for systemd, their user's description, /etc/default/edge-infer for the
// settings of all services, and one model to try:
//
//	edge-infer verify /usr/share/doc/edge-infer/examples/digits.edge
//
// edge-infer-verify@MODEL.service proves /etc/edge-infer/models/MODEL.edge when the board starts.
// edge-infer@NAME.service proves a model and then answers the rows that "edge-infer run" reads from a device or a pipe,
// as /etc/edge-infer/NAME.env says; it is started again, after a pause that grows, for as long as it takes the sensor to
// come back. Neither is enabled by itself: it takes a model.
//
// Services run as the user edge-infer, who may do nothing but read the system, write /var/lib/edge-infer, and open the
// devices that are listed in the unit and that belong to its groups. The groups are the user's and not the unit's, since
// a unit that names a group that a board lacks does not start. On the first installation the user joins those of
// dialout, gpio, i2c, iio, render, spi and video that there are; later, "adduser edge-infer i2c".
//
// An upgrade keeps the settings and starts anew what was running. Purging removes what the services wrote, and keeps
// models and settings that the administrator put into /etc/edge-infer, and the user.
//
// # Which systemd
//
// JetPack 4 has systemd 237, 5 has 245, 6 has 249 and 7 has 255. A key that is younger than the systemd is passed over,
// with a line in the journal: before 254 among them RestartSteps and RestartMaxDelaySec, and the pause before a restart
// is then always 2 seconds. Forbidden system calls are listed, rather than allowed ones, since of an unknown group of
// allowed ones nothing would be left.
//
// # A service more
//
// A unit is a template files/NAME.service.tmpl, that has what all share from hardening.tmpl and devices.tmpl, and a line
// in the list of services.
//
// # What was chosen
//
// Packages are written by package deb and pages by cmd/internal/man, each a few hundred lines over the standard library.
// The library nfpm makes packages for every system and would bring 39 modules for the part that is needed; cobra's
// generator of manual pages takes help for Markdown, and spoils tables and names such as mean_.
//
// Installed, upgraded, exchanged, removed and purged were these packages on Debian 12 and 13, and their services run on
// Debian 12 under systemd 252, all on amd64, and but for the exchange on a virtual board with arm64 (boards/virtual); not
// yet on a Jetson.
package main
