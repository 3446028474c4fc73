package runtime

import (
	"sync/atomic"
	"time"
)

// A helper is a goroutine of a pool, with an arena of its own. The caller writes
// its job, and then says by state that it may be taken.
type helper struct {
	arena *arena
	job   job
	state atomic.Uint32

	asleep  atomic.Bool   // the helper waits for wake
	wake    chan struct{} // closed when the pool ends
	awaited atomic.Bool   // the caller waits for done
	done    chan struct{}
}

// The states of a job.
const (
	none    uint32 = iota // there is none, or it is done
	offered               // whoever takes it first does it
	taken                 // the helper does it
)

// lookout is how long a helper looks out for the next job before it sleeps.
// Patience is how long the caller looks out for the end of one that a helper is
// busy with: longer, since while the caller sleeps and is woken, its helpers tire
// of waiting and sleep too.
const (
	lookout  = 50 * time.Microsecond
	patience = time.Millisecond
)

func newHelper(a *arena) *helper {
	return &helper{arena: a, wake: make(chan struct{}, 1), done: make(chan struct{}, 1)}
}

// work is the life of a helper. One whose floats are not right takes no job: the
// caller does what it is offered.
func (h *helper) work() {
	if checkFloats() != nil {
		return
	}
	for {
		if !until(lookout, func() bool { return h.state.Load() == offered }) && !h.sleep() {
			return
		}
		if !h.state.CompareAndSwap(offered, taken) {
			continue // the caller has done it meanwhile
		}
		h.do(h.arena)
		h.state.Store(none)
		if h.awaited.CompareAndSwap(true, false) {
			h.done <- struct{}{}
		}
	}
}

// do does the job, and lets go of the caller's memory.
func (h *helper) do(a *arena) {
	j := h.job
	h.job = job{}
	if j.step != nil {
		j.step.dense.RunShare(j.dst, j.src, j.step.relu, j.share, j.of)
	} else {
		a.run(&j.batch, nil)
	}
}

// sleep waits until there is a job, or returns false when the pool ends.
func (h *helper) sleep() bool {
	h.asleep.Store(true)
	if h.state.Load() == offered && h.asleep.CompareAndSwap(true, false) {
		return true // it came while the helper went to sleep, and nobody will wake it
	}
	_, ok := <-h.wake
	return ok
}

// until looks whether a condition holds, for so long, and returns whether it does.
// Reading the clock is what paces it.
func until(limit time.Duration, holds func() bool) bool {
	for start := time.Now(); ; {
		if holds() {
			return true
		}
		if time.Since(start) > limit {
			return false
		}
	}
}

// The rest is called by the caller.

// offer gives the helper a job.
func (h *helper) offer(j job) {
	h.job = j
	h.state.Store(offered)
	if h.asleep.CompareAndSwap(true, false) {
		h.wake <- struct{}{}
	}
}

// takeBack takes a job that the helper has not begun.
func (h *helper) takeBack() bool { return h.state.CompareAndSwap(offered, none) }

// await waits until the helper has no job.
func (h *helper) await() {
	if until(patience, func() bool { return h.state.Load() == none }) {
		return
	}
	h.awaited.Store(true)
	if h.state.Load() == none && h.awaited.CompareAndSwap(true, false) {
		return // it ended while the caller began to wait
	}
	<-h.done
}
