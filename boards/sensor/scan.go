package sensor

import (
	"context"
	"fmt"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"
)

// Inventory is what sensors may be read from.
type Inventory struct {
	I2C []I2CInfo `json:"i2c"`
	SPI []SPIInfo `json:"spi"`
	IIO []IIOInfo `json:"iio"`
}

// I2CInfo is an I2C bus.
type I2CInfo struct {
	Bus     string       `json:"bus"`     // as [Options] take it: I2C1
	Adapter string       `json:"adapter"` // the kernel's name of it
	Skipped string       `json:"skipped,omitempty"`
	Error   string       `json:"error,omitempty"` // that ended the search on it
	Devices []DeviceInfo `json:"devices"`
}

// DeviceInfo is what is at an address of an I2C bus.
type DeviceInfo struct {
	Address uint16  `json:"address"`
	Kernel  string  `json:"kernel,omitempty"` // what the kernel calls the device, if it knows of it
	Driver  string  `json:"driver,omitempty"` // the kernel's driver that uses it
	Guesses []Guess `json:"guesses"`
}

// Guess is what a device may be.
type Guess struct {
	Sensor     string `json:"sensor"` // as [Open] takes it
	Title      string `json:"title"`
	Identified bool   `json:"identified"` // whether its identity registers say so; else it is only the address
}

// SPIInfo is a chip select of an SPI bus. Nothing says what is there: chips on SPI must be known to be asked.
type SPIInfo struct {
	Bus string `json:"bus"` // SPI0.0
}

// IIOInfo is a device of Linux' IIO subsystem.
type IIOInfo struct {
	Device   string   `json:"device"` // as [Open] takes it: iio:device0
	Name     string   `json:"name"`
	Channels []string `json:"channels"`
	Buffered bool     `json:"buffered"` // whether it has a buffer
}

// Buses lists the buses and IIO devices, without touching anything.
func Buses(h *Host) Inventory {
	inventory := Inventory{I2C: []I2CInfo{}, SPI: []SPIInfo{}, IIO: []IIOInfo{}}
	for _, n := range numbered(h.path("dev"), "i2c-") {
		adapter, _ := readText(h.path(fmt.Sprintf("sys/bus/i2c/devices/i2c-%d/name", n)))
		info := I2CInfo{Bus: fmt.Sprintf("I2C%d", n), Adapter: adapter, Skipped: delicate(adapter)}
		info.Devices = h.known(n)
		inventory.I2C = append(inventory.I2C, info)
	}
	for _, file := range list(h.path("dev")) {
		if b, err := parseBus(file); err == nil && b.spi {
			inventory.SPI = append(inventory.SPI, SPIInfo{fmt.Sprintf("SPI%d.%d", b.number, b.chip)})
		}
	}
	dirs, called := listIIO(h)
	for i, dir := range dirs {
		channels, _ := sysfsChannels(filepath.Join(h.path(iioDevices), dir))
		info := IIOInfo{Device: dir, Name: called[i], Channels: channels, Buffered: h.exists(filepath.Join(iioDevices, dir, "buffer"))}
		inventory.IIO = append(inventory.IIO, info)
	}
	return inventory
}

// numbered lists the numbers of the files in a directory that are a prefix and a number.
func numbered(dir, prefix string) []int {
	var numbers []int
	for _, file := range list(dir) {
		if rest, ok := strings.CutPrefix(file, prefix); ok {
			if n, err := number(rest); err == nil {
				numbers = append(numbers, n)
			}
		}
	}
	return numbers
}

// delicate says why a bus is better left alone, or "". A stray transaction on them can change a supply voltage, a
// monitor's memory or a module's timing.
func delicate(adapter string) string {
	name := strings.ToLower(adapter)
	for _, kind := range []struct{ word, why string }{
		{"bpmp", "power management"}, {"pmic", "power management"}, {"smbus", "main board"},
		{"ddc", "display"}, {"aux", "display"}, {"gmbus", "display"}, {"nvidia gpu", "display"}, {"amdgpu", "display"},
	} {
		if strings.Contains(name, kind.word) {
			return "not searched, it belongs to the " + kind.why
		}
	}
	return ""
}

// known lists the devices of a bus that the kernel knows of.
func (h *Host) known(bus int) []DeviceInfo {
	devices := []DeviceInfo{}
	prefix := strconv.Itoa(bus) + "-"
	for _, entry := range list(h.path("sys/bus/i2c/devices")) {
		rest, ok := strings.CutPrefix(entry, prefix)
		addr, err := strconv.ParseUint(rest, 16, 16)
		if !ok || err != nil {
			continue
		}
		name, _ := readText(h.path("sys/bus/i2c/devices/" + entry + "/name"))
		devices = append(devices, DeviceInfo{Address: uint16(addr), Kernel: name, Driver: h.claimed(bus, uint16(addr)), Guesses: []Guess{}})
	}
	return devices
}

