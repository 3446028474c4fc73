package boards

import (
	"strconv"
	"strings"
)

// Device is a file below /dev that this program may want to open.
type Device struct {
	Path   string `json:"path"`
	Group  string `json:"group,omitempty"` // name of the group that it belongs to, or its number
	Usable bool   `json:"usable"`          // whether this process may read and write it
}

// deviceKinds are the devices that are listed, by how their names begin.
var deviceKinds = []string{"gpiochip", "i2c-", "nvhost-ctrl-gpu", "nvmap", "nvidia0", "spidev", "video"}

const mostDevices = 64 // of a kind

// devices lists the files of sensors, cameras and the GPU.
func (r *reader) devices() []Device {
	var list []Device
	groups := parseGroups(r.long("etc/group", textFile))
	for _, kind := range deviceKinds {
		names := r.names("dev", kind)
		for _, name := range names[:min(len(names), mostDevices)] {
			id, err := r.Group("dev/" + name)
			if err != nil {
				continue // unplugged in the meantime
			}
			group, ok := groups[id]
			if !ok {
				group = strconv.FormatUint(uint64(id), 10)
			}
			list = append(list, Device{"/dev/" + name, group, r.Access("dev/"+name) == nil})
		}
	}
	return list
}

// parseGroups reads the names of groups, by number, out of /etc/group.
func parseGroups(text string) map[uint32]string {
	groups := map[uint32]string{}
	for line := range strings.Lines(text) {
		fields := strings.SplitN(line, ":", 4)
		if len(fields) < 3 {
			continue
		}
		id, err := strconv.ParseUint(fields[2], 10, 32)
		if name := clean(fields[0]); err == nil && name != "" && groups[uint32(id)] == "" {
			groups[uint32(id)] = name
		}
	}
	return groups
}
