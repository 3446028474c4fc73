package assemble

import (
	"encoding/binary"
	"errors"
	"math"
	goruntime "runtime"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/edge-infer/edge-infer/cmd/export/internal/source"
	"github.com/edge-infer/edge-infer/cmd/internal/arch"
	"github.com/edge-infer/edge-infer/cmd/internal/cli"
	"github.com/edge-infer/edge-infer/cmd/internal/npy"
	"github.com/edge-infer/edge-infer/format"
	"github.com/edge-infer/edge-infer/runtime"
)

// tensor makes a tensor of float64 values.
func tensor(t *testing.T, name string, shape []int, values ...float64) source.Tensor {
	t.Helper()
	var data []byte
	for _, v := range values {
		data = binary.LittleEndian.AppendUint64(data, math.Float64bits(v))
	}
	array, err := npy.New("<f8", shape, data)
	if err != nil {
		t.Fatal(err)
	}
	return source.Tensor{Name: name, Array: array}
}

// shaped makes tensors from "W1 2x3, b1 3": their values count up from 1. A name alone is a scalar.
func shaped(t *testing.T, text string) []source.Tensor {
	t.Helper()
	var tensors []source.Tensor
	for _, item := range strings.Split(text, ",") {
		words := strings.Fields(item)
		var shape []int
		n := 1
		if len(words) == 2 {
			for _, word := range strings.Split(words[1], "x") {
				d, err := strconv.Atoi(word)
				if err != nil {
					t.Fatal(err)
				}
				shape, n = append(shape, d), n*d
			}
		}
		values := make([]float64, n)
		for i := range values {
			values[i] = float64(i + 1)
		}
		tensors = append(tensors, tensor(t, words[0], shape, values...))
	}
	return tensors
}

// texts makes a tensor of strings of one character.
func texts(t *testing.T, name, characters string) source.Tensor {
	t.Helper()
	array, err := npy.New("|S1", []int{len(characters)}, []byte(characters))
	if err != nil {
		t.Fatal(err)
	}
	return source.Tensor{Name: name, Array: array}
}

func parse(t *testing.T, text string) []format.Layer {
	t.Helper()
	if text == "" {
		return nil
	}
	layers, err := arch.Parse(text)
	if err != nil {
		t.Fatal(err)
	}
	return layers
}

