package webhook

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/textproto"
	"strconv"
	"strings"
	"time"
)

// maxResponse bounds what is read of a response. Its body is of no interest.
const maxResponse = 64 << 10

// dialer opens the connection for one request, and shakes hands where there is TLS.
type dialer func(context.Context) (net.Conn, error)

// A reply is what matters of a response.
type reply struct {
	status int
	after  time.Duration // of Retry-After, 0 for none
}

// post makes one request.
func (s *Sink) post(ctx context.Context, body []byte, contentType string) (reply, error) {
	ctx, cancel := context.WithTimeout(ctx, s.options.Timeout)
	defer cancel()
	secret, err := s.options.Secret.Read()
	if err != nil {
		return reply{}, fmt.Errorf("webhook: header %s: %w", s.options.Header, err)
	}
	conn, err := s.dial(ctx)
	if err != nil {
		return reply{}, fmt.Errorf("webhook: %s: %w", s.endpoint.host, err)
	}
	defer conn.Close()
	stop := context.AfterFunc(ctx, func() { conn.Close() })
	defer stop()

	var head bytes.Buffer
	fmt.Fprintf(&head, "POST %s HTTP/1.1\r\nHost: %s\r\nUser-Agent: edge-infer\r\nContent-Type: %s\r\nContent-Length: %d\r\nConnection: close\r\n",
		s.endpoint.target, s.endpoint.host, contentType, len(body))
	if s.options.Header != "" {
		fmt.Fprintf(&head, "%s: %s%s\r\n", s.options.Header, s.options.Prefix, secret)
	}
	head.WriteString("\r\n")
	_, err = conn.Write(append(head.Bytes(), body...))
	// A server that refuses a body early closes while it is still being written; its answer says why.
	answer, readErr := readReply(conn, time.Now())
	if readErr == nil {
		return answer, nil
	}
	if ctx.Err() != nil {
		readErr = ctx.Err()
	} else if err != nil {
		readErr = err
	}
	return reply{}, fmt.Errorf("webhook: %s: %w", s.endpoint.host, readErr)
}

// readReply reads the head of a response, after any interim ones (RFC 9110, section 15.2).
func readReply(r io.Reader, now time.Time) (reply, error) {
	b := textproto.NewReader(bufio.NewReader(io.LimitReader(r, maxResponse)))
	for {
		line, err := b.ReadLine()
		if err != nil {
			return reply{}, unexpected(err)
		}
		version, rest, _ := strings.Cut(line, " ")
		code, _, _ := strings.Cut(rest, " ")
		status, err := strconv.Atoi(code)
		if !strings.HasPrefix(version, "HTTP/1.") || len(code) != 3 || err != nil || status < 100 {
			return reply{}, errNotHTTP
		}
		header, err := b.ReadMIMEHeader()
		if err != nil {
			return reply{}, unexpected(err)
		}
		if status >= 200 {
			return reply{status, retryAfter(header.Get("Retry-After"), now)}, nil
		}
		if status == 101 {
			return reply{}, errors.New("the server changes to a protocol that was not asked for")
		}
	}
}

var errNotHTTP = errors.New("the answer is not HTTP/1.1")

// unexpected is what becomes of an error in the middle of a head. Those of textproto quote what they cannot read, and
// a server might have sent our own token back.
func unexpected(err error) error {
	var malformed textproto.ProtocolError
	switch {
	case err == io.EOF:
		return io.ErrUnexpectedEOF
	case errors.As(err, &malformed):
		return errNotHTTP
	}
	return err
}

// retryAfter reads seconds or a date (RFC 9110, section 10.2.3).
func retryAfter(value string, now time.Time) time.Duration {
	if seconds, err := strconv.ParseUint(value, 10, 31); err == nil {
		return time.Duration(seconds) * time.Second
	}
	if date, err := time.Parse("Mon, 02 Jan 2006 15:04:05 GMT", value); err == nil {
		return max(date.Sub(now), 0)
	}
	return 0
}

// again tells whether a request of this status may succeed later.
func again(status int) bool {
	return status >= 500 || status == 408 || status == 425 || status == 429
}
