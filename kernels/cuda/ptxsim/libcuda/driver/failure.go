package driver

import (
	"fmt"
	"strconv"
	"strings"
	"sync"
)

// A Failure is one that a test asks for.
type Failure struct {
	Call   string // without _v2, which it stands for as well; empty: there is no device
	Result Result
	At     int // which call of that name fails; 0: every one
}

// ParseFailure reads CALL=NUMBER, CALL=NUMBER@N (the Nth call of a process
// alone) or no-device. A result that means a lost device, 719 say, is the
// answer to every later call of the process, too.
func ParseFailure(spec string) (Failure, error) {
	if spec == "no-device" {
		return Failure{Result: NoDevice}, nil
	}
	bad := func(what string) (Failure, error) {
		return Failure{}, fmt.Errorf("driver: failure %q: %s: expected CALL=NUMBER, CALL=NUMBER@N or no-device", spec, what)
	}
	name, rest, found := strings.Cut(spec, "=")
	if !found {
		return bad("no =")
	}
	f := Failure{Call: withoutVersion(name)}
	known := false
	for call := range calls {
		known = known || withoutVersion(call) == f.Call
	}
	if !known {
		return bad(fmt.Sprintf("the driver has no %q", name))
	}
	number, at, counted := strings.Cut(rest, "@")
	n, err := strconv.ParseUint(number, 10, 16)
	if err != nil || n == 0 {
		return bad(fmt.Sprintf("result %q", number))
	}
	f.Result = Result(n)
	if counted {
		k, err := strconv.ParseInt(at, 10, 32)
		if err != nil || k < 1 {
			return bad(fmt.Sprintf("count %q", at))
		}
		f.At = int(k)
	}
	return f, nil
}

// ParseFailures reads a list of them.
func ParseFailures(specs []string) ([]Failure, error) {
	var list []Failure
	for _, spec := range specs {
		f, err := ParseFailure(spec)
		if err != nil {
			return nil, err
		}
		list = append(list, f)
	}
	return list, nil
}

func withoutVersion(call string) string {
	name, _, _ := strings.Cut(call, "_v")
	return name
}

// failures counts calls towards the failures asked for. A test may add some
// from another connection while the process runs.
type failures struct {
	mu     sync.Mutex
	wanted []countedFailure
}

type countedFailure struct {
	Failure
	calls int // that were made since
}

func (f *failures) add(wanted ...Failure) {
	f.mu.Lock()
	defer f.mu.Unlock()
	for _, w := range wanted {
		f.wanted = append(f.wanted, countedFailure{Failure: w})
	}
}

// next counts a call and returns how it shall fail: Success for not at all.
func (f *failures) next(call string) Result {
	f.mu.Lock()
	defer f.mu.Unlock()
	answer := Success
	for i := range f.wanted {
		w := &f.wanted[i]
		if w.Call != withoutVersion(call) {
			continue
		}
		w.calls++
		if answer == Success && (w.At == 0 || w.At == w.calls) {
			answer = w.Result
		}
	}
	return answer
}

func (f *failures) noDevice() bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	for _, w := range f.wanted {
		if w.Call == "" {
			return true
		}
	}
	return false
}
