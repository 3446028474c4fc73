package torch

import (
	"archive/zip"
	"bytes"
	"errors"
	"fmt"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/edge-infer/edge-infer/cmd/export/internal/pickle"
)

func readBytes(data []byte) (*File, error) { return Read(bytes.NewReader(data), int64(len(data))) }

func TestRefuses(t *testing.T) {
	w := func(view string) string { return dict(text("w"), view) }
	two := func(second string) string { return dict(text("a"), vector("0", 2), text("b"), second) }
	eight := "\x08\x00\x00\x00\x00\x00\x00\x00"
	tests := []struct {
		name string
		data []byte
		want string
	}{
		{"nothing", nil, "neither a zip archive nor"},
		{"a text", []byte("weights"), "neither a zip archive nor"},
		{"a pickle of something else", []byte("\x80\x02K\x01."), "neither a zip archive nor"},
		{"a tar file", append(append(make([]byte, 257), "ustar"...), make([]byte, 512)...), "a tar file"},
		{"half a zip", file(t, "N")[:60], "zip: not a valid zip file"},
		{"another zip", zipOf(t, zip.Store, entry{"a.npy", ""}), "without FOLDER/data.pkl"},
		{"compressed", zipOf(t, zip.Deflate, entry{"m/data.pkl", strings.Repeat("N", 1<<20)}), "is compressed"},
		{"one entry twice", zipOf(t, zip.Store, entry{"m/data.pkl", "N."}, entry{"m/data.pkl", "N."}), `two entries are called "m/data.pkl"`},
		{"a strange byte order", zipOf(t, zip.Store, entry{"m/data.pkl", "N."}, entry{"m/byteorder", "middle"}), `byte order "middle"`},
		{"None", file(t, "N"), "None: a model, a state_dict or tensors are needed"},
		{"no tensors", file(t, dict(text("epoch"), "K\x01")), `a dict with the keys "epoch" holds no tensors`},
		{"no storage", file(t, w(vector("0", 2))), `storage "0": it is not in the archive`},
		{"storage too short", file(t, w(vector("0", 2)), floats(1)), "has 4 bytes where 8 are needed"},
		{"storage too large for the file", file(t, w(vector("0", 1<<40)), floats(1)), "in a file of"},
		{"storage of a negative size", file(t, w(vector("0", -1)), floats(1)), "the number -1 values"},
		{"storage of two sizes", file(t, two(vector("0", 1)), floats(2)), `storage "0" has 4 bytes here and 8 there`},
		{"storage of complex numbers", file(t, w(storageOf("ComplexFloatStorage", "0", 1)), floats(2)), "torch.ComplexFloatStorage, whose values are not read"},
		{"reference to something else", file(t, text("x")+"Q"), "as a reference to a storage"},
		{"checksum", damaged(t, file(t, w(vector("0", 64)), floats(64))), "checksum error"},
		{"offset beyond", file(t, w(tensor("0", 2, 3, numbers(1), numbers(1))), floats(2)), "at offset the number 3 of 2 values"},
		{"offset at the end", file(t, w(tensor("0", 2, 2, numbers(), numbers())), floats(2)), "lies beyond its storage"},
		{"size beyond", file(t, w(tensor("0", 2, 1, numbers(2), numbers(1))), floats(2)), "lies beyond its storage of 2 values"},
		{"stride beyond", file(t, w(tensor("0", 4, 0, numbers(2, 2), numbers(3, 1))), floats(4)), "lies beyond its storage of 4 values"},
		{"size that overflows", file(t, w(tensor("0", 2, 0, numbers(1<<62, 4), numbers(4, 1))), floats(2)), "lies beyond"},
		{"stride that overflows", file(t, w(tensor("0", 2, 0, numbers(3), numbers(1<<62))), floats(2)), "lies beyond"},
		{"negative stride", file(t, w(tensor("0", 2, 1, numbers(2), numbers(-1))), floats(2)), "a shape with the number -1"},
		{"too few strides", file(t, w(tensor("0", 2, 0, numbers(1, 2), numbers(1))), floats(2)), "with strides [1]"},
		{"values repeated", file(t, w(tensor("0", 2, 0, numbers(1000, 1000), numbers(0, 0))), floats(2)), "save it with .contiguous()"},
		{"a tensor of a number", file(t, w(call("torch._utils", "_rebuild_tensor_v2", "K\x01", "K\x00", ")", ")"))), "a tensor of the number 1"},
		{"a tensor of nothing", file(t, w(call("torch._utils", "_rebuild_tensor_v2"))), "with 0 arguments"},
		{"a parameter of a parameter", file(t, w(strings.Repeat(global("torch._utils", "_rebuild_parameter"), 5)+"N"+strings.Repeat("\x85R", 5))), "a tensor within a tensor"},
		{"bytes of no dtype", file(t, w(call("torch._utils", "_rebuild_tensor_v2", tuple(text("storage"), global("torch.storage", "UntypedStorage"), text("0"), text("cpu"), number(4))+"Q", "K\x00", numbers(1), numbers(1))), floats(1)), "whose dtype the file does not tell"},
		{"float8", file(t, w(call("torch._utils", "_rebuild_tensor_v3", tuple(text("storage"), global("torch.storage", "UntypedStorage"), text("0"), text("cpu"), number(4))+"Q", "K\x00", numbers(1), numbers(1), "\x89", dict(), global("torch", "float8_e4m3fn"))), floats(1)), "a tensor of dtype the name torch.float8_e4m3fn"},
		{"a dtype that is not its storage's", file(t, w(call("torch._utils", "_rebuild_tensor_v3", storageOf("FloatStorage", "0", 2), "K\x00", numbers(1), numbers(1), "\x89", dict(), global("torch", "float64"))), floats(2)), "a tensor of float64 in a storage of float32"},
		{"a dtype that begins between its values", olderFile(1001, w(call("torch._utils", "_rebuild_tensor_v3",
			tuple(text("storage"), global("torch.storage", "UntypedStorage"), text("0"), text("cpu"), number(8), tuple(text("1"), number(2), number(4)))+"Q",
			"K\x00", numbers(1), numbers(1), "\x89", dict(), global("torch", "float32"))), list(text("0")), eight+floats(2)), "a tensor of float32 from byte 2 of a storage"},
		{"two of one name", file(t, dict(text("w"), vector("0", 2), text("_orig_mod.w"), vector("0", 2)), floats(2)), `two tensors are called "w"`},
		{"os.system", file(t, call("posix", "system", text("true"))), `"posix.system" is refused`},
		{"os.system in a module", file(t, sequential(text("0"), call("os", "system", text("true")))), `"os.system" is refused`},
		{"an object that is no module", file(t, global("subprocess", "Popen")+")\x81"+dict()+"b"), `"subprocess.Popen" is refused`},
		{"TorchScript's classes elsewhere", file(t, global("__torch__", "Net")+")\x81"+dict()+"b"), `"__torch__.Net" is refused`},
		{"an empty Sequential", file(t, sequential()), "no layer tells how many inputs"},
		{"an activation alone", file(t, sequential(text("0"), activation("ReLU"))), "no layer tells how many inputs"},
		{"a child that is a number", file(t, sequential(text("0"), "K\x01")), `module "0": the number 1 where a module is needed`},
		{"widths that do not fit", file(t, sequential(text("a"), linear("0", 2, 3), text("b"), linear("1", 2, 3)), floats(6), floats(6)), `layer "b", Linear: a weight for 2 inputs where rows have 3 values`},
		{"no weight", file(t, object("torch.nn.modules.linear", "Linear", dict(), dict(), dict())), "Linear: weight: None where a tensor is needed"},
		{"a layer without a name of ours", file(t, sequential(text("0"), linear("0", 2, 2), text("1"), activation("Mish")), floats(4)), `layer "1", Mish: no layer of a model file computes this`},
		{"LogSoftmax within", file(t, sequential(text("0"), linear("0", 2, 2), text("1"), activation("LogSoftmax"), text("2"), activation("ReLU")), floats(4)), `layer "1", LogSoftmax: it is not the last layer`},
		{"a slope that is a text", file(t, sequential(text("0"), linear("0", 2, 2), text("1"), activation("LeakyReLU", text("negative_slope"), text("x"))), floats(4)), `negative_slope is the text "x"`},
		{"a softplus that jumps", file(t, sequential(text("0"), linear("0", 2, 2), text("1"), activation("Softplus", text("threshold"), "K\x02")), floats(4)), "its threshold is 2"},
		{"a hook", file(t, sequential(text("0"), object("torch.nn.modules.linear", "Linear", dict(), dict(), dict(), text("_forward_hooks"), dict("K\x00", global("__main__", "hook"))))), `layer "0", Linear: it has a forward hook`},
		{"a forward of one's own", file(t, sequential(text("0"), linear("0", 2, 2), text("1"), activation("ReLU", text("forward"), global("__main__", "forward"))), floats(4)), `layer "1", ReLU: its forward was replaced`},
		{"flattened batches", file(t, sequential(text("0"), linear("0", 2, 2), text("1"), object("torch.nn.modules.flatten", "Flatten", dict(), dict(), dict(), text("start_dim"), "K\x00")), floats(4)), `layer "1", Flatten: dimensions 0 to -1`},
		{"a magnitude of another shape", file(t, dict(text("weight_g"), vector("0", 3), text("weight_v"), tensor("1", 4, 0, numbers(2, 2), numbers(2, 1))), floats(3), floats(4)), "weight norm of shape [3] for a weight of [2 2]"},
		{"a mask of another shape", file(t, dict(text("weight_orig"), vector("0", 3), text("weight_mask"), vector("1", 2)), floats(3), floats(2)), "pruning mask of shape [2] for a weight of [3]"},
		{"statistics of another shape", file(t, dict(text("running_mean"), vector("0", 3), text("running_var"), vector("1", 2)), floats(3), floats(2)), "batch normalisation by vectors"},

		{"older: another version", olderFile(1002, "N", list(), ""), "version the number 1002"},
		{"older: keys that are none", olderFile(1001, "N", "K\x01", ""), "the number 1 where the keys"},
		{"older: a storage of no tensor", olderFile(1001, "N", list(text("0")), eight), `storage the text "0": no tensor has it`},
		{"older: a storage of another size", olderFile(1001, w(vector("0", 2)), list(text("0")), eight+floats(8)), `storage "0" of 8 values: the tensors have 8 bytes of it`},
		{"older: a storage that is cut", olderFile(1001, w(vector("0", 8)), list(text("0")), eight+floats(7)), "32 bytes are announced and 28 are left"},
		{"older: no storage", olderFile(1001, w(vector("0", 2)), list(), floats(2)), `storage "0" is not in the file`},
		{"older: os.system", olderFile(1001, call("posix", "system", text("true")), list(), ""), `"posix.system" is refused`},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			f, err := readBytes(test.data)
			if err == nil || !strings.HasPrefix(err.Error(), "torch: ") || !strings.Contains(err.Error(), test.want) {
				t.Errorf("%v, error %v, want one with %q", f, err, test.want)
			}
			if refused := new(pickle.ClassError); errors.As(err, &refused) && !strings.Contains(err.Error(), "torch.save(model.state_dict()") {
				t.Errorf("error %v does not say what to do", err)
			}
		})
	}
}

