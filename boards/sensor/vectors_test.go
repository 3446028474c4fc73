package sensor_test

import (
	"bufio"
	"encoding/hex"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"testing/synctest"

	"github.com/edge-infer/edge-infer/boards/sensor"
	"periph.io/x/conn/v3/conntest"
	"periph.io/x/conn/v3/i2c/i2ctest"
	"periph.io/x/conn/v3/spi/spitest"
)

// vectors is a file of testdata/sensors, whose README says what its lines mean.
type vectors struct {
	sensor, bus string
	address     uint16
	open        []conntest.IO
	cases       []vector
}

type vector struct {
	name      string
	talk      []conntest.IO
	values    []float64
	tolerance float64 // or 0 for 12 digits
}

func TestVectors(t *testing.T) {
	files, err := filepath.Glob("../../testdata/sensors/*.txt")
	if err != nil {
		t.Fatal(err)
	}
	tested := map[string]int{}
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".txt"), func(t *testing.T) {
			v, err := readVectors(file)
			if err != nil {
				t.Fatal(err)
			}
			tested[v.sensor] += len(v.cases)
			h, done := v.host(t)
			// In a bubble, whose time passes as fast as nobody works: the waits of a sensor cost nothing.
			synctest.Test(t, func(t *testing.T) { v.replay(t, h) })
			if err := done(); err != nil {
				t.Error(err)
			}
		})
	}
	shipped, err := sensor.Shipped()
	if err != nil {
		t.Fatal(err)
	}
	for _, d := range shipped {
		if tested[d.Name] < 2 {
			t.Errorf("%s: %d vectors", d.Name, tested[d.Name])
		}
	}
}

// host makes a host on which the whole file is played back, and says at the end whether all of it was.
func (v *vectors) host(t *testing.T) (*sensor.Host, func() error) {
	var ops []conntest.IO
	ops = append(ops, v.open...)
	for _, c := range v.cases {
		ops = append(ops, c.talk...)
	}
	bus := &i2ctest.Playback{DontPanic: true}
	for _, op := range ops {
		bus.Ops = append(bus.Ops, i2ctest.IO{Addr: v.address, W: op.W, R: op.R})
	}
	port := &spitest.Playback{Playback: conntest.Playback{Ops: ops, DontPanic: true}}
	h := hostPlaying(t, bus, port)
	if strings.HasPrefix(v.bus, "SPI") {
		return h, port.Close
	}
	return h, bus.Close
}

func (v *vectors) replay(t *testing.T, h *sensor.Host) {
	s, err := sensor.Open(t.Context(), h, v.sensor, sensor.Options{Bus: v.bus, Address: v.address})
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range v.cases {
		values := make([]float64, len(s.Channels()))
		if _, err := s.Read(t.Context(), values); err != nil {
			t.Fatalf("%s: %v", c.name, err)
		}
		if len(c.values) != len(values) {
			t.Fatalf("%s: %d values are expected of %d channels", c.name, len(c.values), len(values))
		}
		for i, want := range c.values {
			tolerance := c.tolerance
			if tolerance == 0 {
				tolerance = 1e-12 * max(1, math.Abs(want))
			}
			if !(math.Abs(values[i]-want) <= tolerance) {
				t.Errorf("%s: %s is %v %s, want %v", c.name, s.Channels()[i].Name, values[i], s.Channels()[i].Unit, want)
			}
		}
	}
	if err := s.Close(); err != nil {
		t.Error(err)
	}
}

func readVectors(file string) (*vectors, error) {
	f, err := os.Open(file)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	v := &vectors{}
	sourced := false
	lines := bufio.NewScanner(f)
	for n := 1; lines.Scan(); n++ {
		word, rest, _ := strings.Cut(lines.Text(), " ")
		var err error
		switch {
		case word == "sensor":
			v.sensor = rest
		case word == "at":
			bus, address, _ := strings.Cut(rest, " ")
			v.bus = bus
			if address != "" {
				var a uint64
				a, err = strconv.ParseUint(address, 0, 16)
				v.address = uint16(a)
			}
		case word == "source":
			sourced = rest != ""
		case word == "open":
		case word == "case":
			v.cases = append(v.cases, vector{name: rest})
		case word == "=":
			if len(v.cases) == 0 {
				return nil, fmt.Errorf("%s:%d: values of no case", file, n)
			}
			err = v.cases[len(v.cases)-1].expect(rest)
		default:
			var io conntest.IO
			io, err = transaction(lines.Text())
			if len(v.cases) == 0 {
				v.open = append(v.open, io)
			} else {
				c := &v.cases[len(v.cases)-1]
				c.talk = append(c.talk, io)
			}
		}
		if err != nil {
			return nil, fmt.Errorf("%s:%d: %w", file, n, err)
		}
	}
	if !sourced {
		return nil, fmt.Errorf("%s: no source", file)
	}
	return v, lines.Err()
}

func (c *vector) expect(text string) (err error) {
	text, tolerance, found := strings.Cut(text, " ± ")
	if found {
		if c.tolerance, err = strconv.ParseFloat(tolerance, 64); err != nil {
			return err
		}
	}
	for _, word := range strings.Fields(text) {
		v, err := strconv.ParseFloat(word, 64)
		if err != nil {
			return err
		}
		c.values = append(c.values, v)
	}
	return nil
}

func transaction(line string) (io conntest.IO, err error) {
	w, r, found := strings.Cut(line, ">")
	if !found {
		return io, fmt.Errorf("%q is no line of vectors", line)
	}
	if io.W, err = hex.DecodeString(strings.Join(strings.Fields(w), "")); err == nil {
		io.R, err = hex.DecodeString(strings.Join(strings.Fields(r), ""))
	}
	return io, err
}
