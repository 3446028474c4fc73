package sensor_test

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/edge-infer/edge-infer/boards/sensor"
	"github.com/edge-infer/edge-infer/boards/sensor/sensortest"
)

func TestScan(t *testing.T) {
	bus, power := sensortest.NewBus(1), sensortest.NewBus(4)
	populate(bus)
	bus.Attach(0x20, &sensortest.Registers{}) // an expander of pins, or nothing that is known
	bus.Attach(0x38, &sensortest.Registers{}) // the like, or an AHT20
	bus.Attach(0x50, &sensortest.Registers{}) // a memory
	mcp := &sensortest.Words{}
	mcp.Set(0x06, 0x0054)
	mcp.Set(0x07, 0x0400)
	bus.Attach(0x19, mcp)
	bus.Attach(0x48, &sensortest.Words{})
	power.Attach(0x44, sht4x())
	h := hostWith(t, bus, power)
	write(t, h.Root, "sys/bus/i2c/devices/i2c-4/name", "Tegra BPMP I2C adapter\n")
	write(t, h.Root, "sys/bus/i2c/devices/1-0048/name", "tmp102\n")
	write(t, h.Root, "sys/bus/i2c/drivers/tmp102/bind", "")
	if err := os.Symlink("../../drivers/tmp102", filepath.Join(h.Root, "sys/bus/i2c/devices/1-0048/driver")); err != nil {
		t.Fatal(err)
	}
	write(t, h.Root, "dev/spidev0.0", "")
	write(t, h.Root, "sys/bus/iio/devices/iio:device0/name", "bmi160\n")
	write(t, h.Root, "sys/bus/iio/devices/iio:device0/in_accel_x_raw", "1\n")

	inventory, err := sensor.Scan(t.Context(), h)
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, d := range inventory.I2C[0].Devices {
		text := fmt.Sprintf("%02x", d.Address)
		if d.Kernel != "" {
			text += " kernel " + d.Kernel + " " + d.Driver
		}
		for _, g := range d.Guesses {
			text += " " + g.Sensor
			if g.Identified {
				text += "!"
			}
		}
		got = append(got, text)
	}
	want := []string{
		"19 mcp9808!", "20", "38 aht20", "40 ina219", "44 sht3x sht4x hdc302x ina219", "48 kernel tmp102 tmp102", "50", "53 adxl345!", "58 sgp30", "76 bmxx80!",
	}
	if !slices.Equal(got, want) {
		t.Errorf("found\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
	if text := fmt.Sprint(inventory.SPI, inventory.IIO); text != "[{SPI0.0}] [{iio:device0 bmi160 [accel_x] false}]" {
		t.Error(text)
	}
	if skipped := inventory.I2C[1].Skipped; !strings.Contains(skipped, "power") {
		t.Errorf("the bus for power: %q", skipped)
	}

	// What was touched, and how.
	probed, byReading := bus.Probes()
	if len(probed) != 0x77-0x08+1-1 || slices.Contains(probed, 0x48) {
		t.Errorf("%d addresses were probed: %x", len(probed), probed)
	}
	if len(byReading) != 24 || byReading[0] != 0x30 || byReading[7] != 0x37 || byReading[8] != 0x50 || byReading[23] != 0x5f {
		t.Errorf("by reading: %x", byReading)
	}
	for _, w := range bus.Writes() {
		if w.Addr == 0x20 || w.Addr == 0x38 || w.Addr == 0x48 || w.Addr == 0x50 || len(w.Data) != 1 {
			t.Errorf("% x was written to %#x", w.Data, w.Addr)
		}
	}
	if probed, _ := power.Probes(); len(probed) != 0 {
		t.Errorf("the bus for power was probed: %x", probed)
	}
	if bus.Opened() != 0 {
		t.Error("a bus is still open")
	}

	inventory, err = sensor.Scan(t.Context(), h, "I2C4")
	if err != nil || len(inventory.I2C[1].Devices) != 1 || inventory.I2C[1].Skipped != "" {
		t.Errorf("by force: %+v, %v", inventory.I2C[1], err)
	}
	text, err := json.Marshal(inventory)
	if err != nil || !strings.Contains(string(text), `{"bus":"I2C1","adapter":"simulated adapter","devices":[{"address":25,"guesses":[{"sensor":"mcp9808","title":`) {
		t.Errorf("%s, %v", text, err)
	}
}

func TestScanOfABusThatHangs(t *testing.T) {
	bus := sensortest.NewBus(1)
	for addr := uint16(0x08); addr < 0x78; addr++ {
		bus.Attach(addr, &sensortest.Registers{})
	}
	bus.Inject(sensortest.Fault{Kind: sensortest.Timeout, Times: 1000})
	inventory, err := sensor.Scan(t.Context(), hostWith(t, bus))
	if err != nil || !strings.Contains(inventory.I2C[0].Error, "hangs") {
		t.Errorf("%+v, %v", inventory, err)
	}
	if probed, _ := bus.Probes(); len(probed) != 3 {
		t.Errorf("%d addresses were probed", len(probed))
	}
}
