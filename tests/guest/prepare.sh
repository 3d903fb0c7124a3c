#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Makes, from Debian's packages, everything that booting a guest needs, once, in build/guest:
#
#   qemu                  runs QEMU, 10.1 or newer: the host's own, or the one in root
#   kernels/6.1, 6.12, newest
#                         kernel images; what newest is stands in kernels/newest.version
#   tools.cpio            an initramfs with busybox, fio, nvme-cli, e2fsprogs and blkdiscard, without /init
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
rm -rf "$work/prepared" "$work/root" "$work/kernels" "$work/tools.cpio"
for step in packages qemu kernels initramfs; do
    "$here/prepare/$step.sh" >"$work/prepare-$step.log" 2>&1 || {
        tail -n 5 "$work/prepare-$step.log"
        skip "cannot prepare guests ($step), see $work/prepare-$step.log"
    }
    echo "prepared $step: $((SECONDS - begin)) s"
done
rm -rf "$work/packages"
echo "$stamp" >"$work/prepared"
