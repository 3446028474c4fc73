// Package jsonmodel reads a whole model written down in JSON: by a person, for a small one, or by a
// few lines of script in any language.
//
// It has the records and the words of the model file itself, with the tensors in place where a
// layer uses them:
//
//	{
//	  "name": "xor",
//	  "input": {"features": ["a", "b"]},
//	  "layers": [
//	    {"op": "dense", "weight": [[1, 1], [1, 1]], "bias": [0, -1]},
//	    {"op": "relu"},
//	    {"op": "dense", "weight": [[1], [-2]]},
//	    {"op": "threshold", "comparison": ">", "value": 0.5}
//	  ],
//	  "output": {"kind": "class", "labels": ["same", "different"]}
//	}
//
// A weight is a list with a row for each input and in it a number for each output. The words "NaN",
// "Infinity" and "-Infinity" stand for numbers that JSON lacks. Reading is strict: a key that is
// unknown, stands twice, or belongs to another layer is an error that names its line.
package jsonmodel
