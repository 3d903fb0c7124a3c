#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# An unmodified Linux on QEMU with the model as its disk, through vfio-user. Prepares what it needs in
# build/guest on first use (a Debian root with QEMU 10.1 or newer, a kernel, busybox), then boots, lets
# tests/guest/init do its work, and checks the image on the host. As root. Exit code 77: this machine
# cannot prepare it (no root, no debootstrap, no package archive).
#
#   tests/guest/run.sh [PROGRAM]     PROGRAM: nvme-vp, default build/release/sc_main/nvme-vp
set -euo pipefail
cd "$(dirname "$0")/../.."
program=$(realpath "${1:-build/release/sc_main/nvme-vp}")
work=$PWD/build/guest
root=$work/root
skip() { echo "skipped: $*"; exit 77; }

prepare() {
    [ "$(id -u)" = 0 ] || skip "a Debian root can only be made as root"
    command -v debootstrap >/dev/null || apt-get install -y -qq debootstrap >/dev/null 2>&1 ||
        skip "debootstrap cannot be installed"
    command -v cpio >/dev/null || apt-get install -y -qq cpio >/dev/null 2>&1 ||
        skip "cpio cannot be installed"
    local archive
    archive=$(cat /etc/apt/sources.list /etc/apt/sources.list.d/* 2>/dev/null |
        sed -nE 's/^URIs: *([^ ]+).*/\1/p; s/^deb +(\[[^]]*\] +)?([^ ]+).*/\2/p' |
        grep '/debian/\?$' | head -n 1) || true
    [ -n "$archive" ] || skip "no Debian archive is configured"
    rm -rf "$root"
    mkdir -p "$work"
    echo "preparing $root (once)"
    debootstrap --variant=minbase trixie "$root" "$archive" >"$work/prepare.log" 2>&1 ||
        skip "debootstrap failed, see $work/prepare.log"
    echo "deb $archive trixie-backports main" >>"$root/etc/apt/sources.list"
    cp -r /etc/apt/apt.conf.d/. "$root/etc/apt/apt.conf.d/"
    cp /etc/resolv.conf /etc/hosts "$root/etc/"
    mkdir -p "$root/etc/ssl"
    cp -rL /etc/ssl/certs "$root/etc/ssl/" 2>/dev/null || true
    chroot "$root" sh -ec '
        export DEBIAN_FRONTEND=noninteractive
        apt-get update -qq
        apt-get install -y -qq --no-install-recommends -t trixie-backports qemu-system-x86
        apt-get install -y -qq --no-install-recommends busybox-static
        cd /root
        kernel=$(apt-cache depends linux-image-cloud-amd64 | sed -n "s/.*Depends: //p" | head -1)
        apt-get download "$kernel"
        dpkg-deb -x linux-image-*.deb kernel' >>"$work/prepare.log" 2>&1 ||
        skip "packages cannot be installed, see $work/prepare.log"
    touch "$work/prepared"
}

make_initramfs() {
    local tree=$work/initramfs
    rm -rf "$tree"
    mkdir -p "$tree"/{bin,dev,proc,sys,mnt}
    cp "$root/usr/bin/busybox" "$tree/bin/"
    install -m 755 tests/guest/init "$tree/init"
    (cd "$tree" && find . | cpio -o -H newc 2>/dev/null | gzip) >"$root/root/initramfs.gz"
}

[ -x "$program" ] || { echo "$program: build it first"; exit 2; }
[ -f "$work/prepared" ] || prepare
make_initramfs
for folder in dev proc; do
    mountpoint -q "$root/$folder" || mount --bind /$folder "$root/$folder"
done
server=
clean_up() {
    [ -z "$server" ] || kill "$server" 2>/dev/null || true
    umount "$root/dev" "$root/proc" 2>/dev/null || true
}
trap clean_up EXIT

socket=$root/tmp/nvme.sock
rm -f "$work"/disk.img "$work"/report.json
"$program" serve --socket "$socket" --namespace "file:$work/disk.img,size=256M" \
    --report "$work/report.json" >"$work/serve.log" 2>&1 &
server=$!
for _ in $(seq 50); do grep -q listening "$work/serve.log" && break; sleep 0.1; done

kernel=$(cd "$root" && ls root/kernel/boot/vmlinuz-*)
timeout 240 chroot "$root" qemu-system-x86_64 -machine q35,accel=tcg,memory-backend=mem -cpu max -smp 2 \
    -object memory-backend-memfd,id=mem,size=512M,share=on -nographic -no-reboot -net none \
    -kernel "/$kernel" -initrd /root/initramfs.gz -append "console=ttyS0 loglevel=4" \
    -device '{"driver":"vfio-user-pci","socket":{"path":"/tmp/nvme.sock","type":"unix"}}' \
    </dev/null >"$work/console.log" 2>&1 || true
kill -TERM "$server"
wait "$server" || { echo "the server failed:"; cat "$work/serve.log"; exit 1; }
server=

bad=0
expect() { grep -aq "$1" "$work/console.log" || { echo "missing: $1"; bad=1; }; }
for line in "model nvme-tlm" "raw ok" "reset ok" "rescan ok" "file system ok" "guest: done"; do
    expect "$line"
done
if grep -aE "guest: (WARNING|FAILED)" "$work/console.log"; then bad=1; fi
/sbin/e2fsck -fn "$work/disk.img" >"$work/fsck.log" 2>&1 || { cat "$work/fsck.log"; bad=1; }
hash=$(sed -nE 's/.*guest: hash ([0-9a-f]+).*/\1/p' "$work/console.log" | tr -d '\r')
found=$(/sbin/debugfs -R 'cat /file' "$work/disk.img" 2>/dev/null | sha256sum | cut -d' ' -f1)
[ -n "$hash" ] && [ "$hash" = "$found" ] || { echo "the file on the host is $found, not $hash"; bad=1; }

grep -a "guest:" "$work/console.log" | sed "s/.*guest:/guest:/" | tr -d "\r"
[ $bad = 0 ] && echo "guest: all good" || { echo "see $work/console.log"; exit 1; }
