// Package golden gives a model the vectors that prove its answers right on any machine.
//
// Inputs and, where they are at hand, the source framework's own outputs come from a file; without
// one, inputs are drawn in the range that the model was made for. The canonical outputs are what
// the reference backend computes: every other backend must meet them bit for bit. Against the
// framework's they are held within a tolerance, since it adds in another order and perhaps in other
// precision. A model that misses the tolerance was put together wrongly more often than not, so
// Attach's report is to be checked before the model is used.
package golden
