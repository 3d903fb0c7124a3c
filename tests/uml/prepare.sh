#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Makes what a Linux in simulated time needs, once, in build/uml, in a few minutes:
#
#   linux         Debian's Linux 6.1 for ARCH=um, with kernel.config
#   tools.cpio    an initramfs with busybox, mke2fs, e2fsck and the programs of guest/, without /init
#   busybox       the same for the host
#   programs.cpio fio, nvme-cli and blktrace, where they can be had
#
#   tests/uml/prepare.sh [buggy]
#
# With buggy also linux-buggy, whose driver has a bug for explore.sh to find.
# Nothing is installed on the host. Exit code 77: this machine cannot prepare it.
set -euo pipefail
. "$(dirname "$0")/common.sh"
here=$repository/tests/uml

mkdir -p "$work"
exec 9>"$work/lock"
flock 9

# step NAME: does it unless that has been done with the same inputs.
step() {
    local begin=$SECONDS
    ! prepared "$1" || return 0
    rm -f "$work/$1.done"
    "$here/prepare/$1.sh" >"$work/$1.log" 2>&1 || {
        code=$?
        tail -n 5 "$work/$1.log"
        exit $code
    }
    stamp "$1" >"$work/$1.done"
    echo "prepared $1: $((SECONDS - begin)) s"
}
step tools
step kernel
[ "${1:-}" != buggy ] || step buggy
(step programs) || echo "no fio, nvme-cli and blktrace, see $work/programs.log"
