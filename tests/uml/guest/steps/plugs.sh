# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=sh disable=SC3043,SC2154
# Disks and namespaces that come and go.

rescan() { echo 1 >/sys/bus/pci/rescan && [ -b "$device" ]; }
gone() { [ ! -e /sys/class/nvme/nvme0 ]; }
plugged() {
    gone || return 1
    wait_for 10 rescan && say "plugged in after $(cut -d. -f1 /proc/uptime) s"
}
removed() {
    keep
    start_reading
    echo 1 >/sys/class/nvme/nvme0/device/remove
    wait
    gone && [ ! -b "$device" ] && wait_for 10 rescan && kept
}
# away BLOCK: who reads it finds the disk gone, and with it all other readers.
away() {
    local pci
    pci=$(readlink -f /sys/class/nvme/nvme0/device)
    keep
    start_reading
    ! dd if="$device" of=/dev/null bs=512 skip="$1" count=1 iflag=direct 2>/tmp/error || return 1
    grep -q "Input/output error" /tmp/error || { cat /tmp/error; return 1; }
    wait
    wait_for 30 gone || return 1
    echo 1 >"$pci/remove"
    wait_for 30 rescan && kept && say "back at $(cut -d. -f1 /proc/uptime) s"
}
pulled() { away 100000 && away 101000; }
has_blocks() { [ "$(cat /sys/block/nvme0n2/size 2>/dev/null)" = "$1" ]; }
namespaces() {
    local second="${device%1}2"
    [ ! -b "$second" ] || return 1
    uptime 100
    wait_for 1 has_blocks 32768 && verified_io "$second" 50 || return 1
    uptime 105
    wait_for 1 has_blocks 65536 && dd if="$second" of=/dev/null bs=4k skip=8191 count=1 iflag=direct || return 1
    uptime 110
    wait_for 1 [ ! -b "$second" ] && verified_io "$device" 50
}
