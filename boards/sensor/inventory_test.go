package sensor

import (
	"slices"
	"strings"
	"testing"
)

func TestParseBus(t *testing.T) {
	for text, want := range map[string]busName{
		"1": {number: 1}, "I2C7": {number: 7}, "i2c-0": {number: 0}, "/dev/i2c-12": {number: 12},
		"SPI0.0": {true, 0, 0}, "spi2.1": {true, 2, 1}, "/dev/spidev1.3": {true, 1, 3},
	} {
		if got, err := parseBus(text); err != nil || got != want {
			t.Errorf("%q: %+v, %v; want %+v", text, got, err, want)
		}
	}
	for _, text := range []string{"", "0.0", "SPI0", "SPI.0", "SPI0.0.0", "SPI-1.0", "I2C", "I2C-", "i2c--1", "I2C99999", "uart0", "1 "} {
		if got, err := parseBus(text); err == nil {
			t.Errorf("%q is read as %+v", text, got)
		}
	}
}

func TestInOrder(t *testing.T) {
	want := "accel_x device2 device10 device010a voltage0 voltage0-voltage1 voltage2 voltage10 voltage10_x"
	got := strings.Fields(want)
	slices.Reverse(got)
	slices.SortFunc(got, inOrder)
	if text := strings.Join(got, " "); text != want {
		t.Errorf("%s, want %s", text, want)
	}
}
