//go:build linux

// Agent is the first process of a virtual board. It makes the file systems that a kernel leaves to its first process, loads
// the modules named in /etc/modules, and serves the host over the virtio serial port edge-infer until it is told to power off
// or the host is gone.
//
// With virtual.root=DEVICE on the kernel's command line, it mounts that ext4 file system instead, leaves word there for
// systemd to start it again as a service, and hands over to the system's own init.
package main
