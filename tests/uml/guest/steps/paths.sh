# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=sh disable=SC3043,SC2154
# Two ways to one disk, of which one may go and come back.

live_paths() { cat /sys/class/nvme-subsystem/*/nvme?/state 2>/dev/null | grep -c live; }
all_paths() {
    echo 1 >/sys/bus/pci/rescan
    [ "$(live_paths)" = 2 ]
}
paths() {
    local before left first
    first=$(readlink -f /sys/class/nvme/nvme0/device)
    wait_for 10 all_paths && wait_for 10 [ -b "$device" ] || return 1
    before=$(live_paths)
    verified_io "$device" 200 || return 1
    left=$(live_paths)
    [ -e /sys/class/nvme/nvme0 ] || echo 1 >"$first/remove"
    wait_for 20 all_paths && verified_io "$device" 100 || return 1
    say "$before paths, then $left, then $(live_paths)"
}
