// Package queue is a bounded queue that drops its oldest entry rather than let anyone wait.
//
// Entries live in the queue's own memory and change places with those of the reader, so that a queue of things with
// buffers in them allocates nothing once its buffers have grown.
package queue

import "sync"

// A Queue is first in, first out, for any number of goroutines.
type Queue[T any] struct {
	mu    sync.Mutex
	slots []T
	first int // the oldest entry
	held  int
	ready chan struct{}
}

// New returns a queue for n entries, at least 1.
func New[T any](n int) *Queue[T] {
	return &Queue[T]{slots: make([]T, max(n, 1)), ready: make(chan struct{}, 1)}
}

// Put adds an entry, which fill writes over whatever the place held before, and tells whether the oldest entry
// was dropped for it.
func (q *Queue[T]) Put(fill func(*T)) (dropped bool) {
	q.mu.Lock()
	if q.held == len(q.slots) {
		q.first = (q.first + 1) % len(q.slots)
		q.held--
		dropped = true
	}
	fill(&q.slots[(q.first+q.held)%len(q.slots)])
	q.held++
	q.mu.Unlock()
	select {
	case q.ready <- struct{}{}:
	default: // It already says that there is something.
	}
	return dropped
}

// Take exchanges the oldest entry with *entry, and is false when there is none.
func (q *Queue[T]) Take(entry *T) bool {
	q.mu.Lock()
	defer q.mu.Unlock()
	if q.held == 0 {
		return false
	}
	*entry, q.slots[q.first] = q.slots[q.first], *entry
	q.first = (q.first + 1) % len(q.slots)
	q.held--
	return true
}

// Len is the number of entries that wait.
func (q *Queue[T]) Len() int {
	q.mu.Lock()
	defer q.mu.Unlock()
	return q.held
}

// Ready yields a value after something was put. One value may stand for many entries, and for none that is still there.
func (q *Queue[T]) Ready() <-chan struct{} { return q.ready }
