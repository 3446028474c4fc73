package gen

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// Go's assembler lacks much of Advanced SIMD; the files for arm64 spell it out in words, or in macros that make
// words. Go's disassembler does know it, and says here that each word is the instruction named beside it.

// A word is a line of assembly that makes one, and its instruction in GNU notation.
type word struct{ line, notation string }

func TestWords(t *testing.T) {
	var macros []string
	var words []word
	for _, pattern := range []string{"*_arm64.s", "*_arm64.h"} {
		paths, err := filepath.Glob(filepath.Join(folder, pattern))
		if err != nil {
			t.Fatal(err)
		}
		for _, path := range paths {
			text, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			found := wordsIn(string(text))
			defined, uses := macrosIn(string(text))
			if all := strings.Count(string(text), "WORD $"); len(found)+len(defined) != all {
				t.Errorf("%s: %d of %d words have the form that can be checked", path, len(found)+len(defined), all)
			}
			macros, words = append(macros, defined...), append(words, append(found, uses...)...)
		}
	}
	if len(words) < 500 {
		t.Fatalf("%d words found: more than 500 expected", len(words))
	}
	for i, got := range disassemble(t, macros, words) {
		if want := strings.ReplaceAll(words[i].notation, "#0.0", "#0"); got != want {
			t.Errorf("%s is %q: %q expected", words[i].line, got, want)
		}
	}
}

// wordsIn returns the words that are written as numbers.
func wordsIn(text string) []word {
	var words []word
	for _, m := range regexp.MustCompile(`(?m)^\t(WORD \$0x[0-9a-f]{8}) // (.*)$`).FindAllStringSubmatch(text, -1) {
		words = append(words, word{m[1], m[2]})
	}
	return words
}

// macrosIn returns the macros that make a word, and uses of each: every operand with each of its values. A macro
// stands below its notation: "// fneg v<d>.4s, v<n>.4s", "#define FNEG(d, n) WORD $(…)".
func macrosIn(text string) (macros []string, uses []word) {
	form := regexp.MustCompile(`(?m)^// (.*<.*)\n(#define (\w+)\((.*?)\) WORD \$\(.*\))$`)
	for _, m := range form.FindAllStringSubmatch(text, -1) {
		notation, name, parameters := m[1], m[3], strings.Split(m[4], ", ")
		macros = append(macros, m[2])
		for i, parameter := range parameters {
			values := 32
			if strings.Contains(notation, "[<"+parameter+">]") { // an element of a vector
				values = 4
			}
			for v := range values {
				operands := make([]string, len(parameters))
				want := notation
				for j, other := range parameters {
					n := []int{1, 2, 3, 2}[j]
					if j == i {
						n = v
					}
					operands[j] = fmt.Sprintf("%d+%d", n/2, n-n/2) // a parameter without parentheses would show
					want = strings.ReplaceAll(want, "<"+other+">", fmt.Sprint(n))
				}
				uses = append(uses, word{fmt.Sprintf("%s(%s)", name, strings.Join(operands, ", ")), want})
			}
		}
	}
	return macros, uses
}

// disassemble returns what Go's tools make of each word.
func disassemble(t *testing.T, macros []string, words []word) []string {
	t.Helper()
	var source bytes.Buffer
	fmt.Fprintf(&source, "%s\nTEXT ·words(SB), 4, $0\n", strings.Join(macros, "\n")) // 4 is NOSPLIT
	for _, w := range words {
		fmt.Fprintf(&source, "\t%s\n", w.line)
	}
	dir := t.TempDir()
	in, object := filepath.Join(dir, "words.s"), filepath.Join(dir, "words.o")
	if err := os.WriteFile(in, source.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
	goTool(t, "arm64", "asm", "-p", "words", "-o", object, in)
	listing := goTool(t, "", "objdump", "-gnu", object)

	var instructions []string
	for _, m := range regexp.MustCompile(`(?m)\t[0-9a-f]{8}\t.*?// (.*?)\s*$`).FindAllStringSubmatch(listing, -1) {
		instructions = append(instructions, m[1])
	}
	if len(instructions) != len(words) {
		t.Fatalf("%d instructions in the listing of %d words:\n%.2000s", len(instructions), len(words), listing)
	}
	return instructions
}

// goTool runs a tool of Go, for another architecture if one is named, and returns what it prints.
func goTool(t *testing.T, arch string, args ...string) string {
	t.Helper()
	command := exec.Command("go", append([]string{"tool"}, args...)...)
	for _, variable := range os.Environ() {
		if !strings.HasPrefix(variable, "GOARCH=") && !strings.HasPrefix(variable, "GOOS=") {
			command.Env = append(command.Env, variable)
		}
	}
	if arch != "" {
		command.Env = append(command.Env, "GOOS=linux", "GOARCH="+arch)
	}
	out, err := command.CombinedOutput()
	if err != nil {
		t.Fatalf("go tool %s: %v\n%s", strings.Join(args, " "), err, out)
	}
	return string(out)
}
