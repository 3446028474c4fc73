package sensor

import (
	"errors"
	"fmt"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/lexer"
	"github.com/goccy/go-yaml/parser"
	"github.com/goccy/go-yaml/token"
)

// ParseDescription reads a description of a sensor. The file's name is for the errors, which begin with
// it and the line.
func ParseDescription(file string, text []byte) (d *Description, err error) {
	// The YAML package has panicked on odd input before. Here input may be anybody's.
	defer func() {
		if r := recover(); r != nil {
			d, err = nil, fmt.Errorf("sensor: %s: this YAML cannot be read: %v", file, r)
		}
	}()
	if len(text) > largestDescription {
		return nil, fmt.Errorf("sensor: %s: %d bytes; a description has at most %d", file, len(text), largestDescription)
	}
	if err := plainYAML(file, text); err != nil {
		return nil, err
	}
	parsed, err := parser.ParseBytes(text, 0)
	if err != nil {
		return nil, yamlError(file, err)
	}
	if len(parsed.Docs) != 1 || parsed.Docs[0].Body == nil {
		return nil, fmt.Errorf("sensor: %s: a description is one YAML document with something in it", file)
	}
	d = &Description{text: append([]byte(nil), text...)}
	if err := yaml.NodeToValue(parsed.Docs[0].Body, d, yaml.Strict()); err != nil {
		return nil, yamlError(file, err)
	}
	c := checker{file, parsed, nil}
	c.description(d)
	if c.err != nil {
		return nil, c.err
	}
	return d, nil
}

const deepestYAML = 16

// plainYAML refuses what a description does not need and a small file can do much harm with: anchors and aliases, which
// multiply, tags, and deep nesting.
func plainYAML(file string, text []byte) error {
	depth := 0
	for _, t := range lexer.Tokenize(string(text)) {
		switch t.Type {
		case token.AnchorType, token.AliasType, token.MergeKeyType, token.TagType, token.DirectiveType:
			return fmt.Errorf("sensor: %s:%d: %.20q: anchors, aliases, tags and directives are not read", file, t.Position.Line, t.Value)
		case token.MappingStartType, token.SequenceStartType:
			depth++
		case token.MappingEndType, token.SequenceEndType:
			depth--
		}
		if depth > deepestYAML || t.Position.IndentNum > 2*deepestYAML {
			return fmt.Errorf("sensor: %s:%d: nested too deep", file, t.Position.Line)
		}
	}
	return nil
}

// yamlError puts an error of the YAML package into one line.
func yamlError(file string, err error) error {
	var at yaml.Error
	if errors.As(err, &at) && at.GetToken() != nil {
		return fmt.Errorf("sensor: %s:%d: %s", file, at.GetToken().Position.Line, at.GetMessage())
	}
	return fmt.Errorf("sensor: %s: %w", file, err)
}

// line finds where in the file something is, by a path such as $.channels[2].type; what is absent is where
// the first thing around it is.
func line(file *ast.File, path string) int {
	for len(path) > 1 {
		if p, err := yaml.PathString(path); err == nil {
			if found, err := p.FilterFile(file); err == nil && found != nil {
				return found.GetToken().Position.Line
			}
		}
		cut := len(path) - 1
		for cut > 1 && path[cut] != '.' && path[cut] != '[' {
			cut--
		}
		path = path[:cut]
	}
	return 1
}
