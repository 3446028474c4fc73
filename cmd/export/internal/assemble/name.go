package assemble

import (
	"cmp"
	"slices"
	"strings"
)

// role is what a tensor is to its layer.
type role int

const (
	noRole role = iota
	weight
	bias
	slope
)

// orientation is the order of a weight matrix's dimensions.
type orientation int

const (
	unknown      orientation = iota
	inputsFirst              // [inputs, outputs]: NumPy, Keras, MLPClassifier.coefs_
	outputsFirst             // [outputs, inputs]: PyTorch, LogisticRegression.coef_
)

func (o orientation) String() string {
	switch o {
	case inputsFirst:
		return "[inputs, outputs]"
	case outputsFirst:
		return "[outputs, inputs]"
	}
	return "unknown"
}

func (o orientation) opposite() orientation {
	switch o {
	case inputsFirst:
		return outputsFirst
	case outputsFirst:
		return inputsFirst
	}
	return unknown
}

// roles are the words that tell a tensor's role, in lower case, and the custom of matrices so
// called. PyTorch's weight says its orientation only as the last word of a name.
var roles = map[string]struct {
	role        role
	orientation orientation
}{
	"weight":     {weight, unknown},
	"weights":    {weight, inputsFirst},
	"w":          {weight, inputsFirst},
	"kernel":     {weight, inputsFirst},
	"coefs":      {weight, inputsFirst},
	"coef":       {weight, outputsFirst},
	"bias":       {bias, unknown},
	"biases":     {bias, unknown},
	"b":          {bias, unknown},
	"intercept":  {bias, unknown},
	"intercepts": {bias, unknown},
	"slope":      {slope, unknown},
	"slopes":     {slope, unknown},
	"alpha":      {slope, unknown},
}

// A parsedName is a tensor's name taken apart.
type parsedName struct {
	role        role
	orientation orientation
	layer       []string // the words and numbers that are not the role
	// The word that tells the role, and what stands around it.
	before, word, after string
}

// missing returns the name that a tensor would have beside n, going by one that has the like beside
// it: b2 beside W2, as b1 is beside W1.
func (n parsedName) missing(like parsedName) string { return n.before + like.word + n.after }

// parseName takes a name apart. The last word that tells a role is the role.
func parseName(name string) parsedName {
	words := split(name)
	for i := len(words) - 1; i >= 0; i-- {
		word := strings.ToLower(words[i])
		r, ok := roles[word]
		if !ok {
			continue
		}
		if word == "weight" && i == len(words)-1 {
			r.orientation = outputsFirst
		}
		after := name
		for _, w := range words[:i+1] {
			_, after, _ = strings.Cut(after, w) // nothing stands between words that a word could hold
		}
		before := strings.TrimSuffix(strings.TrimSuffix(name, after), words[i])
		return parsedName{r.role, r.orientation, slices.Concat(words[:i], words[i+1:]), before, words[i], after}
	}
	return parsedName{layer: words}
}

// split cuts a name into words of letters and numbers of digits: "fc10.weight" into fc, 10, weight.
func split(name string) []string {
	var words []string
	start, last := 0, other
	for i, r := range name + "." {
		kind := kindOf(r)
		if kind == last {
			continue
		}
		if last != other {
			words = append(words, name[start:i])
		}
		start, last = i, kind
	}
	return words
}

type characterKind int

const (
	other characterKind = iota
	letter
	digit
)

func kindOf(r rune) characterKind {
	switch {
	case '0' <= r && r <= '9':
		return digit
	case 'a' <= r && r <= 'z', 'A' <= r && r <= 'Z', r > 127:
		return letter
	}
	return other
}

// family is a layer's name without its numbers: fc1 and fc2 are of one family, and only within a
// family do numbers tell the order.
func family(layer []string) string {
	words := slices.DeleteFunc(slices.Clone(layer), isNumber)
	return strings.Join(words, ".")
}

func isNumber(word string) bool { return kindOf(rune(word[0])) == digit }

// compareNatural compares names word by word, numbers by their value: layer 2 before layer 10.
func compareNatural(a, b []string) int {
	return slices.CompareFunc(a, b, func(a, b string) int {
		if isNumber(a) && isNumber(b) {
			a, b = strings.TrimLeft(a, "0"), strings.TrimLeft(b, "0")
			return cmp.Or(cmp.Compare(len(a), len(b)), strings.Compare(a, b))
		}
		return strings.Compare(a, b)
	})
}
