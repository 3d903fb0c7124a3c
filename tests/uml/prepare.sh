#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Makes what a Linux in simulated time needs, once, in build/uml, in a few minutes:
#
#   linux         Debian's Linux 6.1 for ARCH=um, with kernel.config
#   tools.cpio    an initramfs with busybox, mke2fs, e2fsck and the programs of guest/, without /init
#   busybox       the same for the host
#   programs.cpio fio and nvme-cli, where they can be had
#
# Nothing is installed on the host. Exit code 77: this machine cannot prepare it.
set -euo pipefail
. "$(dirname "$0")/common.sh"
here=$repository/tests/uml

mkdir -p "$work"
exec 9>"$work/lock"
flock 9

# step NAME INPUT...: does it unless that has been done with the same inputs.
step() {
    local stamp begin=$SECONDS
    stamp=$(cat "$here/prepare/$1.sh" "${@:2}" | sha256sum)
    [ "$(cat "$work/$1.done" 2>/dev/null)" = "$stamp" ] && return
    rm -f "$work/$1.done"
    "$here/prepare/$1.sh" >"$work/$1.log" 2>&1 || {
        code=$?
        tail -n 5 "$work/$1.log"
        exit $code
    }
    echo "$stamp" >"$work/$1.done"
    echo "prepared $1: $((SECONDS - begin)) s"
}
step tools "$here"/guest/*.cpp
step kernel "$here/kernel.config"
(step programs) || echo "no fio and nvme-cli, see $work/programs.log"
