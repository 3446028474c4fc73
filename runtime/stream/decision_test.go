package stream

import (
	"math"
	"slices"
	"strings"
	"testing"

	"github.com/edge-infer/edge-infer/format"
)

func TestHysteresis(t *testing.T) {
	nan := float32(math.NaN())
	for _, test := range []struct {
		name   string
		level  Level
		values []float32
		want   []int
	}{
		{"threshold", Level{On: 1, Off: 1}, []float32{0, 1, 0.99, 2, 1}, []int{0, 1, 0, 1, 1}},
		{"threshold below", Level{On: 1, Off: 1, Below: true}, []float32{0, 1, 1.01, 2, 1}, []int{1, 1, 0, 0, 1}},
		{"hysteresis", Level{On: 2, Off: 1}, []float32{1.5, 2, 1.5, 1, 0.9, 1.5}, []int{0, 1, 1, 1, 0, 0}},
		{"hysteresis below", Level{On: 1, Off: 2, Below: true}, []float32{1.5, 1, 1.5, 2, 2.1, 1.5}, []int{0, 1, 1, 1, 0, 0}},
		{"NaN", Level{On: 2, Off: 1}, []float32{nan, 2, nan, 1.5, 0, nan, 1.5}, []int{-1, 1, -1, 1, 0, -1, 0}},
		{"infinity", Level{On: 2, Off: 1}, []float32{float32(math.Inf(1)), float32(math.Inf(-1))}, []int{1, 0}},
	} {
		t.Run(test.name, func(t *testing.T) {
			h := hysteresis{Level: test.level}
			var got []int
			for _, v := range test.values {
				got = append(got, h.next(v))
			}
			if !slices.Equal(got, test.want) {
				t.Errorf("%v, want %v", got, test.want)
			}
		})
	}
}

func TestMajority(t *testing.T) {
	for _, test := range []struct {
		name   string
		n      int
		states []int
		want   []int
	}{
		{"of three", 3, []int{1, 1, 0, 0, 1, 0}, []int{-1, 1, 1, 0, 0, 0}},
		{"of two needs both", 2, []int{1, 0, 0, 1, 1}, []int{-1, -1, 0, 0, 1}},
		{"none has more than half", 3, []int{2, 2, 0, 1, 2}, []int{-1, 2, 2, 2, 2}},
		{"undecided", 3, []int{1, 1, -1, -1, 1}, []int{-1, 1, 1, -1, -1}},
		{"a lead that is no majority", 5, []int{0, 0, 0, 1, 1, 2, 2}, []int{-1, -1, 0, 0, 0, 0, 0}},
	} {
		t.Run(test.name, func(t *testing.T) {
			m := newMajority(test.n)
			var got []int
			for _, s := range test.states {
				got = append(got, m.next(s))
			}
			if !slices.Equal(got, test.want) {
				t.Errorf("%v, want %v", got, test.want)
			}
		})
	}
}

// TestMajorityCounted holds the vote against counting.
func TestMajorityCounted(t *testing.T) {
	r := newRandom(7)
	for n := 2; n < 9; n++ {
		m, state := newMajority(n), Undecided
		last := slices.Repeat([]int{Undecided}, n)
		for range 500 {
			s := r.below(3) - 1
			last = append(last[1:], s)
			counts := map[int]int{}
			for _, v := range last {
				if counts[v]++; 2*counts[v] > n {
					state = v
				}
			}
			if got := m.next(s); got != state {
				t.Fatalf("of %v: %d, want %d", last, got, state)
			}
		}
	}
}

func TestDebounce(t *testing.T) {
	for _, test := range []struct {
		name   string
		times  int
		states []int
		want   []int
	}{
		{"two", 2, []int{0, 0, 1, 0, 1, 1, 0}, []int{-1, 0, 0, 0, 0, 1, 1}},
		{"three", 3, []int{1, 1, 1, 2, 2, 1, 2, 2, 2}, []int{-1, -1, 1, 1, 1, 1, 1, 1, 2}},
		{"undecided must last too", 2, []int{1, 1, -1, 1, -1, -1}, []int{-1, 1, 1, 1, 1, -1}},
		{"long", 2, []int{1, 1, 1, 1, 0, 1}, []int{-1, 1, 1, 1, 1, 1}},
	} {
		t.Run(test.name, func(t *testing.T) {
			d := newDebounce(test.times)
			var got []int
			for _, s := range test.states {
				got = append(got, d.next(s))
			}
			if !slices.Equal(got, test.want) {
				t.Errorf("%v, want %v", got, test.want)
			}
		})
	}
}

