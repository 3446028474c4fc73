package torch

import (
	"slices"

	"github.com/edge-infer/edge-infer/cmd/export/internal/pickle"
)

// classes are the classes and functions that a file may name, by module.
var classes = map[string][]string{
	"torch": {
		"Size", "Tensor", "device",
		"float64", "float32", "float16", "bfloat16", "int64", "int32", "int16", "int8", "uint64", "uint32", "uint16", "uint8", "bool",
		"DoubleStorage", "FloatStorage", "HalfStorage", "BFloat16Storage",
		"LongStorage", "IntStorage", "ShortStorage", "CharStorage", "ByteStorage", "BoolStorage",
	},
	"torch.cuda": { // of files before PyTorch 0.4
		"DoubleStorage", "FloatStorage", "HalfStorage",
		"LongStorage", "IntStorage", "ShortStorage", "CharStorage", "ByteStorage", "BoolStorage",
	},
	"torch.storage":      {"UntypedStorage"},
	"torch._utils":       {"_rebuild_tensor", "_rebuild_tensor_v2", "_rebuild_tensor_v3", "_rebuild_parameter", "_rebuild_parameter_with_state"},
	"torch._tensor":      {"_rebuild_from_type", "_rebuild_from_type_v2"},
	"torch.nn.parameter": {"Parameter", "Buffer"},
	"torch.jit._pickle":  {"build_boollist", "build_doublelist", "build_intlist", "build_tensorlist", "restore_type_tag"},

	// Layers, and what makes the weights of some.
	"torch.nn.modules.container":      {"Sequential"},
	"torch.nn.parallel.data_parallel": {"DataParallel"},
	"torch.nn.modules.linear":         {"Linear", "Identity"},
	"torch.nn.modules.flatten":        {"Flatten"},
	"torch.nn.modules.dropout":        {"Dropout", "Dropout1d", "Dropout2d", "Dropout3d", "AlphaDropout", "FeatureAlphaDropout"},
	"torch.nn.modules.batchnorm":      {"BatchNorm1d", "SyncBatchNorm"},
	"torch.nn.modules.activation": {
		"CELU", "ELU", "GELU", "Hardsigmoid", "Hardtanh", "LeakyReLU", "LogSoftmax", "PReLU", "RReLU", "ReLU", "ReLU6", "SELU",
		"SiLU", "Sigmoid", "Softmax", "Softplus", "Tanh",
	},
	"torch.nn.utils.weight_norm": {"WeightNorm"},
	"torch.nn.utils.prune": {
		"CustomFromMask", "Identity", "L1Unstructured", "LnStructured", "PruningContainer", "RandomStructured", "RandomUnstructured",
	},

	// What people keep in a checkpoint beside the weights. Nothing is made of it.
	"numpy":                               {"float64", "float32", "int64", "int32", "bool_"},
	"collections":                         {"Counter"},
	"datetime":                            {"date", "datetime", "timedelta"},
	"argparse":                            {"Namespace"},
	"pathlib":                             {"PosixPath", "WindowsPath", "PurePosixPath", "PureWindowsPath"},
	"pytorch_lightning.utilities.parsing": {"AttributeDict"},
	"lightning.pytorch.utilities.parsing": {"AttributeDict"},
	"lightning.fabric.utilities.data":     {"AttributeDict"},
	"lightning_fabric.utilities.data":     {"AttributeDict"},
}

// allowed reports whether a file may name a class or function.
func allowed(module, name string) bool {
	return slices.Contains(classes[module], name) || pickle.IsNumPy(module, name)
}

// known reports whether a module is of a class that is listed.
func (m *module) known() bool { return allowed(m.record.Class.Module, m.record.Class.Name) }

// options say what the pickle of a file may hold. An object of another class than those listed may
// be a module, for then its weights are of use: it has the three dicts that torch.nn.Module makes.
func (c *content) options() pickle.Options {
	return pickle.Options{
		Allow: func(module, name string) bool {
			return allowed(module, name) || c.script && isScript(module)
		},
		Instance:   isModule,
		Persistent: c.persistent,
	}
}

// isModule reports whether an object is a torch.nn.Module, of whatever class.
func isModule(r *pickle.Record) bool {
	state, ok := r.State.(*pickle.Dict)
	for _, name := range []string{"_parameters", "_buffers", "_modules"} {
		if !ok {
			return false
		}
		v, _ := state.Get(name)
		_, ok = v.(*pickle.Dict)
	}
	return ok
}
