package kernels

// Order is the order in which a dense layer adds its products. It is part of the result: two orders give two
// different roundings. Both were chosen so that vector code follows them at full speed, and both keep errors
// smaller than one long chain does.
type Order uint8

const (
	// PanelOrder cuts K into blocks of 128. The sum of a block is a chain of FMAs from +0 over ascending k;
	// the sums of the blocks are added in order. Vector code computes 4, 8 or 16 neighbouring outputs at once.
	PanelOrder Order = iota + 1

	// DotOrder deals K out to 32 lanes: lane l is a chain of FMAs from +0 over k ≡ l (mod 32), ascending. The
	// lanes are then added by halves: l += l+16, then +8, +4, +2, +1. Vector code computes one output at a
	// time, which pays where there are too few outputs to fill a panel.
	DotOrder
)

const (
	panelBlock = 128
	lanes      = 32

	// How many columns the panel loops take at a time: enough to walk a row of w in long strides, few enough
	// for the sums to stay in the nearest cache. Any number gives the same bits.
	columnTile = 64
)

// String returns "panel" or "dot".
func (o Order) String() string {
	switch o {
	case PanelOrder:
		return "panel"
	case DotOrder:
		return "dot"
	}
	return "undefined order"
}

// OrderFor returns the order of a dense layer of k inputs and n outputs: dot where n < 16 and k >= 64,
// otherwise panel.
func OrderFor(k, n int) Order {
	if n < 16 && k >= 64 {
		return DotOrder
	}
	return PanelOrder
}

// Dense computes dst = x·w + b in OrderFor(k, n). x is [rows][k], w is [k][n], dst is [rows][n], all
// row-major; b is [n] and holds no −0 (see [NormalizeBias]). dst must not overlap x, w or b.
func Dense(dst, x, w, b []float32, rows, k, n int) {
	if OrderFor(k, n) == DotOrder {
		DenseDot(dst, x, w, b, rows, k, n)
	} else {
		DensePanel(dst, x, w, b, rows, k, n)
	}
}

// DensePanel is [Dense] in [PanelOrder] whatever the sizes.
func DensePanel(dst, x, w, b []float32, rows, k, n int) {
	mustHoldDense("DensePanel", dst, x, w, b, rows, k, n)
	for row := range rows {
		xr, yr := x[row*k:][:k], dst[row*n:][:n]
		for o := 0; o < n; o += columnTile {
			panelColumns(yr[o:min(o+columnTile, n)], xr, w[min(o, len(w)):], b[o:], n)
		}
	}
}

// panelColumns computes up to columnTile neighbouring outputs of one row. w starts at the first of them, and
// its rows are stride apart.
func panelColumns(y, x, w, b []float32, stride int) {
	clear(y) // for a layer without inputs, whose total is +0
	for first := 0; first < len(x); first += panelBlock {
		var sums [columnTile]float32
		for i, v := range x[first:min(first+panelBlock, len(x))] {
			wr := w[(first+i)*stride:][:len(y)]
			for j, weight := range wr {
				sums[j%columnTile] = FMA(v, weight, sums[j%columnTile])
			}
		}
		if first == 0 {
			copy(y, sums[:])
			continue
		}
		for j := range y {
			y[j] = float32(y[j] + sums[j])
		}
	}
	for j := range y {
		y[j] = float32(y[j] + b[j])
	}
}

// DenseDot is [Dense] in [DotOrder] whatever the sizes.
func DenseDot(dst, x, w, b []float32, rows, k, n int) {
	mustHoldDense("DenseDot", dst, x, w, b, rows, k, n)
	for row := range rows {
		xr, yr := x[row*k:][:k], dst[row*n:][:n]
		for o := range yr {
			var lane [lanes]float32
			for i, v := range xr {
				lane[i%lanes] = FMA(v, w[i*n+o], lane[i%lanes])
			}
			yr[o] = float32(addHalves(&lane) + b[o])
		}
	}
}

// addHalves adds the lanes of the dot order by halves. It overwrites its argument.
func addHalves(lane *[lanes]float32) float32 {
	for half := lanes / 2; half > 0; half /= 2 {
		for i := range half {
			lane[i] = float32(lane[i] + lane[i+half])
		}
	}
	return lane[0]
}

// NormalizeBias sets dst = b + 0, which turns −0 into +0 and changes nothing else. It is what every bias goes
// through when a model is loaded: from then on neither zero padding of K nor the sign of a zero total can
// show in a result. dst may be b.
func NormalizeBias(dst, b []float32) {
	mustHold("NormalizeBias", "dst", len(dst), 1, len(b))
	for i, v := range b {
		dst[i] = float32(v + 0)
	}
}

func mustHoldDense(kernel string, dst, x, w, b []float32, rows, k, n int) {
	mustHold(kernel, "dst", len(dst), rows, n)
	mustHold(kernel, "x", len(x), rows, k)
	mustHold(kernel, "w", len(w), k, n)
	mustHold(kernel, "b", len(b), 1, n)
}
