// Package fold makes a model with fewer steps that computes the same function: constants that are
// added, subtracted, multiplied or divided by become part of the dense layer beside them, and of
// each other, and dense layers with no activation between them become one.
//
//	(x − mean) ÷ deviation · W + b  =  x · (W ÷ deviation) + (b − mean ÷ deviation · W)
//	(x · W + b) · V + c  =  x · (W · V) + (b · V + c)
//
// The function is the same and its float32 answers are not: constants are rounded again, and a sum
// of large terms that cancel stands where a small difference was. That is why a person has to ask
// for it, and why [Measure] says what it did to the answers.
//
// New constants are computed in float64 and rounded once. What is folded is only what cannot change
// the meaning of a row: constants are finite, nothing is divided by zero, no number overflows or
// loses digits by becoming subnormal, and nothing stands in between. Weights of f16 and of i8 keep
// their values, and so their neighbours stay too.
package fold
