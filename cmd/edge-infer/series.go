package main

import "time"

const mostPoints = 256

// series is how long calls took, in the order of time. It has at most mostPoints points of however many
// samples: when it is full each two neighbours become one, and from then on a point takes twice as
// many. So every sample is in a point, and none decides on its own what is kept.
type series struct {
	points []point
	per    int // samples in a full point
}

// point is some samples, one after another.
type point struct {
	at      time.Time // begin of the first
	samples int
	sum     time.Duration
	longest time.Duration
}

func newSeries() *series { return &series{points: make([]point, 0, mostPoints), per: 1} }

// add adds the sample that began at a time.
func (s *series) add(at time.Time, took time.Duration) {
	if n := len(s.points); n > 0 && s.points[n-1].samples < s.per {
		p := &s.points[n-1]
		p.samples++
		p.sum += took
		p.longest = max(p.longest, took)
		return
	}
	if len(s.points) == mostPoints {
		for i := range mostPoints / 2 {
			a, b := s.points[2*i], s.points[2*i+1]
			s.points[i] = point{a.at, a.samples + b.samples, a.sum + b.sum, max(a.longest, b.longest)}
		}
		s.points, s.per = s.points[:mostPoints/2], 2*s.per
	}
	s.points = append(s.points, point{at, 1, took, took})
}

// pointReport is a point, and what the board was like then.
type pointReport struct {
	At      float64 `json:"at_s"` // since the measurement began
	Samples int     `json:"samples"`
	Mean    float64 `json:"mean_ns"` // of a call
	Longest float64 `json:"max_ns"`
	condition
}

// report joins the points to the moments that are nearest to their middle. A sample is so many calls.
func (s *series) report(moments []moment, zero time.Time, calls int) []pointReport {
	var list []pointReport
	for _, p := range s.points {
		r := pointReport{
			At:      p.at.Sub(zero).Seconds(),
			Samples: p.samples,
			Mean:    float64(p.sum) / float64(p.samples*calls),
			Longest: float64(p.longest) / float64(calls),
		}
		if m := nearest(moments, p.at.Add(p.sum/2)); m != nil {
			r.condition = m.condition
		}
		list = append(list, r)
	}
	return list
}
