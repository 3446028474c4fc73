package kernels

import "testing"

// Rows and results end or begin at a fence: a read or a write beyond it is a fault that ends
// the test program.
func TestNetStaysInBounds(t *testing.T) {
	source, target := fencedPage(t), fencedPage(t)
	for _, isa := range ISAs() {
		for width := 1; width <= isa.netLanes(); width++ {
			r := newRandom(uint64(width))
			for _, add := range []func(n *netUnderTest){
				func(*netUnderTest) {},
				func(n *netUnderTest) { n.dense(r, ordinary, width) },
				func(n *netUnderTest) { n.softmax(); n.dense(r, ordinary, 1+width/2); n.prelu([]float32{2}) },
			} {
				n := newNetUnderTest(isa, width)
				add(n)
				net := n.builder.Net()
				for rows := 1; rows <= 3; rows++ {
					net.Run(target[:rows*n.out], source[:rows*n.in], rows)
					net.Run(target[len(target)-rows*n.out:], source[len(source)-rows*n.in:], rows)
				}
			}
		}
	}
}
