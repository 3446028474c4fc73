// Package notify tells systemd how a service is doing: sd_notify without its library.
//
// systemd names a datagram socket in NOTIFY_SOCKET, and each message is a datagram of lines such as "READY=1". Without
// that variable, on a terminal say, every call does nothing and returns nil, so a program need not ask where it runs.
//
// With WatchdogSec= in its unit, a service that falls silent is restarted; [Notifier.Watch] keeps it alive as long as
// a check of the caller's says that work goes on. A ticker alone would prove that the ticker works.
package notify
