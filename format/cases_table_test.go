package format

// tableCases are about the table of tensors and its limits. The rows of the
// example are golden.bits, golden.x, hidden.b, hidden.w, mean, out.w and std.
func tableCases() []malformed {
	row := func(i int, edit func(t *tensorRecord)) func() []byte {
		return func() []byte { return rows(func(table []tensorRecord) { edit(&table[i]) }) }
	}
	shape := func(dimensions ...int) func() []byte {
		return row(3, func(t *tensorRecord) { t.shape = dimensions })
	}
	offset := func(n int) func() []byte { return row(1, func(t *tensorRecord) { t.offset = n }) }
	model := func(edit func(m *Model)) func() []byte { return func() []byte { return edited(edit) } }
	const big = 1<<31 - 1
	return []malformed{
		{"offset-unaligned", "the offset of the second tensor is not aligned", ErrInvalid, "offset 68 is not 64-byte aligned", offset(68)},
		{"offset-overlap", "the second tensor lies over the first", ErrInvalid, "offset 0: 64 follows", offset(0)},
		{"offset-gap", "64 unused bytes before the second tensor", ErrInvalid, "offset 128: 64 follows", offset(128)},
		{"offset-beyond", "the second tensor lies beyond the file", ErrInvalid, "offset 1048576: 64 follows", offset(1 << 20)},
		{"offset-first", "the first tensor does not lie at 0", ErrInvalid, "offset 64: 0 follows", row(0, func(t *tensorRecord) { t.offset = 64 })},
		{"offset-swapped", "two tensors lie in another order than their names", ErrInvalid, "offset 128: 64 follows", func() []byte {
			return rows(func(t []tensorRecord) { t[1].offset, t[2].offset = t[2].offset, t[1].offset })
		}},
		{"size-smaller", "a tensor of fewer bytes than its shape needs", ErrInvalid, "20 bytes for shape [2 3] of f32", row(3, func(t *tensorRecord) { t.size = 20 })},
		{"size-larger", "a tensor of more bytes than its shape needs", ErrInvalid, "28 bytes for shape [2 3] of f32", row(3, func(t *tensorRecord) { t.size = 28 })},
		{"size-zero", "a tensor of no bytes", ErrInvalid, "0 bytes for shape [2 3] of f32", row(3, func(t *tensorRecord) { t.size = 0 })},
		{"size-beyond", "a tensor that ends beyond 2^31-1 bytes", ErrInvalid, "ends beyond 2147483647 bytes", row(6, func(t *tensorRecord) {
			reshape(t, 1<<29-1)
		})},
		{"size-times-dtype", "a shape of 2^29 values, whose bytes pass 2^31-1", ErrInvalid, "bytes for shape [536870912]", shape(1 << 29)},
		{"shape-wrap-64", "a shape whose product is 24 modulo 2^64", ErrInvalid, "more than 2147483647 values", shape(1<<30, 1<<30, 16, 3, 2)},
		{"shape-wrap-32", "a shape whose product is 0 modulo 2^32", ErrInvalid, "more than 2147483647 values", shape(1<<16, 1<<16)},
		{"shape-largest", "a shape of 2^31-1 in every dimension", ErrInvalid, "more than 2147483647 values", shape(big, big, big, big, big, big, big, big)},
		{"shape-zero", "a shape with a zero", ErrInvalid, "every dimension is at least 1", shape(2, 0, 3)},
		{"shape-empty", "a shape without dimensions", ErrInvalid, "shape of 0 dimensions", shape()},
		{"shape-9", "a shape of 9 dimensions", ErrInvalid, "shape of 9 dimensions", shape(1, 1, 1, 1, 1, 1, 1, 2, 3)},
		{"shape-70000", "a shape of 70000 dimensions", ErrInvalid, "shape of 70000 dimensions", shape(make([]int, 70000)...)},
		{"dtype-unknown", "a tensor of dtype f64", ErrInvalid, "dtype \"f64\" is not defined", row(3, func(t *tensorRecord) { t.dtype = "f64" })},
		{"dtype-empty", "a tensor without dtype", ErrInvalid, "dtype \"\" is not defined", row(3, func(t *tensorRecord) { t.dtype = "" })},
		{"dtype-u8", "a tensor of dtype u8, which is for inputs only", ErrInvalid, "f32, f16 or i8 is needed", model(func(m *Model) {
			m.Tensors[6] = Tensor{"std", U8, []int{1}, []byte{4}}
		})},
		{"tensors-unsorted", "tensors out of order", ErrInvalid, "\"mean\" stands after \"out.w\"", model(func(m *Model) {
			m.Tensors[4], m.Tensors[5] = m.Tensors[5], m.Tensors[4]
		})},
		{"tensors-duplicate", "two tensors of one name", ErrInvalid, "\"mean\" stands after \"mean\"", model(func(m *Model) { m.Tensors[5].Name = "mean" })},
		{"tensors-unnamed", "a tensor without a name", ErrInvalid, "tensor 0 has no name", model(func(m *Model) { m.Tensors[0].Name = "" })},
		{"tensors-unused", "a tensor that nothing names", ErrInvalid, "\"spare\" is used by nothing", model(func(m *Model) {
			m.AddTensor(NewTensor("spare", []int{1}, []float32{1}))
		})},
		{"tensors-missing", "no tensors at all", ErrInvalid, "\"mean\", which is not there", model(func(m *Model) { m.Tensors = nil })},

		{"limit-text", "a description of 65537 bytes", ErrTooLarge, "string of 65537 bytes", func() []byte {
			f := forge(example())
			text := "\xdb\x00\x01\x00\x01" + string(make([]byte, MaxTextSize+1))
			f.header = []byte(replaced(string(f.header), "\xabdescription\xa0", "\xabdescription"+text))
			return f.file()
		}},
		{"limit-layers", "4097 layers", ErrTooLarge, "4097 elements, at most 4096", model(func(m *Model) {
			m.Layers = softmaxes(MaxLayers + 1)
		})},
		{"limit-layers-total", "2048 layers of preprocessing before 2049 others", ErrTooLarge, "4097 layers, at most 4096", model(func(m *Model) {
			m.Input.Preprocessing, m.Layers = softmaxes(2048), softmaxes(2049)
		})},
		{"limit-layers-group", "4097 layers in a group", ErrTooLarge, "4097 elements, at most 4096", model(func(m *Model) {
			m.Layers = []Layer{&Columns{[]Group{{[]int{0}, softmaxes(MaxLayers + 1)}}}}
		})},
		{"limit-groups", "65537 groups of columns", ErrTooLarge, "65537 elements, at most 65536", model(func(m *Model) {
			m.Layers = []Layer{&Columns{make([]Group, MaxTensors+1)}}
		})},
		{"limit-tensors", "65537 tensors", ErrTooLarge, "65537 elements, at most 65536", func() []byte {
			return rawTable(MaxTensors + 1).file()
		}},
		{"limit-memory", "70000 empty labels in 70 KB", ErrTooLarge, "more than 4 times its file", model(func(m *Model) {
			m.Output.Labels = make([]string, 70000)
		})},
		{"limit-nested", "5 million nested arrays", ErrInvalid, "description: ", func() []byte {
			f := forge(example())
			nested := make([]byte, 5_000_000)
			for i := range nested {
				nested[i] = 0x91
			}
			f.header = []byte(replaced(string(f.header), "\xabdescription\xa0", "\xabdescription"+string(nested)+"\xa0"))
			return f.file()
		}},
	}
}

func softmaxes(n int) []Layer {
	layers := make([]Layer, n)
	for i := range layers {
		layers[i] = &Softmax{}
	}
	return layers
}

// rawTable is a model with a table of n empty rows.
func rawTable(n int) forgery {
	f := forge(minimal())
	row := "\x80"
	table := []byte{0xdd, byte(n >> 24), byte(n >> 16), byte(n >> 8), byte(n)}
	for range n {
		table = append(table, row...)
	}
	f.header = []byte(replaced(string(f.header), "\xa7tensors\x90", "\xa7tensors"+string(table)))
	return f
}
