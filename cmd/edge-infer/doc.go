// Edge-infer runs trained models on small boards.
//
// A model is one file, written by edge-export on a workstation. Edge-infer reads rows of numbers, or
// texts, from a file or a pipe and writes the model's answers (run), judges the model by rows whose
// labels are known (eval), proves with the golden vectors in the file that the answers here have the
// right bits (verify), shows what is in the file (inspect), and measures how fast it runs here
// (bench).
//
// The commands translate between words and packages format and runtime, and do nothing that a
// program could not do with those. Each command is a file, with what it prints beside
// it; rows.go reads rows and runs them for run and eval, answer.go writes the answers.
package main
