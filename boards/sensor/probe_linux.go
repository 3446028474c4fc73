package sensor

import (
	"fmt"
	"unsafe"

	"golang.org/x/sys/unix"
)

// remoteIO is what some I2C adapters answer where no device does.
const remoteIO = unix.EREMOTEIO

// The ioctls of /dev/i2c-*, from linux/i2c-dev.h and linux/i2c.h.
const (
	i2cSlave      = 0x0703 // EBUSY if a driver of the kernel owns the address
	i2cFuncs      = 0x0705
	i2cSMBus      = 0x0720
	funcQuick     = 0x00010000
	funcReadByte  = 0x00020000
	transferQuick = 0
	transferByte  = 1
	directionOut  = 0
	directionIn   = 1
)

// smbusData is struct i2c_smbus_ioctl_data.
type smbusData struct {
	direction uint8
	command   uint8
	size      uint32
	data      unsafe.Pointer
}

// probeI2C asks through a file of its own whether a device answers. periph makes no transaction without
// data, and with data would not be refused by the kernel where one of its drivers owns the address.
func probeI2C(bus int, addr uint16, quick bool) error {
	fd, err := unix.Open(fmt.Sprintf("/dev/i2c-%d", bus), unix.O_RDWR|unix.O_CLOEXEC, 0)
	if err != nil {
		return err
	}
	defer unix.Close(fd)
	var functions uintptr
	if err := ioctl(fd, i2cFuncs, unsafe.Pointer(&functions)); err != nil {
		return err
	}
	if _, _, errno := unix.Syscall(unix.SYS_IOCTL, uintptr(fd), i2cSlave, uintptr(addr)); errno != 0 {
		return errno
	}
	var answer [34]byte // union i2c_smbus_data
	query := smbusData{direction: directionIn, size: transferByte, data: unsafe.Pointer(&answer)}
	needed := uintptr(funcReadByte)
	if quick {
		query = smbusData{direction: directionOut, size: transferQuick}
		needed = funcQuick
	}
	if functions&needed == 0 {
		return unix.EOPNOTSUPP
	}
	return ioctl(fd, i2cSMBus, unsafe.Pointer(&query))
}

func ioctl(fd int, request uintptr, argument unsafe.Pointer) error {
	if _, _, errno := unix.Syscall(unix.SYS_IOCTL, uintptr(fd), request, uintptr(argument)); errno != 0 {
		return errno
	}
	return nil
}
