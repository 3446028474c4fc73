// Package boards says which board a program runs on, what it can do, and how fast and how hot it is now.
//
// [Detect] reads what does not change while the system is up: the board's name and module, its release of L4T and
// JetPack, its processors and their features, its memory, its GPU and whether a CUDA driver is installed, and which
// devices this user may open. [NewTelemetry] finds the sensors once, and [Telemetry.Read] reads them: temperatures,
// clocks, power rails, load, power mode, fan, memory, and whatever slows the board down. [Doctor] judges both, and
// names the command that mends what it finds.
//
// Everything comes from files below a root, in /proc, /sys, /etc, /dev, /run, /usr and /var. The root is a parameter, so
// that a test points at a tree of its own. Nothing is run, but for nvpmodel where a caller asks for it ([Runner]).
//
// What a board does not tell is absent, never 0: a [Reading] is a number or nothing. A file that is missing, too
// large, of another kind, unreadable for now or filled with rubbish is the same as none, and a number beyond what is
// physically possible is rubbish. So no board, container or damaged tree makes these calls fail or invent a figure.
//
// Where each fact comes from, and what has met no hardware yet, is in README.md.
package boards
