//go:build linux

package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"time"

	"github.com/edge-infer/edge-infer/boards/virtual/internal/guest"
)

// Making a Debian takes two stages. The first, on the host, downloads and verifies packages and unpacks those that unpack
// the others. The second runs programs of the new system, so it needs an arm64 processor, and gets the virtual one.

// rootPackages are beyond those that every Debian has.
const rootPackages = "systemd,systemd-sysv,udev,adduser"

// firstStage makes a disk image of what debootstrap leaves. Its arguments are a folder, the image, the suite, the mirror
// and the keyring.
const firstStage = `set -eu
debootstrap --foreign --arch=arm64 --variant=minbase --keyring="$5" --include=` + rootPackages + ` "$3" "$1" "$4"
mke2fs -q -t ext4 -O ^has_journal -E root_owner=0:0 -d "$1" "$2" 2G
`

// secondStage completes it on the board, and takes out what would only cost time at each start: no logins, no daily
// works, nothing that waits for a network.
const secondStage = `set -eu
mkdir -p /mnt
mount -t ext4 /dev/vda /mnt
for dir in proc sys dev; do mount -o bind /$dir /mnt/$dir; done
export DEBIAN_FRONTEND=noninteractive LC_ALL=C
echo force-unsafe-io >/mnt/etc/dpkg/dpkg.cfg.d/virtual
chroot /mnt /debootstrap/debootstrap --second-stage
chroot /mnt apt-get clean
rm /mnt/etc/dpkg/dpkg.cfg.d/virtual
rm -rf /mnt/var/lib/apt/lists/* /mnt/var/log/bootstrap.log /mnt/debootstrap
echo virtual-board >/mnt/etc/hostname
echo '127.0.0.1 localhost virtual-board' >/mnt/etc/hosts
chroot /mnt systemctl mask getty.target apt-daily.timer apt-daily-upgrade.timer dpkg-db-backup.timer fstrim.timer \
	e2scrub_all.timer e2scrub_reap.service systemd-timesyncd.service
for dir in dev sys proc; do umount /mnt/$dir 2>/dev/null || true; done # debootstrap may have done it
umount /mnt
`

// root returns the disk image of a Debian, which it makes if it is not in the cache yet.
func (s *stage) root(ctx context.Context) (string, error) {
	image := filepath.Join(s.cache, "root.ext4")
	if _, err := os.Stat(image); err == nil && !s.update {
		return image, nil
	} else if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return "", fmt.Errorf("virtual: %w", err)
	}
	for program, pkg := range map[string]string{"debootstrap": "debootstrap", "mke2fs": "e2fsprogs"} {
		if _, err := exec.LookPath(program); err != nil {
			return "", fmt.Errorf("virtual: -root debian: %w: install Debian's package %s", err, pkg)
		}
	}
	start := time.Now()
	temp, err := os.MkdirTemp(s.cache, "new-*")
	if err != nil {
		return "", fmt.Errorf("virtual: %w", err)
	}
	defer os.RemoveAll(temp)
	// debootstrap takes a folder's permissions for those of the new system's root.
	if err := os.Chmod(temp, 0o755); err != nil {
		return "", fmt.Errorf("virtual: %w", err)
	}
	unfinished := filepath.Join(temp, "root.ext4")
	if err := s.unpackRoot(ctx, filepath.Join(temp, "root"), unfinished); err != nil {
		return "", err
	}
	h := s.hardware
	h.memory, h.disk, h.keep = 1024, unfinished, true
	err = s.up(ctx, h, 30*time.Minute, func(_ context.Context, client *guest.Client, _ plug) error {
		r, err := client.Run(secondStage)
		if err == nil && r.Code != 0 {
			err = fmt.Errorf("virtual: debootstrap's second stage: exit code %d\n%s%s", r.Code, r.Stdout, r.Stderr)
		}
		return err
	})
	if err != nil {
		return "", err
	}
	if err := os.Rename(unfinished, image); err != nil {
		return "", fmt.Errorf("virtual: %w", err)
	}
	fmt.Fprintf(s.log, "made a Debian in %v\n", time.Since(start).Round(time.Second))
	return image, nil
}

// unpackRoot does the first stage, as root or as one whom the programs take for root.
func (s *stage) unpackRoot(ctx context.Context, dir, image string) error {
	from, err := s.source(ctx)
	if err != nil {
		return err
	}
	args := []string{"sh", "-c", firstStage, "first-stage", dir, image, from.Suite, from.Mirror, from.Keyring}
	if os.Geteuid() != 0 {
		args = append([]string{"fakeroot"}, args...)
	}
	command := exec.CommandContext(ctx, args[0], args[1:]...)
	var printed bytes.Buffer
	command.Stdout, command.Stderr = &printed, &printed
	if err := command.Run(); err != nil {
		if errors.Is(err, exec.ErrNotFound) {
			return fmt.Errorf("virtual: %w: install Debian's package fakeroot, or run this as root", err)
		}
		return fmt.Errorf("virtual: debootstrap's first stage: %w\n%s", err, printed.Bytes())
	}
	return nil
}
