package main

import (
	"bytes"
	"fmt"
	"strconv"
	"strings"

	"github.com/edge-infer/edge-infer/boards"
)

// printBoard prints what the board is.
func (r *boardReport) printBoard(text *bytes.Buffer) {
	b := r.Board
	line := func(name string, parts ...string) {
		if all := joined(", ", parts...); all != "" {
			fmt.Fprintf(text, "%-7s  %s\n", name, all)
		}
	}
	name := b.Name
	if name == "" {
		name = "of an unknown kind"
	}
	line("board", name)
	line("module", b.Module, b.SoC)
	line("system", b.OS, prefixed("Linux ", b.Kernel), prefixed("L4T ", b.L4T), prefixed("JetPack ", b.JetPack), container(b))
	line("cpu", cpuText(&b.CPU), strings.Join(b.CPU.Features, " "))
	line("memory", joined(" ", size(b.Memory.Bytes), b.Memory.Kind), bandwidth(b.Memory.Bandwidth))
	if b.GPU != nil {
		line("gpu", joined(" ", b.GPU.Architecture, b.GPU.Name), cores(b.GPU.Cores),
			prefixed("compute capability ", b.GPU.ComputeCapability), driverText(b.GPU.Driver))
	}
	if r.CUDA != nil {
		line("program", r.CUDA.Text)
	}
}

// joined joins the parts that are not empty.
func joined(separator string, parts ...string) string {
	var some []string
	for _, part := range parts {
		if part != "" {
			some = append(some, part)
		}
	}
	return strings.Join(some, separator)
}

func prefixed(prefix, text string) string {
	if text == "" {
		return ""
	}
	return prefix + text
}

func container(b *boards.Board) string {
	if b.Container {
		return "in a container"
	}
	return ""
}

func cores(n int) string {
	if n == 0 {
		return ""
	}
	return plural(n, "CUDA core")
}

func driverText(d boards.Driver) string {
	switch {
	case d.Library == "":
		return "no CUDA driver"
	case d.Device == "":
		return "CUDA driver without its device"
	}
	return "CUDA driver installed"
}

func cpuText(c *boards.CPU) string {
	var clusters []string
	for _, cluster := range c.Clusters {
		one := joined(" ", strconv.Itoa(len(cluster.CPUs)), "×", cluster.Name)
		if cluster.Hertz.Known {
			one += " up to " + hertz(cluster.Hertz)
		}
		clusters = append(clusters, one)
	}
	text := strings.Join(clusters, ", ")
	if c.Present > c.Online {
		text = joined(", ", text, fmt.Sprintf("%d of %d are switched off", c.Present-c.Online, c.Present))
	}
	return text
}

// printState prints what changes, as tables. A table of nothing is left out.
func printState(text *bytes.Buffer, s *boards.State) {
	table := func(rows [][]string, words ...int) {
		if len(rows) > 1 {
			printTable(text, rows, words...)
		}
	}
	table(clockRows(s), 0, 6)
	temperatures := [][]string{{"temperature", "now", "slowed at", "off at"}}
	for _, t := range s.Temperatures {
		temperatures = append(temperatures, []string{t.Name, celsius(t.Celsius), celsius(t.Trip), celsius(t.Critical)})
	}
	table(temperatures, 0)
	rails := [][]string{{"power", "now", "voltage", "current"}}
	for _, r := range s.Rails {
		rails = append(rails, []string{r.Name, unit(r.Watts, 2, "W"), unit(r.Volts, 2, "V"), unit(r.Amps, 3, "A")})
	}
	if s.PowerOf == boards.SumOfRails {
		rails = append(rails, []string{s.PowerOf, unit(s.Power, 2, "W"), "-", "-"})
	}
	table(rails, 0)
	more := [][]string{{"", ""}}
	add := func(name, value string) {
		if value != "" {
			more = append(more, []string{name, value})
		}
	}
	if s.Mode != nil {
		add("power mode", strings.TrimSpace(fmt.Sprintf("%d %s", s.Mode.ID, s.Mode.Name)))
	}
	add("memory", memoryText(&s.Memory))
	for _, f := range s.Fans {
		add("fan", joined(", ", f.Name, known(f.Drive, percent(f.Drive)), known(f.RPM, unit(f.RPM, 0, "rpm"))))
	}
	if len(s.Limiters) > 0 {
		throttled := "no"
		if len(s.Throttled) > 0 {
			throttled = strings.Join(s.Throttled, ", ")
		}
		add("throttled", throttled)
	}
	if len(more) > 1 {
		printTable(text, more[1:], 0, 1)
	}
}

// clockRows has a row for each group of processors, the GPU and the memory.
func clockRows(s *boards.State) [][]string {
	rows := [][]string{{"clock", "now", "lowest", "highest", "of hardware", "load", "governor"}}
	add := func(name string, c *boards.Clock, load boards.Reading) {
		governor := c.Governor
		if governor == "" {
			governor = "-"
		}
		rows = append(rows, []string{name, hertz(c.Hertz), hertz(c.Min), hertz(c.Max), hertz(c.Top), percent(load), governor})
	}
	for i := range s.CPUs {
		c := &s.CPUs[i]
		add("cpu "+cpuRange(c.CPUs), c, boards.Reading{})
	}
	if s.CPULoad.Known {
		add("all processors", &boards.Clock{}, s.CPULoad)
	}
	if s.GPU != nil {
		add("gpu", &s.GPU.Clock, s.GPU.Load)
	}
	if s.MemoryClock != nil {
		add("memory", s.MemoryClock, boards.Reading{})
	}
	return rows
}

// cpuRange writes numbers in ascending order as 0-3,6.
func cpuRange(cpus []int) string {
	var parts []string
	for i := 0; i < len(cpus); {
		last := i
		for last+1 < len(cpus) && cpus[last+1] == cpus[last]+1 {
			last++
		}
		part := strconv.Itoa(cpus[i])
		if last > i {
			part += "-" + strconv.Itoa(cpus[last])
		}
		parts, i = append(parts, part), last+1
	}
	return strings.Join(parts, ",")
}

func memoryText(m *boards.MemoryUse) string {
	var parts []string
	if m.Available.Known {
		parts = append(parts, size(m.Available)+" of "+size(m.Total)+" available")
	}
	if m.SwapUsed.Known && m.SwapTotal.Value > 0 {
		parts = append(parts, size(m.SwapUsed)+" of "+size(m.SwapTotal)+" swap used")
	}
	return strings.Join(parts, ", ")
}

// printFindings prints what the doctor found.
func printFindings(text *bytes.Buffer, findings []boards.Finding) {
	if len(findings) == 0 {
		text.WriteString("nothing was found that limits inference here\n")
		return
	}
	fmt.Fprintf(text, "what limits inference here (%d):\n", len(findings))
	for _, f := range findings {
		fmt.Fprintf(text, "\n- %s\n  %s\n", f.What, f.Why)
		if f.Command != "" {
			fmt.Fprintf(text, "  $ %s\n", f.Command)
		}
		if f.Advice != "" {
			fmt.Fprintf(text, "  %s\n", f.Advice)
		}
	}
}