// damaged changes the first value that is 1.
func damaged(t *testing.T, data []byte) []byte {
	t.Helper()
	at := bytes.Index(data, []byte(floats(4)))
	if at < 0 {
		t.Fatal("no values in the file")
	}
	data[at]++
	return data
}

// TestHostile has small files that stand for much. All must come to an end within bounds of time
// and memory.
func TestHostile(t *testing.T) {
	const n = 1 << 20 // bytes of a storage
	doubled := sequential(text("0"), linear("0", 1, 1))
	for range 60 {
		doubled = sequential(text("0"), doubled+"r\x00\x00\x00\x01", text("1"), "j\x00\x00\x00\x01")
	}
	nested := "N"
	for range 2000 {
		nested = sequential(text("0"), nested)
	}
	dicts := dict(text("w"), vector("0", 1))
	for range 5 {
		words := []string{"K\x00", dicts + "q\x05"}
		for i := range int64(1000) {
			words = append(words, number(i), "h\x05")
		}
		dicts = dict(words...)
	}
	var numbered []string
	for i := range 50_000 {
		numbered = append(numbered, text(fmt.Sprint(i)), "K\x01")
	}
	crowded := object("torch.nn.modules.linear", "Linear", dict(numbered...), dict(), dict())
	for range 12 {
		crowded = sequential(text("0"), crowded+"r\x00\x00\x00\x01", text("1"), "j\x00\x00\x00\x01")
	}
	var views, layers []string
	for i := range 4000 {
		name := text(string(rune('A'+i%26)) + strings.Repeat("x", i/26))
		views = append(views, name, vector("0", n/4))
		layers = append(layers, name, linear("0", 512, 512))
	}
	tests := []struct {
		name string
		data []byte
		want string
	}{
		{"modules that double", file(t, doubled, floats(1)), "modules"},
		{"modules with many values that double", file(t, crowded), "more than 32768 modules"},
		{"modules within each other", file(t, nested), "64 deep"},
		{"a module within itself", file(t, global("torch.nn.modules.container", "Sequential")+")\x81q\x01"+
			dict(text("_parameters"), dict(), text("_buffers"), dict(), text("_modules"), dict(text("0"), "h\x01"))+"b"), "64 deep"},
		{"dicts that multiply", file(t, dicts, floats(1)), "more than 32768 modules"},
		{"a dict within itself", file(t, "}q\x01("+text("a")+"h\x01u"), "holds no tensors"},
		{"a state_dict within itself", file(t, "}q\x01("+text("state_dict")+"h\x01u"), "64 deep"},
		{"many views of one storage", file(t, dict(views...), floats(n/4)), "views of one another"},
		{"many layers with one weight", file(t, sequential(layers...), floats(n/4)), "views of one another"},
		{"long names", file(t, sequential(text(strings.Repeat("x", 2000)), linear("0", 1, 1)), floats(1)), "more than 1024 bytes"},
		{"entries that share their bytes", overlapping(t), "the storages so far have"},
		{"pickle of marks", file(t, strings.Repeat("(", 4<<20)), "instructions"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			runtime.GC()
			var before, after runtime.MemStats
			runtime.ReadMemStats(&before)
			start := time.Now()
			_, err := readBytes(test.data)
			elapsed := time.Since(start)
			runtime.ReadMemStats(&after)
			if err == nil || !strings.Contains(err.Error(), test.want) {
				t.Errorf("error %v, want one with %q", err, test.want)
			}
			if n := after.TotalAlloc - before.TotalAlloc; n > 256<<20 {
				t.Errorf("%d MiB were allocated", n>>20)
			}
			if elapsed > time.Minute { // a tenth of a second, but for an emulator or the race detector
				t.Errorf("it took %v", elapsed)
			}
		})
	}
}

// overlapping returns an archive in which many storages are the same bytes of the file.
func overlapping(t *testing.T) []byte {
	t.Helper()
	const n = 1 << 20
	var w []string
	entries := []entry{{"m/data.pkl", ""}, {"m/data/A", floats(n / 4)}}
	for i := range 26 {
		key := string(rune('A' + i))
		w = append(w, text(key), tensor(key, n/4, 0, numbers(1), numbers(1)))
		if i > 0 {
			entries = append(entries, entry{"m/data/" + key, ""})
		}
	}
	entries[0].data = dict(w...) + "."
	data := zipOf(t, zip.Store, entries...)
	// In the directory, sizes and checksum of an entry are bytes 16 to 27, and its offset 42 to 45.
	at := bytes.Index(data, []byte("PK\x01\x02"))
	at += 46 + len("m/data.pkl")
	first := data[at:]
	for range 25 {
		at += 46 + len("m/data/A")
		copy(data[at+16:at+28], first[16:28])
		copy(data[at+42:at+46], first[42:46])
	}
	return data
}
