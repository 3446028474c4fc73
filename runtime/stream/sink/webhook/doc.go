// Package webhook posts messages to a web server, one by one or in batches.
//
// [Sink.Send] puts a line into a bounded queue and returns; a goroutine posts what is there. A server that is away,
// overloaded (429) or broken (5xx) is tried again, after pauses that double and vary, or when its Retry-After says;
// meanwhile the queue fills, and then its oldest lines are dropped and counted. A server that answers anything else has
// refused the batch, which is dropped and counted, since it would refuse it again. The queue is in memory: what must
// survive a restart belongs to a broker.
//
// One line is posted as application/json, several as application/x-ndjson with a newline after each. Redirects are not
// followed, to no host: a webhook's address is configured, and a server that moved it is an error to be seen. Each
// request has a connection of its own; resumed TLS sessions keep that cheap, and batches make it rare. Proxies are not used.
//
// The requests are written by hand, as HTTP/1.1 (RFC 9112), since net/http would be a sixth of the board's whole
// program; the tests have net/http's server at the other end.
package webhook
