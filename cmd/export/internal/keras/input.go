package keras

import (
	"fmt"
	"slices"

	"github.com/edge-infer/edge-infer/cmd/export/internal/draft"
	"github.com/edge-infer/edge-infer/format"
)

// begin starts the draft with the shape of the input: as the first layer tells it, or the model, or
// the kernel of the first dense layer.
func (c *converter) begin(model object, layers []layer) error {
	shape, err := inputShape(model, layers[0])
	if err != nil {
		return fmt.Errorf("%s: %w", layers[0].place(), err)
	}
	if shape == nil {
		if shape, err = c.shapeOfKernel(layers); err != nil {
			return err
		}
	}
	c.shape = shape
	row, layout := picture(shape)
	if c.draft, err = draft.New(row...); err != nil {
		return fmt.Errorf("input: %w", err)
	}
	in := &c.draft.Model.Input
	in.Layout = layout
	switch layout {
	case format.HWCGray:
		c.draft.Note("rows of shape %v are taken for grey pictures: rows of pixels from the top, each from the left", shape)
	case format.HWCRGB:
		c.draft.Note("rows of shape %v are taken for pictures with red, green and blue in this order, as Keras loads them; OpenCV loads blue first", shape)
	}
	if first := layers[0]; first.Class == "InputLayer" {
		if dtype, _ := first.config.text("dtype", ""); dtype == "uint8" {
			in.DType = format.U8
		}
	}
	return nil
}

// inputShape returns the shape of a row, or nil where the file does not say it.
func inputShape(model object, first layer) ([]int, error) {
	places := []config{first.config}
	for _, o := range []object{first.object, model} {
		build, err := object{Config: o.Build}.parse()
		if err != nil {
			return nil, err
		}
		places = append(places, build)
	}
	if c, err := model.parse(); err == nil {
		places = append(places, c)
	}
	for _, c := range places {
		for _, key := range []string{"batch_shape", "batch_input_shape", "input_shape", "build_input_shape"} {
			if shape, err := c.shape(key); shape != nil || err != nil {
				if len(shape) == 0 && err == nil {
					shape = []int{1}
				}
				return shape, err
			}
		}
	}
	return nil, nil
}

// shapeOfKernel returns how many values the first dense layer takes, if nothing before it depends on
// their number.
func (c *converter) shapeOfKernel(layers []layer) ([]int, error) {
	for i := range layers {
		l := &layers[i]
		if l.Class == "Dense" {
			_, shapes, err := c.kernel(l)
			if err != nil {
				return nil, fmt.Errorf("%s: %w", l.place(), err)
			}
			return shapes[0][:1], nil
		}
		if !slices.Contains(idle, l.Class) && l.Class != "InputLayer" {
			break
		}
	}
	return nil, fmt.Errorf("the model does not say the shape of its input: build it, or begin it with keras.Input(shape=…), and save it again")
}

// enter takes rows into a model within the model as Keras does: where its input has one dimension more
// or less, a last one of 1 is added or taken away.
func (c *converter) enter(l *layer) error {
	var shape []*int // with the batch, and null for what is open
	for _, key := range []string{"batch_shape", "batch_input_shape"} {
		if err := l.config.get(key, &shape); err != nil {
			return err
		}
	}
	n := len(c.shape)
	switch inner := len(shape) - 1; {
	case inner == n+1:
		c.shape = append(slices.Clone(c.shape), 1)
	case inner >= 0 && inner == n-1 && c.shape[inner] == 1:
		c.shape = c.shape[:inner]
	}
	return nil
}

// picture returns the shape of a row and its layout. Keras does not know what a row is; rows of three
// dimensions with one or three channels are pictures, and so are square ones without channels.
func picture(shape []int) ([]int, format.Layout) {
	switch {
	case len(shape) == 3 && shape[2] == 1:
		return shape, format.HWCGray
	case len(shape) == 3 && shape[2] == 3:
		return shape, format.HWCRGB
	case len(shape) == 2 && shape[0] == shape[1] && shape[0] > 1:
		return []int{shape[0], shape[1], 1}, format.HWCGray
	}
	return shape, format.Vector
}
