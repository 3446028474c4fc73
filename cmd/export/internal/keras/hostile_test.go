package keras

import (
	"archive/zip"
	"bytes"
	"errors"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"
)

// caseFile returns the trained file of a case.
func caseFile(t testing.TB, name, file string) []byte {
	t.Helper()
	data, err := os.ReadFile(filepath.Join("..", "..", "..", "..", "testdata", "models", "keras", name, file))
	if err != nil {
		t.Fatal(err)
	}
	return data
}

// content returns the entries of the archive of a small model: 4 inputs, a dense layer of 6 with relu,
// a dropout, a dense layer of 3 with softmax.
func content(t testing.TB) map[string][]byte {
	t.Helper()
	data := caseFile(t, "3_packed_anew", "model.keras")
	z, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		t.Fatal(err)
	}
	entries := map[string][]byte{}
	for _, f := range z.File {
		r, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		if entries[f.Name], err = io.ReadAll(r); err != nil {
			t.Fatal(err)
		}
	}
	return entries
}

func pack(t testing.TB, entries map[string][]byte) []byte {
	t.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for name, content := range entries {
		w, err := z.Create(name)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := w.Write(content); err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// bounded calls f, and requires it to take little memory and time.
func bounded(t *testing.T, f func()) {
	t.Helper()
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	start := time.Now()
	f()
	// Generous for emulated processors; the time on others is some milliseconds.
	if took := time.Since(start); took > time.Minute {
		t.Errorf("it took %v", took)
	}
	runtime.ReadMemStats(&after)
	if got := after.TotalAlloc - before.TotalAlloc; got > 256<<20 {
		t.Errorf("%d MiB were allocated", got>>20)
	}
}

// refuse requires an error with some words, within bounds.
func refuse(t *testing.T, data []byte, want string) {
	t.Helper()
	bounded(t, func() {
		if _, err := readFile(data); err == nil || !strings.HasPrefix(err.Error(), "keras: ") || !strings.Contains(err.Error(), want) {
			t.Errorf("error %v, want one with %q", err, want)
		}
	})
}

func TestArchiveRefused(t *testing.T) {
	zeros := make([]byte, 64<<20)
	tests := []struct {
		name   string
		change func(entries map[string][]byte)
		want   string
	}{
		{"no weights", func(e map[string][]byte) { delete(e, entryWeights) }, "the archive has no model.weights.h5"},
		{"weights that are none", func(e map[string][]byte) { e[entryWeights] = []byte("weights") }, "model.weights.h5: hdf5: not an HDF5 file"},
		{"weights that grow", func(e map[string][]byte) { e[entryWeights] = zeros }, "model.weights.h5: 67108864 bytes, in the archive"},
		{"a configuration that grows", func(e map[string][]byte) { e[entryConfig] = zeros[:maxConfig+1] }, "config.json: 4194305 bytes"},
		{"a configuration that is none", func(e map[string][]byte) { e[entryConfig] = []byte("{") }, "config.json: unexpected end"},
		{"a configuration without a class", func(e map[string][]byte) { e[entryConfig] = []byte("{}") }, "config.json: no class_name"},
		{"metadata that are none", func(e map[string][]byte) { e[entryMetadata] = []byte("[]") }, "metadata.json: json: cannot unmarshal"},
		{"no version", func(e map[string][]byte) { e[entryMetadata] = []byte("{}") }, "does not say which version of Keras wrote it"},
		{"version 1", func(e map[string][]byte) { e[entryMetadata] = []byte(`{"keras_version":"1.2.2"}`) }, "version 1.2.2 of Keras: 2 and 3 are read"},
		{"a version that is none", func(e map[string][]byte) { e[entryMetadata] = []byte(`{"keras_version":"new"}`) }, `version "new" of Keras`},
		{"a compilation that is none", func(e map[string][]byte) {
			e[entryConfig] = []byte(`{"class_name":"Sequential","config":{},"compile_config":[]}`)
		}, "compile_config: json: "},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			entries := content(t)
			test.change(entries)
			refuse(t, pack(t, entries), test.want)
		})
	}
	entries := content(t)
	delete(entries, entryMetadata)
	data := pack(t, entries)
	if z, err := zip.NewReader(bytes.NewReader(data), int64(len(data))); err != nil || IsArchive(z) {
		t.Errorf("an archive without metadata: %v", err)
	}
}

