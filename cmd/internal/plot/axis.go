package plot

import (
	"math"
	"strconv"
)

// axis is the range of both axes, which is marked at multiples of step.
type axis struct {
	first, last int // multiples of step
	step        float64
}

// axisOver returns an axis that holds both coordinates of all points, none of them beyond greatest.
func axisOver(points [][2]float64) axis {
	low, high := math.Inf(1), math.Inf(-1)
	for _, p := range points {
		low, high = min(low, p[0], p[1]), max(high, p[0], p[1])
	}
	if len(points) == 0 {
		low, high = 0, 1
	}
	if large := max(math.Abs(low), math.Abs(high)); high-low <= large*1e-9 || large < 1e-100 {
		around := float64(max(large*0.1, 0.5)) // points that are as good as one
		low, high = low-around, high+around
	}
	step := niceStep((high - low) / 5)
	return axis{int(math.Floor(low / step)), int(math.Ceil(high / step)), step}
}

// niceStep returns the greatest of 1, 2 and 5 times a power of ten that is not above a step. It uses
// no logarithm, whose last bit may differ between machines.
func niceStep(most float64) float64 {
	e := 0
	for math.Pow10(e) > most {
		e--
	}
	for math.Pow10(e+1) <= most {
		e++
	}
	step := math.Pow10(e)
	for _, times := range []float64{5, 2} {
		if times*step <= most {
			return times * step
		}
	}
	return step
}

// at is a multiple of step, rounded: a fused multiplication would differ between machines.
func (a axis) at(i int) float64 { return float64(float64(i) * a.step) }

// place is where a value lies on an axis of that length.
func (a axis) place(v, length float64) float64 {
	low, high := a.at(a.first), a.at(a.last)
	return float64(length * ((v - low) / (high - low)))
}

// ticks returns the marked values.
func (a axis) ticks() []float64 {
	var ticks []float64
	for i := a.first; i <= a.last; i++ {
		ticks = append(ticks, a.at(i))
	}
	return ticks
}

// tickName writes a marked value: ten digits tell it from its neighbours, and hide how 0.1 is rounded.
func tickName(tick float64) string { return strconv.FormatFloat(tick, 'g', 10, 64) }
