//go:build linux

package main

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/edge-infer/edge-infer/boards/virtual/internal/fdt"
)

// identity is what a virtual board has of a real one: the name in its device tree, and the processor of qemu's that has
// the same vector instructions.
type identity struct {
	cpu        string
	gic        int // version of the interrupt controller
	model      string
	compatible []string
}

// Families without the dot products of Armv8.2 are told from those with them by the processor alone, so it matters here
// more than the name. Xavier's own, Carmel, has half floats and no dot products, as Fujitsu's A64FX has without SVE.
// It needs the third interrupt controller. The full emulation of pointer authentication is slow, hence Thor's option.
var identities = map[string]identity{
	"nano":       {"cortex-a57", 2, "NVIDIA Jetson Nano Developer Kit", []string{"nvidia,p3450-0000", "nvidia,tegra210"}},
	"tx2":        {"cortex-a57", 2, "NVIDIA Jetson TX2 Developer Kit", []string{"nvidia,p2771-0000", "nvidia,tegra186"}},
	"xavier-nx":  {"a64fx,sve=off", 3, "NVIDIA Jetson Xavier NX Developer Kit", []string{"nvidia,p3509-0000+p3668-0000", "nvidia,tegra194"}},
	"agx-xavier": {"a64fx,sve=off", 3, "Jetson-AGX", []string{"nvidia,p2972-0000", "nvidia,tegra194"}},
	"orin-nano":  {"cortex-a76", 3, "NVIDIA Orin Nano Developer Kit", []string{"nvidia,p3768-0000+p3767-0005", "nvidia,tegra234"}},
	"agx-orin":   {"cortex-a76", 3, "NVIDIA Jetson AGX Orin Developer Kit", []string{"nvidia,p3737-0000+p3701-0000", "nvidia,tegra234"}},
	"thor":       {"max,pauth-impdef=on", 3, "NVIDIA Jetson AGX Thor Developer Kit", []string{"nvidia,p4071-0000+p3834-0008", "nvidia,tegra264"}},
	"plain":      {cpu: "cortex-a57", gic: 2},
}

func findIdentity(name string) (identity, error) {
	id, found := identities[name]
	if !found {
		return identity{}, fmt.Errorf("virtual: -board %q: expected one of %s", name, boardNames())
	}
	return id, nil
}

func boardNames() string { return strings.Join(slices.Sorted(maps.Keys(identities)), ", ") }

// apply writes the identity into the device tree of qemu's machine; one without a name leaves its name as it is. The result
// has none of the room for more that qemu leaves in its own, 1 MiB of it, with which Linux does not start.
func (id identity) apply(blob []byte) ([]byte, error) {
	tree, err := fdt.Parse(blob)
	if err != nil {
		return nil, err
	}
	if id.model != "" {
		tree.Root.Set("model", fdt.Strings(id.model))
		tree.Root.Set("compatible", fdt.Strings(id.compatible...))
	}
	return tree.Bytes(), nil
}