// TestChecksum changes one byte of an archive's weights.
func TestChecksum(t *testing.T) {
	data := bytes.Clone(caseFile(t, "3_sequential", "model.keras"))
	at := bytes.Index(data, []byte(signatureHDF5))
	if at < 0 {
		t.Fatal("the archive is compressed")
	}
	data[at+4000]++
	if _, err := readFile(data); !errors.Is(err, zip.ErrChecksum) {
		t.Errorf("error %v, want %v", err, zip.ErrChecksum)
	}
}

const signatureHDF5 = "\x89HDF\r\n\x1a\n"

// sequential writes the configuration of a model of layers that take rows of some shape.
func sequential(shape string, layers ...string) string {
	first := `{"class_name":"InputLayer","config":{"name":"input","batch_shape":[null` + shape + `]}}`
	return `{"class_name":"Sequential","config":{"name":"m","layers":[` + strings.Join(append([]string{first}, layers...), ",") + `]}}`
}

// functional writes the configuration of a model with an input "in" and an output "out".
func functional(layers ...string) string {
	return `{"class_name":"Functional","config":{"name":"m","layers":[` + strings.Join(layers, ",") + `],"input_layers":[["in",0,0]],"output_layers":[["out",0,0]]}}`
}

func made(class, settings string) string {
	return `{"class_name":"` + class + `","config":{"name":"x"` + settings + `}}`
}

// own writes a layer of a class that is registered under a name.
func own(module, registered, class string) string {
	return `{"module":"` + module + `","registered_name":"` + registered + `","class_name":"` + class + `","config":{"name":"x"}}`
}

// kernel is the first dense layer of the archive that content returns.
const kernel = `{"class_name":"Dense","config":{"name":"dense"}}`

