package monitor

import (
	"fmt"
	"math"
	"strconv"
	"strings"
)

// A Label distinguishes the metrics of one name.
type Label struct{ Name, Value string }

// A Histogram counts observations by size.
type Histogram struct {
	Bounds []float64 // the upper bounds of the buckets, each included in its bucket, ascending; a last one, without bound, follows
	Counts []uint64  // of each bucket alone; one more than Bounds
	Sum    float64   // of all observations
}

// An Exposition collects metrics, each name with its help and its samples together, in the order the names first came.
// Values under one name differ in their labels. What Prometheus would not read is an error of the whole exposition: names
// that are not names, one name as two types, a histogram with counts that do not fit its bounds.
type Exposition struct {
	families []*family
	err      error
}

type family struct {
	name, help, kind string
	samples          strings.Builder
}

// Counter adds a number of events since the start. By custom the name ends in _total.
func (e *Exposition) Counter(name, help string, value uint64, labels ...Label) {
	if f := e.family(name, help, "counter", labels); f != nil {
		f.sample(name, labels, "", strconv.FormatUint(value, 10))
	}
}

// Gauge adds a quantity that goes up and down.
func (e *Exposition) Gauge(name, help string, value float64, labels ...Label) {
	if f := e.family(name, help, "gauge", labels); f != nil {
		f.sample(name, labels, "", number(value))
	}
}

// Histogram adds a distribution.
func (e *Exposition) Histogram(name, help string, h Histogram, labels ...Label) {
	f := e.family(name, help, "histogram", labels)
	if f == nil {
		return
	}
	if len(h.Counts) != len(h.Bounds)+1 {
		e.fail("%s: %d counts for %d bounds", name, len(h.Counts), len(h.Bounds))
		return
	}
	total := uint64(0)
	for i, count := range h.Counts {
		bound := math.Inf(1)
		if i < len(h.Bounds) {
			bound = h.Bounds[i]
		}
		// Written so that a bound which is not a number is refused too.
		if i > 0 && !(bound > h.Bounds[i-1]) || math.IsNaN(bound) {
			e.fail("%s: the bounds are not ascending numbers", name)
			return
		}
		total += count
		f.sample(name+"_bucket", labels, number(bound), strconv.FormatUint(total, 10))
	}
	f.sample(name+"_sum", labels, "", number(h.Sum))
	f.sample(name+"_count", labels, "", strconv.FormatUint(total, 10))
}

// Text returns the whole in Prometheus' format, or the first error.
func (e *Exposition) Text() ([]byte, error) {
	if e.err != nil {
		return nil, e.err
	}
	var out []byte
	help := strings.NewReplacer(`\`, `\\`, "\n", `\n`)
	for _, f := range e.families {
		out = fmt.Appendf(out, "# HELP %s %s\n# TYPE %s %s\n%s", f.name, help.Replace(f.help), f.name, f.kind, f.samples.String())
	}
	return out, nil
}

// family finds or begins the family of a name, nil where there was an error.
func (e *Exposition) family(name, help, kind string, labels []Label) *family {
	if !isName(name, true) {
		e.fail("%q is no name of a metric", name)
		return nil
	}
	for _, l := range labels {
		if !isName(l.Name, false) || strings.HasPrefix(l.Name, "__") || l.Name == "le" {
			e.fail("%s: %q is no name of a label", name, l.Name)
			return nil
		}
	}
	for _, f := range e.families {
		if f.name != name {
			continue
		}
		if f.kind != kind {
			e.fail("%s: both a %s and a %s", name, f.kind, kind)
			return nil
		}
		return f
	}
	f := &family{name: name, help: help, kind: kind}
	e.families = append(e.families, f)
	return f
}

func (e *Exposition) fail(format string, args ...any) {
	if e.err == nil {
		e.err = fmt.Errorf("monitor: "+format, args...)
	}
}

var escapeLabel = strings.NewReplacer(`\`, `\\`, `"`, `\"`, "\n", `\n`)

// sample writes one line. bound is the label of a bucket, "" elsewhere.
func (f *family) sample(name string, labels []Label, bound, value string) {
	f.samples.WriteString(name)
	separator := "{"
	label := func(name, value string) {
		f.samples.WriteString(separator + name + `="`)
		_, _ = escapeLabel.WriteString(&f.samples, strings.ToValidUTF8(value, "\uFFFD")) // A Builder takes everything.
		f.samples.WriteByte('"')
		separator = ","
	}
	for _, l := range labels {
		label(l.Name, l.Value)
	}
	if bound != "" {
		label("le", bound)
	}
	if separator == "," {
		f.samples.WriteByte('}')
	}
	f.samples.WriteString(" " + value + "\n")
}

func number(v float64) string {
	switch {
	case math.IsInf(v, 1):
		return "+Inf"
	case math.IsInf(v, -1):
		return "-Inf"
	}
	return strconv.FormatFloat(v, 'g', -1, 64)
}

func isName(s string, colon bool) bool {
	for i, c := range []byte(s) {
		letter := c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c == '_' || colon && c == ':'
		if !letter && (i == 0 || c < '0' || c > '9') {
			return false
		}
	}
	return s != ""
}
