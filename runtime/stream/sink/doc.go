// Package sink takes what a stream decides to where it is wanted: lines on standard output, files that rotate, an MQTT
// broker, a webhook, a pin of the board.
//
// A [Message] is one decision: a finished line of JSON, and the little that outputs without JSON need. A [Sink]
// takes messages one at a time. Some sinks take as long as their device does, a file on a tired SD card for one;
// [Fanout] stands between them and the loop that may not wait: it gives each sink a queue of its own, and when a
// queue is full its oldest message is dropped and counted.
//
// What the sinks promise:
//
//   - A line is written whole or not at all. After a crash only the last line can be torn, and the next start cuts it off.
//   - Nothing grows without bound: neither queues, nor files, nor the buffer on disk.
//   - What is lost is counted, by the sink that lost it.
//   - A password or token is read when it is needed, and appears in no error.
//
// The sinks that need a network are packages of their own below this one: [mqtt] and [webhook], with [secure] for
// their certificates and secrets. [monitor] serves metrics and health, [notify] speaks to systemd. They use neither
// net/http nor an MQTT library: those take 1.4 MB and 0.3 MB of the board's static program beside the 2 MB of
// crypto/tls, and it may have 8 for everything. What is needed of the two protocols is small (publishing, and requests
// without redirects), and the tests run it against independent implementations.
//
// [mqtt]: https://pkg.go.dev/github.com/edge-infer/edge-infer/runtime/stream/sink/mqtt
// [webhook]: https://pkg.go.dev/github.com/edge-infer/edge-infer/runtime/stream/sink/webhook
// [secure]: https://pkg.go.dev/github.com/edge-infer/edge-infer/runtime/stream/sink/secure
// [monitor]: https://pkg.go.dev/github.com/edge-infer/edge-infer/runtime/stream/sink/monitor
// [notify]: https://pkg.go.dev/github.com/edge-infer/edge-infer/runtime/stream/sink/notify
package sink
