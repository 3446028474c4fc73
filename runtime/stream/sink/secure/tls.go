package secure

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"fmt"
	"net"
)

const maxPEM = 1 << 20

// TLS says whom to believe and who we are.
type TLS struct {
	CA         string // a PEM file of the authorities that count; "": those of the system
	Cert, Key  string // PEM files of the client's certificate, with its chain, and of its key; both or neither
	ServerName string // the name that the server's certificate must hold; "": the host that is dialled
	MinVersion string // "1.2" or "1.3"; "" is 1.2
}

// Config returns the settings for connections to host. The files are read, so that a mistake shows at once; the
// client's certificate is read again for each handshake.
func (t *TLS) Config(host string) (*tls.Config, error) {
	c := &tls.Config{
		ServerName: t.ServerName,
		// A resumed session spares a board most of the handshake.
		ClientSessionCache: tls.NewLRUClientSessionCache(1),
	}
	if c.ServerName == "" {
		c.ServerName = host
	}
	switch t.MinVersion {
	case "", "1.2":
		c.MinVersion = tls.VersionTLS12
	case "1.3":
		c.MinVersion = tls.VersionTLS13
	default:
		return nil, fmt.Errorf("secure: TLS version %q: 1.2 and 1.3 are known", t.MinVersion)
	}
	if t.CA != "" {
		pem, err := readFile(t.CA, maxPEM)
		if err != nil {
			return nil, fmt.Errorf("secure: certificate authority: %w", err)
		}
		c.RootCAs = x509.NewCertPool()
		if !c.RootCAs.AppendCertsFromPEM(pem) {
			return nil, fmt.Errorf("secure: certificate authority %s: no certificate in PEM is in it", t.CA)
		}
	}
	if (t.Cert == "") != (t.Key == "") {
		return nil, fmt.Errorf("secure: client certificate %q with key %q: both or neither", t.Cert, t.Key)
	}
	if t.Cert != "" {
		if _, err := t.pair(); err != nil {
			return nil, err
		}
		c.GetClientCertificate = func(*tls.CertificateRequestInfo) (*tls.Certificate, error) { return t.pair() }
	}
	return c, nil
}

// Dial opens a connection to an address, and shakes hands where there are settings for TLS; nil is without.
func Dial(ctx context.Context, address string, config *tls.Config) (net.Conn, error) {
	if config == nil {
		return new(net.Dialer).DialContext(ctx, "tcp", address)
	}
	return (&tls.Dialer{Config: config}).DialContext(ctx, "tcp", address)
}

func (t *TLS) pair() (*tls.Certificate, error) {
	cert, err := readFile(t.Cert, maxPEM)
	if err != nil {
		return nil, fmt.Errorf("secure: client certificate: %w", err)
	}
	key, err := readFile(t.Key, maxPEM)
	if err != nil {
		return nil, fmt.Errorf("secure: key: %w", err)
	}
	pair, err := tls.X509KeyPair(cert, key)
	if err != nil {
		return nil, fmt.Errorf("secure: client certificate %s with key %s: %w", t.Cert, t.Key, err)
	}
	return &pair, nil
}
