package sklearn

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"math"
	"strings"
	"testing"

	"github.com/edge-infer/edge-infer/cmd/export/internal/draft"
)

// The tests below write pickles by hand: code is a value's instructions, of protocol 2 or less but
// for the strings.
type code string

func num(n int) code      { return code(fmt.Sprintf("I%d\n", n)) }
func real(f float64) code { return code(fmt.Sprintf("F%v\n", f)) }
func str(s string) code   { return code("V" + s + "\n") }

const (
	none code = "N"
	yes  code = "\x88"
	no   code = "\x89"
)

func glue(values []code) string {
	var b strings.Builder
	for _, v := range values {
		b.WriteString(string(v))
	}
	return b.String()
}

func list(values ...code) code  { return code("](" + glue(values) + "e") }
func tuple(values ...code) code { return code("(" + glue(values) + "t") }
func dict(pairs ...code) code   { return code("}(" + glue(pairs) + "u") }

// call is what a function returns.
func call(global code, args ...code) code { return global + tuple(args...) + "R" }

// object is one of scikit-learn, with names of attributes and their values in turns.
func object(class string, attributes ...any) code {
	pairs := []code{}
	for _, a := range attributes {
		switch a := a.(type) {
		case string:
			pairs = append(pairs, str(a))
		case code:
			pairs = append(pairs, a)
		default:
			panic(fmt.Sprintf("an attribute of %T", a))
		}
	}
	return code("csklearn.module\n"+class+"\n)\x81") + dict(pairs...) + "b"
}

// array is one of float64.
func array(shape []int, values ...float64) code {
	data := make([]byte, 0, 8*len(values))
	for _, v := range values {
		data = binary.LittleEndian.AppendUint64(data, math.Float64bits(v))
	}
	return raw("f8", shape, false, blob(data))
}

// vector is an array of one dimension.
func vector(values ...float64) code { return array([]int{len(values)}, values...) }

func blob(data []byte) code {
	return code("B" + string(binary.LittleEndian.AppendUint32(nil, uint32(len(data)))) + string(data))
}

// raw is an array of any dtype over bytes, or over a list if it has objects.
func raw(dtype string, shape []int, fortran bool, data code) code {
	sizes := make([]code, len(shape))
	for i, n := range shape {
		sizes[i] = num(n)
	}
	order := no
	if fortran {
		order = yes
	}
	kind := call("cnumpy\ndtype\n", str(dtype), no, yes) + tuple(num(3), str("<"), none, none, none, num(-1), num(-1), num(0)) + "b"
	return call("cnumpy._core.multiarray\n_reconstruct\n", "cnumpy\nndarray\n", tuple(num(0)), blob([]byte("b"))) +
		tuple(num(1), tuple(sizes...), kind, order, data) + "b"
}

// texts is an array of objects.
func texts(values ...string) code {
	items := make([]code, len(values))
	for i, v := range values {
		items[i] = str(v)
	}
	return raw("O", []int{len(values)}, false, list(items...))
}

// linearModel is a regression over n columns, all of weight 1.
func linearModel(n int) code {
	values := make([]float64, n)
	for i := range values {
		values[i] = 1
	}
	return object("LinearRegression", "coef_", vector(values...), "intercept_", real(0), "n_features_in_", num(n), "_sklearn_version", str("1.9.1"))
}

func chain(steps ...code) code {
	pairs := make([]code, len(steps))
	for i, s := range steps {
		pairs[i] = tuple(str(fmt.Sprintf("step%d", i)), s)
	}
	return object("Pipeline", "steps", list(pairs...))
}

func loadCode(c code) (*Object, error) {
	data := []byte("\x80\x02" + string(c) + ".")
	return Load(bytes.NewReader(data), int64(len(data)))
}

func readCode(c code) (*draft.Draft, error) {
	o, err := loadCode(c)
	if err != nil {
		return nil, err
	}
	return o.Draft(nil)
}

// one returns the estimator that a value is.
func one(t *testing.T, c code) estimator {
	t.Helper()
	o, err := loadCode(c)
	if err != nil {
		t.Fatal(err)
	}
	return o.estimators[0]
}

var nan = math.NaN()
