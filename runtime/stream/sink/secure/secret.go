package secure

import (
	"fmt"
	"io"
	"os"
	"strings"
)

// maxSecret is more than any token; a larger file is a mistake.
const maxSecret = 64 << 10

// A Secret is where a password or token is. One of the fields is set, or neither where there is no secret.
type Secret struct {
	Env  string // the name of a variable of the environment
	File string // the path of a file, whose one trailing line end is not part of the secret
}

// Given tells whether there is a secret.
func (s Secret) Given() bool { return s != Secret{} }

// Read returns the secret, "" where none is given. It is not empty otherwise, and holds no control characters, so
// that it fits into a header line. Errors name the place and nothing of what is there.
func (s Secret) Read() (string, error) {
	var value string
	switch {
	case !s.Given():
		return "", nil
	case s.Env != "" && s.File != "":
		return "", fmt.Errorf("secure: a secret both in the variable %s and in the file %s: one is needed", s.Env, s.File)
	case s.Env != "":
		value = os.Getenv(s.Env)
	default:
		b, err := readFile(s.File, maxSecret)
		if err != nil {
			return "", fmt.Errorf("secure: secret: %w", err)
		}
		value = strings.TrimSuffix(strings.TrimSuffix(string(b), "\n"), "\r")
	}
	if value == "" {
		return "", fmt.Errorf("secure: the secret in %s is empty or not set", s.place())
	}
	for _, c := range []byte(value) {
		if c < ' ' || c == 0x7f {
			return "", fmt.Errorf("secure: the secret in %s holds a control character", s.place())
		}
	}
	return value, nil
}

func (s Secret) place() string {
	if s.Env != "" {
		return "the variable " + s.Env
	}
	return "the file " + s.File
}

// readFile reads a file of at most limit bytes.
func readFile(path string, limit int64) ([]byte, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	b, err := io.ReadAll(io.LimitReader(f, limit+1))
	if err != nil {
		return nil, err
	}
	if int64(len(b)) > limit {
		return nil, fmt.Errorf("%s: more than %d bytes", path, limit)
	}
	return b, nil
}
