package cuda

// What a dense layer must weigh to get a launch of its own, where all multiprocessors read its weights, instead of
// running inside a launch of rows, where each block reads them all. A launch costs some 5 µs and one multiprocessor
// reads some 15 GB/s, so 128 KiB pay for it; where there are only one or two, there is less to win. These numbers are
// estimates from public data: they have not met a GPU.
const (
	heavy       = 128 << 10
	heavyForFew = 512 << 10
	widestInput = 4096 // inputs of a dense layer inside a launch of rows: 16 KiB of a frame
)

// A planner cuts the items of a network into launches.
type planner struct {
	*Builder
	program *Program
	at      int // the buffer of the rows so far: an index of program.buffers

	// Buffers that all launches share, or 0 while there are none: memory does not grow with the number of launches.
	between [2]int // the rows between two launches, in turn
	frames  int
}

func newPlanner(b *Builder, p *Program) *planner { return &planner{Builder: b, program: p} }

func (p *planner) plan() {
	p.program.buffers = []buffer{{width: p.program.InputStride}, {width: p.program.OutputStride}}
	items := p.items
	if len(items) == 0 { // the outputs are the inputs: an elementwise step of no function passes them on
		items = []item{{record: record{in: uint32(p.inputs), out: uint32(p.inputs)}, elements: true}}
	}
	for len(items) > 0 {
		n := p.segment(items)
		last := n == len(items) || onlyEnds(items[n:])
		p.launch(items[:n], last)
		items = items[n:]
		if last {
			break
		}
	}
}

// onlyEnds reports whether nothing is left to compute.
func onlyEnds(items []item) bool {
	for _, it := range items {
		if it.where != endColumns {
			return false
		}
	}
	return true
}

// segment returns how many items the next launch takes: a heavy dense layer with the elementwise steps behind it, or
// everything up to the next heavy dense layer.
func (p *planner) segment(items []item) int {
	if p.isHeavy(items[0]) {
		n := 1
		for n < len(items) && items[n].elements && items[n].where == top {
			n++
		}
		return n
	}
	n := 1
	for n < len(items) && !p.isHeavy(items[n]) {
		n++
	}
	return n
}

func (p *planner) isHeavy(it item) bool {
	switch {
	case it.where != top:
		return false
	case it.op == stepDenseInt8 && int8Shared(int(it.in)) > p.traits.SharedBytes:
		return false // its quantised row does not fit beside the block: only frames in global memory hold it
	case it.op < stepDensePanel || it.op > stepDenseInt8:
		return false
	}
	return it.weights >= p.heavy || it.in > widestInput
}

// int8Shared is the shared memory of dense_int8_f32: the lanes' greatest magnitudes and the quantised row.
func int8Shared(in int) int { return 4*lanes + whole(in, int8Chunk)*int8Chunk }

// launch appends the launch of some items, from the buffer of the rows so far to another.
func (p *planner) launch(items []item, last bool) {
	out := items[0].out
	for _, it := range items {
		if it.where == top || it.where == leave {
			out = it.out
		}
	}
	to := 1
	if !last {
		to = p.share(&p.between[len(p.program.launches)%2], buffer{width: padded(int(out))})
	}
	l := launch{src: p.at, dst: to, in: int(items[0].in), out: int(out), scratch: -1}
	switch {
	case p.isHeavy(items[0]):
		l.kind = kindOf(items[0].op)
		head := items[0].record
		head.chain = uint32(len(items) - 1)
		l.record = p.records(head, items[1:])
	case allElements(items):
		l.kind = elements
		head := record{op: stepElements, in: uint32(l.in), out: out, chain: uint32(len(items))}
		l.record = p.records(head, items)
		head.bytes = 1
		l.recordUint8 = p.records(head, items)
	default:
		p.rows(&l, items)
	}
	if l.kind == rowsWide {
		l.scratch = p.share(&p.frames, buffer{frame: l.frame})
	}
	p.at = to
	p.program.launches = append(p.program.launches, l)
	if len(p.program.launches) == 1 && l.recordUint8 == 0 { // bytes become floats in a launch of their own
		head := record{op: stepElements, in: uint32(p.inputs), out: uint32(p.inputs), bytes: 1}
		floats := p.share(&p.between[1], buffer{width: p.program.InputStride}) // this launch writes another
		p.program.widen = &launch{kind: elements, src: 0, dst: floats, in: p.inputs, out: p.inputs, scratch: -1, recordUint8: p.records(head, nil)}
	}
}

