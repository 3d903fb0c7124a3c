# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=sh disable=SC3043,SC2154
# What steps share.

# uptime SECONDS: waits until so much time has passed since the guests of one simulation have begun.
uptime() {
    sleep "$(awk -v at="$1" '{ print $1 < at ? at - $1 : 0 }' /proc/uptime)"
}
# wait_for SECONDS COMMAND...: until it succeeds.
wait_for() {
    local end=$(($(cut -d. -f1 /proc/uptime) + $1))
    shift
    while ! "$@"; do
        [ "$(cut -d. -f1 /proc/uptime)" -lt $end ] || { say "in vain: $*"; return 1; }
        sleep 0.1
    done
}
# keep: what is on the disk is remembered. kept: it is there.
keep() {
    dd if=/dev/urandom of=/tmp/data bs=64k count=64 2>/dev/null
    dd if=/tmp/data of="$device" bs=64k oflag=direct conv=notrunc,fsync 2>/dev/null
}
kept() { dd if="$device" bs=64k count=64 iflag=direct 2>/dev/null | cmp - /tmp/data; }
# start_reading: again and again, until a read fails.
start_reading() {
    while dd if="$device" of=/dev/null bs=4k count=1000 iflag=direct 2>/dev/null; do :; done &
    sleep 0.5
}
