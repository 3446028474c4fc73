package webhook

import (
	"bufio"
	"net/http"
	"strings"
	"testing"
	"time"
)

func TestReplies(t *testing.T) {
	now := time.Date(2024, 5, 1, 12, 0, 0, 0, time.UTC)
	for _, c := range []struct {
		name, text string
		want       reply
		err        string
	}{
		{"plain", "HTTP/1.1 200 OK\r\n\r\n", reply{200, 0}, ""},
		{"no reason", "HTTP/1.1 204\r\nA: b\r\n\r\n", reply{204, 0}, ""},
		{"old", "HTTP/1.0 500 Oops\r\n\r\nrest", reply{500, 0}, ""},
		{"interim", "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\nHTTP/1.1 201 Created\r\n\r\n", reply{201, 0}, ""},
		{"seconds", "HTTP/1.1 503 x\r\nretry-after: 7\r\n\r\n", reply{503, 7 * time.Second}, ""},
		{"date", "HTTP/1.1 503 x\r\nRetry-After: Wed, 01 May 2024 12:00:05 GMT\r\n\r\n", reply{503, 5 * time.Second}, ""},
		{"past", "HTTP/1.1 503 x\r\nRetry-After: Wed, 01 May 2024 11:00:00 GMT\r\n\r\n", reply{503, 0}, ""},
		{"rubbish after", "HTTP/1.1 503 x\r\nRetry-After: -99999999999999999999\r\n\r\n", reply{503, 0}, ""},
		{"nothing", "", reply{}, "unexpected EOF"},
		{"half", "HTTP/1.1 200 OK\r\nA: b", reply{}, "unexpected EOF"},
		{"another protocol", "SSH-2.0-OpenSSH\r\n", reply{}, "not HTTP"},
		{"another version", "HTTP/2 200\r\n\r\n", reply{}, "not HTTP"},
		{"no status", "HTTP/1.1 2x0 OK\r\n\r\n", reply{}, "not HTTP"},
		{"switching", "HTTP/1.1 101 Switching Protocols\r\n\r\n", reply{}, "not asked for"},
		{"endless", "HTTP/1.1 200 OK\r\n" + strings.Repeat("A: b\r\n", 20000), reply{}, "not HTTP"},
		{"an echo", "HTTP/1.1 200 OK\r\nopensesame\r\n\r\n", reply{}, "not HTTP"},
	} {
		got, err := readReply(strings.NewReader(c.text), now)
		if got != c.want || (err == nil) != (c.err == "") || err != nil && !strings.Contains(err.Error(), c.err) {
			t.Errorf("%s: %+v, %v", c.name, got, err)
		}
	}
}

// FuzzReply compares with net/http's reading.
func FuzzReply(f *testing.F) {
	f.Add("HTTP/1.1 200 OK\r\n\r\n")
	f.Add("HTTP/1.1 503 x\r\nRetry-After: 7\r\n\r\n")
	f.Add("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 201 Created\r\n\r\n")
	f.Fuzz(func(t *testing.T, text string) {
		got, err := readReply(strings.NewReader(text), time.Now())
		if err != nil {
			return
		}
		if got.status < 200 || got.status > 999 || got.after < 0 {
			t.Fatalf("%q: %+v", text, got)
		}
		r, err := http.ReadResponse(bufio.NewReader(strings.NewReader(text)), nil)
		if err == nil && r.StatusCode >= 200 && r.StatusCode != got.status {
			t.Fatalf("%q: status %d, net/http reads %d", text, got.status, r.StatusCode)
		}
	})
}
