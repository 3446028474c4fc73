package table

import (
	"fmt"
	"slices"
	"strings"
	"testing"
)

func TestReadJSONL(t *testing.T) {
	ab := []string{"a", "b"}
	testGood(t, JSONL, []goodTest{
		{"nothing", ReadOptions{Width: 2}, "", result{}},
		{"blank lines", ReadOptions{Width: 2}, "\n  \r\n", result{}},
		{"arrays", ReadOptions{Width: 2}, "[1,2]\n[3,4]\n", result{values: []float32{1, 2, 3, 4}}},
		{"spaces, CRLF, BOM, no last line end", ReadOptions{Width: 2}, "\ufeff [ 1 , 2e0 ] \r\n\r\n\t[3.0,4]", result{values: []float32{1, 2, 3, 4}}},
		{"specials", ReadOptions{Width: 5}, `[null,"NaN","Infinity","-Infinity",-0]`, result{values: []float32{nan, nan, inf, -inf, neg}, nans: 2}},
		{"rounded once", ReadOptions{Width: 1}, "[1.00000017881393432617187499]", result{values: []float32{0x1.000002p0}}},
		{"objects", ReadOptions{Width: 2, Features: ab}, `{"a":1,"b":2}` + "\n" + ` { "b" : null , "a" : 4 } `, result{values: []float32{1, 2, 4, nan}, nans: 1}},
		{"escaped keys", ReadOptions{Width: 2, Features: []string{`a"]`, "é\n"}}, `{"\u00e9\n":1,"a\"]":2}`, result{values: []float32{2, 1}}},
		{"extra keys", ReadOptions{Width: 2, Features: ab}, `{"id":"]}\"","a":1,"more":{"b":[7,{}]},"b":2,"empty":[]}`, result{values: []float32{1, 2}, ignored: []string{"id", "more", "empty"}}},
		{"values", ReadOptions{Width: 2}, `{"values":[1,2]}`, result{values: []float32{1, 2}}},
		{"values and a label not asked for", ReadOptions{Width: 2}, `{"values":[1,2],"label":"x"}`, result{values: []float32{1, 2}, ignored: []string{"label"}}},
		{"values and labels", ReadOptions{Width: 2, Label: "label"}, `{"values":[1,2],"label":"\u003c=50K"}` + "\n" + `{"label":7,"values":[3,4]}` + "\n" + `{"label":true,"values":[5,6]}`, result{values: []float32{1, 2, 3, 4, 5, 6}, labels: []string{"<=50K", "7", "true"}}},
		{"objects and labels", ReadOptions{Width: 2, Features: ab, Label: "y"}, `{"a":1,"b":2,"y":""}`, result{values: []float32{1, 2}, labels: []string{""}}},
		{"label that is a feature", ReadOptions{Width: 2, Features: ab, Label: "b"}, `{"a":1,"b":2}`, result{values: []float32{1, 2}, labels: []string{"2"}}},
		{"a feature called values", ReadOptions{Width: 2, Features: []string{"a", "values"}}, `{"a":1,"values":2}` + "\n" + `{"values":[3,4]}`, result{values: []float32{1, 2, 3, 4}}},
		{"forms mixed", ReadOptions{Width: 2, Features: ab}, "[1,2]\n" + `{"b":3,"a":4}` + "\n" + `{"values":[5,6]}`, result{values: []float32{1, 2, 4, 3, 5, 6}}},
	})
}

