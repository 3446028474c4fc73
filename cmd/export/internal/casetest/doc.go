// Package casetest walks the cases of testdata/models: trained files of the frameworks, each in a
// folder of its own with what the framework answered.
//
// A case is a folder with
//
//   - case.txt, lines of "key: value", described at [Case];
//   - the trained file that case.txt names, with whatever files belong to it;
//   - x.npy and y.npy, inputs and the framework's own answers, unless the file is to be refused.
//
// Only tests import it.
package casetest
