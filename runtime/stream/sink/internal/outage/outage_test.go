package outage

import (
	"errors"
	"slices"
	"testing"
)

func TestTellsTheTurnsOnly(t *testing.T) {
	a, b := errors.New("a"), errors.New("b")
	var told []error
	o := Outage{Tell: func(err error) { told = append(told, err) }}
	for _, err := range []error{nil, nil, a, b, a, nil, nil, b, nil} {
		o.Note(err)
	}
	if want := []error{a, nil, b, nil}; !slices.Equal(told, want) {
		t.Errorf("told %v, expected %v", told, want)
	}
	var silent Outage
	silent.Note(a)
}
