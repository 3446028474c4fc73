package wheel

import (
	"encoding/hex"
	"strings"
	"testing"
)

func TestPins(t *testing.T) {
	seen := map[string]bool{}
	check := func(host string, w Wheel) {
		sum, err := hex.DecodeString(w.SHA256)
		if err != nil || len(sum) != 32 || w.Size <= 0 || !strings.Contains(w.File, "-"+w.Version+"-") || !strings.HasSuffix(w.Prefix, "/") {
			t.Errorf("%s: %+v", host, w)
		}
		if seen[w.SHA256] || seen[w.name()] {
			t.Errorf("%s: %s is pinned twice", host, w.File)
		}
		seen[w.SHA256], seen[w.name()] = true, true
	}
	for _, host := range []string{"linux/amd64", "linux/arm64", "darwin/amd64", "darwin/arm64"} {
		system, processor, _ := strings.Cut(host, "/")
		w, err := Zig(system, processor)
		if err != nil {
			t.Fatal(err)
		}
		check(host, w)
	}
	check("headers", CUDAHeaders())
	if _, err := Zig("plan9", "amd64"); err == nil || !strings.Contains(err.Error(), "plan9/amd64") {
		t.Errorf("plan9: %v", err)
	}
}