func TestConfigurationRefused(t *testing.T) {
	nested := made("ReLU", "")
	for range 6 {
		nested = `{"class_name":"Sequential","config":{"name":"n","layers":[` + nested + `]}}`
	}
	const input = `{"class_name":"InputLayer","name":"in","config":{"batch_shape":[null,4]},"inbound_nodes":[]}`
	connected := func(name, from string) string {
		return `{"class_name":"ReLU","name":"` + name + `","config":{},"inbound_nodes":[[["` + from + `",0,0,{}]]]}`
	}
	tests := []struct {
		name, config, want string
	}{
		{"no layers", `{"class_name":"Sequential","config":{"layers":[]}}`, "a model without layers"},
		{"layers that are none", `{"class_name":"Sequential","config":{"layers":7}}`, "config: json: "},
		{"no shape", `{"class_name":"Sequential","config":{"layers":[` + made("ReLU", "") + `]}}`, "does not say the shape of its input"},
		{"models within models", sequential(",4", nested), "models within models, more than 4 deep"},
		{"too many layers", sequential(",4", made("ReLU", "")+strings.Repeat(","+made("ReLU", ""), 5000)), "5002 layers: at most 4096"},
		{"many layers in many models", sequential(",4", strings.Repeat(`{"class_name":"Sequential","config":{"layers":[`+made("ReLU", "")+strings.Repeat(","+made("ReLU", ""), 4000)+`]}},`, 4)+made("ReLU", "")), "more than 4096 layers"},
		{"deep JSON", sequential(",4", made("Activation", `,"activation":`+strings.Repeat("[", 1<<20))), "exceeded max depth"},
		{"deep numbers", sequential(",4", made("Rescaling", `,"scale":`+strings.Repeat("[", 100)+strings.Repeat("]", 100))), "lists in lists, more than 16 deep"},
		{"a shape that overflows", sequential(",4294967296,4294967296"), "input: a row of shape"},
		{"a shape of nothing", sequential(",0"), "input: a row of shape [0]"},
		{"a negative shape", sequential(",-4"), "input: a row of shape [-4]"},
		{"an open shape", sequential(",null"), "only the first dimension, the batch, may be left open"},
		{"many dimensions", sequential(strings.Repeat(",1", 9)), "from 1 to 8 dimensions"},
		{"constants repeated for a large picture", sequential(",2000,2000,3", made("Normalization", `,"mean":[1,2,3],"variance":[1,2,3]`)), "when they are repeated for rows of shape [2000 2000 3]"},
		{"a softmax of one column", sequential(",1", made("Softmax", "")), "always 1"},
		{"a softmax along another axis", sequential(",4", made("Softmax", `,"axis":0`)), "axis [0] for rows of shape [4]"},
		{"a softmax of rows", sequential(",4,2", made("Softmax", "")), "works on the last dimension"},
		{"an axis that is not there", sequential(",4", made("Normalization", `,"axis":3,"mean":0,"variance":1`)), "axis [3] for rows of shape [4]"},
		{"half an axis", sequential(",4", made("Normalization", `,"axis":0.5`)), "axis: 0.5 where a whole number is needed"},
		{"an axis twice", sequential(",4", made("Normalization", `,"axis":[1,-1],"mean":0,"variance":1`)), "axis [1 -1]"},
		{"a mean alone", sequential(",4", made("Normalization", `,"mean":0`)), "only one is given"},
		{"a mean of another length", sequential(",4", made("Normalization", `,"mean":[1,2],"variance":[1,2]`)), "mean: 2 values of shape [4]"},
		{"a scale that is text", sequential(",4", made("Rescaling", `,"scale":"much"`)), "where a number is needed"},
		{"no scale", sequential(",4", made("Rescaling", "")), "no scale"},
		{"a scale beyond float32", sequential(",4", made("Rescaling", `,"scale":1e300`)), "beyond float32"},
		{"a slope that is a list", sequential(",4", made("LeakyReLU", `,"alpha":[1,2]`)), "alpha: 2 numbers where one is needed"},
		{"an infinite slope", sequential(",4", made("LeakyReLU", `,"alpha":1e300`)), "must be finite"},
		{"a negative limit", sequential(",4", made("ReLU", `,"max_value":-1`)), "clip: low 0 is not at most high -1"},
		{"a shape that does not fit", sequential(",4", made("Reshape", `,"target_shape":[3]`)), "target_shape [3] for rows of 4 values"},
		{"an open shape that does not fit", sequential(",4", made("Reshape", `,"target_shape":[3,-1]`)), "target_shape [3 1] for rows of 4 values"},
		{"a huge target shape", sequential(",4", made("Reshape", `,"target_shape":[4294967296,4294967296,-1]`)), "for rows of 4 values"},
		{"channels first", sequential(",4,2", made("Flatten", `,"data_format":"channels_first"`)), "channels_first"},
		{"variables that are not there", sequential(",4", `{"class_name":"PReLU","config":{"name":"x"}}`), "there is no group /layers/p_re_lu/vars"},
		{"units that do not fit", sequential(",4", `{"class_name":"Dense","config":{"name":"dense","units":5}}`), "a kernel of shape [4 6] for 5 units"},
		{"inputs that do not fit", sequential(",5", `{"class_name":"Dense","config":{"name":"dense"}}`), "a weight for 4 inputs where rows have 5 values"},
		{"a bias that is not wanted", sequential(",4", `{"class_name":"Dense","config":{"name":"dense","use_bias":false}}`), "holds 2 variables: 1 are needed (kernel)"},
		{"a policy of quantisation", sequential(",4", made("ReLU", `,"dtype":{"config":{"name":"int8_from_float32"}}`)), "it is quantised"},
		{"an activation of unknown class", sequential(",4", made("Activation", `,"activation":{"class_name":"Swirl","config":{}}`)), `activation of class "Swirl"`},
		{"a class of one's own that is called as one of Keras is", sequential(",4", own("", "ReLU", "ReLU")), "it is a class of its own (ReLU)"},
		{"a class of one's own in a module of one's own", sequential(",4", own("keras_layers", "mine>Identity", "Identity")), "it is a class of its own (mine>Identity)"},
		{"a registered class, as an .h5 names it", sequential(",4", made("mine>ReLU", "")), "it is a class of its own (mine>ReLU)"},
		{"an activation of a class of one's own", sequential(",4", made("Activation", `,"activation":`+own("", "ReLU", "ReLU"))), "is a class of its own"},
		{"a model of a class of one's own within the model", sequential(",4", own("__main__", "Sequential", "Sequential")), "it is a class of its own (Sequential)"},
		{"whole numbers", sequential(",4", made("Rescaling", `,"scale":0.5,"dtype":"int32"`)), "it computes in int32"},
		{"a scale along another dimension", sequential(",2,2", made("Rescaling", `,"scale":[[1],[2]]`)), "scale: lists in a list"},
		{"an offset along another dimension", sequential(",2,2", made("Rescaling", `,"scale":1,"offset":{"class_name":"__numpy__","config":{"value":[[1],[2]]}}`)), "offset: lists in a list"},
		{"a softmax of one value each, behind a dense layer", sequential(",1,4", kernel, made("Softmax", `,"axis":1`)), "a softmax along axis [1] of rows of shape [1 6]"},
		{"a softmax of one value each, in a model that adds a dimension", sequential(",4", sequential(",4,1", made("Softmax", ""))), "works on the last dimension of rows of shape [4 1]"},
		{"an activation that is a list", sequential(",4", made("Activation", `,"activation":["e3", null, null]`)), "activation: json: "},
		{"no input", `{"class_name":"Functional","config":{"layers":[` + input + `]}}`, "inputs of the model"},
		{"a connection to nowhere", functional(input, connected("out", "else")), `name a layer "else", which is not there`},
		{"connections in a circle", functional(input, connected("out", "b"), connected("b", "out")), "comes twice on the way"},
		{"a layer beside the chain", functional(input, connected("out", "in"), connected("b", "in")), `"b" of type ReLU is not in line`},
		{"no connections", functional(input, made("ReLU", "")), `name a layer "out", which is not there`},
		{"long connections", functional(input, `{"class_name":"ReLU","name":"out","config":{},"inbound_nodes":[[`+strings.Repeat(" ", maxConnection)+`]]}`), "connections of"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			entries := content(t)
			entries[entryConfig] = []byte(test.config)
			refuse(t, pack(t, entries), test.want)
		})
	}
}

