package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/edge-infer/edge-infer/cmd/export/internal/assemble"
	"github.com/edge-infer/edge-infer/cmd/export/internal/dataset"
	"github.com/edge-infer/edge-infer/cmd/export/internal/detect"
	"github.com/edge-infer/edge-infer/cmd/export/internal/golden"
	"github.com/edge-infer/edge-infer/cmd/internal/cli"
	"github.com/edge-infer/edge-infer/cmd/internal/output"
	"github.com/edge-infer/edge-infer/format"
	"github.com/edge-infer/edge-infer/runtime"
)

// export reads a source, makes a model of it, proves the model and writes it.
func export(c *cobra.Command, name string, o *options) error {
	tolerance, err := parseTolerance(o.tolerance)
	if err != nil {
		return err
	}
	if o.goldenCount < 1 {
		return cli.Usagef("--golden-count %d: at least one vector is needed to prove anything", o.goldenCount)
	}
	if err := checkTarget(o.file, name); err != nil {
		return err
	}
	file, err := openSource(name, o.detection())
	if err != nil {
		return err
	}
	result, err := o.model(c, name, file)
	if err != nil {
		return err
	}
	m := result.Model
	o.describe(m)
	warnings := assemble.NonFinite(m)
	vectors, err := o.vectors(c, m)
	if err != nil {
		return err
	}
	var folded *foldedLine
	if o.fold {
		if result.Model, folded, err = foldSteps(m, vectors); err != nil {
			return err
		}
		m = result.Model
	}
	report, err := o.prove(m, vectors, tolerance, file.Model != nil, result.Decisions)
	if err != nil {
		return err
	}
	data, err := format.Marshal(m)
	if err != nil {
		return err
	}
	s := newSummary(name, file, o.file, len(data), result, report)
	s.Warnings, s.Folded = warnings, folded
	var words bytes.Buffer // before the file is there, since an error means that it is not
	if err := s.print(&words, o.json); err != nil {
		return err
	}
	if err := save(c.Context(), o.file, data); err != nil {
		return err
	}
	for _, w := range warnings {
		fmt.Fprintf(c.ErrOrStderr(), "edge-export: warning: %s\n", w)
	}
	_, err = words.WriteTo(c.OutOrStdout())
	return err
}

// save writes a file, whole or not at all.
func save(ctx context.Context, name string, data []byte) error {
	out, err := output.Create(name, nil)
	if err != nil {
		return err
	}
	return out.Produce(ctx, func() error {
		_, err := out.To.Write(data)
		return err
	})
}

// checkTarget refuses a place where no model file can be, and the source's own. Whatever else may be
// wrong with it saving will say.
func checkTarget(target, source string) error {
	if dir := filepath.Dir(target); !isFolder(dir) {
		return cli.Usagef("-o %s: there is no folder %s", target, dir)
	}
	info, err := os.Stat(target)
	switch {
	case err != nil:
		return nil
	case info.IsDir():
		return cli.Usagef("-o %s: is a directory: name the file to write", target)
	case !info.Mode().IsRegular():
		return cli.Usagef("-o %s: is not a regular file, and a model is written whole or not at all", target)
	}
	if s, err := os.Stat(source); err == nil && os.SameFile(info, s) {
		return cli.Usagef("-o %s: is the source itself", target)
	}
	return nil
}

func isFolder(name string) bool {
	info, err := os.Stat(name)
	return err == nil && info.IsDir()
}

func openSource(name string, o detect.Options) (*detect.File, error) {
	if _, err := os.Stat(name); errors.Is(err, fs.ErrNotExist) {
		return nil, cli.Usagef("%s: no such file or folder", name)
	}
	return detect.Open(name, o)
}

// detection are the options that matter to reading.
func (o *options) detection() detect.Options {
	return detect.Options{Scaler: o.scaler, Output: o.onnxOutput}
}

