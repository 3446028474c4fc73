package format

import (
	"go/ast"
	"go/parser"
	"go/token"
	"go/types"
	"hash/crc32"
	"maps"
	"os"
	"reflect"
	"slices"
	"strings"
	"testing"
)

// specTables reads the tables of SPEC.md: their rows of cells, without the head,
// by the heading above them.
func specTables(t *testing.T) map[string][][]string {
	t.Helper()
	text, err := os.ReadFile("SPEC.md")
	if err != nil {
		t.Fatal(err)
	}
	tables := map[string][][]string{}
	heading := ""
	for line := range strings.Lines(string(text)) {
		line = strings.TrimSpace(line)
		if after, ok := strings.CutPrefix(line, "#"); ok {
			heading = strings.TrimLeft(after, "# ")
		}
		if !strings.HasPrefix(line, "| ") {
			continue
		}
		var cells []string
		for cell := range strings.SplitSeq(strings.Trim(line, "|"), "|") {
			cells = append(cells, strings.ReplaceAll(strings.TrimSpace(cell), "`", ""))
		}
		tables[heading] = append(tables[heading], cells)
	}
	for heading, rows := range tables {
		tables[heading] = rows[1:]
	}
	return tables
}

// firstCells takes the first n cells of each row, joined.
func firstCells(rows [][]string, n int) []string {
	var list []string
	for _, row := range rows {
		list = append(list, strings.Join(row[:n], ": "))
	}
	return list
}

func compare(t *testing.T, what string, got, want []string) {
	t.Helper()
	if len(want) == 0 {
		t.Errorf("%s: the package has none", what)
	}
	for _, w := range want {
		if !slices.Contains(got, w) {
			t.Errorf("%s: SPEC.md lacks %q", what, w)
		}
	}
	for _, g := range got {
		if !slices.Contains(want, g) {
			t.Errorf("%s: the package lacks %q", what, g)
		}
	}
	if !t.Failed() && !slices.Equal(got, want) {
		t.Errorf("%s: SPEC.md has the order %q, the package %q", what, got, want)
	}
}

// TestSpecRecords compares the tables of records with the fields methods.
func TestSpecRecords(t *testing.T) {
	w := recordWalk{}
	version, crc, pad, text := 0, uint32(0), []byte{}, ""
	document := append([]field{{"format", &text}, {"version", &version}}, w.visit(new(Model))...)
	document = append(document, field{"tensors", records[tensorRecord, *tensorRecord]{new([]tensorRecord)}})
	w["document"] = w.rows(append(document, field{"crc", &crc}, field{"pad", &pad}, field{"data", &pad}))
	delete(w, "model") // its fields are the document's
	for _, op := range declaredOps(t) {
		w.rows(newLayer(op).fields(nil))
	}

	tables := specTables(t)
	for _, name := range slices.Sorted(maps.Keys(w)) {
		compare(t, "record "+name, firstCells(tables[name], 2), w[name])
	}
	for heading, rows := range tables {
		isRecord := len(rows[0]) == 3 && heading == strings.ToLower(heading) // a limit's or layer's has a capital
		if _, ok := w[heading]; isRecord && !ok {
			t.Errorf("SPEC.md has the record %q, the package does not", heading)
		}
	}

	if got := documentKeys(t); !slices.Equal(got, firstCells(tables["document"], 1)) {
		t.Errorf("a file has the keys %q, SPEC.md has %q", got, firstCells(tables["document"], 1))
	}
}

// A recordWalk collects the keys and types of each kind of record, by the
// record's name, as the tables of SPEC.md have them.
type recordWalk map[string][]string

// visit collects a record and those within it, and returns its fields.
func (w recordWalk) visit(r record) []field {
	f := r.fields(nil)
	if name := recordName(r); w[name] == nil {
		w[name] = []string{""} // ends a recursion
		w[name] = w.rows(f)
	}
	return f
}

func (w recordWalk) rows(fields []field) []string {
	var rows []string
	for _, f := range fields {
		rows = append(rows, f.key+": "+w.typeOf(f.ptr))
	}
	return rows
}

