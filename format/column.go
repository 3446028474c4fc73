package format

import "strconv"

// ColumnNames names the values of an output row, as the header of a table shows
// them: "probability_cat", "logit_cat" or "decision_cat" for a class called cat,
// "class" for the index of a class, and a quantity by its own label. What has no
// label has its place: "probability_0", "value_0". A single column that decides
// between two classes speaks of the second.
func (o *Output) ColumnNames(width int) []string {
	prefix := map[Kind]string{
		Probabilities: "probability_",
		Logits:        "logit_",
		Decision:      "decision_",
		Value:         "value_",
	}[o.Kind]
	if o.Kind == Value && len(o.Labels) > 0 {
		prefix = ""
	}
	names := make([]string, width)
	for i := range names {
		switch {
		case o.Kind == Class:
			names[i] = "class"
		case o.Threshold != nil:
			names[i] = prefix + o.Labels[1]
		case i < len(o.Labels):
			names[i] = prefix + o.Labels[i]
		default:
			names[i] = prefix + strconv.Itoa(i)
		}
	}
	return names
}
