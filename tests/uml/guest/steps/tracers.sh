# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=sh disable=SC3043,SC2154
# What tools measure.

# fio reads and writes what has been written; how long it measures for each, and what it makes of that.
measured() {
    mount -t tmpfs tmp /tmp
    run_fio --ioengine=psync --rw=write --bs=64k --size=8m --end_fsync=1 || return 1
    run_fio --ioengine=psync --rw=randrw --rwmixread=80 --bs=4k --size=8m --io_size=4m --write_lat_log=/tmp/job \
        --log_offset=1 --output-format=json || return 1
    sed 's/^/guest: latency /' /tmp/job_clat.1.log
    sed -nE '/"read"/,/"write"/s/.*"([0-9.]+)" : ([0-9]+).*/guest: percentile \1 \2/p' /tmp/fio.out
}
# blktrace looks at the block layer; the host gets what it has recorded, by a second disk.
traced() {
    mount -t debugfs debug /sys/kernel/debug && mount -t tmpfs tmp /tmp
    cd /tmp || return 1
    blktrace -d "$device" -o disk -w 2 >/tmp/out 2>&1 &
    sleep 1
    verified_io "$device" 100 || return 1
    wait $! || { cat /tmp/out; return 1; }
    blkparse -q -i disk -f "guest: block %a %T.%9t %d %S %n\n" | grep -E "block [DC] " || return 1
    say "recorded $(stat -c %s disk.blktrace.0)"
    dd if=disk.blktrace.0 of="${device%1}2" bs=4k conv=sync,fsync,notrunc oflag=direct 2>/dev/null
}
