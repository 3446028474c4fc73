//go:build linux

// Virtual runs scripts of commands on a virtual board, with the edge-infer of this working copy on it:
//
//	go run ./boards/virtual -board orin-nano boards/virtual/testdata/orin-nano.txt boards/virtual/testdata/model.txt
//
// It takes some ten seconds. The board is qemu's, with a processor that has the vector instructions of the real one;
// its kernel is Debian's for arm64; its device tree has the real one's name and compatible strings; a virtual camera (the
// kernel's module vivid) can be switched on; and on a true I2C bus there are four modelled sensors, which can be unplugged. A
// script is lines for a shell with what they must answer, described in package script; what happens is printed, and the exit
// code is 1 if anything was not as the script says, if the kernel panicked or if the time was up.
//
// # What is on the board
//
// The first process is the agent, a Go program in an initramfs with busybox and a few modules. It takes commands and files
// over a virtio serial port and sends back what the commands print, byte for byte, and how they end: see package guest. The
// I2C adapter is an i2c-tiny-usb whose USB end is in this program: qemu connects its USB controller to a usbredir server
// (packages usbredir and tinyusb) with package sensors behind it. So what the guest does goes all the way through Linux's own
// drivers, and the sensors answer as their data sheets say.
//
// # With a whole Debian
//
// -root debian starts systemd from a minimal Debian instead, with nothing of ours on it, so that packages can be installed,
// used and removed there:
//
//	go run ./boards/package -targets linux/arm64 -version v0.0.1 -out dist/virtual/1
//	go run ./boards/package -targets linux/arm64 -version v0.0.2 -out dist/virtual/2
//	go run ./boards/virtual -root debian -board orin-nano boards/virtual/testdata/debian/package.txt
//
// debootstrap makes it: the first stage here, the second on the virtual board itself, so neither a user who is root nor
// an interpreter for foreign programs is needed (only fakeroot, when not root). That takes several minutes, once. What
// a script then changes on its disk is forgotten when it ends.
//
// # What is needed
//
// qemu-system-aarch64 (Debian's package qemu-system-arm), apt and dpkg with debian-archive-keyring, and for -root debian also
// debootstrap and mke2fs. The kernel, busybox and Debian's packages are downloaded by apt and debootstrap, in the version that
// is current at that time and with their signatures verified, and kept in edge-infer/virtual in the user's cache folder,
// some 330 MB and as much again for the Debian; -update gets newer ones.
//
// # What this proves, and what not
//
// It proves that one static arm64 binary starts and gives the same bits under a real arm64 kernel on processors with
// the instructions of each family; that boards are told apart by their device trees and that nothing is made up about what
// a system does not show; that cameras and I2C devices work through Linux's interfaces, also when they vanish; that the
// package and its services work on a Debian with systemd.
//
// It has none of Tegra's devices: no GPU, no power rails, no thermal zones, no clocks that change, no camera interface, and
// no kernel or user space of NVIDIA's; the trees in testdata/boards stand for those. The processors are qemu's models, with
// the instructions but not the speed: no time that is measured here says anything about a board. The bus is as slow as
// control transfers of USB are, and knows neither a clock's stretching nor noise. None of this has met a Jetson.
package main
