package runtime

import "sync"

// A pool is goroutines that take their share of a session's large batches, or of
// a single row's large layers. They wait in a channel: an idle pool costs no
// processor time. Each has an arena of its own, and a value does not depend on who
// computes it, so the number of goroutines changes no bit.
//
// A pool does not know its session, so a session that nobody holds any more is
// collected, and ends its pool.
type pool struct {
	helpers []*helper
	done    sync.WaitGroup // helpers at work
}

type helper struct {
	arena *arena
	start chan job
}

// A job is some rows of a batch; or, where step is set, a share of the outputs
// of a dense step for a single row.
type job struct {
	batch
	step      *step
	share, of int
}

// The least work that is worth waking a helper for, in multiply-adds. Waking
// takes some 5 µs on an idle core and, as measured, 100 µs in a virtual machine;
// a part of this size takes at least that long on the fastest core in sight. A
// single row's layers are bound by memory, and take longer for the same number.
const (
	partCost  = 1 << 23 // of a batch
	shareCost = 1 << 22 // of a single row's dense layer
)

func newPool(p *plan, helpers int) *pool {
	pl := new(pool)
	for range helpers {
		h := &helper{newArena(p, arenaBytes/helpers), make(chan job, 1)}
		pl.helpers = append(pl.helpers, h)
		go func() {
			for j := range h.start {
				if j.step != nil {
					j.step.dense.RunShare(j.dst, j.src, j.step.relu, j.share, j.of)
				} else {
					h.arena.run(&j.batch, nil)
				}
				pl.done.Done()
			}
		}()
	}
	return pl
}

func (pl *pool) stop() {
	for _, h := range pl.helpers {
		close(h.start)
	}
}

// run runs a batch in parts of about the same size, the first of them on the
// calling goroutine.
func (pl *pool) run(own *arena, b *batch, parts int) {
	pl.done.Add(parts - 1)
	for i := 1; i < parts; i++ {
		first, end := b.rows*i/parts, b.rows*(i+1)/parts
		pl.helpers[i-1].start <- job{batch: b.part(own.plan, first, end-first)}
	}
	mine := b.part(own.plan, 0, b.rows/parts)
	own.run(&mine, nil)
	pl.done.Wait()
}

// dense runs a dense step for a single row in parts.
func (pl *pool) dense(s *step, dst, src []float32) {
	of := min(s.shares, 1+len(pl.helpers))
	pl.done.Add(of - 1)
	for i := 1; i < of; i++ {
		pl.helpers[i-1].start <- job{batch{dst: dst, src: src}, s, i, of}
	}
	s.dense.RunShare(dst, src, s.relu, 0, of)
	pl.done.Wait()
}
