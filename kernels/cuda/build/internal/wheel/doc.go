// Package wheel fetches files that a build needs from the Python Package Index, once, and unpacks them into a cache.
//
// The index is the one place from which a C compiler with its libraries and NVIDIA's headers both come, for every
// host, without a licence to click and without an installer: a wheel is a zip file. Each wheel that is wanted is named
// by a [Wheel] in pins.go, with its size and SHA-256; whatever else a server sends is refused. Nothing in a wheel is
// run here, and Python is not needed.
//
// A [Cache] is a folder. Its method Wheel gives the folder of a wheel that was unpacked earlier, or unpacks the wheel file that
// somebody put into the cache, or asks the index (by the JSON form of its simple API) where the file is, downloads and
// unpacks it. A folder appears under its final name complete or not at all, so that an interrupted run leaves nothing
// that a later one would trust.
package wheel