// TestMatching holds which tensors each layer gets, and which way their matrices are taken.
func TestMatching(t *testing.T) {
	tests := map[string]struct {
		tensors string
		arch    string
		spec    Spec
		want    string // steps, with the tensors of each
		decided string // part of one decision
	}{
		"W1, b1":             {tensors: "W2 3x2, b2 2, b1 3, W1 4x3", arch: "dense,relu,dense", want: "dense(W1,b1),relu,dense(W2,b2)", decided: "weights W1, W2 are taken as [inputs, outputs], as their names say"},
		"no bias":            {tensors: "W1 4x3, W2 3x2", arch: "dense,relu,dense", want: "dense(W1),relu,dense(W2)", decided: "weights W1, W2 go without a bias, because the file holds none"},
		"no bias, told":      {tensors: "W1 4x3, b1 3, W2 3x2", arch: "dense,relu,dense(W2)", want: "dense(W1,b1),relu,dense(W2)"},
		"numbers as numbers": {tensors: "w10 2x5, w9 4x2, w2 3x4", arch: "dense,dense,dense", want: "dense(w2),dense(w9),dense(w10)"},
		"torch Sequential":   {tensors: "0.weight 3x4, 0.bias 3, 2.weight 2x3, 2.bias 2", arch: "dense,relu,dense", want: "dense(0.weight,0.bias),relu,dense(2.weight,2.bias)", decided: "[outputs, inputs], as their names say"},
		"torch, square":      {tensors: "fc1.weight 3x3, fc2.weight 3x3", arch: "dense,relu,dense", want: "dense(fc1.weight),relu,dense(fc2.weight)", decided: "[outputs, inputs], as their names say"},
		"torch, wrapped":     {tensors: "module.fc1.weight 3x4, module.fc1.bias 3, module.fc2.weight 2x3, module.fc2.bias 2", arch: "dense,relu,dense", want: "dense(module.fc1.weight,module.fc1.bias),relu,dense(module.fc2.weight,module.fc2.bias)"},
		"torch, turned":      {tensors: "0.weight 4x3, 0.bias 3, 2.weight 3x2, 2.bias 2", arch: "dense,relu,dense", want: "dense(0.weight,0.bias),relu,dense(2.weight,2.bias)", decided: "[inputs, outputs], by their shapes, though so named"},
		"keras":              {tensors: "dense/kernel:0 4x3, dense/bias:0 3, dense_1/kernel:0 3x2, dense_1/bias:0 2", arch: "dense,relu,dense", want: "dense(dense/kernel:0,dense/bias:0),relu,dense(dense_1/kernel:0,dense_1/bias:0)"},
		"scikit-learn MLP":   {tensors: "coefs_0 4x3, coefs_1 3x2, intercepts_0 3, intercepts_1 2", arch: "dense,relu,dense", want: "dense(coefs_0,intercepts_0),relu,dense(coefs_1,intercepts_1)"},
		"scikit-learn":       {tensors: "coef_ 3x4, intercept_ 3", arch: "dense,softmax", want: "dense(coef_,intercept_),softmax", decided: "weights coef_ are taken as [outputs, inputs]"},
		"binary":             {tensors: "coef 1x4, intercept 1", arch: "dense,sigmoid", want: "dense(coef,intercept),sigmoid"},
		"regression":         {tensors: "coef_ 4, intercept_", arch: "dense", want: "dense(coef_,intercept_)"},
		"a bias of 1x3":      {tensors: "W 4x3, b 1x3", arch: "dense", want: "dense(W,b)"},
		"order by shapes":    {tensors: "out.weight 2x3, hidden.weight 3x4", arch: "dense,relu,dense", want: "dense(hidden.weight),relu,dense(out.weight)", decided: "order of the layers follows from their shapes"},
		"input and output":   {tensors: "input.kernel 4x3, hidden1.kernel 3x3, hidden2.kernel 3x3, a.kernel 3x2", arch: "dense,dense,dense,dense", want: "dense(input.kernel),dense(hidden1.kernel),dense(hidden2.kernel),dense(a.kernel)"},
		"named":              {tensors: "m 4x3, v 3, n 3x2", arch: "dense(m,v),relu,dense(n)", want: "dense(m,v),relu,dense(n)", decided: "weights m, n are taken as [inputs, outputs], by their shapes"},
		"named, turned":      {tensors: "m 3x4, v 3", arch: "dense(m,v)", want: "dense(m,v)", decided: "[outputs, inputs], by their shapes"},
		"named and bare":     {tensors: "x 4x3, W 3x2", arch: "dense(x),dense", want: "dense(x),dense(W)"},
		"shared":             {tensors: "W1 3x3, W2 3x2", arch: "dense(W1),relu,dense(W1),relu,dense", want: "dense(W1),relu,dense(W1),relu,dense(W2)"},
		"told: yes":          {tensors: "m 3x3", arch: "dense(m)", spec: Spec{Transpose: Yes}, want: "dense(m)", decided: "by --transpose yes"},
		"told: no":           {tensors: "fc.weight 3x3", arch: "dense", spec: Spec{Transpose: No}, want: "dense(fc.weight)", decided: "by --transpose no"},
		"torch prelu":        {tensors: "0.weight 3x4, 0.bias 3, 1.weight 1, 2.weight 2x3, 2.bias 2", arch: "dense,prelu,dense", want: "dense(0.weight,0.bias),prelu(1.weight),dense(2.weight,2.bias)"},
		"a vector at last":   {tensors: "W1 4x3, b1 3, W2 3, b2", arch: "dense,relu,dense", want: "dense(W1,b1),relu,dense(W2,b2)"},
		"torch batch norm":   {tensors: "0.weight 3x4, 0.bias 3, 1.weight 3, 1.bias 3, 2.weight 2x3, 2.bias 2", arch: "dense,multiply(1.weight),add(1.bias),relu,dense", want: "dense(0.weight,0.bias),multiply(1.weight),add(1.bias),relu,dense(2.weight,2.bias)"},
		"alphas":             {tensors: "W1 4x3, alpha1 3, W2 3x2, alpha2 2", arch: "dense,prelu,dense,prelu", want: "dense(W1),prelu(alpha1),dense(W2),prelu(alpha2)"},
		"standardised":       {tensors: "W 4x3, mean 4, std 4", arch: "dense", want: "subtract(mean),divide(std),dense(W)", decided: "inputs are standardised, (x - mean) / std"},
		"by a scaler":        {tensors: "coef_ 3x4, mean_ 4, scale_ 4", arch: "dense", want: "subtract(mean_),divide(scale_),dense(coef_)"},
		"by one number":      {tensors: "W 4x3, mean, std 1", arch: "dense", want: "subtract(mean),divide(std),dense(W)"},
		"told: tensors":      {tensors: "W 4x3, m 4, d 4", arch: "dense", spec: Spec{Mean: Constant{Tensor: "m"}, Std: Constant{Tensor: "d"}}, want: "subtract(m),divide(d),dense(W)"},
		"told: std alone":    {tensors: "W 4x3, d 4", arch: "dense", spec: Spec{Std: Constant{Tensor: "d"}}, want: "divide(d),dense(W)"},
		"told: none":         {tensors: "W 4x3, mean 4, std 4", arch: "dense", spec: Spec{Mean: Constant{None: true}, Std: Constant{None: true}}, want: "dense(W)"},
		"in the arch":        {tensors: "W 4x3, mean 4, std 4", arch: "subtract(mean),divide(std),dense", want: "subtract(mean),divide(std),dense(W)"},
		"one for both":       {tensors: "W 4x3, m 4", arch: "dense", spec: Spec{Mean: Constant{Tensor: "m"}, Std: Constant{Tensor: "m"}}, want: "subtract(m),divide(m),dense(W)"},
		"ignored":            {tensors: "W 4x3, epoch, optimizer/state/0 7, optimizer/state/1 7", arch: "dense", spec: Spec{Ignore: []string{"epoch", "opt*/*"}}, want: "dense(W)"},
		"width by a shape":   {tensors: "W 2x3", arch: "select(0,3),dense", spec: Spec{Shape: []int{5}}, want: "select(0,3),dense(W)"},
		"width by features":  {tensors: "W 6x3", arch: "polynomial(2),dense", spec: Spec{Features: []string{"a", "b"}}, want: "polynomial(2),dense(W)"},
		"width by the mean":  {tensors: "W 6x3, mean 2, std 2", arch: "polynomial(2),dense", want: "subtract(mean),divide(std),polynomial(2),dense(W)"},
		"width says which":   {tensors: "m 3x4", arch: "dense(m)", spec: Spec{Shape: []int{4}}, want: "dense(m)", decided: "[outputs, inputs], by their shapes"},
		"a grey picture":     {tensors: "W 4x3", arch: "dense", spec: Spec{Shape: []int{2, 2, 1}}, want: "dense(W)", decided: "an input row is a picture of layout hwc_gray, because its shape is 2×2×1"},
		"channels first":     {tensors: "W 4x3", arch: "dense", spec: Spec{Shape: []int{1, 2, 2}}, want: "dense(W)", decided: "layout chw_gray, because its shape is 1×2×2"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			test.spec.Arch = parse(t, test.arch)
			r, err := Model(shaped(t, test.tensors), test.spec)
			if err != nil {
				t.Fatal(err)
			}
			if got := arch.String(r.Model.Steps()); got != test.want {
				t.Errorf("got  %s\nwant %s", got, test.want)
			}
			if test.decided != "" && !slices.ContainsFunc(r.Decisions, func(d string) bool { return strings.Contains(d, test.decided) }) {
				t.Errorf("no decision says %q: %q", test.decided, r.Decisions)
			}
		})
	}
}

