package sklearn

import (
	"slices"
	"strings"
)

// allow reports whether a class or function may occur in a file, besides those of joblib and of
// NumPy's arrays. None is called.
func allow(module, name string) bool {
	return isOwn(module) || slices.Contains(others(module), name)
}

// isOwn reports whether a module belongs to scikit-learn.
func isOwn(module string) bool {
	return module == "sklearn" || strings.HasPrefix(module, "sklearn.")
}

// others lists what estimators have in their attributes and does not come from scikit-learn:
// generators of random numbers, the tables of a search, functions that transform columns, names of
// columns; and what people put beside a model, such as a date.
func others(module string) []string {
	switch module {
	case "builtins":
		return []string{"slice", "range"}
	case "datetime":
		return []string{"date", "datetime", "time", "timedelta", "timezone"}
	case "functools":
		return []string{"partial"}
	case "numpy":
		return []string{
			"bool_", "bool", "int8", "int16", "int32", "int64", "uint8", "uint16", "uint32", "uint64",
			"float16", "float32", "float64", "str_", "object_",
			"abs", "absolute", "cbrt", "exp", "exp2", "expm1", "log", "log10", "log1p", "log2", "reciprocal", "sign", "sqrt", "square",
		}
	case "numpy.ma":
		return []string{"MaskedArray"}
	case "numpy.ma.core":
		return []string{"MaskedArray", "_mareconstruct"}
	case "numpy.random":
		return []string{"__RandomState_ctor"}
	case "numpy.random._pickle":
		return []string{"__bit_generator_ctor", "__generator_ctor", "__randomstate_ctor"}
	case "numpy.random._mt19937":
		return []string{"MT19937"}
	case "numpy.random._pcg64":
		return []string{"PCG64", "PCG64DXSM"}
	case "numpy.random._philox":
		return []string{"Philox"}
	case "numpy.random._sfc64":
		return []string{"SFC64"}
	case "numpy.random.bit_generator":
		return []string{"SeedSequence", "__pyx_unpickle_SeedSequence"}
	case "pandas":
		return []string{"Index", "RangeIndex", "StringDtype"}
	case "pandas._libs.arrays":
		return []string{"__pyx_unpickle_NDArrayBacked"}
	case "pandas.arrays":
		return []string{"StringArray"}
	case "pandas.core.indexes.base":
		return []string{"Index", "_new_Index"}
	case "pandas.core.indexes.range":
		return []string{"RangeIndex"}
	case "scipy.sparse._csr", "scipy.sparse.csr":
		return []string{"csr_matrix", "csr_array"}
	case "scipy.stats._distn_infrastructure":
		return []string{"rv_frozen", "rv_continuous_frozen", "rv_discrete_frozen"}
	case "scipy.stats._continuous_distns":
		return []string{"uniform_gen", "reciprocal_gen", "loguniform_gen", "norm_gen", "expon_gen", "gamma_gen", "beta_gen", "truncnorm_gen", "lognorm_gen"}
	case "scipy.stats._discrete_distns":
		return []string{"randint_gen", "geom_gen", "poisson_gen", "binom_gen"}
	}
	return nil
}
