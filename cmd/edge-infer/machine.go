package main

import (
	"fmt"
	goruntime "runtime"

	"github.com/edge-infer/edge-infer/boards"
)

// machine is what a measurement was made on.
type machine struct {
	OS           string        `json:"os"`
	Architecture string        `json:"architecture"`
	Model        string        `json:"model"` // of the board or of the processor, empty if unknown
	Cores        int           `json:"cores"`
	Go           string        `json:"go"`
	Board        *boards.Board `json:"board,omitempty"`
}

func (m machine) String() string {
	text := fmt.Sprintf("%s/%s, %s, %s", m.OS, m.Architecture, plural(m.Cores, "core"), m.Go)
	if m.Board != nil && m.Board.JetPack != "" {
		text += ", JetPack " + m.Board.JetPack
	}
	if m.Model == "" {
		return text
	}
	return m.Model + ", " + text
}

// readMachine finds out what this program runs on; the system's files hang off root.
func readMachine(root string) machine {
	m := machine{
		OS:           goruntime.GOOS,
		Architecture: goruntime.GOARCH,
		Cores:        goruntime.NumCPU(),
		Go:           goruntime.Version(),
	}
	board, err := boards.Detect(root)
	if err != nil {
		return m // without a board, which is no reason not to measure
	}
	m.Board, m.Model = board, board.Name
	if len(board.CPU.Clusters) > 0 && board.Family == boards.PC { // what a maker calls a PC says little of its speed
		m.Model = board.CPU.Clusters[0].Name
	}
	return m
}
