package metric

import "math"

// sum adds up many numbers with Neumaier's compensation: what rounding cuts off each addition is
// kept and added at the end.
type sum struct {
	total, lost float64
}

func (s *sum) add(v float64) {
	t := s.total + v
	if math.Abs(s.total) >= math.Abs(v) {
		s.lost += (s.total - t) + v
	} else {
		s.lost += (v - t) + s.total
	}
	s.total = t
}

// value returns the sum. An infinite one loses nothing: its compensation is Inf − Inf.
func (s *sum) value() float64 {
	if math.IsInf(s.total, 0) {
		return s.total
	}
	return s.total + s.lost
}
