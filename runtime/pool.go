package runtime

import "time"

// A pool is goroutines that take their share of a session's large batches, or of
// a single row's large layers. A value does not depend on who computes it, so the
// number of goroutines changes no bit.
//
// A helper that has finished looks out for its next share a short while, because
// the next layer or call often follows at once, and then waits in a channel: an
// idle pool costs no processor time. Waking a helper takes long, up to 100 µs in a
// virtual machine, and the caller does not wait for it: what no helper has begun
// when the caller's own share is done, the caller does as well.
//
// A pool does not know its session, so a session that nobody holds any more is
// collected, and ends its pool.
type pool struct {
	helpers []*helper
	epoch   time.Time
	last    time.Duration // when work was last worth sharing, since epoch

	least, leastAwake float64 // the least work of a share: leastCost, leastCostAwake
}

// The least work that a helper gets, in multiply-adds, of which a core does some
// 20 to 60 in a nanosecond: 40 µs of it or more if the helper must be woken, and
// 1 µs or more if it looks out for work, or will do so from now on, since calls
// follow each other closely.
const (
	leastCost      = 1 << 21
	leastCostAwake = 1 << 16
)

// Calls follow each other closely if so much time lies between their beginnings.
const closely = 400 * time.Microsecond

func newPool(p *plan, helpers int) *pool {
	pl := &pool{epoch: time.Now(), last: -closely, least: leastCost, leastAwake: leastCostAwake}
	for range helpers {
		h := newHelper(newArena(p, arenaBytes/helpers))
		pl.helpers = append(pl.helpers, h)
		go h.work()
	}
	return pl
}

func (pl *pool) stop() {
	for _, h := range pl.helpers {
		close(h.wake)
	}
}

// shares returns in how many parts work of the given cost is worth doing, at most
// as many as given.
func (pl *pool) shares(cost float64, most int) int {
	most = min(most, 1+len(pl.helpers))
	if most < 2 || cost < 2*pl.leastAwake {
		return 1
	}
	n := int(cost / pl.least)
	if n >= most {
		return most
	}
	now := time.Since(pl.epoch)
	follows := now-pl.last < closely
	pl.last = now
	if follows || !pl.helpers[0].asleep.Load() {
		return min(most, int(cost/pl.leastAwake))
	}
	return max(1, n)
}

// cost is the work of a batch, roughly, in multiply-adds.
func (b *batch) cost(p *plan) float64 {
	rows := float64(b.rows)
	if b.sparse.Offsets == nil {
		return rows * p.cost
	}
	first := &p.steps[0]
	elements := b.sparse.Offsets[b.rows] - b.sparse.Offsets[0]
	return rows*(p.cost-float64(first.in)*float64(first.out)) + float64(elements)*float64(first.out)
}

// run runs a batch in parts of about the same size, the first of them on the
// calling goroutine.
func (pl *pool) run(own *arena, b *batch, parts int) {
	for i := 1; i < parts; i++ {
		first, end := b.rows*i/parts, b.rows*(i+1)/parts
		pl.helpers[i-1].offer(job{batch: b.part(own.plan, first, end-first)})
	}
	mine := b.part(own.plan, 0, b.rows/parts)
	own.run(&mine, nil)
	pl.finish(own, parts)
}

// dense runs a dense step for a single row in parts.
func (pl *pool) dense(own *arena, s *step, dst, src []float32, of int) {
	for i := 1; i < of; i++ {
		pl.helpers[i-1].offer(job{batch{dst: dst, src: src}, s, i, of})
	}
	s.dense.RunShare(dst, src, s.relu, 0, of)
	pl.finish(own, of)
}

// finish does what no helper has begun, and waits for the rest.
func (pl *pool) finish(own *arena, parts int) {
	helpers := pl.helpers[:parts-1]
	for _, h := range helpers {
		if h.takeBack() {
			h.do(own)
		}
	}
	for _, h := range helpers {
		h.await()
	}
}

// A job is some rows of a batch; or, where step is set, a share of the outputs
// of a dense step for a single row.
type job struct {
	batch
	step      *step
	share, of int
}