func TestReadJSONLRefuses(t *testing.T) {
	ab := []string{"a", "b"}
	testBad(t, JSONL, []badTest{
		{"short", ReadOptions{Width: 2}, "[1,2]\n\n[3]\n", 1, "in: row 2 (line 3): 1 values, the model takes 2"},
		{"long", ReadOptions{Width: 2}, "[1,2,3]\n", 0, "3 values, the model takes 2"},
		{"empty", ReadOptions{Width: 2}, "[]\n", 0, "0 values, the model takes 2"},
		{"cut", ReadOptions{Width: 2}, "[1,2]\n[1,\n", 1, "in: row 2 (line 2): not JSON, one row on a line: unexpected end of JSON input"},
		{"two on a line", ReadOptions{Width: 2}, "[1,2] [3,4]\n", 0, "not JSON, one row on a line: invalid character '['"},
		{"trailing comma", ReadOptions{Width: 2}, "[1,2,]\n", 0, "not JSON"},
		{"bare NaN", ReadOptions{Width: 2}, "[1,NaN]\n", 0, "not JSON"},
		{"csv", ReadOptions{Width: 2}, "1,2\n", 0, "not JSON"},
		{"a number", ReadOptions{Width: 1}, "1\n", 0, `"1" is not a row: write an array of numbers or an object`},
		{"text", ReadOptions{Width: 2}, `[1,"2"]`, 0, `value 2: "2" is not a number`},
		{"nested", ReadOptions{Width: 2}, "[[1,2]]", 0, "value 1: [1,2] is not a number"},
		{"true", ReadOptions{Width: 2}, "[true,1]", 0, "value 1: true is not a number"},
		{"too large", ReadOptions{Width: 2}, "[1,-1e39]", 0, `value 2: "-1e39" does not fit in a float32`},
		{"missing", ReadOptions{Width: 2, Features: ab}, `{"a":1,"b":2}` + "\n" + `{"a":1}`, 1, `in: row 2 (line 2): the object lacks "b"`},
		{"all missing", ReadOptions{Width: 2, Features: ab}, `{}`, 0, `the object lacks "a", "b"`},
		{"twice", ReadOptions{Width: 2, Features: ab}, `{"a":1,"b":2,"a":1}`, 0, `key "a" comes twice`},
		{"twice by escape", ReadOptions{Width: 2, Features: ab}, `{"a":1,"b":2,"\u0061":1}`, 0, `key "a" comes twice`},
		{"extra key twice", ReadOptions{Width: 2, Features: ab}, `{"a":1,"x":0,"b":2,"x":0}`, 0, `key "x" comes twice`},
		{"values twice", ReadOptions{Width: 2}, `{"values":[1,2],"values":[1,2]}`, 0, `key "values" comes twice`},
		{"values and features", ReadOptions{Width: 2, Features: ab}, `{"values":[1,2],"a":1}`, 0, "the values are given twice"},
		{"values too short", ReadOptions{Width: 2}, `{"values":[1]}`, 0, "1 values, the model takes 2"},
		{"values is no array", ReadOptions{Width: 2, Features: ab}, `{"values":1}`, 0, `the object lacks "a", "b"`},
		{"feature is text", ReadOptions{Width: 2, Features: ab}, `{"a":1,"b":"x"}`, 0, `"b": "x" is not a number`},
		{"features without names", ReadOptions{Width: 2}, `{"a":1,"b":2}`, 0, "the model does not name its features"},
		{"no label", ReadOptions{Width: 2, Features: ab, Label: "y"}, `{"a":1,"b":2}`, 0, `the object lacks the label "y": it has "a", "b"`},
		{"null label", ReadOptions{Width: 2, Features: ab, Label: "y"}, `{"a":1,"b":2,"y":null}`, 0, `label "y": null is not a string or a number`},
		{"label in an array", ReadOptions{Width: 2, Label: "y"}, "[1,2]", 0, "an array holds no label"},
	})
}

// TestManyIgnoredKeys bounds what is remembered of a stream whose keys never repeat.
func TestManyIgnoredKeys(t *testing.T) {
	var b strings.Builder
	var want []string
	fmt.Fprintf(&b, "{\"a\":1,\"%s\":1}\n", strings.Repeat("long", 1000))
	for i := range 1000 {
		fmt.Fprintf(&b, "{\"a\":1,\"x%d\":1}\n", i)
		if i < maxIgnored {
			want = append(want, fmt.Sprintf("x%d", i))
		}
	}
	opts := ReadOptions{Width: 1, Features: []string{"a"}}
	r, err := NewReader(strings.NewReader(b.String()), "in", JSONL, opts)
	if err != nil {
		t.Fatal(err)
	}
	got, err := readAll(t, r, opts, 10)
	if err != nil || len(got.values) != 1001 || !slices.Equal(got.ignored, want) {
		t.Errorf("%d rows, ignored %q, %v", len(got.values), got.ignored, err)
	}
}
