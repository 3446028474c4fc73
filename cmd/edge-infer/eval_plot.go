package main

import (
	"context"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"github.com/edge-infer/edge-infer/cmd/internal/cli"
	"github.com/edge-infer/edge-infer/cmd/internal/output"
	"github.com/edge-infer/edge-infer/format"
)

// plotFlag is the flag --plot, the file of a picture.
type plotFlag struct{ file string }

func (p *plotFlag) add(c *cobra.Command) {
	c.Flags().StringVar(&p.file, "plot", "", "`file` for a picture of the result, FILE.svg")
	if err := c.MarkFlagFilename("plot", "svg"); err != nil {
		panic("edge-infer: " + err.Error())
	}
}

// check refuses a picture that cannot be drawn or has no place to go.
func (p *plotFlag) check(j judge, model string, in *input) error {
	if p.file == "" {
		return nil
	}
	if err := p.checkName(); err != nil {
		return err
	}
	if err := j.drawable(); err != nil {
		return err
	}
	return refuseToReplace(p.file, "picture", model, in)
}

func (p *plotFlag) checkName() error {
	if p.file != "" && !strings.EqualFold(filepath.Ext(p.file), ".svg") {
		return cli.Usagef("--plot %s: the picture is SVG: name a file .svg", p.file)
	}
	return nil
}

// around does the work and then draws what came of it, if that is wanted. The file appears whole, or
// not at all if the work fails; that it can be written is found out before.
func (p *plotFlag) around(ctx context.Context, draw func() []byte, work func() error) error {
	if p.file == "" {
		return work()
	}
	out, err := output.Create(p.file, nil)
	if err != nil {
		return err
	}
	return out.Produce(ctx, func() error {
		if err := work(); err != nil {
			return err
		}
		_, err := out.To.Write(draw())
		return err
	})
}

// title is what a picture about a model is called.
func title(m *format.Model, file string) string {
	if m.Name != "" {
		return m.Name
	}
	return filepath.Base(file)
}