func TestErrors(t *testing.T) {
	tests := map[string]struct {
		tensors string
		arch    string
		spec    Spec
		want    []string // in the message
		without []string // not in it
	}{
		"no architecture":    {tensors: "W1 4x3, b1 3, W2 3x2, mean 4, std 4", want: []string{"W1 (4×3 float64)", `--arch "dense,relu,dense,softmax"`}},
		"none, no names":     {tensors: "a 4x3", want: []string{`--arch "dense(WEIGHT,BIAS),softmax"`}},
		"too few layers":     {tensors: "W1 4x3, W2 3x2", arch: "dense", want: []string{"has 1 dense layer to fill", "those of 2", "W1 (4×3 float64), W2 (3×2 float64)", `--arch "dense,relu,dense,softmax"`}},
		"too many layers":    {tensors: "W1 4x3", arch: "dense,relu,dense", want: []string{"has 2 dense layers to fill", "those of 1", `--arch "dense,softmax"`}},
		"too many, binary":   {tensors: "coef_ 1x4, intercept_ 1", arch: "dense,relu,dense", want: []string{`--arch "dense,sigmoid"`}},
		"a lost bias":        {tensors: "W1 4x3, b1 3, W2 3x2", arch: "dense,relu,dense", want: []string{"assemble: the file holds no b2, the bias of W2, as b1 is that of W1: if the layer has none, write it as dense(W2) in --arch"}},
		"the first lost":     {tensors: "coefs_0 4x3, coefs_1 3x2, intercepts_1 2", arch: "dense,relu,dense", want: []string{"no intercepts_0, the bias of coefs_0", "dense(coefs_0)"}},
		"none, vectors":      {tensors: "0.weight 3x4, 0.bias 3, 1.weight 1, 2.weight 1x3, 2.bias 1", want: []string{`--arch "dense,relu,dense,sigmoid"; it has no words yet for 1.weight (1 float64): each needs one, such as prelu(NAME)`}},
		"vectors left over":  {tensors: "0.weight 3x4, 0.bias 3, 1.weight 3, 1.bias 3, 2.weight 1x3, 2.bias 1", arch: "dense,relu,dense", want: []string{"nothing needs 1.weight (3 float64), 1.bias (3 float64)", "multiply(VECTOR)", "--ignore 1.weight"}},
		"softmax of one":     {tensors: "coef_ 1x4, intercept_ 1", arch: "dense,softmax", want: []string{"assemble: the softmax of a single column is always 1", "write sigmoid"}, without: []string{"the file holds"}},
		"softmax, no bias":   {tensors: "coef_ 1x4", arch: "dense,softmax", want: []string{"softmax of a single column"}},
		"left over":          {tensors: "W 4x3, epoch", arch: "dense", want: []string{"nothing needs epoch (scalar float64)", "--ignore epoch"}},
		"a bias alone":       {tensors: "W1 4x3, b2 3", arch: "dense", want: []string{"nothing needs b2 (3 float64)"}},
		"mean alone":         {tensors: "W 4x3, mean 4", arch: "dense", want: []string{"nothing needs mean"}},
		"no such tensor":     {tensors: "W 4x3", arch: "dense(V)", want: []string{"layer 1, dense(V)", `no tensor "V"`, "W (4×3 float64)"}},
		"no such mean":       {tensors: "W 4x3", arch: "dense", spec: Spec{Mean: Constant{Tensor: "mu"}}, want: []string{`no tensor "mu"`}},
		"nothing to ignore":  {tensors: "W 4x3", arch: "dense", spec: Spec{Ignore: []string{"opt*"}}, want: []string{`--ignore: there is no tensor "opt*"`}},
		"named alike":        {tensors: "W1 4x3, w_1 3x2", arch: "dense,dense", want: []string{"W1 and w_1 are named alike"}},
		"no slope":           {tensors: "W1 4x3, W2 3x2", arch: "dense,prelu,dense", want: []string{"has 1 prelu layer to fill", "the file has 0 slopes", "prelu(SLOPE)"}},
		"widths":             {tensors: "W1 4x3, W2 5x2", arch: "dense,relu,dense", want: []string{"layer 3, dense(W2): W2 (5×2 float64) as [inputs, outputs] takes rows of 5 values, and gets rows of 3", "the file holds W1 (4×3 float64)"}},
		"widths, turned":     {tensors: "fc1.weight 3x4, fc2.weight 2x5", arch: "dense,relu,dense", want: []string{"fc2.weight (2×5 float64) as [outputs, inputs] takes rows of 5 values, and gets rows of 3"}},
		"width of a vector":  {tensors: "W1 4x3, b1 3, W2 5, b2", arch: "dense,relu,dense", want: []string{"W2 (5 float64) takes rows of 5 values, and"}},
		"width of a slope":   {tensors: "W 4x3, a 2", arch: "dense,prelu(a)", want: []string{"layer 2, prelu(a): a (2 float64) for rows of 3 values: a value for each is needed, or one for all"}},
		"width of a mean":    {tensors: "W 4x3, mean 5, std 5", arch: "dense", spec: Spec{Shape: []int{4}}, want: []string{"assemble: subtract(mean): mean (5 float64) for rows of 4 values"}},
		"a column too far":   {tensors: "W 1x3", arch: "select(9),dense", spec: Spec{Shape: []int{5}}, want: []string{"assemble: layer 1: select: column 9 of a row of 5 values"}},
		"a bias":             {tensors: "W 4x3, b 2", arch: "dense", want: []string{"layer 1, dense(W,b): W (4×3 float64) as [inputs, outputs] gives rows of 3 values, and its bias is b (2 float64)"}},
		"four dimensions":    {tensors: "W 4x3x3x1", arch: "dense", want: []string{"shape 4×3×3×1", "a matrix", "layer 1, dense(W)"}},
		"a mean of two":      {tensors: "W 4x3, mean 2x2, std 4", arch: "dense", want: []string{`tensor "mean" has shape 2×2: a vector`}},
		"no values":          {tensors: "W 0x3", arch: "dense", want: []string{"shape 0×3"}},
		"both ways":          {tensors: "m 3x3", arch: "dense(m)", want: []string{"neither names nor shapes", "--transpose no"}},
		"both ways, oblong":  {tensors: "m 3x4", arch: "dense(m)", want: []string{"neither names nor shapes"}},
		"told wrongly":       {tensors: "W1 4x3, b1 3", arch: "dense", spec: Spec{Transpose: Yes}, want: []string{"W1 (4×3 float64) as [outputs, inputs] gives rows of 4 values, and its bias is b1 (3 float64)"}},
		"order open":         {tensors: "a.kernel 3x3, c.kernel 3x3", arch: "dense,relu,dense", want: []string{"order of the layers open", `--arch "dense(a.kernel),relu,dense(c.kernel)" or --arch "dense(c.kernel),relu,dense(a.kernel)"`}},
		"many families":      {tensors: "a.w 3x3, c.w 3x3, d.w 3x3, e.w 3x3, f.w 3x3", arch: "dense,dense,dense,dense,dense", want: []string{"leave the order of the layers open", "dense(a.w),dense(c.w)"}},
		"width unknown":      {tensors: "W 2x3", arch: "select(0,3),dense", want: []string{"before select(0,3)", "--input-shape"}},
		"width nowhere":      {tensors: "b 1", arch: "relu,add(b)", want: []string{"no layer tells", "--input-shape"}, without: []string{"the file holds"}},
		"features":           {tensors: "W 4x3", arch: "dense", spec: Spec{Features: []string{"a", "b"}}, want: []string{"takes rows of 4 values, and gets rows of 2"}},
		"labels":             {tensors: "W 4x3", arch: "dense,softmax", spec: Spec{Labels: []string{"a", "b"}}, want: []string{"2 labels for 3 output columns"}, without: []string{"the file holds"}},
		"a useless cut":      {tensors: "W 4x3", arch: "dense", spec: Spec{Threshold: &format.Cut{Comparison: format.Greater}}, want: []string{"--threshold decides a single column", "3 columns of kind value and 0 labels"}, without: []string{"the file holds"}},
		"class of three":     {tensors: "W 4x3", arch: "dense", spec: Spec{Output: format.Class}, want: []string{"assemble: output: kind class has one column"}, without: []string{"the file holds"}},
		"labels of one":      {tensors: "W 4x1", arch: "dense,sigmoid", spec: Spec{Labels: []string{"a", "b", "c"}}, want: []string{"assemble: --labels: 3 labels for 1 output column: one"}, without: []string{"the file holds"}},
		"a colour picture":   {tensors: "W 12x3", arch: "dense", spec: Spec{Shape: []int{2, 2, 3}}, want: []string{"--input-shape 2×2×3: say with --layout"}},
		"shape for a layout": {tensors: "W 4x3", arch: "dense", spec: Spec{Layout: format.HWCRGB}, want: []string{"hwc_rgb"}, without: []string{"the file holds"}},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			test.spec.Arch = parse(t, test.arch)
			r, err := Model(shaped(t, test.tensors), test.spec)
			if err == nil {
				t.Fatalf("it makes %s", arch.String(r.Model.Steps()))
			}
			for _, want := range test.want {
				if !strings.Contains(err.Error(), want) {
					t.Errorf("%q\nhas no %q", err, want)
				}
			}
			for _, wrong := range append(test.without, "assemble: assemble", "format: ", "invalid model") {
				if strings.Contains(err.Error(), wrong) {
					t.Errorf("%q\nholds %q", err, wrong)
				}
			}
			if strings.Contains(err.Error(), "\n") {
				t.Errorf("%q is more than a line", err)
			}
		})
	}
}

