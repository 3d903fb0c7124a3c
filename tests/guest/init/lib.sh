# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=sh disable=SC2034
# What the steps of a guest share. Sourced.
disk=/dev/nvme0n1
controller=/dev/nvme0

say() { echo "guest: $*"; }
# For the console, from inside a step.
tell() { echo "told: $*"; }
die() { echo "failed: $*"; exit 1; }
uptime_s() { cut -d. -f1 /proc/uptime; }
pci_device() { basename "$(readlink -f /sys/class/nvme/nvme0/device)"; }

wait_for_disk() {
    for _ in $(seq 100); do [ ! -b "$disk" ] || return 0; sleep 0.1; done
    die "no disk"
}

# self_test NSID: an extended one of a namespace. The log is in /tmp/self-test then, the newest result first.
self_test() {
    nvme device-self-test $controller --namespace-id="$1" --self-test-code=2
    for _ in $(seq 100); do
        nvme self-test-log $controller >/tmp/self-test
        ! grep -q '^Current operation *: 0$' /tmp/self-test || return 0
        sleep 0.1
    done
    cat /tmp/self-test
    die "the self-test goes on and on"
}

# A lost interrupt shows: the driver polls only after 30 s.
read_at_once() {
    timeout 10 dd if="$disk" of=/dev/null bs=4k count=16 iflag=direct || die "reads hang"
}

# Extended regular expressions, one a line, of the warnings that a step causes on purpose.
allow_warnings() { echo "$1" >>/tmp/allowed; }

# What the kernel warned of since the last call, level 4 or worse, about the disk or itself. A content driver
# causes nothing. Left out is what a slow emulated machine causes: clocks, firmware tables; and the lines of stack
# traces, which follow one that tells what is wrong.
about='nvme|pci|PCI|MSI|vfio|blk|block|I/O|EXT4|JBD2|nobody cared|BUG: |WARNING: |hung|Oops|panic'
report_warnings() {
    dmesg -r | grep -E '^<[0-4]>' | grep -E "$about" | grep -vE '[+]0x[0-9a-f]+/0x' >/tmp/warnings || true
    if [ -f /tmp/allowed ]; then
        grep -vEf /tmp/allowed /tmp/warnings >/tmp/left || true
        mv /tmp/left /tmp/warnings
        rm /tmp/allowed
    fi
    sed "s/^/guest: WARNING $1 /" /tmp/warnings
    dmesg -c >/dev/null
}

# disk_of NSID: its block device, if there is one. Where namespaces come and go the kernel's numbers are not theirs.
disk_of() {
    for block in /sys/block/nvme0n*; do
        [ "$(cat "$block/nsid" 2>/dev/null)" != "$1" ] || { echo "/dev/${block##*/}"; return 0; }
    done
    return 1
}

# read_block LBA: a read of these 4 KiB, not from a cache.
read_block() { dd if="$disk" of=/dev/null bs=4k skip=$(($1 / 8)) count=1 iflag=direct; }

write_block() { dd if=/dev/zero of="$disk" bs=4k seek=$(($1 / 8)) count=1 oflag=direct conv=notrunc; }

# Machines that share a disk tell each other how far they are by marks on it: mark NUMBER, marked NUMBER.
mark() {
    { echo "mark $1"; cat /dev/zero; } | head -c 4096 >/tmp/mark
    dd if=/tmp/mark of="$disk" bs=4k seek=$((100 + $1)) oflag=direct conv=notrunc
}
marked() {
    dd if="$disk" bs=4k skip=$((100 + $1)) count=1 iflag=direct 2>/dev/null | grep -aq "mark $1"
}

# start_load: the processor 0 reads all the time. stop_load: and no read has failed.
start_load() {
    (while [ ! -e /tmp/enough ]; do taskset 1 dd if="$disk" of=/dev/null bs=4k count=500 iflag=direct || exit 1; done) &
    load=$!
}
stop_load() {
    touch /tmp/enough
    wait "$load" || die "other reads failed"
    rm /tmp/enough
}

# wait_for SECONDS COMMAND...: until it succeeds.
wait_for() {
    tenths=$(($1 * 10))
    shift
    for _ in $(seq $tenths); do
        ! "$@" || return 0
        sleep 0.1
    done
    die "in vain: $*"
}

# The kernel has said it during this step.
kernel_said() { dmesg | grep -E "$1"; }
