# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=sh disable=SC3043,SC2154
# Two guests at one disk.

# put TEXT, has TEXT: what guests that share a disk tell each other is in a block of it.
put() {
    { echo "$1"; cat /dev/zero; } | head -c 4096 >/tmp/block
    dd if=/tmp/block of="$device" bs=4k seek=100 oflag=direct conv=notrunc 2>/tmp/error
}
has() { dd if="$device" bs=4k skip=100 count=1 iflag=direct 2>/dev/null | grep -aqx "$1"; }
refused() { ! put "of nobody" && grep "Invalid exchange" /tmp/error; }
# One guest reserves the disk, and loses it to the other one.
share0() {
    uptime 1
    nvme resv-register "$device" --nrkey=0xa --rrega=0 || return 1
    nvme resv-acquire "$device" --crkey=0xa --rtype=1 --racqa=0 || return 1
    put "of guest 0" || return 1
    uptime 3
    refused || return 1
    has "of guest 1" || return 1
    say "$(dmesg | grep -c 'critical nexus error') conflict"
    nvme resv-report "$device" --eds
    uptime 5
    put "of guest 0 again" && uptime 7
}
share1() {
    uptime 2
    has "of guest 0" || return 1
    refused || return 1
    nvme resv-register "$device" --nrkey=0xb --rrega=0 || return 1
    ! nvme resv-acquire "$device" --crkey=0xb --rtype=1 --racqa=0 || return 1
    nvme resv-acquire "$device" --crkey=0xb --prkey=0xa --rtype=1 --racqa=1 || return 1
    put "of guest 1" || return 1
    uptime 4
    nvme resv-release "$device" --crkey=0xb --rtype=1 --rrela=0 || return 1
    uptime 6
    has "of guest 0 again"
}
# Who goes down leaves the disk to the other one.
ends0() { verified_io "$device" 2000 && uptime 3 && verified_io "$device" 100; }
ends1() {
    uptime 1
    exit 5
}
