package debian

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
)

// apt is an apt for arm64 with a root of its own.
type apt struct{ dir string }

// newApt makes the root in an empty folder, and gets the lists of packages.
func newApt(ctx context.Context, dir string, source Source) (*apt, error) {
	sources, err := source.list()
	if err != nil {
		return nil, err
	}
	if _, err := os.Stat(source.Keyring); err != nil {
		return nil, fmt.Errorf("debian: %w: it comes with the package debian-archive-keyring", err)
	}
	// The way to the network is this machine's.
	network, err := exec.CommandContext(ctx, "apt-config", "dump", "--no-empty", "--format", "%f \"%v\";%n", "Acquire::http", "Acquire::https").Output()
	if err != nil {
		return nil, fmt.Errorf("debian: apt-config dump: %w", err)
	}
	for _, folder := range []string{"lists/partial", "archives/partial", "empty"} {
		if err := os.MkdirAll(filepath.Join(dir, folder), 0o755); err != nil {
			return nil, fmt.Errorf("debian: %w", err)
		}
	}
	for name, text := range map[string]string{"status": "", "sources.list": sources, "apt.conf": configuration(dir, string(network))} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o644); err != nil {
			return nil, fmt.Errorf("debian: %w", err)
		}
	}
	a := &apt{dir}
	_, err = a.run(ctx, dir, "apt-get", "-q", "update")
	return a, err
}

// configuration keeps this machine's own settings out: hooks that run after a download, preferences, other sources.
// A list that cannot be had is an error rather than a warning, so that nothing old is taken.
func configuration(dir, network string) string {
	var b strings.Builder
	for _, folder := range []string{"State", "State::lists lists", "State::status status", "Cache", "Cache::archives archives",
		"Etc empty", "Etc::parts empty", "Etc::preferencesparts empty", "Etc::sourceparts empty", "Etc::trustedparts empty",
		"Etc::sourcelist sources.list", "Etc::main none"} {
		name, below, _ := strings.Cut(folder, " ")
		fmt.Fprintf(&b, "Dir::%s %q;\n", name, filepath.Join(dir, below))
	}
	b.WriteString(`APT::Architecture "arm64";
APT::Architectures { "arm64"; };
APT::Sandbox::User "";
APT::Update::Error-Mode "any";
Acquire::Languages "none";
Acquire::Retries "3";
`)
	b.WriteString(network)
	return b.String()
}

// run runs one of apt's programs in a folder and returns what it prints, which an error holds too.
func (a *apt) run(ctx context.Context, dir, name string, args ...string) (string, error) {
	command := exec.CommandContext(ctx, name, args...)
	command.Dir = dir
	command.Env = append(os.Environ(), "APT_CONFIG="+filepath.Join(a.dir, "apt.conf"), "LC_ALL=C")
	var stdout, stderr bytes.Buffer
	command.Stdout, command.Stderr = &stdout, &stderr
	if err := command.Run(); err != nil {
		if errors.Is(err, exec.ErrNotFound) {
			return "", fmt.Errorf("debian: %w: apt and dpkg are needed, as Debian and Ubuntu have them", err)
		}
		return "", fmt.Errorf("debian: %s %s: %w\n%s%s", name, strings.Join(args, " "), err, stdout.Bytes(), stderr.Bytes())
	}
	return stdout.String(), nil
}

// kernelPackage is the package of the current kernel: what the empty package linux-image-arm64 depends on.
func (a *apt) kernelPackage(ctx context.Context) (string, error) {
	out, err := a.run(ctx, a.dir, "apt-cache", "-q", "show", "--no-all-versions", "linux-image-arm64")
	if err != nil {
		return "", err
	}
	return parseDepends(out)
}

func parseDepends(show string) (string, error) {
	for line := range strings.Lines(show) {
		field, value, _ := strings.Cut(line, ":")
		for name := range strings.FieldsFuncSeq(value, func(r rune) bool { return strings.ContainsRune(" ,\n", r) }) {
			if field == "Depends" && strings.HasPrefix(name, "linux-image-") {
				return name, nil
			}
		}
	}
	return "", fmt.Errorf("debian: linux-image-arm64 names no kernel among what it depends on:\n%s", show)
}

// unpack downloads packages and unpacks them into one folder. It returns their file names, which hold the versions.
func (a *apt) unpack(ctx context.Context, dir string, packages ...string) ([]string, error) {
	archives := filepath.Join(a.dir, "archives")
	if _, err := a.run(ctx, archives, "apt-get", append([]string{"-q", "download"}, packages...)...); err != nil {
		return nil, err
	}
	files, err := filepath.Glob(filepath.Join(archives, "*.deb"))
	if err != nil || len(files) != len(packages) {
		return nil, fmt.Errorf("debian: %d packages were asked for, %d came (%v)", len(packages), len(files), err)
	}
	for i, file := range files {
		if _, err := a.run(ctx, dir, "dpkg-deb", "--extract", file, dir); err != nil {
			return nil, err
		}
		files[i] = filepath.Base(file)
	}
	return files, nil
}
