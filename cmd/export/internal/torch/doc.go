// Package torch reads what torch.save and torch.jit.save write.
//
// Such a file holds a pickle, which describes Python's objects, and storages, which are flat arrays
// of values; a tensor is a view of a storage, with sizes, strides and an offset. Today's file is a zip
// archive with an entry for each; before PyTorch 1.6 one followed the other. The pickle is read by
// package pickle and never executed.
//
// What can be done with a file depends on what was saved. A torch.nn.Sequential says which layers
// there are, with their parameters, and that they run one after the other: it becomes a whole model.
// A state_dict, a checkpoint around one, a TorchScript archive, and an object of a class of one's own
// hold weights with names, while the order of the layers and their activations are in code that the
// file lacks: they become tensors, and the person says the architecture. [File] is one or the other.
package torch
