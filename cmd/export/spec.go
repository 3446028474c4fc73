package main

import (
	"errors"
	"slices"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"github.com/edge-infer/edge-infer/cmd/export/internal/assemble"
	"github.com/edge-infer/edge-infer/cmd/export/internal/golden"
	"github.com/edge-infer/edge-infer/cmd/internal/arch"
	"github.com/edge-infer/edge-infer/cmd/internal/cli"
	"github.com/edge-infer/edge-infer/format"
)

// spec reads the flags that describe a model. What it finds wrong is a wrong call.
func (o *options) spec() (assemble.Spec, error) {
	s := assemble.Spec{Ignore: o.ignore}
	err := errors.Join(
		set(&s.DType, o.inputDType, oneOf("input-dtype", dtypes)),
		set(&s.Layout, o.layout, oneOf("layout", layouts)),
		set(&s.Output, o.outputKind, oneOf("output-kind", kinds)),
		set(&s.Arch, o.arch, parseArch),
		set(&s.Labels, o.labels, readList("--labels")),
		set(&s.Features, o.features, readList("--features")),
		set(&s.Shape, o.inputShape, parseShape),
		set(&s.Mean, o.mean, readConstant("mean")),
		set(&s.Std, o.std, readConstant("std")),
		set(&s.Transpose, o.transpose, parseTranspose),
		set(&s.Threshold, o.threshold, parseThreshold),
	)
	return s, err
}

// set parses the text of a flag into a field, if there is any.
func set[T any](field *T, text string, parse func(string) (T, error)) error {
	if text == "" {
		return nil
	}
	v, err := parse(text)
	if err == nil {
		*field = v
	}
	return err
}

// What some flags choose among.
var (
	dtypes     = []format.DType{format.F32, format.U8}
	layouts    = []format.Layout{format.Words, format.HWCGray, format.HWCRGB, format.HWCBGR, format.CHWGray, format.CHWRGB, format.CHWBGR}
	kinds      = []format.Kind{format.Value, format.Logits, format.Probabilities, format.Decision, format.Class}
	transposes = []string{"auto", "yes", "no"}
)

// oneOf returns a parser of a flag that chooses among words.
func oneOf[T ~string](flag string, choices []T) func(text string) (T, error) {
	return func(text string) (T, error) {
		if choice := T(text); slices.Contains(choices, choice) {
			return choice, nil
		}
		return "", cli.Usagef("--%s %q: one of %q is needed", flag, text, choices)
	}
}

// complete offers the choices of a flag to the shell.
func complete[T ~string](c *cobra.Command, flag string, choices []T) {
	words := make([]string, len(choices))
	for i, choice := range choices {
		words[i] = string(choice)
	}
	cobra.CheckErr(c.RegisterFlagCompletionFunc(flag, cobra.FixedCompletions(words, cobra.ShellCompDirectiveNoFileComp)))
}

func parseArch(text string) ([]format.Layer, error) {
	layers, err := arch.Parse(text)
	if err != nil {
		return nil, cli.Usagef("--%w", err) // which begins with the flag's name: arch: layer 2 of 2, …
	}
	return layers, nil
}

func parseShape(text string) ([]int, error) {
	var shape []int
	size := 1
	for _, word := range strings.Split(text, "x") {
		n, err := strconv.ParseUint(word, 10, 31)
		if err != nil || n == 0 {
			return nil, cli.Usagef("--input-shape %q: sizes from 1 are needed, as 64 or 28x28x1", text)
		}
		if len(shape) == format.MaxDimensions || int(n) > format.MaxWidth/size {
			return nil, cli.Usagef("--input-shape %s: at most %d sizes and %d values are possible", text, format.MaxDimensions, format.MaxWidth)
		}
		shape, size = append(shape, int(n)), size*int(n)
	}
	return shape, nil
}

func parseTranspose(text string) (assemble.Choice, error) {
	word, err := oneOf("transpose", transposes)(text)
	switch word {
	case "yes":
		return assemble.Yes, err
	case "no":
		return assemble.No, err
	}
	return assemble.Auto, err
}

func parseThreshold(text string) (*format.Cut, error) {
	cut, err := arch.ParseCut(text)
	if err != nil {
		return nil, cli.Usagef("--threshold %q: a comparison and a number are needed, as >0.5 or >=0", text)
	}
	return &cut, nil
}

func parseTolerance(text string) (golden.Tolerance, error) {
	absolute, relative, both := strings.Cut(text, ",")
	if !both {
		relative = "0"
	}
	a, errA := strconv.ParseFloat(absolute, 64)
	r, errR := strconv.ParseFloat(relative, 64)
	if errA != nil || errR != nil || !(a >= 0 && a < 1e300) || !(r >= 0 && r < 1e300) {
		return golden.Tolerance{}, cli.Usagef("--tolerance %q: ABS or ABS,REL is needed, numbers from 0, as 1e-5,1e-5", text)
	}
	return golden.Tolerance{Absolute: a, Relative: r}, nil
}

// parseSource parts a framework's name from its version, the last word if it begins with a digit.
func parseSource(text string) format.Software {
	text = strings.TrimSpace(text)
	i := strings.LastIndexByte(text, ' ')
	if last := strings.TrimPrefix(text[i+1:], "v"); i > 0 && last != "" && '0' <= last[0] && last[0] <= '9' {
		return format.Software{Name: strings.TrimSpace(text[:i]), Version: text[i+1:]}
	}
	return format.Software{Name: text}
}
