package tflite

import (
	"archive/zip"
	"bytes"
	"slices"
	"strings"
	"testing"

	"github.com/edge-infer/edge-infer/format"
)

// pack appends files to a model.
func pack(t *testing.T, model []byte, files ...string) []byte {
	t.Helper()
	out := bytes.NewBuffer(slices.Clone(model))
	w := zip.NewWriter(out)
	w.SetOffset(int64(len(model)))
	for i := 0; i < len(files); i += 2 {
		f, err := w.Create(files[i])
		if err != nil {
			t.Fatal(err)
		}
		if _, err := f.Write([]byte(files[i+1])); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// described gives a model a buffer of metadata.
func described(s *sketch, metadata []byte) []byte {
	s.buffers = append(s.buffers, metadata)
	s.more = fields{6: []fields{{0: "other"}, {0: "TFLITE_METADATA", 1: uint32(len(s.buffers) - 1)}}}
	return s.bytes()
}

func TestLabels(t *testing.T) {
	dense := func(outputs int32) *sketch {
		s := newSketch(1, 1)
		w := s.constant([]int32{outputs, 1}, make([]float32, outputs)...)
		return s.operator(opFullyConnected, nil, []int32{1, outputs}, w)
	}
	names := func(file string) []byte {
		output := fields{6: []fields{{0: "other.txt", 2: byte(1)}, {0: file, 2: byte(2)}}}
		return build(fields{3: []fields{{3: []fields{output}}}})
	}
	tests := map[string]struct {
		data   []byte
		labels []string
		kind   format.Kind
		note   string
	}{
		"none":             {dense(2).bytes(), nil, format.Value, ""},
		"by convention":    {pack(t, dense(2).bytes(), "labelmap.txt", "a\nb\n"), []string{"a", "b"}, format.Logits, `those of "labelmap.txt"`},
		"other files":      {pack(t, dense(2).bytes(), "readme.txt", "a\nb\n"), nil, format.Value, ""},
		"one that decides": {pack(t, dense(1).bytes(), "labels.txt", "a\nb\n"), []string{"a", "b"}, format.Logits, `"b" is decided where the output is above 0`},
		"one column":       {pack(t, dense(1).bytes(), "labels.txt", "price"), []string{"price"}, format.Value, ""},
		"a byte order":     {pack(t, dense(2).bytes(), "labels.txt", "\ufeffa b\r\nc\r\n\r\n"), []string{"a b", "c"}, format.Logits, ""},
		"named":            {pack(t, described(dense(2), names("mine.txt")), "labels.txt", "x\ny", "mine.txt", "a\nb"), []string{"a", "b"}, format.Logits, ""},
		"not there":        {described(dense(2), names("mine.txt")), nil, format.Value, `names labels in "mine.txt", and no such file`},
		"not packed":       {pack(t, described(dense(2), names("mine.txt")), "labels.txt", "x\ny"), nil, format.Value, `names labels in "mine.txt", and no such file`},
		"too many":         {pack(t, dense(2).bytes(), "labels.txt", "a\nb\nc"), nil, format.Value, "3 labels for 2 output columns"},
		"twice":            {pack(t, dense(2).bytes(), "labels.txt", "a\na"), nil, format.Value, `line 2, "a", is empty, too long, or stands twice`},
		"empty":            {pack(t, dense(2).bytes(), "labels.txt", "a\n\nb"), nil, format.Value, "3 labels"},
		"no text":          {pack(t, dense(2).bytes(), "labels.txt", "a\n\xff"), nil, format.Value, "not UTF-8"},
		"too long":         {pack(t, dense(2).bytes(), "labels.txt", strings.Repeat("a", maxLabels+1)), nil, format.Value, "more than 1048576 bytes"},
		"damaged":          {described(dense(2), []byte("\xff\xff\xff\xff")), nil, format.Value, "metadata is damaged"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			d, err := readBytes(test.data)
			if err != nil {
				t.Fatal(err)
			}
			if o := d.Model.Output; !slices.Equal(o.Labels, test.labels) || o.Kind != test.kind {
				t.Errorf("kind %s with labels %q, want %s with %q", o.Kind, o.Labels, test.kind, test.labels)
			}
			if notes := strings.Join(d.Notes, "\n"); !strings.Contains(notes, test.note) {
				t.Errorf("notes %q, want %q", notes, test.note)
			}
		})
	}
}

// TestPicture has metadata that tells of colours and of what to do before the model runs.
func TestPicture(t *testing.T) {
	input := fields{
		3: fields{0: byte(2), 1: fields{0: byte(1)}},
		4: []fields{{0: byte(1), 1: fields{0: []float32{127.5}, 1: []float32{128}}}},
	}
	about := build(fields{0: "eyes", 1: "Sees.", 3: []fields{{2: []fields{input}}}})
	d, err := readBytes(described(newSketch(-1, 2, 2, 3).operator(opReLU, nil, []int32{1, 2, 2, 3}), about))
	if err != nil {
		t.Fatal(err)
	}
	m := d.Model
	if m.Name != "eyes" || m.Description != "Sees." || m.Input.Layout != format.HWCRGB || !slices.Equal(m.Input.Shape, []int{2, 2, 3}) {
		t.Errorf("%q, %q, layout %s, shape %v", m.Name, m.Description, m.Input.Layout, m.Input.Shape)
	}
	if notes := strings.Join(d.Notes, "\n"); !strings.Contains(notes, "mean 127.5 and std 128") {
		t.Errorf("notes %q", notes)
	}
}

// TestNotes: what a person should know, and the fate of every operator.
func TestNotes(t *testing.T) {
	tests := map[string][]string{ // by case
		"int8_ends":  {"takes uint8, where q stands for (q − 1", "gives int8, where q stands for (q + 128)·0.00390625", "computes with int8"},
		"hybrid":     {"rounds each row to 8 bits"},
		"float16":    {"weights of float16 are widened"},
		"bytes":      {"takes uint8, and so does this model"},
		"batch":      {"takes 4 rows at a time"},
		"argmax":     {"gives int64"},
		"signatures": {"of 2 subgraphs the first", "of 2 signatures"},
		"flatten":    {"picture of layout hwc_gray"},
		"sigmoid":    {"one probability"},
		"unit_norm":  {"here it is the norm unless that is 0"},
	}
	files := models(t)
	for name, want := range tests {
		t.Run(name, func(t *testing.T) {
			d, err := readBytes(files[name])
			if err != nil {
				t.Fatal(err)
			}
			for _, w := range want {
				if notes := strings.Join(d.Notes, "\n"); !strings.Contains(notes, w) {
					t.Errorf("notes %q, want %q", notes, w)
				}
			}
		})
	}
	d, err := readBytes(files["idioms"])
	if err != nil {
		t.Fatal(err)
	}
	if len(d.Fates) != 20 || !strings.Contains(d.Fates[1].Became, "part of silu, which is operator 2") || d.Fates[2].Became != "silu" {
		t.Errorf("fates %v", d.Fates)
	}
}
