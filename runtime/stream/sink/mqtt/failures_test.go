package mqtt

import (
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"testing/synctest"
	"time"
)

// TestKilled kills the connection at every stage of a message's way, again and again.
func TestKilled(t *testing.T) {
	const n = 300
	for name, on := range map[string]func(int) verdict{
		"before the acknowledgement": func(i int) verdict {
			if i%37 == 36 {
				return kill
			}
			return acknowledge
		},
		"after the acknowledgement": func(i int) verdict {
			if i%41 == 40 {
				return killAfter
			}
			return acknowledge
		},
		"with acknowledgements missing": func(i int) verdict {
			switch {
			case i%50 == 49:
				return kill
			case i%3 == 1 && i%50 > 30:
				return forget
			}
			return acknowledge
		},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				b := &broker{on: on}
				var log errorLog
				o := testOptions(t)
				o.Window, o.Report = 16, log.report
				s := mustStart(t, o, b)
				send(t, s, 0, n/2)
				time.Sleep(time.Minute)
				send(t, s, n/2, n)
				time.Sleep(time.Hour)
				checkAll(t, b, n)
				if got := s.Stats(); got.Waiting != 0 || got.Dropped != 0 || got.Connections < 3 || got.Acknowledged != n {
					t.Errorf("stats %+v", got)
				}
				if err := s.Close(); err != nil {
					t.Error(err)
				}
				b.servers.Wait()
				if len(log.lines()) == 0 {
					t.Error("the failures were not reported")
				}
			})
		})
	}
}

// TestRestarts lets the broker go away for a night while messages come in, and then the program too.
func TestRestarts(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := &broker{}
		var log errorLog
		o := testOptions(t)
		o.Status, o.Report = "status", log.report
		s := mustStart(t, o, b)
		send(t, s, 0, 50)
		synctest.Wait()
		b.stop()
		send(t, s, 50, 100)
		time.Sleep(8 * time.Hour)
		if s.Stats().Connected || s.Stats().Waiting != 50 {
			t.Errorf("stats while the broker is away: %+v", s.Stats())
		}
		if b.dials > 8*60*2+10 {
			t.Errorf("%d attempts to connect in 8 hours", b.dials)
		}
		if err := s.Close(); err != nil {
			t.Fatal(err)
		}
		s = mustStart(t, o, b)
		send(t, s, 100, 150)
		synctest.Wait()
		b.start()
		time.Sleep(2 * time.Minute)
		checkAll(t, b, 150)
		if err := s.Close(); err != nil {
			t.Fatal(err)
		}
		b.servers.Wait()
		if got := b.received("status", false); !slices.Equal(got, []string{"online", "online", "offline"}) || len(b.wills) != 1 {
			t.Errorf("status %q, last wills %q", got, b.wills)
		}
		if got := log.lines(); len(got) != 3 || got[1] == "<nil>" || got[2] != "<nil>" {
			t.Errorf("an outage is reported at its beginning and its end: %q", got)
		}
	})
}

// TestCrash goes on from a copy of the folder, as it was in the middle of things.
func TestCrash(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := &broker{on: func(n int) verdict {
			if n >= 40 {
				return forget
			}
			return acknowledge
		}}
		o := testOptions(t)
		s := mustStart(t, o, b)
		send(t, s, 0, 120)
		synctest.Wait()
		crashed := filepath.Join(t.TempDir(), "copy")
		if err := os.CopyFS(crashed, os.DirFS(o.Dir)); err != nil {
			t.Fatal(err)
		}
		before := len(b.publishes())
		b.stop() // The first program is dead to the world.
		if err := s.Close(); err != nil {
			t.Fatal(err)
		}
		b.set(func() { b.on = nil })
		b.start()
		o.Dir = crashed
		s = mustStart(t, o, b)
		send(t, s, 120, 150)
		if err := s.Close(); err != nil {
			t.Fatal(err)
		}
		checkAll(t, b, 150)
		if got := len(b.publishes()) - before; got != 110 {
			t.Errorf("%d messages were sent after the crash, expected the 80 that were not acknowledged and 30 new ones", got)
		}
		b.servers.Wait()
	})
}

// TestAnyFailures lets chance decide when the network, the broker and the program fail.
func TestAnyFailures(t *testing.T) {
	for seed := range uint64(20) {
		synctest.Test(t, func(t *testing.T) {
			rng, brokers := rand.New(rand.NewPCG(seed, 1)), rand.New(rand.NewPCG(seed, 2))
			chance := func(n int) bool { return rng.IntN(n) == 0 }
			b := &broker{on: func(int) verdict {
				if brokers.IntN(15) == 0 {
					return verdict(brokers.IntN(4))
				}
				return acknowledge
			}}
			o := testOptions(t)
			o.Window, o.MaxBytes = 1+rng.IntN(40), 64<<10
			s := mustStart(t, o, b)
			const n = 300
			for i := range n {
				send(t, s, i, i+1)
				if chance(4) {
					time.Sleep(time.Duration(rng.IntN(2000)) * time.Millisecond)
				}
				if chance(40) {
					b.stop()
					time.Sleep(time.Duration(rng.IntN(3)) * time.Minute)
					b.start()
				}
				if chance(60) { // A crash: what is on disk now is all that is left.
					crashed := filepath.Join(t.TempDir(), "copy")
					if err := os.CopyFS(crashed, os.DirFS(o.Dir)); err != nil {
						t.Fatal(err)
					}
					b.stop()
					if err := s.Close(); err != nil {
						t.Fatal(err)
					}
					b.start()
					o.Dir = crashed
					s = mustStart(t, o, b)
				}
			}
			b.set(func() { b.on = nil })
			time.Sleep(time.Hour)
			if err := s.Close(); err != nil {
				t.Error(err)
			}
			b.servers.Wait()
			checkAll(t, b, n)
			if t.Failed() {
				t.Fatalf("seed %d", seed)
			}
		})
	}
}

func TestSilentBroker(t *testing.T) {
	for name, silence := range map[string]func(b *broker){
		"answers nothing":      func(b *broker) { b.mute = true },
		"answers pings alone":  func(b *broker) { b.on = func(int) verdict { return forget } },
		"forgets one of three": func(b *broker) { b.on = func(n int) verdict { return verdict(min(n%3, 1)) } },
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				b := &broker{}
				o := testOptions(t)
				o.KeepAlive = 10 * time.Second
				s := mustStart(t, o, b)
				synctest.Wait()
				b.set(func() { silence(b) })
				send(t, s, 0, 3)
				time.Sleep(16 * time.Second)
				if got := s.Stats().Connections; got < 2 {
					t.Errorf("%d connections after a silence of more than one and a half times KeepAlive", got)
				}
				b.set(func() { b.mute, b.on = false, nil })
				time.Sleep(time.Minute)
				checkAll(t, b, 3)
				if err := s.Close(); err != nil {
					t.Error(err)
				}
				b.servers.Wait()
			})
		})
	}
}