// TestWrongCalls tells errors in the call from those in the file, which another call does not mend.
func TestWrongCalls(t *testing.T) {
	greater := &format.Cut{Comparison: format.Greater}
	tests := map[string]struct {
		tensors []source.Tensor
		arch    string
		spec    Spec
		call    bool
	}{
		"labels":           {shaped(t, "W 4x3"), "dense", Spec{Labels: []string{"a", "b"}}, true},
		"the file's own":   {append(shaped(t, "W 4x3"), texts(t, "classes", "ab")), "dense", Spec{}, false},
		"a threshold":      {shaped(t, "W 4x3"), "dense", Spec{Threshold: greater}, true},
		"a mean":           {shaped(t, "W 4x3"), "dense", Spec{Mean: Constant{Tensor: "mu"}}, true},
		"a deviation":      {shaped(t, "W 4x3"), "dense", Spec{Std: Constant{Tensor: "sigma"}}, true},
		"a layer's tensor": {shaped(t, "W 4x3"), "dense(V)", Spec{}, true},
		"ignored":          {shaped(t, "W 4x3"), "dense", Spec{Ignore: []string{"V"}}, true},
		"shapes":           {shaped(t, "W1 4x3, W2 4x3"), "dense,dense", Spec{}, false},
		"text":             {[]source.Tensor{texts(t, "W", "ab")}, "dense", Spec{}, false},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			test.spec.Arch = parse(t, test.arch)
			_, err := Model(test.tensors, test.spec)
			var usage *cli.UsageError
			if err == nil || errors.As(err, &usage) != test.call {
				t.Errorf("error %v: a wrong call is %v, want %v", err, !test.call, test.call)
			}
		})
	}
}

