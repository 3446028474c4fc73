package stream

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/edge-infer/edge-infer/format"
)

var threeChannels = []Channel{{"accel_x", "m/s²"}, {"accel_y", "m/s²"}, {"case.temp", "°C"}}

func columnNames(columns []Column) string {
	var names []string
	for _, c := range columns {
		names = append(names, c.Name)
	}
	return strings.Join(names, " ")
}

func TestParseColumns(t *testing.T) {
	for _, test := range []struct{ expression, want string }{
		{"accel_x", "accel_x.raw"},
		{"accel_x.raw", "accel_x.raw"},
		{"accel_y.rms", "accel_y.rms"},
		{"accel_x.band( 0.50, 1e1)", "accel_x.band(0.5,10)"},
		{"case.temp", "case.temp.raw"},
		{"case.temp.slope", "case.temp.slope"},
		{"case.temp.raw(2)", "case.temp.raw(2)"},
		{"*", "accel_x.raw accel_y.raw case.temp.raw"},
		{"*.mean", "accel_x.mean accel_y.mean case.temp.mean"},
		{"accel_y.raw(*)", "accel_y.raw(0) accel_y.raw(1)"},
		{"*.raw(*)", "accel_x.raw(0) accel_y.raw(0) case.temp.raw(0) accel_x.raw(1) accel_y.raw(1) case.temp.raw(1)"},
	} {
		columns, err := ParseColumns(test.expression, threeChannels, 2)
		if err != nil || columnNames(columns) != test.want {
			t.Errorf("%s: %s (%v), want %s", test.expression, columnNames(columns), err, test.want)
		}
		for _, c := range columns {
			if !strings.HasPrefix(c.Name, threeChannels[c.Channel].Name+".") {
				t.Errorf("%s: column %s is of channel %d", test.expression, c.Name, c.Channel)
			}
		}
	}
}

func TestParseColumnsErrors(t *testing.T) {
	for _, test := range []struct {
		expression string
		samples    int
		says       string
	}{
		{"accel_z.rms", 2, `no channel is called "accel_z": there are accel_x, accel_y, case.temp`},
		{"accel_x.", 2, "choose from raw"},
		{"", 2, `no channel is called ""`},
		{"accel_x.raw(*)", 0, "a window by time has varies"},
		{"accel_x.mean(*)", 2, "nothing in parentheses"},
		{"*.raw(*)", MaxColumns, "at most"},
	} {
		if _, err := ParseColumns(test.expression, threeChannels, test.samples); err == nil || !strings.Contains(err.Error(), test.says) {
			t.Errorf("%q: error %v, which should say %q", test.expression, err, test.says)
		}
	}
}

func TestMapColumns(t *testing.T) {
	type names []string
	for _, test := range []struct {
		name       string
		model      []string
		configured []Naming
		inputs     int
		want       string // or
		says       string
	}{
		{name: "as the model says", model: names{"accel_y.rms", "accel_x", "accel_x.band(1, 2)"}, inputs: 3, want: "accel_y.rms accel_x.raw accel_x.band(1,2)"},
		{name: "in the model's order", model: names{"accel_y.rms", "accel_x.rms"}, configured: []Naming{{"", "*.rms"}}, inputs: 2, want: "accel_y.rms accel_x.rms"},
		{name: "by another name", model: names{"vibration", "heat"}, configured: []Naming{{"heat", "case.temp"}, {"vibration", "accel_x.std"}}, inputs: 2, want: "vibration heat"},
		{name: "written otherwise", model: names{"accel_x", "accel_x.band(1.0, 2)"}, configured: []Naming{{"", "accel_x.raw"}, {"", "accel_x.band(1,2)"}}, inputs: 2, want: "accel_x.raw accel_x.band(1,2)"},
		{name: "without names", configured: []Naming{{"", "accel_y.min"}, {"", "*.max"}}, inputs: 4, want: "accel_y.min accel_x.max accel_y.max case.temp.max"},
		{name: "without names, too few", configured: []Naming{{"", "*.max"}}, inputs: 4, says: "3 columns for a model of 4 inputs, which it does not name"},
		{name: "no names at all", inputs: 4, says: "does not name its 4 inputs: list the columns"},
		{name: "unknown channel", model: names{"accel_x.rms", "gyro_x.rms", "gyro_y.rms"}, inputs: 3, says: "takes gyro_x.rms, gyro_y.rms, which no column gives: there are accel_x, accel_y, case.temp; of each raw, mean"},
		{name: "not configured", model: names{"accel_x.rms", "accel_x.max"}, configured: []Naming{{"", "*.rms"}}, inputs: 2, says: "takes accel_x.max, which no column gives: there are accel_x.rms, accel_y.rms, case.temp.rms"},
		{name: "many are missing", model: slices.Repeat(names{"q"}, 20), inputs: 20, says: "q, q, q, q, q, q, q, q and 12 more, which"},
		{name: "a star in the model", model: names{"*.rms"}, inputs: 1, says: "takes *.rms, which no column gives"},
		{name: "twice", configured: []Naming{{"", "*.max"}, {"", "accel_x.max"}}, inputs: 4, says: `two columns are called "accel_x.max"`},
		{name: "one name for all", configured: []Naming{{"all", "*.max"}}, inputs: 3, says: `3 columns cannot all be called "all"`},
		{name: "unknown feature", configured: []Naming{{"", "accel_x.median"}}, inputs: 1, says: `column "accel_x.median": stream: feature "median"`},
	} {
		t.Run(test.name, func(t *testing.T) {
			in := &format.Input{Layout: format.Vector, Features: test.model}
			columns, err := mapColumns(in, test.inputs, test.configured, threeChannels, 16)
			if test.says == "" {
				if err != nil || columnNames(columns) != test.want {
					t.Errorf("%s (%v), want %s", columnNames(columns), err, test.want)
				}
				return
			}
			if err == nil || !strings.Contains(err.Error(), test.says) {
				t.Errorf("error %v, which should say %q", err, test.says)
			}
			if missing := new(MappingError); strings.Contains(test.says, "no column gives") && !errors.As(err, &missing) {
				t.Errorf("error %v is no MappingError", err)
			}
		})
	}
	if _, err := mapColumns(&format.Input{Layout: format.Words}, 3, nil, threeChannels, 16); err == nil || !strings.Contains(err.Error(), "layout words") {
		t.Errorf("a model of words: error %v", err)
	}
}

func TestChannelErrors(t *testing.T) {
	for _, test := range []struct {
		name     string
		channels []Channel
		says     string
	}{
		{"none", nil, "no channels"},
		{"many", make([]Channel, MaxChannels+1), "257 channels"},
		{"no name", []Channel{{}}, "has no name"},
		{"a star", []Channel{{"*", ""}}, "is not"},
		{"a parenthesis", []Channel{{"x(", ""}}, "no parenthesis"},
		{"a space", []Channel{{"x y", ""}}, "no space"},
		{"twice", []Channel{{"x", ""}, {"x", "g"}}, "two channels"},
	} {
		if err := checkChannels(test.channels); err == nil || !strings.Contains(err.Error(), test.says) {
			t.Errorf("%s: error %v, which should say %q", test.name, err, test.says)
		}
	}
}
