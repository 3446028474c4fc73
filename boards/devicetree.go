package boards

import "strings"

// A device tree's compatible has a handful of strings.
const mostStrings = 64

// deviceTreeStrings splits a property of a device tree: strings that end in NUL each. One that could
// not be shown is left out.
func deviceTreeStrings(property string) []string {
	var list []string
	for text := range strings.SplitSeq(property, "\x00") {
		if text = oneLine(text); text != "" && len(list) < mostStrings {
			list = append(list, text)
		}
	}
	return list
}

// deviceTree returns the model and the compatible strings of the board.
func (r *reader) deviceTree() (model string, compatible []string) {
	const dir = "proc/device-tree/"
	model, _, _ = strings.Cut(string(r.small(dir+"model")), "\x00")
	return oneLine(model), deviceTreeStrings(string(r.small(dir + "compatible")))
}