// TestOneConversion: of 24 orders in which layers may stand, the values of one are converted.
func TestOneConversion(t *testing.T) {
	tensors := shaped(t, "a.w 512x511, c.w 511x510, d.w 510x509, e.w 509x508")
	spec := Spec{Arch: parse(t, "dense,dense,dense,dense")}
	var before, after goruntime.MemStats
	goruntime.ReadMemStats(&before)
	if _, err := Model(tensors, spec); err != nil {
		t.Fatal(err)
	}
	goruntime.ReadMemStats(&after)
	// Converting takes 16 bytes a value: as float64, as float32 and as bytes.
	if got, most := after.TotalAlloc-before.TotalAlloc, uint64(3*16*4*512*512); got > most {
		t.Errorf("%d bytes were allocated, at most %d are expected", got, most)
	}
}

func TestOutput(t *testing.T) {
	two := []string{"no", "yes"}
	cut := func(c format.Comparison, v float32) *format.Cut { return &format.Cut{Comparison: c, Value: v} }
	tests := map[string]struct {
		tensors string
		arch    string
		spec    Spec
		kind    format.Kind
		cut     *format.Cut
	}{
		"softmax":            {tensors: "W 4x2", arch: "dense,softmax", kind: format.Probabilities},
		"softmax, labels":    {tensors: "W 4x2", arch: "dense,softmax", spec: Spec{Labels: two}, kind: format.Probabilities},
		"sigmoid":            {tensors: "W 4x1", arch: "dense,sigmoid", kind: format.Probabilities},
		"sigmoid, labels":    {tensors: "W 4x1", arch: "dense,sigmoid", spec: Spec{Labels: two}, kind: format.Probabilities, cut: cut(">", 0.5)},
		"its own cut":        {tensors: "W 4x1", arch: "dense,sigmoid", spec: Spec{Labels: two, Threshold: cut(">=", 0.3)}, kind: format.Probabilities, cut: cut(">=", 0.3)},
		"linear":             {tensors: "W 4x2", arch: "dense", kind: format.Value},
		"linear, labels":     {tensors: "W 4x2", arch: "dense", spec: Spec{Labels: two}, kind: format.Logits},
		"one logit":          {tensors: "W 4x1", arch: "dense", spec: Spec{Labels: two}, kind: format.Logits, cut: cut(">", 0)},
		"a decision, told":   {tensors: "W 4x1", arch: "dense", spec: Spec{Labels: two, Output: format.Decision}, kind: format.Decision, cut: cut(">", 0)},
		"named quantities":   {tensors: "W 4x2", arch: "dense", spec: Spec{Labels: two, Output: format.Value}, kind: format.Value},
		"relu":               {tensors: "W 4x2", arch: "dense,relu", kind: format.Value},
		"tanh, labels":       {tensors: "W 4x2", arch: "dense,tanh", spec: Spec{Labels: two}, kind: format.Decision},
		"argmax":             {tensors: "W 4x2", arch: "dense,argmax", spec: Spec{Labels: two}, kind: format.Class},
		"step":               {tensors: "W 4x1", arch: "dense,step", spec: Spec{Labels: two}, kind: format.Class},
		"threshold":          {tensors: "W 4x1", arch: "dense,threshold(>0)", kind: format.Class},
		"three steps":        {tensors: "W 4x3", arch: "dense,step", kind: format.Value},
		"three, with labels": {tensors: "W 4x3", arch: "dense,step", spec: Spec{Labels: []string{"a", "b", "c"}}, kind: format.Decision},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			test.spec.Arch = parse(t, test.arch)
			r, err := Model(shaped(t, test.tensors), test.spec)
			if err != nil {
				t.Fatal(err)
			}
			o := r.Model.Output
			if o.Kind != test.kind {
				t.Errorf("kind %s, want %s", o.Kind, test.kind)
			}
			if (o.Threshold == nil) != (test.cut == nil) || o.Threshold != nil && *o.Threshold != *test.cut {
				t.Errorf("threshold %v, want %v", o.Threshold, test.cut)
			}
		})
	}
}

