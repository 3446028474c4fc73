package gen

import (
	"fmt"
	"go/ast"
	"go/constant"
	"go/parser"
	"go/token"
	"math"
	"path/filepath"
	"strings"
)

// readConstants returns the bits of each float32 and int32 constant of the Go package in a folder, so that
// the numbers of package kernels are written down in one place.
func readConstants(folder string) (map[string]uint32, error) {
	paths, err := filepath.Glob(filepath.Join(folder, "*.go"))
	if err != nil {
		return nil, err
	}
	bits := map[string]uint32{}
	for _, path := range paths {
		if strings.HasSuffix(path, "_test.go") {
			continue
		}
		file, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.SkipObjectResolution)
		if err != nil {
			return nil, fmt.Errorf("gen: %w", err)
		}
		for _, d := range file.Decls {
			if g, ok := d.(*ast.GenDecl); ok && g.Tok == token.CONST {
				for _, s := range g.Specs {
					addConstant(bits, s.(*ast.ValueSpec))
				}
			}
		}
	}
	return bits, nil
}

// addConstant adds a constant that is declared as `name float32 = literal` or `name int32 = literal`, with a
// minus before the literal or without. Others are no constants of the arithmetic.
func addConstant(bits map[string]uint32, s *ast.ValueSpec) {
	kind, ok := s.Type.(*ast.Ident)
	if !ok || len(s.Values) != 1 {
		return
	}
	expression, sign := s.Values[0], token.ADD
	if unary, ok := expression.(*ast.UnaryExpr); ok {
		expression, sign = unary.X, unary.Op
	}
	literal, ok := expression.(*ast.BasicLit)
	if !ok {
		return
	}
	number := constant.UnaryOp(sign, constant.MakeFromLiteral(literal.Value, literal.Kind, 0), 0)
	switch kind.Name {
	case "float32":
		f, _ := constant.Float32Val(number)
		bits[s.Names[0].Name] = math.Float32bits(f)
	case "int32":
		i, _ := constant.Int64Val(number)
		bits[s.Names[0].Name] = uint32(i)
	}
}
