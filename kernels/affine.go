package kernels

// Arithmetic names one of the four operations. The zero value names none.
type Arithmetic uint8

const (
	Add Arithmetic = iota + 1
	Subtract
	Multiply
	Divide
)

// String returns "add", "subtract", "multiply" or "divide".
func (a Arithmetic) String() string {
	switch a {
	case Add:
		return "add"
	case Subtract:
		return "subtract"
	case Multiply:
		return "multiply"
	case Divide:
		return "divide"
	}
	return "undefined operation"
}

// Affine sets dst = x op operand, one rounding per element. x and dst are [rows][n]; operand has n values,
// one for each column, or 1 value for all. dst may be x.
//
// It is one operation and not a scale with an offset, because the order in which a model's source applies
// them is kept: x − mean, then ÷ deviation, is not x·(1/deviation) − mean/deviation.
func Affine(op Arithmetic, dst, x, operand []float32, rows, n int) {
	mustHoldColumns("Affine", "operand", dst, x, operand, rows, n)
	switch op {
	case Add:
		eachColumn(dst, x, operand, func(v, a float32) float32 { return float32(v + a) })
	case Subtract:
		eachColumn(dst, x, operand, func(v, a float32) float32 { return float32(v - a) })
	case Multiply:
		eachColumn(dst, x, operand, func(v, a float32) float32 { return float32(v * a) })
	case Divide:
		eachColumn(dst, x, operand, func(v, a float32) float32 { return float32(v / a) })
	default:
		panicUndefined("Affine", op)
	}
}

// PReLU is [LeakyReLU] with a slope for each column. x and dst are [rows][n]; slope has n values, or 1 value
// for all. dst may be x.
func PReLU(dst, x, slope []float32, rows, n int) {
	mustHoldColumns("PReLU", "slope", dst, x, slope, rows, n)
	eachColumn(dst, x, slope, LeakyReLU)
}

// eachColumn sets dst = f(x, operand), where operand repeats for every row, be it n values or 1.
func eachColumn(dst, x, operand []float32, f func(v, a float32) float32) {
	for len(x) > 0 {
		for i, a := range operand {
			dst[i] = f(x[i], a)
		}
		dst, x = dst[len(operand):], x[len(operand):]
	}
}

func mustHoldColumns(kernel, name string, dst, x, operand []float32, rows, n int) {
	mustHold(kernel, "dst", len(dst), rows, n)
	mustHold(kernel, "x", len(x), rows, n)
	mustHoldOneOr(kernel, name, len(operand), n)
}