// TestDecision runs predictions of three classes through whole decisions.
func TestDecision(t *testing.T) {
	output := &format.Output{Kind: format.Probabilities, Labels: []string{"idle", "walk", "run"}}
	rows := [][]float32{{.8, .1, .1}, {.1, .8, .1}, {.4, .2, .4}, {.1, .7, .2}, {.1, .6, .3}, {0, .3, .7}, {0, .2, .8}}
	for _, test := range []struct {
		name     string
		decision Decision
		want     []int
		active   []bool
	}{
		{"class", Decision{}, []int{0, 1, 0, 1, 1, 2, 2}, []bool{false, true, false, true, true, true, true}},
		{"active classes", Decision{Active: []int{0, 2}}, []int{0, 1, 0, 1, 1, 2, 2}, []bool{true, false, true, false, false, true, true}},
		{"never active", Decision{Active: []int{}}, []int{0, 1, 0, 1, 1, 2, 2}, make([]bool, 7)},
		{"majority", Decision{Majority: 3}, []int{-1, -1, 0, 1, 1, 1, 2}, []bool{false, false, false, true, true, true, true}},
		{"debounce", Decision{Debounce: 2}, []int{-1, -1, -1, -1, 1, 1, 2}, []bool{false, false, false, false, true, true, true}},
		{"both", Decision{Majority: 3, Debounce: 2}, []int{-1, -1, -1, -1, 1, 1, 1}, []bool{false, false, false, false, true, true, true}},
		{"level", Decision{Level: &Level{Output: 1, On: .7, Off: .5}}, []int{0, 1, 0, 1, 1, 0, 0}, []bool{false, true, false, true, true, false, false}},
		{"level, debounce", Decision{Level: &Level{Output: 1, On: .7, Off: .5}, Debounce: 2}, []int{-1, -1, -1, -1, 1, 1, 0}, []bool{false, false, false, false, true, true, false}},
	} {
		t.Run(test.name, func(t *testing.T) {
			d, err := newDecider(test.decision, output, 3)
			if err != nil {
				t.Fatal(err)
			}
			for i, row := range rows {
				class, state := d.next(row)
				if state != test.want[i] || d.isActive(state) != test.active[i] {
					t.Errorf("prediction %d: state %d, active %v: want %d, %v", i, state, d.isActive(state), test.want[i], test.active[i])
				}
				if want := []int{0, 1, 0, 1, 1, 2, 2}[i]; class != want {
					t.Errorf("prediction %d: class %d, want %d", i, class, want)
				}
			}
		})
	}
}

func TestDecisionErrors(t *testing.T) {
	classes := &format.Output{Kind: format.Logits, Labels: []string{"no", "yes"}}
	quantity := &format.Output{Kind: format.Value}
	nan := float32(math.NaN())
	for _, test := range []struct {
		name     string
		decision Decision
		output   *format.Output
		says     string
	}{
		{"output", Decision{Level: &Level{Output: 2}}, classes, "output 2: the model has 2"},
		{"order", Decision{Level: &Level{On: 1, Off: 2}}, classes, "on at 1 and off at 2"},
		{"order below", Decision{Level: &Level{On: 2, Off: 1, Below: true}}, classes, "on at 2 and off at 1"},
		{"NaN", Decision{Level: &Level{On: nan, Off: nan}}, classes, "on at NaN"},
		{"quantity", Decision{Majority: 3}, quantity, "give a level"},
		{"majority", Decision{Majority: -1}, classes, "majority over -1"},
		{"great majority", Decision{Majority: 5000}, classes, "at most 4096"},
		{"debounce", Decision{Debounce: -1}, classes, "debounce of -1"},
		{"active", Decision{Active: []int{2}}, classes, "active state 2: there are 2"},
		{"active level", Decision{Level: &Level{}, Active: []int{2}}, quantity, "active state 2"},
	} {
		if _, err := newDecider(test.decision, test.output, 2); err == nil || !strings.Contains(err.Error(), test.says) {
			t.Errorf("%s: error %v, which should say %q", test.name, err, test.says)
		}
	}
	if _, err := newDecider(Decision{}, quantity, 2); err != nil {
		t.Errorf("a quantity that is only passed on: %v", err)
	}
}
