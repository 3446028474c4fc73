// Package kmod picks kernel modules out of a folder such as lib/modules/6.1.0-arm64: those that are asked for and those
// that these depend on, in an order in which they load.
//
// Debian ships no modules.dep; depmod writes one when a kernel is installed, and here none is installed. But every module
// says in its section .modinfo which others it depends on, so the few that are needed are read, and [Set.Dep] writes
// a modules.dep for them, which is all that modprobe asks for in the guest.
package kmod
