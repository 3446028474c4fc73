package format

import (
	"go/ast"
	"go/parser"
	"go/token"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// parsePackage parses the package's own files, without tests.
func parsePackage(t *testing.T) []*ast.File {
	t.Helper()
	paths, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	var files []*ast.File
	for _, path := range paths {
		if strings.HasSuffix(path, "_test.go") {
			continue
		}
		file, err := parser.ParseFile(token.NewFileSet(), path, nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		files = append(files, file)
	}
	return files
}

// declaredStrings are the string constants of the package, by their type, in the
// order of their declaration.
func declaredStrings(t *testing.T) map[string][]string {
	t.Helper()
	values := map[string][]string{}
	for _, file := range parsePackage(t) {
		ast.Inspect(file, func(n ast.Node) bool {
			spec, ok := n.(*ast.ValueSpec)
			if !ok || len(spec.Values) != 1 {
				return true
			}
			if name, ok := spec.Type.(*ast.Ident); ok {
				if literal, ok := stringLiteral(spec.Values[0]); ok {
					values[name.Name] = append(values[name.Name], literal)
				}
			}
			return true
		})
	}
	return values
}

// declaredOps are the names of all layers, sorted: the literals that Op methods
// return, the functions of Activation and the operators of Affine.
func declaredOps(t *testing.T) []string {
	t.Helper()
	constants := declaredStrings(t)
	ops := slices.Concat(constants["Function"], constants["Operator"])
	for _, file := range parsePackage(t) {
		for _, d := range file.Decls {
			f, ok := d.(*ast.FuncDecl)
			if !ok || f.Name.Name != "Op" || f.Body == nil {
				continue
			}
			if op, ok := stringLiteral(f.Body.List[0].(*ast.ReturnStmt).Results[0]); ok {
				ops = append(ops, op)
			}
		}
	}
	slices.Sort(ops)
	return ops
}

func stringLiteral(e ast.Expr) (string, bool) {
	literal, ok := e.(*ast.BasicLit)
	if !ok || literal.Kind != token.STRING {
		return "", false
	}
	text, err := strconv.Unquote(literal.Value)
	return text, err == nil
}
