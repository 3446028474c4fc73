package monitor

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
	"net"
	"strings"
	"time"
)

// maxRequest bounds a request's head; bodies are not read.
const maxRequest = 8 << 10

// lingerTime is what a client may take to read why it was refused.
const lingerTime = 500 * time.Millisecond

// reasons are the statuses that are answered.
var reasons = map[int]string{
	200: "OK",
	400: "Bad Request",
	404: "Not Found",
	405: "Method Not Allowed",
	431: "Request Header Fields Too Large",
	500: "Internal Server Error",
	503: "Service Unavailable",
}

// readRequest reads the head of a request (RFC 9112, section 3). The status is 200 where it can be answered, and 0
// where the connection broke off.
func readRequest(r io.Reader) (method, path string, status int) {
	limited := &io.LimitedReader{R: r, N: maxRequest}
	b := bufio.NewReaderSize(limited, maxRequest)
	line := func() (string, bool) {
		l, err := b.ReadSlice('\n')
		if err != nil {
			return "", false
		}
		return string(bytes.TrimSuffix(l[:len(l)-1], []byte("\r"))), true
	}
	broken := func() (string, string, int) {
		if limited.N == 0 {
			return "", "", 431
		}
		return "", "", 0
	}
	first, ok := line()
	if !ok {
		return broken()
	}
	for {
		l, ok := line()
		if !ok {
			return broken()
		}
		if l == "" {
			break
		}
	}
	parts := strings.Split(first, " ")
	switch {
	case len(parts) != 3 || !strings.HasPrefix(parts[2], "HTTP/1.") || !strings.HasPrefix(parts[1], "/"):
		return "", "", 400
	case parts[0] != "GET" && parts[0] != "HEAD":
		return parts[0], "", 405
	}
	path, _, _ = strings.Cut(parts[1], "?")
	return parts[0], path, 200
}

// writeResponse answers and asks for the end of the connection.
func writeResponse(c net.Conn, status int, contentType string, body []byte, headOnly bool) {
	var out bytes.Buffer
	fmt.Fprintf(&out, "HTTP/1.1 %d %s\r\nContent-Type: %s\r\nContent-Length: %d\r\nX-Content-Type-Options: nosniff\r\nConnection: close\r\n",
		status, reasons[status], contentType, len(body))
	if status == 405 {
		out.WriteString("Allow: GET, HEAD\r\n")
	}
	out.WriteString("\r\n")
	if !headOnly {
		out.Write(body)
	}
	_, _ = c.Write(out.Bytes()) // Whoever went away before the answer does not miss it.
	if half, ok := c.(interface{ CloseWrite() error }); ok && status >= 400 && half.CloseWrite() == nil {
		// Closing on bytes that were not read would reset the connection, and with it the answer.
		_ = c.SetReadDeadline(time.Now().Add(lingerTime))
		_, _ = io.CopyN(io.Discard, c, maxRequest)
	}
}
