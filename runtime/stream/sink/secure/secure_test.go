package secure

import (
	"crypto/tls"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/edge-infer/edge-infer/runtime/stream/sink/internal/tlstest"
)

func write(t *testing.T, content string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "secret")
	if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func TestSecret(t *testing.T) {
	t.Setenv("TEST_SECRET", "opensesame")
	t.Setenv("TEST_SECRET_LINES", "opensesame\r\nX-Admin: 1")
	for _, c := range []struct {
		name string
		s    Secret
		want string
		err  string
	}{
		{"none", Secret{}, "", ""},
		{"environment", Secret{Env: "TEST_SECRET"}, "opensesame", ""},
		{"file", Secret{File: write(t, "opensesame")}, "opensesame", ""},
		{"line", Secret{File: write(t, "opensesame\n")}, "opensesame", ""},
		{"foreign line", Secret{File: write(t, "opensesame\r\n")}, "opensesame", ""},
		{"spaces", Secret{File: write(t, " open sesame ")}, " open sesame ", ""},
		{"two lines", Secret{File: write(t, "opensesame\nopensesame\n")}, "", "control character"},
		{"header injection", Secret{Env: "TEST_SECRET_LINES"}, "", "control character"},
		{"empty file", Secret{File: write(t, "\n")}, "", "empty or not set"},
		{"unset", Secret{Env: "TEST_SECRET_THAT_IS_NOT_SET"}, "", "TEST_SECRET_THAT_IS_NOT_SET is empty or not set"},
		{"missing", Secret{File: "/nonexistent/secret"}, "", "/nonexistent/secret"},
		{"both", Secret{Env: "TEST_SECRET", File: "x"}, "", "one is needed"},
		{"huge", Secret{File: write(t, strings.Repeat("opensesame", 7000))}, "", "more than 65536 bytes"},
	} {
		t.Run(c.name, func(t *testing.T) {
			got, err := c.s.Read()
			if got != c.want || (err == nil) != (c.err == "") || err != nil && !strings.Contains(err.Error(), c.err) {
				t.Errorf("%q, %v", got, err)
			}
			if err != nil && strings.Contains(err.Error(), "opensesame") || strings.Contains(fmt.Sprintf("%+v", c.s), "opensesame") {
				t.Error("the secret is in the error, or in the configuration when it is printed")
			}
		})
	}
}

func TestTLSMistakes(t *testing.T) {
	ca := tlstest.New(t)
	cert, key := ca.Issue("client")
	_, otherKey := ca.Issue("other")
	for name, c := range map[string]struct {
		t   TLS
		err string
	}{
		"old version":         {TLS{MinVersion: "1.1"}, "1.2 and 1.3 are known"},
		"no authority":        {TLS{CA: "/nonexistent/ca.pem"}, "/nonexistent/ca.pem"},
		"a key as authority":  {TLS{CA: key}, "no certificate"},
		"certificate alone":   {TLS{Cert: cert}, "both or neither"},
		"key alone":           {TLS{Key: key}, "both or neither"},
		"another's key":       {TLS{Cert: cert, Key: otherKey}, "does not match"},
		"missing certificate": {TLS{Cert: "/nonexistent/c", Key: key}, "/nonexistent/c"},
		"missing key":         {TLS{Cert: cert, Key: "/nonexistent/k"}, "/nonexistent/k"},
	} {
		if _, err := c.t.Config("host"); err == nil || !strings.Contains(err.Error(), c.err) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// TestHandshake tries who connects to whom.
func TestHandshake(t *testing.T) {
	ca, other := tlstest.New(t), tlstest.New(t)
	cert, key := ca.Issue("client")
	strangeCert, strangeKey := other.Issue("client")
	for _, c := range []struct {
		name   string
		client TLS
		server func(*tls.Config)
		works  bool
	}{
		{"trusted", TLS{CA: ca.CA()}, func(*tls.Config) {}, true},
		{"named", TLS{CA: ca.CA(), ServerName: "server.test"}, func(*tls.Config) {}, true},
		{"misnamed", TLS{CA: ca.CA(), ServerName: "elsewhere.test"}, func(*tls.Config) {}, false},
		{"another authority", TLS{CA: other.CA()}, func(*tls.Config) {}, false},
		{"the system's authorities", TLS{}, func(*tls.Config) {}, false},
		{"old server", TLS{CA: ca.CA(), MinVersion: "1.3"}, func(c *tls.Config) { c.MaxVersion = tls.VersionTLS12 }, false},
		{"older server", TLS{CA: ca.CA()}, func(c *tls.Config) { c.MinVersion, c.MaxVersion = tls.VersionTLS10, tls.VersionTLS11 }, false},
		{"with a certificate", TLS{CA: ca.CA(), Cert: cert, Key: key}, func(c *tls.Config) { c.ClientAuth = tls.RequireAndVerifyClientCert }, true},
		{"without one", TLS{CA: ca.CA()}, func(c *tls.Config) { c.ClientAuth = tls.RequireAndVerifyClientCert }, false},
		{"with a stranger's", TLS{CA: ca.CA(), Cert: strangeCert, Key: strangeKey}, func(c *tls.Config) { c.ClientAuth = tls.RequireAndVerifyClientCert }, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			config, err := c.client.Config("server.test")
			if err != nil {
				t.Fatal(err)
			}
			serverConfig := ca.Server("server.test")
			c.server(serverConfig)
			l, err := tls.Listen("tcp", "127.0.0.1:0", serverConfig)
			if err != nil {
				t.Fatal(err)
			}
			served := make(chan error, 1)
			go func() {
				conn, err := l.Accept()
				if err == nil {
					_, err = conn.Write([]byte("x"))
					conn.Close()
				}
				served <- err
			}()
			conn, err := net.Dial("tcp", l.Addr().String())
			if err != nil {
				t.Fatal(err)
			}
			client := tls.Client(conn, config)
			_, err = client.Read(make([]byte, 1))
			client.Close()
			if err == nil {
				err = <-served
			}
			l.Close()
			if (err == nil) != c.works {
				t.Errorf("%v", err)
			}
		})
	}
}

// TestRenewal replaces the client's certificate on disk: the next handshake shows the new one.
func TestRenewal(t *testing.T) {
	ca := tlstest.New(t)
	cert, key := ca.Issue("client")
	config, err := (&TLS{CA: ca.CA(), Cert: cert, Key: key}).Config("host")
	if err != nil {
		t.Fatal(err)
	}
	first, err := config.GetClientCertificate(nil)
	if err != nil {
		t.Fatal(err)
	}
	ca.Issue("client")
	second, err := config.GetClientCertificate(nil)
	if err != nil {
		t.Fatal(err)
	}
	if string(first.Certificate[0]) == string(second.Certificate[0]) {
		t.Error("the old certificate is still shown")
	}
}