// TestNamesFromTensors: labels and features come from the file, and flags go first.
func TestNamesFromTensors(t *testing.T) {
	tensors := append(shaped(t, "W 2x3"), texts(t, "classes_", "abc"), texts(t, "features", "xy"))
	for _, told := range []bool{false, true} {
		s := Spec{Arch: parse(t, "dense,softmax")}
		labels, features := "abc", "xy"
		if told {
			s.Labels, s.Features = []string{"d", "e", "f"}, []string{"v", "w"}
			labels, features = "def", "vw"
		}
		r, err := Model(tensors, s)
		if err != nil {
			t.Fatal(err)
		}
		if got := strings.Join(r.Model.Output.Labels, ""); got != labels {
			t.Errorf("labels %s, want %s", got, labels)
		}
		if got := strings.Join(r.Model.Input.Features, ""); got != features {
			t.Errorf("features %s, want %s", got, features)
		}
	}
}

// TestXOR runs a network whose answers are known by hand, in both of the customs for matrices. No
// matrix of it is its own transpose, or the test would show nothing.
func TestXOR(t *testing.T) {
	// h = relu([a+b, 2a+2b−2]), y = h0 − h1: 0, 1, 1, 0.
	tests := map[string][]source.Tensor{
		"[inputs, outputs]": {tensor(t, "W1", []int{2, 2}, 1, 2, 1, 2), tensor(t, "b1", []int{2}, 0, -2), tensor(t, "W2", []int{2, 1}, 1, -1), tensor(t, "b2", nil, 0)},
		"[outputs, inputs]": {tensor(t, "0.weight", []int{2, 2}, 1, 1, 2, 2), tensor(t, "0.bias", []int{2}, 0, -2), tensor(t, "2.weight", []int{1, 2}, 1, -1), tensor(t, "2.bias", []int{1}, 0)},
	}
	for name, tensors := range tests {
		t.Run(name, func(t *testing.T) {
			r, err := Model(tensors, Spec{Arch: parse(t, "dense,relu,dense")})
			if err != nil {
				t.Fatal(err)
			}
			s, err := runtime.New(r.Model, runtime.Options{})
			if err != nil {
				t.Fatal(err)
			}
			got := make([]float32, 4)
			if err := s.Run(got, []float32{0, 0, 0, 1, 1, 0, 1, 1}); err != nil {
				t.Fatal(err)
			}
			if want := []float32{0, 1, 1, 0}; !slices.Equal(got, want) {
				t.Errorf("got %v, want %v", got, want)
			}
		})
	}
}

