package sklearn

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/edge-infer/edge-infer/format"
	"github.com/edge-infer/edge-infer/runtime"
)

// FuzzRead requires that what is read is a valid model that runs, and that errors tell where they are
// from.
func FuzzRead(f *testing.F) {
	const models = "../../../../testdata/models/sklearn"
	for _, name := range []string{
		"columns_nested/model.joblib", "grid_search/model.joblib", "dict_labels/model.joblib", "mlp_binary/model.joblib", "one_hot_drop/model.joblib",
		"pca_whiten/model.joblib", "polynomial_range/model.joblib", "select_k_best/model.joblib", "two_pickles/model.pkl", "pickle_0/model.pkl",
		"one_vs_rest/model.joblib", "target_scaled/model.joblib", "arrays_pickle/model.pkl", "pickle_5_numpy_1/model.pkl", "feature_union/model.joblib",
		"words_count/model.joblib", "words_tfidf_1_2/model.joblib",
	} {
		data, err := os.ReadFile(filepath.Join(models, name))
		if err != nil {
			f.Fatal(err)
		}
		f.Add(data)
	}
	f.Add([]byte("\x80\x02" + string(chain(object("MinMaxScaler", "scale_", vector(1), "min_", vector(2), "clip", yes, "feature_range", tuple(num(0), num(1))), linearModel(1))) + "."))
	f.Fuzz(func(t *testing.T, data []byte) {
		d, err := Read(bytes.NewReader(data), int64(len(data)))
		if err != nil {
			if !strings.HasPrefix(err.Error(), "sklearn: ") {
				t.Fatalf("error %v", err)
			}
			return
		}
		if err := d.Model.Validate(); err != nil {
			t.Fatal(err)
		}
		const wide = 1 << 12 // rows of a size that a few bytes may well claim
		if d.Model.InputSize() > wide || d.Model.OutputSize() > wide {
			return
		}
		s, err := runtime.New(d.Model, runtime.Options{Backend: runtime.Reference})
		if err != nil {
			t.Fatal(err)
		}
		y := make([]float32, s.Outputs())
		if err := s.Run(y, make([]float32, s.Inputs())); err != nil {
			t.Fatal(err)
		}
		if kind := d.Model.Output.Kind; kind != format.Value && kind != format.Probabilities && kind != format.Decision {
			t.Errorf("output of kind %s", kind)
		}
	})
}
