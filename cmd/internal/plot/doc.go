// Package plot draws how good and how fast a model is, as pictures in SVG: a [Confusion] matrix for a
// classifier, a [Scatter] of predictions against targets for a regression, a [Timeline] of how long calls took
// and what the board was like meanwhile.
//
// A picture depends on nothing but what is drawn: no date, no random number, no font that would have
// to be measured. The same numbers give the same bytes on every machine. Names are escaped and
// shortened, and characters that XML cannot hold are replaced, so whatever a model file calls its
// classes the picture is well-formed.
package plot
