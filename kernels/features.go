package kernels

import "math"

// Select copies columns: dst[row][i] = x[row][columns[i]]. x is [rows][n], dst is [rows][len(columns)]; each
// column is in [0, n) and may come more than once. dst must not overlap x.
func Select(dst, x []float32, columns []int, rows, n int) {
	mustHold("Select", "dst", len(dst), rows, len(columns))
	mustHold("Select", "x", len(x), rows, n)
	mustBeColumns("Select", columns, n)
	for row := range rows {
		xr, yr := x[row*n:][:n], dst[row*len(columns):]
		for i, c := range columns {
			yr[i] = xr[c]
		}
	}
}

// OneHot writes 1 in the column of the category that x equals and 0 in the others. x is [rows], dst is
// [rows][len(categories)]. Equality is exact, +0 equals −0, and categories are distinct numbers. A value that
// equals no category gives a row of unknown; a NaN gives a row of NaN. dst must not overlap x.
func OneHot(dst, x, categories []float32, unknown float32, rows int) {
	mustHold("OneHot", "dst", len(dst), rows, len(categories))
	mustHold("OneHot", "x", len(x), rows, 1)
	for row, v := range x {
		oneHotRow(dst[row*len(categories):][:len(categories)], v, categories, unknown)
	}
}

func oneHotRow(y []float32, v float32, categories []float32, unknown float32) {
	known := false
	for i, category := range categories {
		y[i] = 0
		if v == category {
			y[i] = 1
			known = true
		}
	}
	if known {
		return
	}
	if v != v {
		unknown = float32(math.NaN())
	}
	for i := range y {
		y[i] = unknown
	}
}

// Polynomial writes products of columns: each term lists the columns to multiply, left to right, with a
// rounding after each product. A column may come more than once in a term, and an empty term is 1. x is
// [rows][n], dst is [rows][len(terms)]. dst must not overlap x.
func Polynomial(dst, x []float32, terms [][]int, rows, n int) {
	mustHold("Polynomial", "dst", len(dst), rows, len(terms))
	mustHold("Polynomial", "x", len(x), rows, n)
	for _, term := range terms {
		mustBeColumns("Polynomial", term, n)
	}
	for row := range rows {
		xr, yr := x[row*n:][:n], dst[row*len(terms):]
		for i, term := range terms {
			product := float32(1) // times the first column is that column, exactly
			for _, c := range term {
				product = float32(product * xr[c])
			}
			yr[i] = product
		}
	}
}

func mustBeColumns(kernel string, columns []int, n int) {
	for _, c := range columns {
		mustBeWithin(kernel, "column", c, 0, n)
	}
}
