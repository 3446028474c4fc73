package draft

// Matrix holds values in row-major order. The weight of a dense layer has a row for each input and
// a column for each output.
type Matrix struct {
	Rows, Columns int
	Values        []float64 // [Rows][Columns]
}

// Transposed returns the matrix the other way round, as is needed for the weights of frameworks
// that keep a row for each output.
func (m Matrix) Transposed() Matrix {
	turned := make([]float64, 0, len(m.Values))
	for c := range m.Columns {
		for r := range m.Rows {
			turned = append(turned, m.Values[r*m.Columns+c])
		}
	}
	return Matrix{m.Columns, m.Rows, turned}
}
