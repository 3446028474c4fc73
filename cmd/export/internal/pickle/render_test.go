package pickle

import (
	"fmt"
	"strings"

	"github.com/edge-infer/edge-infer/cmd/internal/npy"
)

// render writes a value as a text that tells kinds apart, to a depth of 8.
func render(v any) string { return renderTo(v, 8) }

func renderTo(v any, depth int) string {
	if depth == 0 {
		return "…"
	}
	all := func(items []any) string {
		words := make([]string, len(items))
		for i, item := range items {
			words[i] = renderTo(item, depth-1)
		}
		return strings.Join(words, " ")
	}
	switch v := v.(type) {
	case string:
		return fmt.Sprintf("%q", v)
	case []byte:
		return fmt.Sprintf("b%q", v)
	case float64:
		return fmt.Sprintf("float(%v)", v)
	case *List:
		return "[" + all(v.Items) + "]"
	case Tuple:
		return "(" + all(v) + ")"
	case *Set:
		return "{" + all(v.Items) + "}"
	case *Dict:
		var words []string
		for key, value := range v.All() {
			words = append(words, renderTo(key, depth-1)+": "+renderTo(value, depth-1))
		}
		return "{" + strings.Join(words, ", ") + "}"
	case *Global:
		return v.String()
	case *Record:
		text := v.Class.String() + renderTo(v.Args, depth-1)
		if v.Keywords != nil {
			text += "**" + renderTo(v.Keywords, depth-1)
		}
		if v.State != nil {
			text += " state " + renderTo(v.State, depth-1)
		}
		if v.Items != nil {
			text += " items " + renderTo(v.Items, depth-1)
		}
		if v.Elements != nil {
			text += " elements [" + all(v.Elements) + "]"
		}
		return text
	case *Persistent:
		return "persistent(" + renderTo(v.ID, depth-1) + ")"
	case *npy.Array:
		return fmt.Sprintf("array(%s %v %v)", v.DType, v.Shape, v.Strings())
	}
	return fmt.Sprint(v)
}
