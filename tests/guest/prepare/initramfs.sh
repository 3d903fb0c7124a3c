#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Makes build/guest/busybox.cpio, and build/guest/tools.cpio with the other programs that a guest runs, too,
# and their libraries. A boot appends its own scripts: the kernel takes archives one after another.
set -euo pipefail
. "$(dirname "$0")/../common.sh"

tree=$work/tools
rm -rf "$tree"
mkdir -p "$tree"/{bin,dev,proc,etc,sys,tmp,mnt,lib64,usr/lib/x86_64-linux-gnu}
ln -s usr/lib "$tree/lib"
cp "$root/usr/bin/busybox" "$tree/bin/"
archive() { (cd "$tree" && find . | "$root/usr/bin/busybox" cpio -o -H newc); }
archive >"$work/busybox.cpio"
cp -L "$root/usr/lib64/ld-linux-x86-64.so.2" "$tree/lib64/"
for program in usr/bin/fio usr/sbin/nvme usr/sbin/mke2fs usr/sbin/e2fsck usr/sbin/blkdiscard; do
    cp "$root/$program" "$tree/bin/"
    run_unpacked --list "$root/$program"
done | sed -nE "s|.*=> ($root/[^ ]+) .*|\1|p" | sort -u | xargs cp -Lt "$tree/usr/lib/x86_64-linux-gnu"
[ -e "$tree/usr/lib/x86_64-linux-gnu/libc.so.6" ]
ln -s mke2fs "$tree/bin/mkfs.ext4"
ln -s e2fsck "$tree/bin/fsck.ext4"
cp "$root/etc/mke2fs.conf" "$tree/etc/"
archive >"$work/tools.cpio"
rm -rf "$tree"
