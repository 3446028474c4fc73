package main

import (
	"github.com/edge-infer/edge-infer/cmd/internal/cli"
	"github.com/edge-infer/edge-infer/format"
	"github.com/edge-infer/edge-infer/runtime"
)

// verifyReport is what verify --json prints.
type verifyReport struct {
	OK        bool             `json:"ok"`
	Backend   runtime.Backend  `json:"backend"`
	Vectors   int              `json:"vectors"`
	Values    int              `json:"values"`
	Bits      checkReport      `json:"bit_for_bit"`
	Framework *frameworkReport `json:"framework,omitempty"` // where the file holds its answers
	Classes   *checkReport     `json:"classes,omitempty"`   // where the outputs decide for classes
}

// checkReport counts values, or vectors for classes.
type checkReport struct {
	OK     bool        `json:"ok"`
	Failed int         `json:"failed"`
	Worst  *difference `json:"worst,omitempty"`
	First  *int        `json:"first_vector,omitempty"`
}

type frameworkReport struct {
	checkReport
	Absolute   float64     `json:"tolerance_absolute"`
	Relative   float64     `json:"tolerance_relative"`
	Greatest   cli.Number  `json:"greatest_difference"`
	GreatestAt *difference `json:"greatest_at,omitempty"`
}

type difference struct {
	Vector int        `json:"vector"`
	Output int        `json:"output"`
	Got    cli.Number `json:"got"`
	Want   cli.Number `json:"want"`
	ULP    uint64     `json:"ulp"`
}

// differenceIf returns a difference where there is one.
func differenceIf(there bool, d runtime.Difference) *difference {
	if !there {
		return nil
	}
	return &difference{d.Vector, d.Output, cli.Number(d.Got), cli.Number(d.Want), uint64(d.ULP)}
}

func newVerifyReport(m *format.Model, r *runtime.Report) verifyReport {
	report := verifyReport{
		OK:      r.OK(),
		Backend: r.Backend,
		Vectors: r.Vectors,
		Values:  r.Vectors * r.Outputs,
		Bits:    checkReport{OK: r.Differing == 0, Failed: r.Differing, Worst: differenceIf(r.Differing > 0, r.Worst)},
	}
	if !r.Compared {
		return report
	}
	report.Framework = &frameworkReport{
		checkReport: checkReport{OK: r.Outside == 0, Failed: r.Outside, Worst: differenceIf(r.Outside > 0, r.WorstOutside)},
		Absolute:    m.Golden.Absolute,
		Relative:    m.Golden.Relative,
		Greatest:    cli.Number(r.MaxError),
		GreatestAt:  differenceIf(r.MaxError > 0, r.WorstError),
	}
	if runtime.Decides(&m.Output, r.Outputs) {
		report.Classes = &checkReport{OK: r.Disagree == 0, Failed: r.Disagree}
		if r.Disagree > 0 {
			report.Classes.First = &r.FirstDisagree
		}
	}
	return report
}
