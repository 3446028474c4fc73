package ptxsim

import (
	"fmt"
	"strconv"
	"strings"
)

// Limits of a text, all far beyond what compilers write for a kernel; they bound what a hostile text can cost.
const (
	maxText         = 16 << 20
	maxInstructions = 1 << 18 // micro-operations of an entry; the races' records have 18 bits for a place
	maxEntries      = 4096
	maxSlots        = 1 << 16 // registers, constants and parameters of an entry
	maxParamBytes   = 4096
	maxDepth        = 64 // braces within braces
)

// A parser reads a module from tokens, one token ahead.
type parser struct {
	lex    lexer
	tok    token
	module *Module

	analysed int // work that the analysis of registers has done, see maxAnalysis
}

// Parse reads PTX. The errors name the line: "ptxsim: line 41: ...".
func Parse(text string) (*Module, error) {
	return newParser(text).parse()
}

func newParser(text string) *parser {
	return &parser{
		lex:    lexer{text: text, line: 1},
		module: &Module{variables: map[string]*variable{}, source: text},
	}
}

func (p *parser) parse() (*Module, error) {
	if n := len(p.lex.text); n > maxText {
		return nil, fmt.Errorf("ptxsim: a text of %d bytes: at most %d are read", n, maxText)
	}
	if err := p.advance(); err != nil {
		return nil, err
	}
	for p.tok.sort != endToken {
		if err := p.moduleDirective(); err != nil {
			return nil, err
		}
	}
	if p.module.target == 0 {
		return nil, parseError(p.tok.line, "the text has no .target")
	}
	return p.module, nil
}

// advance moves to the next token.
func (p *parser) advance() error {
	tok, err := p.lex.next()
	p.tok = tok
	return err
}

// fail is an error at the present token.
func (p *parser) fail(format string, args ...any) error {
	return parseError(p.tok.line, format, args...)
}

func (p *parser) at(text string) bool {
	return p.tok.text == text && p.tok.sort != stringToken && p.tok.sort != endToken
}

// expect moves past a token that must be there.
func (p *parser) expect(text string) error {
	if !p.at(text) {
		return p.fail("%v where %q is expected", p.tok, text)
	}
	return p.advance()
}

// accept moves past a token if it is there.
func (p *parser) accept(text string) (bool, error) {
	if !p.at(text) {
		return false, nil
	}
	return true, p.advance()
}

// word moves past a word and returns it.
func (p *parser) word(what string) (string, error) {
	if p.tok.sort != wordToken {
		return "", p.fail("%v where %s is expected", p.tok, what)
	}
	text := p.tok.text
	return text, p.advance()
}

// number moves past a plain integer of at most limit.
func (p *parser) number(what string, limit int) (int, error) {
	if p.tok.sort != numberToken {
		return 0, p.fail("%v where %s is expected", p.tok, what)
	}
	l, err := parseLiteral(p.tok.text, false)
	if err != nil {
		return 0, p.fail("%s: %w", what, err)
	}
	if l.float != noKind || l.bits > uint64(limit) {
		return 0, p.fail("%s is %s: an integer of at most %d is expected", what, p.tok.text, limit)
	}
	return int(l.bits), p.advance()
}

// moduleDirective reads one directive outside of entries.
func (p *parser) moduleDirective() error {
	directive, err := p.word("a directive")
	if err != nil {
		return err
	}
	switch directive {
	case ".version":
		return p.versionDirective()
	case ".target":
		return p.targetDirective()
	case ".address_size":
		if size, err := p.number("the address size", 64); err != nil || size != 64 {
			return orElse(err, p.fail("addresses of %d bits: only 64 are run", size))
		}
		return nil
	}
	if p.module.target == 0 {
		return p.fail("%s before .version and .target", directive)
	}
	extern := false
	for directive == ".visible" || directive == ".weak" || directive == ".extern" {
		extern = extern || directive == ".extern"
		if directive, err = p.word("a directive"); err != nil {
			return err
		}
	}
	switch directive {
	case ".entry":
		return p.entry()
	case ".func":
		return p.fail("device functions are not run; let the compiler inline them")
	case ".global", ".const", ".shared":
		return p.moduleVariable(directive[1:], extern)
	}
	return p.fail("the directive %s is not known here", directive)
}

func (p *parser) versionDirective() error {
	major, minor, ok := strings.Cut(p.tok.text, ".")
	a, errA := strconv.ParseUint(major, 10, 8)
	b, errB := strconv.ParseUint(minor, 10, 8)
	if !ok || errA != nil || errB != nil || b > 9 {
		return p.fail("%v where a version such as 4.2 is expected", p.tok)
	}
	p.module.version = int(10*a + b)
	return p.advance()
}

func (p *parser) targetDirective() error {
	name, err := p.word("a target")
	if err != nil {
		return err
	}
	digits, ok := strings.CutPrefix(name, "sm_")
	number, err := strconv.ParseUint(strings.TrimRight(digits, "af"), 10, 8)
	if !ok || err != nil || number < 50 {
		return p.fail("the target %s: sm_50 or later is expected", name)
	}
	if p.module.version == 0 {
		return p.fail(".target before .version")
	}
	p.module.target = int(number)
	return nil
}

// orElse returns err, or other if err is nil.
func orElse(err, other error) error {
	if err != nil {
		return err
	}
	return other
}
