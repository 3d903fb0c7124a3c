# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=sh disable=SC3043,SC2154
# Disks and guests that sleep.

# After each pause one write and one read, of which the first one may wake the disk.
idle() {
    for pause in 0.05 1 5; do
        say "idle for $pause s"
        sleep "$pause" && verified_io "$device" 1 || return 1
    done
}
# asleep SECONDS: the whole guest.
asleep() {
    echo "+$1" >/sys/class/rtc/rtc0/wakealarm && echo mem >/sys/power/state
}
sleeping() {
    local at
    at=$(date +%s)
    keep
    start_reading
    asleep 3600 || return 1
    say "slept for $(($(date +%s) - at)) s"
    kept
}
