// Package rules checks a model that was put together from parts, and says what is wrong with it to
// the person who has the parts at hand.
//
// The rules are those of package format. Its errors are worded for whoever reads a model file:
// here there is none yet, so the words that speak of one are left out. One rule is added, for a
// model that a file may hold and that nobody means.
package rules
