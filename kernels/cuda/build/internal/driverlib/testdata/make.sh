#!/bin/sh
# Makes the objects of this folder again. CC is a compiler such as `zig cc`, version 0.15.2.
set -eu
cd "$(dirname "$0")"
$CC -target x86_64-linux-gnu.2.27 -O2 -g0 -c -o uses.o uses.c
$CC -target aarch64-linux-gnu.2.27 -O2 -g0 -c -o defines.o defines.c
