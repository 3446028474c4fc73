package cli

import "runtime/debug"

// Version is the version that a release was stamped with or, without one, what the Go tool knows of
// the source.
func Version(stamped string) string {
	if stamped != "" {
		return stamped
	}
	if info, ok := debug.ReadBuildInfo(); ok && info.Main.Version != "" {
		return info.Main.Version
	}
	return "(devel)"
}
