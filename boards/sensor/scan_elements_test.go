package sensor

import (
	"fmt"
	"strings"
	"testing"
)

func TestLayOut(t *testing.T) {
	for _, test := range []struct {
		name, elements string // name index type, …
		size           int
		places         string
	}{
		{"three axes and a time", "x 0 le:s16/16, y 1 le:s16/16, z 2 le:s16/16, timestamp 3 le:s64/64", 16, "x@0 y@2 z@4 timestamp@8"},
		{"by index, not by name", "timestamp 9 le:s64/64, z 2 le:u8/8, a 5 le:s16/16", 16, "z@0 a@2 timestamp@8"},
		{"alignment within", "a 0 le:u8/8, b 1 be:s32/32, c 2 le:u8/8", 12, "a@0 b@4 c@8"},
		{"padding at the end", "a 0 le:s32/32, b 1 le:s16/16", 8, "a@0 b@4"},
		{"a quaternion", "rot_quaternion 0 le:s16/16X4, timestamp 1 le:s64/64", 16, "rot_quaternion@0 timestamp@8"},
		{"one byte", "a 7 le:u8/8", 1, "a@0"},
	} {
		elements, err := parseElements(test.elements)
		if err != nil {
			t.Errorf("%s: %v", test.name, err)
			continue
		}
		size, err := layOut(elements)
		var places []string
		for _, e := range elements {
			places = append(places, fmt.Sprintf("%s@%d", e.name, e.at))
		}
		if got := strings.Join(places, " "); err != nil || size != test.size || got != test.places {
			t.Errorf("%s: %d bytes, %s, %v; want %d, %s", test.name, size, got, err, test.size, test.places)
		}
	}
}

func TestLayOutMalformed(t *testing.T) {
	for _, text := range []string{
		"", "a 0 le:s24/24", "a 0 le:s16/16X3", "a 0 le:u8/8, b 0 le:u8/8", "a -1 le:u8/8", "a 70000 le:u8/8", "a 0 le:u9/8", "a x le:u8/8",
		strings.TrimSuffix(strings.Repeat("a 0 le:s64/64X16, ", 40), ", "),
	} {
		elements, err := parseElements(text)
		if err == nil {
			_, err = layOut(elements)
		}
		if err == nil {
			t.Errorf("%.60q was taken", text)
		}
	}
}

func parseElements(text string) (elements []element, err error) {
	for _, one := range strings.Split(text, ", ") {
		words := strings.Fields(one)
		if len(words) != 3 {
			continue
		}
		e, err := parseElement(words[0], words[1], words[2])
		if err != nil {
			return nil, err
		}
		elements = append(elements, e)
	}
	return elements, nil
}

func FuzzScanElements(f *testing.F) {
	f.Add("x 0 le:s16/16, y 1 le:s16/16, z 2 le:s16/16, timestamp 3 le:s64/64")
	f.Add("timestamp 9 le:s64/64, z 2 le:u8/8, a 5 le:s16/16")
	f.Add("a 0 le:s24/24, b 0 be:u8/8X16>>0")
	f.Fuzz(func(t *testing.T, text string) {
		elements, err := parseElements(text)
		if err != nil {
			return
		}
		size, err := layOut(elements)
		if err != nil {
			return
		}
		if size < 1 || size > largestSample {
			t.Fatalf("%q takes %d bytes", text, size)
		}
		sample := make([]byte, size)
		end := 0
		for _, e := range elements {
			if e.at < end {
				t.Fatalf("%q: %s at %d is within what is before it", text, e.name, e.at)
			}
			end = e.at + e.typ.Bytes()*e.typ.Repeat
			for r := range e.typ.Repeat {
				e.typ.Decode(sample[e.at+r*e.typ.Bytes():])
			}
		}
		if end > size {
			t.Fatalf("%q: %d bytes in a sample of %d", text, end, size)
		}
	})
}
