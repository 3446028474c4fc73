package main

import (
	"fmt"
	"os"

	"github.com/spf13/cobra"

	"github.com/edge-infer/edge-infer/cmd/export/internal/dataset"
	"github.com/edge-infer/edge-infer/cmd/internal/cli"
	"github.com/edge-infer/edge-infer/cmd/internal/npy"
	"github.com/edge-infer/edge-infer/cmd/internal/output"
)

func newDataset() *cobra.Command {
	var target string
	c := &cobra.Command{
		Use:   "dataset FILE:PATH -o FILE.npy",
		Short: "Turn a dataset of an HDF5 file into an .npy file",
		Long: `Dataset reads one array out of an HDF5 file and writes it as an .npy file, with its shape and its
type, for edge-infer run --input. Without a path, or with a wrong one, it says which there are.`,
		Example: `  edge-export dataset test_catvnoncat.h5:/test_set_x -o x.npy`,
		Args:    sourceArgument,
		RunE: func(c *cobra.Command, args []string) error {
			array, err := readDataset(args[0])
			if err != nil {
				return err
			}
			out, err := output.Create(target, c.OutOrStdout())
			if err != nil {
				return err
			}
			return out.Produce(c.Context(), func() error {
				if err := npy.WriteHeader(out.To, array.Shape, array.DType); err != nil {
					return err
				}
				_, err := out.To.Write(array.Bytes())
				return err
			})
		},
	}
	c.Flags().StringVarP(&target, "output", "o", "", "the `FILE` to write, or - for standard output")
	cobra.CheckErr(c.MarkFlagRequired("output"))
	return c
}

func readDataset(name string) (*npy.Array, error) {
	file, paths := dataset.Split(name)
	if err := cli.CheckFile(file); err != nil {
		return nil, err
	}
	info, err := os.Stat(file)
	if err != nil {
		return nil, err
	}
	if !info.Mode().IsRegular() { // a pipe would be waited for
		return nil, fmt.Errorf("%s: not a regular file: save it first", file)
	}
	f, err := os.Open(file)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	if len(paths) != 1 {
		datasets, err := dataset.List(f, info.Size())
		if err != nil {
			return nil, fmt.Errorf("%s: %w", file, err)
		}
		return nil, cli.Usagef("%s: %d datasets are named where one is taken: there are %s: write one as %s:PATH", file, len(paths), datasets, file)
	}
	arrays, err := dataset.Read(f, info.Size(), paths[0])
	if err != nil {
		return nil, fmt.Errorf("%s: %w", file, err)
	}
	return arrays[0], nil
}
