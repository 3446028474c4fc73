package driver

import (
	"maps"
	"slices"
	"sync"
)

// A Report is what a process did, as far as it has got.
type Report struct {
	Connection    int            `json:"connection"` // counted from 1
	Board         string         `json:"board"`
	Ended         bool           `json:"ended"`
	Calls         map[string]int `json:"calls"`
	Launches      int            `json:"launches"`       // kernels run, those of graphs included
	GraphLaunches int            `json:"graph_launches"` // graphs run
	HostToDevice  Copies         `json:"host_to_device"`
	DeviceToHost  Copies         `json:"device_to_host"`
	OnDevice      Copies         `json:"on_device"` // copies and fills
	Mapped        Copies         `json:"mapped"`    // host memory that has a device address
	Kernels       map[string]Run `json:"kernels"`
	Failures      []string       `json:"failures"` // on request: call and result
	Faults        []string       `json:"faults"`   // what kernels, or those who launched them, did wrong
	Left          Left           `json:"left"`     // what is not given back
}

// Copies counts them and their bytes.
type Copies struct {
	Count int   `json:"count"`
	Bytes int64 `json:"bytes"`
}

// Run sums up the launches of one kernel.
type Run struct {
	Launches         int   `json:"launches"`
	Blocks           int64 `json:"blocks"`
	Threads          int64 `json:"threads"`
	Instructions     int64 `json:"instructions"`      // of all threads
	WarpInstructions int64 `json:"warp_instructions"` // estimated
	FMA              int64 `json:"fma"`
	GlobalRead       int64 `json:"global_read"` // bytes
	GlobalWritten    int64 `json:"global_written"`
	Barriers         int64 `json:"barriers"`
}

// Left counts objects that a process has not destroyed; at its end they leak.
type Left struct {
	DeviceMemory Copies `json:"device_memory"`
	HostMemory   Copies `json:"host_memory"`
	Modules      int    `json:"modules"`
	Streams      int    `json:"streams"`
	Events       int    `json:"events"`
	Graphs       int    `json:"graphs"`
	Contexts     int    `json:"contexts"`
	Work         int    `json:"work"` // operations that nothing ever waited for
}

// ledger is a report under way, which other connections may ask for.
type ledger struct {
	mu     sync.Mutex
	report Report
}

func newLedger(connection int, board string) *ledger {
	return &ledger{report: Report{Connection: connection, Board: board, Calls: map[string]int{}, Kernels: map[string]Run{},
		Failures: []string{}, Faults: []string{}}}
}

func (l *ledger) update(change func(*Report)) {
	l.mu.Lock()
	defer l.mu.Unlock()
	change(&l.report)
}

func (l *ledger) snapshot() Report {
	l.mu.Lock()
	defer l.mu.Unlock()
	r := l.report
	r.Calls, r.Kernels = maps.Clone(r.Calls), maps.Clone(r.Kernels)
	r.Failures, r.Faults = slices.Clone(r.Failures), slices.Clone(r.Faults)
	return r
}

func (c *Copies) add(bytes uint64) {
	c.Count++
	c.Bytes += int64(bytes)
}