func (w recordWalk) typeOf(ptr any) string {
	switch p := ptr.(type) {
	case *string, *tensorName:
		return "str"
	case *int:
		return "int"
	case *uint32:
		return "uint 32"
	case *float32:
		return "float 32"
	case *float64:
		return "float 64"
	case *bool:
		return "bool"
	case *[]byte:
		return "bin"
	case *[]int:
		return "array of int"
	case *[]string:
		return "array of str"
	case *[]Layer:
		return "array of layers"
	case recordList:
		p.resize(1)
		w.visit(p.at(0))
		return "array of " + recordName(p.at(0))
	case optionalRecord:
		r := p.create()
		w.visit(r)
		return "map " + recordName(r) + " or nil"
	case record:
		w.visit(p)
		return "map " + recordName(p)
	}
	panic("a field of type " + reflect.TypeOf(ptr).String())
}

func recordName(r record) string {
	return strings.TrimSuffix(strings.ToLower(reflect.TypeOf(r).Elem().Name()), "record")
}

// documentKeys are the keys of the outermost map in a real file.
func documentKeys(t *testing.T) []string {
	t.Helper()
	file, err := Marshal(example())
	if err != nil {
		t.Fatal(err)
	}
	w := byteWalk{file: file}
	w.value("", 0, 0)
	return w.keys
}

// TestSpecLayers compares both tables of layers with the layers of the package.
func TestSpecLayers(t *testing.T) {
	tables := specTables(t)
	ops := firstCells(tables["Layers"], 1)
	declared := declaredOps(t)
	compare(t, "layers", slices.Sorted(slices.Values(ops)), declared)

	parameters := map[string][]string{}
	for _, row := range tables["Parameters of the layers"] {
		if !slices.Contains(declared, row[0]) {
			t.Errorf("SPEC.md has parameters of %q, the package has no such layer", row[0])
		}
		parameters[row[0]] = append(parameters[row[0]], row[1]+": "+row[2])
	}
	for _, op := range declared {
		l := newLayer(op)
		if l == nil || l.Op() != op {
			t.Errorf("layer %q cannot be decoded", op)
			continue
		}
		if want := (recordWalk{}).rows(l.fields(nil)); !slices.Equal(parameters[op], want) {
			t.Errorf("SPEC.md has the parameters %q of %s, the package %q", parameters[op], op, want)
		}
	}
}

// TestSpecEnumerations compares the tables of values with the constants.
func TestSpecEnumerations(t *testing.T) {
	tables := specTables(t)
	declared := declaredStrings(t)
	delete(declared, "Function") // layers
	delete(declared, "Operator") // layers
	delete(declared, "")         // of no type of ours
	compare(t, "enumerations", slices.Sorted(maps.Keys(declared)), []string{"Comparison", "DType", "Kind", "Layout", "Norm", "Unknown"})
	for name, values := range declared {
		compare(t, name, firstCells(tables[strings.ToLower(name)], 1), values)
	}
}

// TestSpecLimits compares the table of limits with the constants of limits.go.
func TestSpecLimits(t *testing.T) {
	files := token.NewFileSet()
	file, err := parser.ParseFile(files, "limits.go", nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	pkg, err := new(types.Config).Check("format", files, []*ast.File{file}, nil)
	if err != nil {
		t.Fatal(err)
	}
	var want []string
	for _, name := range pkg.Scope().Names() {
		want = append(want, name+": "+pkg.Scope().Lookup(name).(*types.Const).Val().ExactString())
	}
	got := firstCells(specTables(t)["Limits"], 2)
	compare(t, "limits", slices.Sorted(slices.Values(got)), want)
}

// TestSpecOutcomes compares the outcomes of a refusal with the error values.
func TestSpecOutcomes(t *testing.T) {
	got := firstCells(specTables(t)["What a reader must refuse"], 1)
	compare(t, "outcomes", slices.Sorted(slices.Values(got)), slices.Sorted(maps.Keys(outcomes)))
}

// TestCheckValue holds the polynomial against the check value in SPEC.md, which
// is the published one.
func TestCheckValue(t *testing.T) {
	if got := crc32.Checksum([]byte("123456789"), castagnoli); got != 0xE3069283 {
		t.Errorf("the check value is %#X, want 0xE3069283", got)
	}
}
