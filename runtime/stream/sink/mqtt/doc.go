// Package mqtt publishes messages to an MQTT 3.1.1 broker.
//
// [Sink.Send] puts a message into a buffer on disk and returns; a goroutine takes them from there to the broker, keeps a
// window of them under way, and deletes what the broker has acknowledged. With quality of service 1 a message
// therefore survives a restart of the broker, of this program and, as far as [Options].SyncAfter asks for it,
// of the board: it arrives at least once, and of each topic in order. After a lost connection everything that was
// not acknowledged is sent again, so a receiver may see "1 2 3 2 3 4", never "1 3 2". When the buffer is full its
// oldest messages are dropped and counted.
//
// Why not a library: the session that this needs is small, since it subscribes to nothing. It writes four kinds of
// packet and reads three, none of them longer than 4 bytes, where a general client must take what it is sent; the
// buffer on disk would be ours in any case, as the best known client's file store neither has a bound nor survives a full
// disk; and that client links net/http and WebSocket code, for whose size see package sink. The
// tests decode every packet with that client's own codec, so the two are compared all the same.
package mqtt
