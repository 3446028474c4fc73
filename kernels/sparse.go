package kernels

import "fmt"

// A sparse row names its elements that are present, the others are +0. Leaving those out costs nothing in the
// last bit, as long as every weight is finite:
//
//   - Call two values alike if they have the same bits, or are both NaN, or are both zero, of whatever sign. An
//     FMA of the same factors with alike sums, or an addition of alike values, gives alike results: the sign of a
//     zero summand decides nothing but the sign of a zero result.
//   - The product of an absent element with a finite weight is a zero, and an FMA with it leaves a sum alike. So
//     does the addition of a block or a lane without elements, whose sum is a zero. An infinite or NaN weight
//     would make a NaN instead.
//   - Hence the totals of the sparse and the dense row are alike. The bias is not −0 (see [NormalizeBias]), so
//     total + bias is the same for either zero, and the results have the same bits.

// Finite reports whether every weight is finite. It reads them all.
func (p *Packed) Finite() bool {
	if p.isa == Portable {
		return maxMagnitude(p.w) < infinityBits
	}
	return p.isa.maxMagnitudeKernel(p.w) < infinityBits
}

// RunSparse computes dst = x·w + b for one row, then ReLU if relu is set, in time proportional to the elements
// that x names: values[i] in columns[i], +0 elsewhere. Columns ascend and are in [0, k); dst is [n]. It computes
// the bits of [Packed.Run], provided that [Packed.Finite] holds.
func (p *Packed) RunSparse(dst []float32, columns []int32, values []float32, relu bool) {
	mustHold("Packed.RunSparse", "dst", len(dst), 1, p.n)
	mustHold("Packed.RunSparse", "values", len(values), 1, len(columns))
	mustAscend("Packed.RunSparse", columns, p.k)
	if p.isa == Portable {
		if p.order == DotOrder {
			sparseDot(dst, columns, values, p.w, p.b)
		} else {
			sparsePanel(dst, columns, values, p.w, p.b)
		}
		if relu {
			Map(FuncReLU, dst, dst, 0, 0)
		}
		return
	}
	raceRead(values)
	raceWrite(dst)
	if p.order == DotOrder {
		p.runSparseDot(dst, columns, values, relu)
	} else {
		p.runSparsePanels(dst, columns, values, relu)
	}
}

// sparsePanel is [DensePanel] for one sparse row.
func sparsePanel(dst []float32, columns []int32, values, w, b []float32) {
	n := len(dst)
	for o := 0; o < n; o += columnTile {
		y := dst[o:min(o+columnTile, n)]
		var sums [columnTile]float32
		last := int32(-1) // of the block that is being summed
		clear(y)
		for i, k := range columns {
			if k > last {
				addTo(y, &sums)
				clear(sums[:len(y)])
				last = k | (panelBlock - 1)
			}
			for j, weight := range w[int(k)*n+o:][:len(y)] {
				sums[j%columnTile] = FMA(values[i], weight, sums[j%columnTile])
			}
		}
		addTo(y, &sums)
		for j := range y {
			y[j] = float32(y[j] + b[o+j])
		}
	}
}

func addTo(totals []float32, sums *[columnTile]float32) {
	for j := range totals {
		totals[j] = float32(totals[j] + sums[j])
	}
}

// sparseDot is [DenseDot] for one sparse row.
func sparseDot(dst []float32, columns []int32, values, w, b []float32) {
	n := len(dst)
	for o := range dst {
		var lane [lanes]float32
		for i, k := range columns {
			lane[k%lanes] = FMA(values[i], w[int(k)*n+o], lane[k%lanes])
		}
		dst[o] = float32(addHalves(&lane) + b[o])
	}
}

// mustAscend panics unless columns ascend and are in [0, k). The kernels in assembly trust them as addresses.
func mustAscend(kernel string, columns []int32, k int) {
	before := int32(-1)
	for i, column := range columns {
		if column <= before {
			panic(fmt.Sprintf("kernels: %s: column %d, at %d, follows %d: ascending from 0 expected", kernel, column, i, before))
		}
		before = column
	}
	if int(before) >= k {
		panic(fmt.Sprintf("kernels: %s: column %d: below %d expected", kernel, before, k))
	}
}