func TestConstantsFromElsewhere(t *testing.T) {
	mean, std := tensor(t, "mean", []int{2}, 1, 2), tensor(t, "std", []int{1}, 4)
	s := Spec{Arch: parse(t, "dense(mean)"), Mean: Constant{Values: &mean}, Std: Constant{Values: &std}, Transpose: No}
	// The file's own tensor called mean is another one.
	r, err := Model(shaped(t, "mean 2x3"), s)
	if err != nil {
		t.Fatal(err)
	}
	if got, want := arch.String(r.Model.Steps()), "subtract(mean_),divide(std),dense(mean)"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	if got := r.Model.Tensor("mean_").Float32s(); !slices.Equal(got, []float32{1, 2}) {
		t.Errorf("mean is %v", got)
	}
	zero := tensor(t, "std", []int{2}, 1, 0)
	s.Std = Constant{Values: &zero}
	if _, err := Model(shaped(t, "mean 2x3"), s); err == nil || !strings.Contains(err.Error(), "0 for column 1") {
		t.Errorf("a deviation of 0: %v", err)
	}
}

func TestRounding(t *testing.T) {
	r, err := Model([]source.Tensor{tensor(t, "W", []int{2, 2}, 1, 1+0x1p-25, 0.5, 1e-42), tensor(t, "b", []int{2}, 1+0x1p-24, math.NaN())}, Spec{Arch: parse(t, "dense")})
	if err != nil {
		t.Fatal(err)
	}
	// 1e-42 is rounded as well, and does not count: it is next to nothing.
	if got, want := r.Rounding, (source.Rounding{Values: 3, Relative: 0x1p-24 / (1 + 0x1p-24), Tensor: "b"}); got != want {
		t.Errorf("got %v, want %v", got, want)
	}
	if _, err := Model([]source.Tensor{tensor(t, "W", []int{1, 1}, 1e39)}, Spec{Arch: parse(t, "dense")}); err == nil || !strings.Contains(err.Error(), "1e+39, beyond float32") {
		t.Errorf("a value beyond float32: %v", err)
	}
	if _, err := Model([]source.Tensor{texts(t, "W", "abc")}, Spec{Arch: parse(t, "dense")}); err == nil || !strings.Contains(err.Error(), "holds text") {
		t.Errorf("a weight of text: %v", err)
	}
}

func TestNonFinite(t *testing.T) {
	r, err := Model([]source.Tensor{tensor(t, "W", []int{2, 2}, 1, math.NaN(), math.Inf(1), math.Inf(-1)), tensor(t, "b", []int{2}, 1, 2)}, Spec{Arch: parse(t, "dense")})
	if err != nil {
		t.Fatal(err)
	}
	if got, want := NonFinite(r.Model), []string{`tensor "W" holds 1 NaN and 2 infinite values of 4`}; !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
}
