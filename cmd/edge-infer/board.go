package main

import (
	"bytes"
	"errors"
	"time"

	"github.com/spf13/cobra"

	"github.com/edge-infer/edge-infer/boards"
	"github.com/edge-infer/edge-infer/cmd/internal/cli"
	"github.com/edge-infer/edge-infer/runtime"
)

type boardCommand struct {
	root   rootFlag
	json   bool
	doctor bool
	watch  time.Duration
	count  int
}

func newBoard() *cobra.Command {
	var b boardCommand
	c := &cobra.Command{
		Use:   "board",
		Short: "Show which board this is, how it is, and what limits inference on it",
		Long: `Board prints what it runs on, the clocks, temperatures, power and memory at this moment, and what
limits inference here, each with the command that mends it. What a board does not tell is left out
or shown as a dash; nothing is guessed. Nothing is changed either: the commands are yours to run.

With --watch the moment is shown again and again, on a terminal in place, until Ctrl-C or for
--count times; with --json too, it is one JSON object a line.

Some readings are for root alone: the clock of the memory, and the power mode on some releases.`,
		Example: `  edge-infer board
  edge-infer board --doctor
  edge-infer board --watch=500ms
  edge-infer board --json | jq .state.watts`,
		Args: cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error { return b.run(c) },
	}
	c.Flags().BoolVar(&b.json, "json", false, "print JSON")
	c.Flags().BoolVar(&b.doctor, "doctor", false, "print only what limits inference here")
	c.Flags().DurationVar(&b.watch, "watch", 0, "show clocks, temperatures and power again and again, `=INTERVAL` apart")
	c.Flags().Lookup("watch").NoOptDefVal = "1s"
	c.Flags().IntVar(&b.count, "count", 0, "how many times with --watch, 0 for until Ctrl-C")
	c.MarkFlagsMutuallyExclusive("doctor", "watch")
	b.root.add(c)
	return c
}

func (b *boardCommand) run(c *cobra.Command) error {
	const shortest = 10 * time.Millisecond
	watching := c.Flags().Changed("watch")
	switch {
	case watching && b.watch < shortest:
		return cli.Usagef("--watch=%v: at least %v is possible", b.watch, shortest)
	case b.count < 0:
		return cli.Usagef("--count %d: a number from 0 is needed", b.count)
	case b.count > 0 && !watching:
		return cli.Usagef("--count %d: is for --watch", b.count)
	}
	telemetry, err := b.root.telemetry()
	if err != nil {
		return err
	}
	if watching {
		w := watch{telemetry: telemetry, out: c.OutOrStdout(), interval: b.watch, count: b.count, json: b.json}
		return w.run(c.Context())
	}
	board, err := boards.Detect(b.root.dir)
	if err != nil {
		return err
	}
	r := newBoardReport(board, telemetry.Read())
	if b.root.isOurs() {
		r.askCUDA()
	}
	switch {
	case b.json && b.doctor:
		return cli.PrintJSON(c.OutOrStdout(), r.Findings)
	case b.json:
		return cli.PrintJSON(c.OutOrStdout(), r)
	}
	var text bytes.Buffer
	if !b.doctor {
		r.printBoard(&text)
		printState(&text, r.State)
		text.WriteByte('\n')
	}
	printFindings(&text, r.Findings)
	_, err = c.OutOrStdout().Write(text.Bytes())
	return err
}

// rootFlag is the flag --root: where the files of the system hang. It is for tests, and for containers
// that see those of their host elsewhere.
type rootFlag struct{ dir string }

func (r *rootFlag) add(c *cobra.Command) {
	c.Flags().StringVar(&r.dir, "root", "/", "`directory` below which /proc, /sys and the others are")
	if err := errors.Join(c.Flags().MarkHidden("root"), c.MarkFlagDirname("root")); err != nil {
		panic("edge-infer: " + err.Error())
	}
}

// isOurs reports whether the files are those of the system that this program runs on.
func (r *rootFlag) isOurs() bool { return r.dir == "/" }

func (r *rootFlag) telemetry() (*boards.Telemetry, error) {
	var run boards.Runner
	if r.isOurs() {
		run = boards.Run
	}
	t, err := boards.NewTelemetry(r.dir, run)
	if err != nil {
		return nil, cli.Usagef("--root: %w", err)
	}
	return t, nil
}

// boardReport is what board --json prints.
type boardReport struct {
	Board    *boards.Board    `json:"board"`
	CUDA     *cudaReport      `json:"cuda,omitempty"`
	State    *boards.State    `json:"state"`
	Findings []boards.Finding `json:"findings"`
}

// cudaReport is whether this program reaches the GPU.
type cudaReport struct {
	Built   bool   `json:"built"`             // whether this program is built with CUDA
	Answers *bool  `json:"answers,omitempty"` // whether the driver answers, if it can be asked
	Text    string `json:"text"`
}

func newBoardReport(b *boards.Board, s *boards.State) *boardReport {
	return &boardReport{Board: b, State: s, Findings: append([]boards.Finding{}, boards.Doctor(b, s)...)}
}

// askCUDA asks the driver, and adds what stands between this program and the GPU.
func (r *boardReport) askCUDA() {
	gpu, err := runtime.FindGPU()
	r.CUDA = &cudaReport{Built: !errors.Is(err, runtime.ErrWithoutCUDA), Text: cudaText(gpu, err)}
	installed := r.Board.GPU != nil && r.Board.GPU.Driver.Library != ""
	switch {
	case !r.CUDA.Built && installed:
		r.Findings = append(r.Findings, boards.Finding{
			ID: "built-without-cuda", What: "this program is built without CUDA", Why: "the GPU is not used",
			Advice: "install the build with CUDA; run verify with it first",
		})
	case r.CUDA.Built:
		answers := err == nil
		r.CUDA.Answers = &answers
		if err != nil && installed {
			r.Findings = append(r.Findings, boards.Finding{
				ID: "cuda-answer", What: "the CUDA driver does not answer: " + err.Error(), Why: "the GPU is not used",
				Advice: "see that this user may open the devices of the GPU, and that the kernel and the packages nvidia-l4t-* are of one release",
			})
		}
	}
}
