// Package keras reads models that Keras saved: the .keras archive, the older .h5 of a whole model,
// and files of weights alone. Keras 2 and 3 are read, whatever backend trained.
//
// Both kinds of whole models hold a configuration in JSON, which names the layers and how they hang
// together, and an HDF5 file of their variables. What differs is how a layer's variables are found.
// In an .h5 they stand under the layer's own name, with lists of names to go by. In a .keras they
// stand under a path made of class names with counters, so that layers/dense_1/vars/0 is the kernel
// of the second dense layer, whatever it is called; newer versions say beside it what that is.
//
// Layers are read in the order in which they run, which in a functional model follows from its
// connections: they must make a chain. A layer changes rows, or only how their values are arranged,
// as Flatten does, or nothing at all when a model runs, as Dropout does. Configurations differ
// between versions more than the documentation tells: a slope is called alpha or negative_slope,
// hard_sigmoid is another function in Keras 3, numbers may be wrapped in objects. Nothing is ever
// executed: a Lambda layer is an error that names it.
//
// A file of weights says nothing of activations and order: its tensors are returned with names, for
// the person who exports to say the rest.
package keras
