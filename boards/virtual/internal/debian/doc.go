// Package debian gets packages of Debian's for arm64, on a machine of another architecture and without installing them.
//
// apt does the work, with a root of its own in a temporary folder: its own sources, keys, state and cache, and arm64 as its
// architecture. So what is downloaded is the current version at that time, and apt verifies it: the signature of the
// archive's release file, from there the checksums of the package lists, and from these the packages'. The mirror is that
// of this machine's own apt if it has one of Debian's.
//
// [Load] keeps what a virtual board starts from in a cache folder: a kernel with its modules and a static busybox. It asks the
// archive only when the folder is empty or an update is wanted; then it works without a network.
package debian
