package gallery

import (
	"errors"
	"fmt"
	"strings"
)

// Block is an sh block of a README, and the text block that follows it, if there is one.
type Block struct {
	Commands []Command
	Output   []string // lines that the program of the last command prints
}

// Program is the one whose output the block shows.
func (b *Block) Program() string { return b.Commands[len(b.Commands)-1].Program }

// Command is one call of a program of ours.
type Command struct {
	Line    string // as a person would type it, on a single line
	Program string // "edge-export" or "edge-infer"
	Args    []string
}

// blocksIn returns the sh blocks of a README. A line there that is neither a comment nor a call of a
// program of ours is an error, since nothing would test it.
func blocksIn(readme string) ([]Block, error) {
	var blocks []Block
	for fence, text := range fenced(readme) {
		switch fence {
		case "sh":
			commands, err := commandsIn(text)
			if err != nil {
				return nil, err
			}
			blocks = append(blocks, Block{Commands: commands})
		case "text":
			if len(blocks) == 0 || blocks[len(blocks)-1].Output != nil {
				return nil, errors.New("a text block has no sh block of its own before it")
			}
			blocks[len(blocks)-1].Output = shown(text)
		}
	}
	if len(blocks) == 0 {
		return nil, errors.New("there is no sh block")
	}
	return blocks, nil
}

// fenced yields the word after the opening fence of each block, and the text up to the closing one.
func fenced(readme string) func(yield func(fence, text string) bool) {
	return func(yield func(fence, text string) bool) {
		fence, inside := "", false
		var text strings.Builder
		for line := range strings.Lines(readme) {
			word, isFence := strings.CutPrefix(strings.TrimSpace(line), "```")
			switch {
			case !isFence && inside:
				text.WriteString(line)
			case isFence && !inside:
				fence, inside = word, true
			case isFence:
				if !yield(fence, text.String()) {
					return
				}
				text.Reset()
				inside = false
			}
		}
	}
}

func commandsIn(text string) ([]Command, error) {
	var commands []Command
	for line := range strings.Lines(strings.ReplaceAll(text, "\\\n", " ")) {
		words, err := Words(line)
		if err != nil {
			return nil, err
		}
		if len(words) == 0 || strings.HasPrefix(words[0], "#") {
			continue
		}
		program, ok := strings.CutPrefix(words[0], "./")
		if !ok || program != "edge-export" && program != "edge-infer" {
			return nil, fmt.Errorf("%q: a line of an sh block calls ./edge-export or ./edge-infer", line)
		}
		commands = append(commands, Command{strings.Join(strings.Fields(line), " "), program, words[1:]})
	}
	if len(commands) == 0 {
		return nil, errors.New("an sh block holds no command")
	}
	return commands, nil
}

// shown returns the lines of a text block that say something.
func shown(text string) []string {
	lines := []string{}
	for line := range strings.Lines(text) {
		if line = strings.TrimRight(line, " \n"); line != "" {
			lines = append(lines, line)
		}
	}
	return lines
}

// Words cuts a command line at its spaces, but for those between double quotes. What else a shell
// would understand is an error.
func Words(line string) ([]string, error) {
	var words []string
	var word strings.Builder
	begun, quoted := false, false
	for _, r := range strings.TrimSpace(line) + " " {
		switch {
		case r == '"':
			begun, quoted = true, !quoted
		case r == ' ' && !quoted:
			if begun {
				words = append(words, word.String())
			}
			word.Reset()
			begun = false
		case strings.ContainsRune("`$\\", r), !quoted && strings.ContainsRune("'|&;<>()*?[]{}~", r):
			return nil, fmt.Errorf("%q: %q would need a shell", line, r)
		default:
			begun = true
			word.WriteRune(r)
		}
	}
	if quoted {
		return nil, fmt.Errorf("%q: a quote is not closed", line)
	}
	return words, nil
}
