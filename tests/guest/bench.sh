#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# How fast the model is for a guest, beside QEMU's own NVMe controller on a file in memory: both are
# disks of one Linux, which reads from them in turns. As root. Exit code 77: this machine cannot
# prepare it. Ratios are for people; with --check, less than 0.8 of QEMU's speed or a register read
# of more than 100 us fails.
#
#   tests/guest/bench.sh [--check] [--rounds N] [--seconds N] [PROGRAM [OPTION OF SERVE ...]]
set -euo pipefail
cd "$(dirname "$0")/../.."
check=0 rounds=3 seconds=5
while [[ ${1:-} == --* ]]; do
    case $1 in
    --check) check=1; shift ;;
    --rounds) rounds=$2; shift 2 ;;
    --seconds) seconds=$2; shift 2 ;;
    *) echo "unknown option $1"; exit 2 ;;
    esac
done
program=$(realpath "${1:-build/release/sc_main/nvme-vp}")
shift || true
work=$PWD/build/guest
root=$work/root

make_initramfs() {
    local tree=$work/bench_initramfs library
    rm -rf "$tree"
    mkdir -p "$tree"/{bin,dev,proc,sys,lib64}
    cp "$root/usr/bin/busybox" "$root/usr/bin/fio" "$tree/bin/"
    for library in $(chroot "$root" ldd /usr/bin/fio | grep -o '/[^ ]*'); do
        mkdir -p "$tree/$(dirname "$library")"
        cp -L "$root/$library" "$tree/$library"
    done
    cc -O2 -static -o "$tree/bin/read_register" tests/guest/read_register.c
    install -m 755 tests/guest/bench_init "$tree/init"
    (cd "$tree" && find . | cpio -o -H newc 2>/dev/null | gzip -1) >"$root/root/bench_initramfs.gz"
}

make_initramfs
for folder in dev proc; do
    mountpoint -q "$root/$folder" || mount --bind /$folder "$root/$folder"
done
server= guest=
mount -t tmpfs tmpfs "$root/mnt"
clean_up() {
    for process in $server $guest; do kill "$process" 2>/dev/null || true; done
    umount "$root/mnt" "$root/dev" "$root/proc" 2>/dev/null || true
}
trap clean_up EXIT
dd if=/dev/zero of="$root/mnt/disk" bs=1M count=256 status=none  # no holes

socket=$root/tmp/bench.sock
"$program" serve --socket "$socket" --namespace ram:256M "$@" >"$work/bench_serve.log" 2>&1 &
server=$!
for _ in $(seq 50); do grep -q listening "$work/bench_serve.log" && break; sleep 0.1; done

console=$work/bench_console.log
kernel=$(cd "$root" && ls root/kernel/boot/vmlinuz-*)
timeout $((120 + rounds * seconds * 10)) chroot "$root" qemu-system-x86_64 \
    -machine q35,accel=tcg,memory-backend=mem -cpu max -smp 2 \
    -object memory-backend-memfd,id=mem,size=1G,share=on -nographic -no-reboot -net none \
    -kernel "/$kernel" -initrd /root/bench_initramfs.gz \
    -append "console=ttyS0 loglevel=4 iomem=relaxed rounds=$rounds seconds=$seconds" \
    -drive "if=none,id=ram,format=raw,file=/mnt/disk" -device nvme,serial=1,drive=ram \
    -device '{"driver":"vfio-user-pci","socket":{"path":"/tmp/bench.sock","type":"unix"}}' \
    </dev/null >"$console" 2>&1 &
guest=$!

# CPU time of the server while the guest does nothing, in ticks of 10 ms.
ticks() { awk '{ print $14 + $15 }' "/proc/$server/stat"; }
wait_for() {
    until grep -aq "$1" "$console"; do
        kill -0 $guest 2>/dev/null || { echo "no \"$1\" in $console"; exit 1; }
        sleep 0.1
    done
}
wait_for "bench: idle begins"
before=$(ticks)
wait_for "bench: idle ends"
idle=$(($(ticks) - before))
wait_for "bench: done"
wait $guest || true
guest=
kill -TERM $server
wait $server || { echo "the server failed:"; cat "$work/bench_serve.log"; exit 1; }
server=

tr -d '\r' <"$console" | sed -n 's/^bench: \([0-9]\)/\1/p' >"$work/bench.txt"
median() { awk -v w="$1" -v d="$2" '$2 == w && $3 == d { print $4 }' "$work/bench.txt" | sort -n |
    awk '{ v[NR] = $1 } END { print v[int((NR + 1) / 2)] }'; }
printf '%-32s %8s %8s %6s\n' "median of $rounds" model QEMU ratio
bad=0
for what in depth_1 depth_32; do
    model=$(median $what model) qemu=$(median $what qemu)
    ratio=$(awk -v m="$model" -v q="$qemu" 'BEGIN { printf "%.2f", m / q }')
    printf '%-32s %8s %8s %6s\n' "4 KiB random reads/s, $what" "$model" "$qemu" "$ratio"
    awk -v r="$ratio" 'BEGIN { exit r < 0.8 }' || bad=1
done
model=$(median register_ns model)
printf '%-32s %8s %8s\n' "a register read, ns" "$model" "$(median register_ns qemu)"
[ "$model" -lt 100000 ] || bad=1
printf '%-32s %8s\n' "CPU of an idle server, ms in 5 s" $((idle * 10))
[ $check = 0 ] || exit $bad
