package kernels

import (
	"fmt"
	"go/ast"
	"go/constant"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"regexp"
	"strings"
	"testing"
)

// NUMERICS.md is normative, so its tables may not drift from the code.

// documentRows returns the first two cells of each table row that matches.
func documentRows(t *testing.T, row *regexp.Regexp) map[string]string {
	t.Helper()
	text, err := os.ReadFile("NUMERICS.md")
	if err != nil {
		t.Fatal(err)
	}
	cells := map[string]string{}
	for _, m := range row.FindAllStringSubmatch(string(text), -1) {
		if _, twice := cells[m[1]]; twice {
			t.Errorf("NUMERICS.md has two rows for %s", m[1])
		}
		cells[m[1]] = m[2]
	}
	return cells
}

// floatConstants returns every constant of the package that is written as a hexadecimal float.
func floatConstants(t *testing.T) map[string]constant.Value {
	t.Helper()
	names, err := fs.Glob(os.DirFS("."), "*.go")
	if err != nil {
		t.Fatal(err)
	}
	found := map[string]constant.Value{}
	for _, name := range names {
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		file, err := parser.ParseFile(token.NewFileSet(), name, nil, parser.SkipObjectResolution)
		if err != nil {
			t.Fatal(err)
		}
		ast.Inspect(file, func(n ast.Node) bool {
			if spec, ok := n.(*ast.ValueSpec); ok {
				for i, expression := range spec.Values {
					if v := hexFloat(expression); v != nil {
						found[spec.Names[i].Name] = v
					}
				}
			}
			return true
		})
	}
	return found
}

// hexFloat returns the value of a hexadecimal float literal, with a minus or without, and nil for anything else.
func hexFloat(e ast.Expr) constant.Value {
	if minus, ok := e.(*ast.UnaryExpr); ok && minus.Op == token.SUB {
		if v := hexFloat(minus.X); v != nil {
			return constant.UnaryOp(token.SUB, v, 0)
		}
		return nil
	}
	literal, ok := e.(*ast.BasicLit)
	if !ok || literal.Kind != token.FLOAT || !strings.HasPrefix(literal.Value, "0x") {
		return nil
	}
	return constant.MakeFromLiteral(literal.Value, token.FLOAT, 0)
}

func TestDocumentedConstants(t *testing.T) {
	documented := documentRows(t, regexp.MustCompile("(?m)^\\| `(\\w+)` \\| `([^`]+)` \\|"))
	inCode := floatConstants(t)
	for name, value := range map[string]int64{
		"magicBits": int64(magicBits), "panelBlock": panelBlock, "lanes": lanes,
		"int8Max": int8Max, "tinyRowBits": tinyRowBits, "int8MaxInputs": int8MaxInputs,
	} {
		inCode[name] = constant.MakeInt64(value)
	}
	if len(inCode) < 60 {
		t.Fatalf("%d constants found in the code: at least 60 expected", len(inCode))
	}
	for name, value := range inCode {
		text, ok := documented[name]
		if !ok {
			t.Errorf("NUMERICS.md has no row for %s", name)
			continue
		}
		kind := token.INT
		if strings.Contains(text, "p") {
			kind = token.FLOAT
		}
		unsigned, negative := strings.CutPrefix(text, "-")
		want := constant.MakeFromLiteral(unsigned, kind, 0)
		if negative {
			want = constant.UnaryOp(token.SUB, want, 0)
		}
		if !constant.Compare(value, token.EQL, want) {
			t.Errorf("%s is %s in the code and %s in NUMERICS.md", name, value.ExactString(), text)
		}
		if single, _ := constant.Float32Val(value); !constant.Compare(value, token.EQL, constant.MakeFloat64(float64(single))) {
			t.Errorf("%s, %s, is not a float32 exactly", name, text)
		}
	}
	for name := range documented {
		if _, ok := inCode[name]; !ok {
			t.Errorf("NUMERICS.md has a row for %s, which the code does not define", name)
		}
	}
}

func TestDocumentedErrors(t *testing.T) {
	documented := documentRows(t, regexp.MustCompile(`(?m)^\| (\w+) \| (\d\.\d+) \|$`))
	for _, c := range ulpCases {
		if got, want := documented[c.f.String()], fmt.Sprintf("%.3f", c.bound); got != want {
			t.Errorf("the bound of %s is %q in NUMERICS.md: %q is tested", c.f, got, want)
		}
	}
	if len(documented) != len(ulpCases) {
		t.Errorf("NUMERICS.md bounds %d functions: %d are tested", len(documented), len(ulpCases))
	}
}

// In the functions with exponentials, what the document calls 0.55, 1.8 and −1.2 are these floats.
func TestRoundedConstants(t *testing.T) {
	requireSame(t, "constants", []float32{tanhSplit, tailSlopeC0, tailSlopeC1}, []float32{0.55, 1.8, -1.2})
}
