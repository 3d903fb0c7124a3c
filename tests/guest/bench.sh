#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# How fast the model is for a guest, beside QEMU's own NVMe controller on a file in memory: both are
# disks of one Linux, which reads from them in turns. Figures are for people; with --check, less than
# 0.8 of QEMU's speed, a register read of 100 us or a server that runs while the guest is idle fails.
# Exit code 77: this machine cannot prepare a guest.
#
#   tests/guest/bench.sh [--check] [--rounds N] [--seconds N] [PROGRAM [OPTION OF SERVE ...]]
set -euo pipefail
. "$(dirname "$0")/common.sh"
check=0 rounds=3 seconds=5
while [[ ${1:-} == --* ]]; do
    case $1 in
    --check) check=1; shift ;;
    --rounds) rounds=$2; shift 2 ;;
    --seconds) seconds=$2; shift 2 ;;
    *) echo "unknown option $1"; exit 2 ;;
    esac
done
cd "$repository"
program=$(realpath "${1:-build/release/sc_main/nvme-vp}")
shift || true
[ -x "$program" ] || { echo "$program: build it first"; exit 2; }
tests/guest/prepare.sh

place=$(mktemp -d /dev/shm/nvme-bench.XXXXXX)
server='' guest=''
clean_up() {
    for process in $server $guest; do kill "$process" 2>/dev/null || true; done
    rm -rf "$place"
}
trap clean_up EXIT

mkdir -p "$place/initramfs/bin"
cc -O2 -static -o "$place/initramfs/bin/read_register" tests/guest/bench/read_register.c
install -m 755 tests/guest/bench/init "$place/initramfs/init"
cp "$work/tools.cpio" "$place/initramfs.cpio"
(cd "$place/initramfs" && find . | "$root/usr/bin/busybox" cpio -o -H newc) >>"$place/initramfs.cpio" 2>/dev/null
dd if=/dev/zero of="$place/disk" bs=1M count=256 status=none  # no holes

"$program" serve --socket "$place/socket" --namespace ram:256M "$@" >"$work/bench-serve.log" 2>&1 &
server=$!
for _ in $(seq 50); do grep -q listening "$work/bench-serve.log" && break; sleep 0.1; done

console=$work/bench-console.log
: >"$console"
timeout $((120 + rounds * seconds * 10)) "$work/qemu" -machine q35,accel=tcg,memory-backend=mem -cpu max -smp 2 \
    -object memory-backend-memfd,id=mem,size=1G,share=on -nographic -no-reboot -net none \
    -kernel "$work/kernels/6.12" -initrd "$place/initramfs.cpio" \
    -append "console=ttyS0 loglevel=4 iomem=relaxed rounds=$rounds seconds=$seconds" \
    -drive "if=none,id=ram,format=raw,file=$place/disk" -device nvme,serial=1,drive=ram \
    -device '{"driver":"vfio-user-pci","socket":{"path":"'"$place/socket"'","type":"unix"}}' \
    </dev/null >"$console" 2>&1 &
guest=$!

# CPU time of the server so far, in ticks of 10 ms; stays what it was when the server is gone.
ticks() { awk '{ print $14 + $15 }' "/proc/$server/stat"; }
wait_for() {
    until grep -aq "bench: $1" "$console"; do
        kill -0 "$guest" 2>/dev/null || { echo "no \"$1\" in $console"; exit 1; }
        sleep 0.1
    done
}
wait_for "reads begin"
start=$(ticks)
wait_for "idle begins"
rest=$(ticks)
wait_for "idle ends"
idle=$(($(ticks) - rest))
wait_for "done"
wait "$guest" || true
guest=''
kill -TERM "$server"
wait "$server" || { echo "the server failed:"; cat "$work/bench-serve.log"; exit 1; }
server=''

results=$work/bench.txt
tr -d '\r' <"$console" | sed -n 's/^bench: \([0-9]\)/\1/p' >"$results"
median() { sort -n | awk '{ value[NR] = $1 } END { print value[int((NR + 1) / 2)] }'; }
of() { awk -v what="$1" -v disk="$2" '$2 == what && $3 == disk { print $4 }' "$results"; }
bad=0
printf '%-36s %8s %8s %6s\n' "median of $rounds" model QEMU ratio
for depth in 1 32; do
    what=depth_$depth
    # Of one round both: what slows the machine down slows both down.
    ratio=$(paste <(of $what model) <(of $what qemu) | awk '{ printf "%.2f\n", $1 / $2 }' | median)
    printf '%-36s %8s %8s %6s\n' "4 KiB random reads/s at depth $depth" \
        "$(of $what model | median)" "$(of $what qemu | median)" "$ratio"
    awk "BEGIN { exit $ratio < 0.8 }" || bad=1
done
register=$(of register_ns model | median)
printf '%-36s %8s %8s\n' "ns for a register read" "$register" "$(of register_ns qemu | median)"
[ "$register" -lt 100000 ] || bad=1
awk -v seconds="$seconds" -v ticks=$((rest - start)) '$2 ~ /^depth/ && $3 == "model" { reads += $4 * seconds }
    END { printf "%-36s %8.1f\n", "us of CPU of the server for a read", ticks * 10000 / reads }' "$results"
printf '%-36s %8s\n' "ms of CPU of an idle server in 5 s" $((idle * 10))
[ "$idle" -lt 3 ] || bad=1
[ $check = 0 ] || exit $bad
