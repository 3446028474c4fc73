// Package guest is the line between the program on the host and the agent in the virtual board: commands and files go in,
// and what the commands print and how they end come back exactly, whatever bytes these are.
//
// Both ends send frames: a byte for the kind, a length of four bytes, low byte first, and the payload. The host sends a
// command (Run) or a file (File, Data…, End), and waits: for Stdout and Stderr in pieces and then Exit, or for Exit alone.
// A [Client] is the host's end; it trusts nothing that comes from the guest, neither its lengths nor its order. [Serve] is
// the guest's end. The line itself may be anything that carries bytes; on the virtual board it is a virtio serial port.
package guest
