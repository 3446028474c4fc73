package pickle

import (
	"errors"
	"strings"
	"testing"
)

// TestOnBuild takes bytes and a pickle that follow an object's state, as joblib writes arrays.
func TestOnBuild(t *testing.T) {
	options := Options{
		Allow: func(module, name string) bool { return module == "m" },
		OnBuild: func(r *Record, in *Reader) (any, error) {
			if !r.Class.Is("m", "Wrapper") {
				return r, nil
			}
			n, err := in.ReadByte()
			if err != nil {
				return nil, err
			}
			raw, err := in.Take(uint64(n))
			if err != nil {
				return nil, err
			}
			inner, err := in.Load()
			return Tuple{raw, inner}, err
		},
	}
	const wrapper = "cm\nWrapper\n)\x81}b"
	tests := []struct{ name, pickle, want string }{
		{"bytes and a pickle", "](" + wrapper + "\x02hiK\x07." + "cm\nC\n)\x81}be.", `[(b"hi" 7) m.C() state {}]`},
		{"one within another", wrapper + "\x00" + wrapper + "\x00N...", `(b"" (b"" <nil>))`},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			v, err := NewReader(strings.NewReader(test.pickle), int64(len(test.pickle)), options).Load()
			if err != nil {
				t.Fatal(err)
			}
			if got := render(v); got != test.want {
				t.Errorf("%s, want %s", got, test.want)
			}
		})
	}
	deep := strings.Repeat(wrapper+"\x00", 100)
	if _, err := NewReader(strings.NewReader(deep), int64(len(deep)), options).Load(); err == nil || !strings.Contains(err.Error(), "4 deep") {
		t.Errorf("a hundred within each other: error %v", err)
	}
}

// TestInstance accepts objects of unknown classes by their state, and no call of one.
func TestInstance(t *testing.T) {
	options := Options{Instance: func(r *Record) bool {
		_, ok := r.Attribute("weights")
		return ok
	}}
	const state = "}U\x07weightsK\x01s"
	tests := []struct{ name, pickle, want string }{
		{"an object", "cm\nNet\n)\x81" + state + "b.", `m.Net() state {"weights": 1}`},
		{"an object by copyreg", "ccopyreg\n_reconstructor\n(cm\nNet\ncbuiltins\nobject\nNtR" + state + "b.", `m.Net() state {"weights": 1}`},
		{"a name", "cm\nfunction\n.", "m.function"},
		{"another state", "cm\nNet\n)\x81}b.", ""},
		{"no state", "cm\nNet\n)\x81.", ""},
		{"no state, and gone", "cm\nNet\n)\x810N.", ""},
		{"a call", "cm\nNet\n)R" + state + "b.", ""},
		{"an old class", "(im\nNet\n" + state + "b.", ""},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			v, err := NewReader(strings.NewReader(test.pickle), int64(len(test.pickle)), options).Load()
			if test.want == "" {
				if refused := new(ClassError); !errors.As(err, &refused) || refused.Name != "Net" {
					t.Errorf("error %v, want a ClassError of m.Net", err)
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			if got := render(v); got != test.want {
				t.Errorf("%s, want %s", got, test.want)
			}
		})
	}
}

// TestInstanceFirst names the first of several objects without a state.
func TestInstanceFirst(t *testing.T) {
	accept := Options{Instance: func(*Record) bool { return true }}
	const several = "cm\nA\n)\x81cm\nB\n)\x81cm\nC\n)\x81\x87."
	for range 20 {
		_, err := NewReader(strings.NewReader(several), int64(len(several)), accept).Load()
		if refused := new(ClassError); !errors.As(err, &refused) || refused.Name != "A" {
			t.Fatalf("error %v, want a ClassError of m.A", err)
		}
	}
}

func TestPersistent(t *testing.T) {
	bad := errors.New("no such thing")
	options := Options{Persistent: func(id any) (any, error) {
		if id == any(int64(1)) {
			return "one", nil
		}
		return nil, bad
	}}
	if v, err := NewReader(strings.NewReader("K\x01Q."), 9, options).Load(); err != nil || v != "one" {
		t.Errorf("%v, %v", v, err)
	}
	if _, err := NewReader(strings.NewReader("K\x02Q."), 9, options).Load(); !errors.Is(err, bad) {
		t.Errorf("error %v, want %v", err, bad)
	}
}
