// Package backoff says how long to wait before trying again.
package backoff

import (
	"math/rand/v2"
	"time"
)

// A Backoff doubles its wait from First to Most. What it returns is random between half of the wait and all of it,
// so that a thousand boards do not return to a restarted server in the same instant.
type Backoff struct {
	First, Most time.Duration
	wait        time.Duration
}

// Next returns how long to wait now, at least half of First and at most Most.
func (b *Backoff) Next() time.Duration {
	b.wait = min(max(2*b.wait, b.First), b.Most)
	return b.wait/2 + rand.N(b.wait/2+1)
}

// Reset starts again from First.
func (b *Backoff) Reset() { b.wait = 0 }
