#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Makes, from Debian's packages, everything that booting a guest needs, once, in build/guest:
#
#   qemu, qemu-s390x      run QEMU, 10.1 or newer: the host's own, or the one in root
#   kernels/6.1, 6.12, newest
#                         kernel images; what newest is stands in kernels/newest.version
#   busybox.cpio          an initramfs with busybox, without /init
#   tools.cpio            one with fio, nvme-cli, e2fsprogs and blkdiscard, too
#   s390x.cpio, kernels/s390x, s390x.prepared
#                         for the guest of another byte order; only if its packages can be had
#   root                  the unpacked packages (firmware and host tools, too)
#
# Nothing is installed on the host: packages are downloaded with apt, whose archive is the one that the
# host is configured for, and unpacked. Exit code 77: this machine cannot prepare it.
set -euo pipefail
. "$(dirname "$0")/common.sh"
here=$repository/tests/guest

# What is made has this folder in it: it is made anew where a clone was moved to.
stamp=$({ echo "$work"; cat "$here/prepare.sh" "$here"/prepare/*.sh; } | sha256sum)
mkdir -p "$work"
exec 9>"$work/lock"
flock 9
begin=$SECONDS
# step NAME: does it, and tells how long that took. What it says is in a file.
step() {
    "$here/prepare/$1.sh" >"$work/prepare-$1.log" 2>&1 || return 1
    echo "prepared $1: $((SECONDS - begin)) s"
}

if [ "$(cat "$work/prepared" 2>/dev/null)" != "$stamp" ]; then
    rm -rf "$work/prepared" "$work/root" "$work/kernels" "$work"/*.cpio "$work/s390x.prepared"
    for step in packages qemu kernels initramfs; do
        step $step && continue
        tail -n 5 "$work/prepare-$step.log"
        [ $step != packages ] || skip "the packages cannot be had, see $work/prepare-packages.log"
        exit 1
    done
    rm -rf "$work/packages"
    echo "$stamp" >"$work/prepared"
fi
[ -f "$work/s390x.prepared" ] || step s390x || echo "no s390x guest, see $work/prepare-s390x.log"