// model makes a model of what a file holds and the flags say.
func (o *options) model(c *cobra.Command, name string, file *detect.File) (*assemble.Result, error) {
	spec, err := o.spec()
	if err != nil {
		return nil, err
	}
	if file.Model != nil {
		return o.adjusted(c, name, file, spec)
	}
	if file.Kind == detect.NPY {
		return nil, cli.Usagef("%s is a single array: a model has weights and biases: put its arrays into one folder, or into one .npz with numpy.savez", name)
	}
	if len(spec.Arch) == 0 {
		return nil, cli.Usagef("%s: %w", name, assemble.MissingArch(file.Tensors))
	}
	result, err := assemble.Model(file.Tensors, spec)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	result.Decisions = slices.Concat(file.Notes, result.Decisions)
	return result, nil
}

// adjusted changes a whole model as the flags say.
func (o *options) adjusted(c *cobra.Command, name string, file *detect.File, spec assemble.Spec) (*assemble.Result, error) {
	if flag := onlyForWeights(c.Flags()); flag != "" {
		return nil, cli.Usagef("%s describes a whole model, so --%s has nothing to say: its layers are known", name, flag)
	}
	if !c.Flags().Changed("input-dtype") {
		spec.DType = "" // the default is for weights, which do not say
	}
	d := file.Draft
	result, err := assemble.Adjust(file.Model, spec, d != nil && len(d.Assumed) > 0)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	if d == nil {
		return result, nil
	}
	result.Rounding.Add(d.Rounding)
	for _, note := range d.Notes {
		if !spec.DescribesOutput() || !slices.Contains(d.Assumed, note) { // what the person says is not assumed
			result.Decisions = append(result.Decisions, note)
		}
	}
	return result, nil
}

// describe fills in what a file says about itself.
func (o *options) describe(m *format.Model) {
	m.Producer = format.Software{Name: producerName, Version: producerVersion}
	if o.source != "" {
		m.Source = parseSource(o.source)
	}
	if o.description != "" {
		m.Description = o.description
	}
	switch {
	case o.name != "":
		m.Name = o.name
	case m.Name == "":
		base := filepath.Base(o.file)
		m.Name = strings.TrimSuffix(base, filepath.Ext(base))
	}
}

// maxGolden bounds the values of golden inputs and outputs, of which a file holds at most 2^29.
const maxGolden = 1 << 27

// prove adds golden vectors to a model, and fails if they do not prove it right. What was decided on
// the way may be why, and is told then.
func (o *options) prove(m *format.Model, vectors *golden.Vectors, tolerance golden.Tolerance, whole bool, decisions []string) (*runtime.Report, error) {
	report, err := golden.Attach(m, vectors, tolerance)
	if err != nil {
		return nil, err
	}
	if err := report.Err(); err != nil {
		check := "--arch (which activations, in which order), --mean and --std (is x what comes before the standardisation?), --transpose"
		if whole {
			check = "whether x is what the saved model itself takes (a scaler beside it comes in by --scaler, or --mean and --std), whether y is what it gives, whether its weights are quantised"
		}
		err = fmt.Errorf("%w; %s is not written: check %s, and --tolerance, which is %s", err, o.file, check, o.tolerance)
		if len(decisions) > 0 {
			err = fmt.Errorf("%w; decided: %s", err, printable(strings.Join(decisions, "; ")))
		}
		return nil, err
	}
	return report, nil
}

func (o *options) vectors(c *cobra.Command, m *format.Model) (*golden.Vectors, error) {
	if o.golden == "" {
		if width := m.InputSize() + m.OutputSize(); o.goldenCount > maxGolden/width {
			return nil, cli.Usagef("--golden-count %d: that many vectors of %d values do not fit a model file: say at most %d", o.goldenCount, width, max(maxGolden/width, 1))
		}
		n := o.goldenCount
		if !c.Flags().Changed("golden-count") {
			n = min(n, max(drawnValues/m.InputSize(), 2))
		}
		return golden.Draw(m, n, o.seed), nil
	}
	if file, _ := dataset.Split(o.golden); !isFolder(file) {
		if err := cli.CheckFile(file); err != nil {
			return nil, err
		}
	}
	vectors, err := golden.Read(o.golden, m)
	if err != nil {
		return nil, err
	}
	if c.Flags().Changed("golden-count") {
		vectors.Limit(o.goldenCount)
	}
	return vectors, nil
}