// share returns a shared buffer that is as large as one more launch needs it. Launches run one after the other.
func (p *planner) share(number *int, needed buffer) int {
	if *number == 0 {
		*number = len(p.program.buffers)
		p.program.buffers = append(p.program.buffers, buffer{})
	}
	b := &p.program.buffers[*number]
	b.width, b.frame = max(b.width, needed.width), max(b.frame, needed.frame)
	return *number
}

func allElements(items []item) bool {
	for _, it := range items {
		if !it.elements || it.where != top {
			return false
		}
	}
	return true
}

func kindOf(op uint32) kind {
	switch op {
	case stepDensePanel:
		return densePanel
	case stepDenseDot:
		return denseDot
	}
	return denseInt8
}

// records appends a record and those of a chain to the image, and returns where the first is.
func (p *planner) records(head record, chain []item) uint32 {
	at := p.image.align()
	p.image = head.append(p.image)
	for _, it := range chain {
		p.image = it.record.append(p.image)
	}
	return at
}

// rows lays out the frame of a launch of rows and writes its records.
//
// A frame holds the two buffers that the top steps alternate between, the two of a group, and what a step may write
// beside its result.
func (p *planner) rows(l *launch, items []item) {
	steps, current := p.assign(items)
	var widths [5]int // of the four buffers, then scratch
	widths[0] = padded(l.in)
	for _, s := range steps {
		widths[s.from] = max(widths[s.from], padded(int(s.in)))
		widths[s.to] = max(widths[s.to], padded(int(s.out)))
		widths[4] = max(widths[4], padded(s.scratch))
	}
	var offsets [5]uint32
	for i, w := range widths {
		offsets[i] = uint32(l.frame)
		l.frame += w
	}
	head := record{op: stepRows, in: uint32(l.in), out: uint32(l.out), src: offsets[0], dst: offsets[current], frame: uint32(l.frame)}
	write := func(head record) uint32 {
		at := p.image.align()
		p.image = head.append(p.image)
		for _, s := range steps {
			s.src, s.dst, s.record.scratch = offsets[s.from], offsets[s.to], offsets[4]
			p.image = s.record.append(p.image)
			l.units = max(l.units, s.units())
		}
		p.image = (&record{op: stepEnd}).append(p.image)
		return at
	}
	l.record = write(head)
	head.bytes = 1
	l.recordUint8 = write(head)
	l.kind = rowsShared
	if 4*l.frame > p.traits.SharedBytes {
		l.kind = rowsWide
	}
}

// A frameStep is an item with the buffers of its frame.
type frameStep struct {
	item
	from, to int
}

// units is how many warps a step can use for one row.
func (s *frameStep) units() int {
	switch s.op {
	case stepDensePanel:
		n := whole(int(s.out), lanes)
		if s.parallel != 0 {
			n *= whole(int(s.in), panelBlock)
		}
		return n
	case stepDenseDot:
		return int(s.out)
	case stepSoftmax, stepNormalize + 1, stepNormalize + 2, stepNormalize + 3, stepArgMax:
		return 1
	}
	return whole(int(s.out), lanes)
}

// assign gives each item its buffers, and puts neighbouring elementwise steps into one with a chain. It returns the
// buffer of the last results too.
func (p *planner) assign(items []item) (steps []frameStep, current int) {
	group := 2
	for i := 0; i < len(items); i++ {
		s := frameStep{item: items[i]}
		switch {
		case s.where == endColumns:
			current = 1 - current
			continue
		case s.where == enter:
			group = 2
			s.from, s.to = current, group
		case s.where == leave:
			s.from, s.to = group, 1-current
		case s.elements: // in place
			s.from = current
			if s.where == inside {
				s.from = group
			}
			s.to = s.from
			n := 1
			for i+n < len(items) && items[i+n].elements && items[i+n].where == s.where {
				n++
			}
			head := s
			head.record = record{op: stepElements, in: s.in, out: s.out, chain: uint32(n)}
			steps = append(steps, head)
			for _, it := range items[i : i+n] {
				steps = append(steps, frameStep{it, s.from, s.to})
			}
			i += n - 1
			continue
		case s.where == inside:
			s.from, s.to = group, 5-group
			group = s.to
		default:
			s.from, s.to = current, 1-current
			current = s.to
		}
		steps = append(steps, s)
	}
	return steps, current
}
