// Package draft is a model in the making: what the readers of whole trained models write their
// layers into, one after the other, in the order in which they run.
//
// The readers differ in how a file says what a layer is. What follows is the same for all of them:
// values are rounded to float32 once, with an account of what that costs; tensors get names; widths
// are checked where the layer is added, so that an error names the source's layer; and every layer
// of the source leaves a line that says what became of it, those that leave nothing else as well.
package draft
