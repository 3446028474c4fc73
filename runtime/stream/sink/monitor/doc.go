// Package monitor answers on a local port how a stream is doing: /metrics for Prometheus, /healthz and /readyz for whoever
// restarts what hangs.
//
// The numbers are not kept here. At each request of /metrics the caller's function fills an [Exposition] from its own
// counters, and that is written in Prometheus' text format, version 0.0.4. Writing it by hand takes a hundred lines;
// Prometheus' client library would bring protobuf and net/http into the board's program.
//
// The server listens on 127.0.0.1 unless another address is named, and is meant for that: it neither encrypts nor asks
// who calls. It answers one GET or HEAD per connection, reads at most 8 KiB, serves at most 8 connections at once and none of
// them for longer than 5 s.
package monitor
