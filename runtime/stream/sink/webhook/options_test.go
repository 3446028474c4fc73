package webhook

import (
	"strings"
	"testing"
	"time"

	"github.com/edge-infer/edge-infer/runtime/stream/sink/secure"
)

// TestRefusals puts the configurations together that cannot work. None of the errors may hold the secret.
func TestRefusals(t *testing.T) {
	t.Setenv("TEST_HOOK_EMPTY", "")
	t.Setenv("TEST_HOOK_TOKEN", "opensesame")
	token := secure.Secret{Env: "TEST_HOOK_TOKEN"}
	for name, o := range map[string]Options{
		"no URL":                 {},
		"no host":                {URL: "https:///opensesame"},
		"no scheme":              {URL: "hook.test/opensesame"},
		"scheme":                 {URL: "ftp://hook.test/opensesame"},
		"bad URL":                {URL: "https://hook.test:x/opensesame"},
		"user":                   {URL: "https://user:opensesame@hook.test/"},
		"not ASCII":              {URL: "https://hök.test/opensesame"},
		"line in the path":       {URL: "https://hook.test/opensesame\r\nX: y"},
		"TLS without TLS":        {URL: "http://hook.test/", TLS: secure.TLS{CA: "x"}},
		"authority":              {URL: "https://hook.test/", TLS: secure.TLS{CA: "/nonexistent"}},
		"header without secret":  {URL: "https://hook.test/", Header: "X"},
		"secret without header":  {URL: "https://hook.test/", Secret: token},
		"header with a colon":    {URL: "https://hook.test/", Header: "X: y", Secret: token},
		"header of our own":      {URL: "https://hook.test/", Header: "content-length", Secret: token},
		"line in the prefix":     {URL: "https://hook.test/", Header: "X", Prefix: "a\r\nB: ", Secret: token},
		"empty secret":           {URL: "https://hook.test/", Header: "X", Secret: secure.Secret{Env: "TEST_HOOK_EMPTY"}},
		"batch beyond the queue": {URL: "https://hook.test/", Batch: 10, Queue: 9},
		"pauses":                 {URL: "https://hook.test/", RetryMin: time.Hour, RetryMax: time.Minute},
		"negative time":          {URL: "https://hook.test/", Timeout: -1},
	} {
		t.Run(name, func(t *testing.T) {
			s, err := New(o)
			if err == nil {
				s.Close()
				t.Fatal("accepted")
			}
			if strings.Contains(err.Error(), "opensesame") || strings.Contains(err.Error(), "\n") {
				t.Errorf("%v", err)
			}
		})
	}
}
