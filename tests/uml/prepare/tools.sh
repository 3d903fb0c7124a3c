#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Makes build/uml/tools.cpio and build/uml/busybox. A test appends its /init: the kernel takes archives one after
# another.
set -euo pipefail
. "$(dirname "$0")/../common.sh"
. "$(dirname "$0")/find_file.sh"
need g++ ldd mke2fs e2fsck

tree=$work/tools
rm -rf "$tree"
mkdir -p "$tree"/{bin,sbin,dev,proc,etc,sys,tmp,mnt,lib,lib64}
cp "$(find_file /bin/busybox busybox-static)" "$tree/bin/busybox"
cp "$tree/bin/busybox" "$work/busybox"
# In /sbin: the shell of busybox prefers the mke2fs of busybox to one in its PATH.
for program in mke2fs e2fsck; do
    cp "$(command -v $program)" "$tree/sbin/"
    ldd "$tree/sbin/$program" | sed -nE 's|.*=> (/[^ ]+) .*|\1|p'
done | sort -u | xargs cp -Lt "$tree/lib"
cp -L /lib64/ld-linux-x86-64.so.2 "$tree/lib64/"
cp /etc/mke2fs.conf "$tree/etc/"
for source in "$repository"/tests/uml/guest/*.cpp; do
    g++ -std=c++17 -O2 -static -o "$tree/bin/$(basename "$source" .cpp)" "$source"
done
(cd "$tree" && find . | sort | "$work/busybox" cpio -o -H newc) >"$work/tools.cpio"
rm -rf "$tree"
