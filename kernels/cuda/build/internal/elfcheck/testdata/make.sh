#!/bin/sh
# Makes the programs of this folder again. CC is a compiler such as `zig cc`, version 0.15.2.
set -eu
cd "$(dirname "$0")"
link() { # OUTPUT TARGET ARGUMENTS: a library of a few hundred bytes, which has all that a program has here
	output=$1 target=$2
	shift 2
	$CC -target "$target" -Os -g0 -shared -fPIC -nostdlib -Wl,-z,max-page-size=4096 -Wl,--strip-all \
		-Wl,--hash-style=gnu -o "$output" "$@" library.c
}
link plain-arm64.elf aarch64-linux-gnu.2.27 -lc
link plain-amd64.elf x86_64-linux-gnu.2.27 -lc
link newer.elf aarch64-linux-gnu.2.38 -lc
link exports.elf aarch64-linux-gnu.2.27 -DEXPORTS -lc
link open.elf aarch64-linux-gnu.2.27 -DOPEN -lc
$CC -target aarch64-linux-gnu.2.27 -shared -nostdlib -o libextra.so -Wl,-soname,libextra.so -x c /dev/null
link extra.elf aarch64-linux-gnu.2.27 -Wl,--no-as-needed libextra.so -lc
rm libextra.so
$CC -target aarch64-linux-gnu.2.27 -Os -g0 -c -o object.elf library.c