// Scan lists the buses and what answers on them. It does what i2cdetect does, no more: one address after the other gets a
// write of nothing, or, where that could change the contents of a memory (0x30 to 0x37 and 0x50 to 0x5f), a
// read of one byte. Devices that the kernel knows of are not touched, nor buses for power or displays unless
// they are named in force. What answers where a sensor with an identity may be is asked for it, by writing the number of
// the register; not at the addresses of port expanders (0x20 to 0x27 and 0x38 to 0x3f), whose pins that would set.
func Scan(ctx context.Context, h *Host, force ...string) (Inventory, error) {
	inventory := Buses(h)
	candidates, err := allCandidates()
	if err != nil {
		return inventory, err
	}
	for i := range inventory.I2C {
		info := &inventory.I2C[i]
		if slices.Contains(force, info.Bus) {
			info.Skipped = ""
		}
		if info.Skipped == "" {
			if err := h.search(ctx, info, candidates); err != nil {
				info.Error = err.Error()
			}
		}
		if err := ctx.Err(); err != nil {
			return inventory, err
		}
	}
	return inventory, nil
}

// mostTimeouts of a bus, and it is taken to hang.
const mostTimeouts = 3

// search looks for devices on one bus.
func (h *Host) search(ctx context.Context, info *I2CInfo, candidates []candidate) error {
	name, err := parseBus(info.Bus)
	if err != nil {
		return err
	}
	bus, err := h.OpenI2C(name.number)
	if err != nil {
		return err
	}
	defer bus.Close()
	known := info.Devices
	timeouts := 0
	for addr := uint16(firstAddress); addr <= lastAddress; addr++ {
		if err := ctx.Err(); err != nil {
			return err
		}
		if slices.ContainsFunc(known, func(d DeviceInfo) bool { return d.Address == addr }) {
			continue
		}
		byReading := addr >= 0x30 && addr <= 0x37 || addr >= 0x50 && addr <= 0x5f
		err := bus.Probe(addr, !byReading)
		switch errnoOf(err) {
		case syscall.EOPNOTSUPP:
			return fmt.Errorf("the adapter cannot be searched: %w", err)
		case syscall.ENODEV, syscall.ENOENT, syscall.EACCES, syscall.EPERM:
			return err
		case syscall.ETIMEDOUT:
			if timeouts++; timeouts == mostTimeouts {
				return fmt.Errorf("the bus hangs: %d timeouts up to address %#02x", timeouts, addr)
			}
		case syscall.EBUSY:
			info.Devices = append(info.Devices, DeviceInfo{Address: addr, Driver: "unknown", Guesses: []Guess{}})
		}
		if err == nil {
			l := &link{bus: bus, addr: addr, alive: func() bool { return true }}
			l.begin(ctx)
			info.Devices = append(info.Devices, DeviceInfo{Address: addr, Guesses: identified(l, candidates)})
		}
	}
	slices.SortFunc(info.Devices, func(a, b DeviceInfo) int { return int(a.Address) - int(b.Address) })
	return nil
}

// candidate is a sensor that a device may be.
type candidate struct {
	guess     Guess
	addresses []uint16
	asked     *Description // with its identities
}

// allCandidates are the shipped descriptions, and the drivers of other sensors.
func allCandidates() ([]candidate, error) {
	shipped, err := Shipped()
	if err != nil {
		return nil, err
	}
	var list []candidate
	described := map[string]bool{}
	for _, d := range shipped {
		described[d.Name] = true
		if d.I2C != nil {
			list = append(list, candidate{Guess{Sensor: d.Name, Title: d.Title}, d.I2C.Addresses, d})
		}
	}
	for _, d := range Drivers() {
		if !described[d.Name] {
			list = append(list, candidate{Guess{Sensor: d.Name, Title: d.Title}, d.Addresses, d.asked()})
		}
	}
	return list, nil
}

// identified asks a device that answers which of the candidates it is. Those that it denies to be are left out.
func identified(l *link, candidates []candidate) []Guess {
	expander := l.addr >= 0x20 && l.addr <= 0x27 || l.addr >= 0x38 && l.addr <= 0x3f
	found, possible := []Guess{}, []Guess{}
	for _, c := range candidates {
		if !slices.Contains(c.addresses, l.addr) {
			continue
		}
		if len(c.asked.ExpectID) == 0 || expander {
			possible = append(possible, c.guess)
			continue
		}
		if c.asked.check(l) == nil {
			c.guess.Identified = true
			found = append(found, c.guess)
		}
	}
	if len(found) > 0 {
		return found
	}
	return possible
}
