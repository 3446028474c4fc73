package main

import (
	"testing"
)

func TestGrouped(t *testing.T) {
	for n, want := range map[int]string{0: "0", 999: "999", 1000: "1,000", 1234567: "1,234,567", -123: "-123", -1234: "-1,234"} {
		if got := grouped(n); got != want {
			t.Errorf("%d: %q, want %q", n, got, want)
		}
	}
}

func TestSome(t *testing.T) {
	tests := map[string]struct {
		names []string
		want  string
	}{
		"none":   {nil, ""},
		"two":    {[]string{"a", "b c"}, `"a", "b c"`},
		"many":   {[]string{"1", "2", "3", "4", "5", "6", "7", "8"}, `"1", "2", "3", "4", "5", "6" and 2 more`},
		"escape": {[]string{"\x1b[2J"}, `"\x1b[2J"`},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			if got := some(test.names); got != test.want {
				t.Errorf("%s, want %s", got, test.want)
			}
		})
	}
}

func TestPrintable(t *testing.T) {
	for text, want := range map[string]string{
		"perceptron, 64–32–10": "perceptron, 64–32–10",
		"a\x1b[31mred\n":       `"a\x1b[31mred\n"`,
		"":                     "",
	} {
		if got := printable(text); got != want {
			t.Errorf("%q: %s, want %s", text, got, want)
		}
	}
}
