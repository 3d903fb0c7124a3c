#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Makes, from Debian's packages, everything that booting a guest needs, once, in build/guest:
#
#   qemu                  runs QEMU, 10.1 or newer: the host's own, or the one in root
#   kernels/6.1, 6.12, newest
#                         kernel images; what newest is stands in kernels/newest.version
#   busybox.cpio          an initramfs with busybox, without /init
#   tools.cpio            one with fio, nvme-cli, e2fsprogs and blkdiscard, too
#   root                  the unpacked packages (firmware and host tools, too)
#
# Nothing is installed on the host: packages are downloaded with apt, whose archive is the one that the
# host is configured for, and unpacked. Exit code 77: this machine cannot prepare it.
set -euo pipefail
. "$(dirname "$0")/common.sh"
here=$repository/tests/guest

stamp=$(cat "$here/prepare.sh" "$here"/prepare/*.sh | sha256sum)
mkdir -p "$work"
exec 9>"$work/lock"
flock 9
[ "$(cat "$work/prepared" 2>/dev/null)" != "$stamp" ] || exit 0

begin=$SECONDS
rm -rf "$work/prepared" "$work/root" "$work/kernels" "$work"/*.cpio
for step in packages qemu kernels initramfs; do
    log=$work/prepare-$step.log
    if ! "$here/prepare/$step.sh" >"$log" 2>&1; then
        tail -n 5 "$log"
        [ $step != packages ] || skip "the packages cannot be had, see $log"
        exit 1
    fi
    echo "prepared $step: $((SECONDS - begin)) s"
done
rm -rf "$work/packages"
echo "$stamp" >"$work/prepared"