func TestReadRefused(t *testing.T) {
	good := caseFile(t, "2_early", "model.h5")
	refuse(t, nil, "not an HDF5 file")
	refuse(t, good[:5000], "the file ends after 5000 of")
	renamed := bytes.ReplaceAll(good, []byte("dense_2/kernel"), []byte("dense_2/colone"))
	refuse(t, renamed, "are its kernel")
	refuse(t, bytes.Replace(good, []byte("Sequential"), []byte(`Sequentia"`), 1), "model_config: invalid character")
}

// valid requires what is read to be a model that its format accepts, or tensors of unique names.
func valid(t *testing.T, f *File) {
	t.Helper()
	if (f.Draft == nil) == (f.Tensors == nil) {
		t.Fatal("a file is either a model or tensors")
	}
	if f.Draft != nil {
		if err := f.Draft.Model.Validate(); err != nil {
			t.Fatal(err)
		}
		return
	}
	seen := map[string]bool{}
	for _, tensor := range f.Tensors {
		if seen[tensor.Name] {
			t.Fatalf("%q comes twice", tensor.Name)
		}
		seen[tensor.Name] = true
	}
}

func FuzzRead(f *testing.F) {
	for _, name := range []string{"3_packed_anew/model.keras", "2_windows/model.keras", "3_own_model/model.keras", "2_early/model.h5", "2_by_hand/weights.hdf5"} {
		f.Add(caseFile(f, filepath.Dir(name), filepath.Base(name)))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		if file, err := readFile(data); err == nil {
			valid(t, file)
		}
	})
}

// FuzzConfiguration changes the configuration of a model whose variables are good.
func FuzzConfiguration(f *testing.F) {
	entries := content(f)
	f.Add(entries[entryConfig])
	f.Add([]byte(sequential(",2,2,3", made("Rescaling", `,"scale":[1,2,3],"offset":{"config":{"value":1}}`), made("Flatten", ""), made("ReLU", `,"max_value":6.0`))))
	f.Add([]byte(sequential(",4", made("Normalization", `,"axis":null,"mean":[[1]],"variance":2,"invert":true`), made("Activation", `,"activation":{"class_name":"ELU","config":{"alpha":2}}`))))
	f.Add([]byte(functional(`{"class_name":"InputLayer","name":"in","config":{"batch_shape":[null,4]}}`, `{"class_name":"ReLU","name":"out","config":{},"inbound_nodes":[{"args":[{"class_name":"__keras_tensor__","config":{"keras_history":["in",0,0]}}],"kwargs":{"training":false}}]}`)))
	f.Fuzz(func(t *testing.T, config []byte) {
		entries[entryConfig] = config
		if file, err := readFile(pack(t, entries)); err == nil {
			valid(t, file)
		}
	})
}
