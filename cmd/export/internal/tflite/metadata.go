package tflite

import (
	"fmt"
	"strings"
	"unicode/utf8"
)

// maxText bounds a name or a description that is kept, in bytes.
const maxText = 4096

// about is what TFLite Metadata tells of a model: a flatbuffer of its own in one of the buffers, for
// people and for the libraries that prepare inputs. It takes no part in computing.
type about struct {
	name, description string
	labels            string // file of the output's labels, among those that are packed behind the model
	rgb               bool   // whether the input is a picture of red, green and blue
}

// metadata returns the buffer that a model's metadata has under a name, empty if there is none.
func (g *graph) metadata(name string) *flatbuffer {
	list := g.root.vector(6, 4)
	for i := range min(list.len, 64) {
		if entry := list.table(i); string(entry.bytes(0)) == name {
			data, err := g.buffer(int(entry.uint32(1)))
			if err == nil && len(data) > 0 {
				return &flatbuffer{data: data}
			}
		}
	}
	return nil
}

// converterVersion is the version of TensorFlow that wrote the file, if it tells.
func (g *graph) converterVersion() string {
	f := g.metadata("CONVERSION_METADATA")
	if f == nil {
		return ""
	}
	return text(f.root().table(0).bytes(0))
}

// about reads the metadata of the first subgraph, its input and its output.
func (c *converter) about() about {
	f := c.metadata("TFLITE_METADATA")
	if f == nil {
		return about{}
	}
	root := f.root()
	a := about{name: text(root.bytes(0)), description: text(root.bytes(1))}
	if graphs := root.vector(3, 4); graphs.len > 0 {
		main := graphs.table(0)
		if inputs := main.vector(2, 4); inputs.len > 0 {
			c.aboutInput(&a, inputs.table(0))
		}
		if outputs := main.vector(3, 4); outputs.len > 0 {
			a.labels = labelFile(outputs.table(0))
		}
	}
	if f.err != nil {
		c.draft.Note("the file's metadata is damaged and was not read: %v", f.err)
		return about{}
	}
	return a
}

// aboutInput reads the metadata of the input.
func (c *converter) aboutInput(a *about, input table) {
	const image, rgb, normalization = 2, 1, 1
	if content := input.table(3); content.byte(0) == image {
		a.rgb = content.table(1).byte(0) == rgb
	}
	units := input.vector(4, 4)
	for i := range min(units.len, 64) {
		unit := units.table(i)
		options := unit.table(1)
		mean, std := options.vector(0, 4), options.vector(1, 4)
		if unit.byte(0) != normalization || mean.len == 0 || std.len == 0 {
			continue
		}
		if m, s := mean.float32(0), std.float32(0); m != 0 || s != 1 {
			c.draft.Note("the metadata tells whoever calls the source to prepare inputs as (x − mean)/std, mean %s and std %s: that is outside of the source and outside of this model", numbers(mean), numbers(std))
		}
	}
}

// numbers writes the first few numbers of a vector.
func numbers(v vector) string {
	var list []string
	for i := range min(v.len, 4) {
		list = append(list, fmt.Sprint(v.float32(i)))
	}
	return strings.Join(list, " ")
}

// labelFile is the name of the file that has a label for each value of an output.
func labelFile(output table) string {
	const axisLabels, valueLabels = 2, 3
	files := output.vector(6, 4)
	for i := range min(files.len, 64) {
		f := files.table(i)
		if kind := f.byte(2); kind == axisLabels || kind == valueLabels {
			return text(f.bytes(0))
		}
	}
	return ""
}

// text returns a string of the file if it is one that can be kept.
func text(b []byte) string {
	if len(b) > maxText || !utf8.Valid(b) {
		return ""
	}
	return string(b)
}
