package queue

import (
	"slices"
	"sync"
	"testing"
)

func put(q *Queue[int], v int) bool { return q.Put(func(slot *int) { *slot = v }) }

func TestDropsTheOldest(t *testing.T) {
	q := New[int](3)
	for v, dropped := range []bool{false, false, false, true, true} {
		if put(q, v) != dropped {
			t.Errorf("putting %d: dropped %v", v, !dropped)
		}
	}
	<-q.Ready()
	var got []int
	for v := 0; q.Take(&v); {
		got = append(got, v)
		if v == 3 {
			put(q, 5)
		}
	}
	if !slices.Equal(got, []int{2, 3, 4, 5}) || q.Len() != 0 {
		t.Errorf("%v, and %d more", got, q.Len())
	}
}

func TestBuffersGoRound(t *testing.T) {
	q := New[[]byte](4)
	var mine []byte
	line := make([]byte, 100)
	cycle := func() {
		for range 5 {
			q.Put(func(slot *[]byte) { *slot = append((*slot)[:0], line...) })
		}
		for q.Take(&mine) {
			if len(mine) != len(line) {
				t.Fatalf("%d bytes", len(mine))
			}
		}
	}
	cycle()
	if got := testing.AllocsPerRun(100, cycle); got != 0 {
		t.Errorf("%v allocations", got)
	}
}

func TestManyGoroutines(t *testing.T) {
	const writers, each = 4, 1000
	q := New[int](16)
	var wg sync.WaitGroup
	dropped := make([]int, writers)
	for w := range writers {
		wg.Go(func() {
			for i := range each {
				if put(q, w*each+i) {
					dropped[w]++
				}
			}
		})
	}
	finished := make(chan struct{})
	go func() {
		wg.Wait()
		close(finished)
	}()
	last := [writers]int{-1, -1, -1, -1}
	taken := 0
	take := func() {
		for v := 0; q.Take(&v); taken++ {
			if w := v / each; v%each <= last[w] {
				t.Errorf("%d came after %d", v%each, last[w])
			} else {
				last[w] = v % each
			}
		}
	}
	for done := false; !done; {
		select {
		case <-q.Ready():
		case <-finished:
			done = true
		}
		take()
	}
	for _, n := range dropped {
		taken += n
	}
	if taken != writers*each {
		t.Errorf("%d taken or dropped of %d", taken, writers*each)
	}
}
