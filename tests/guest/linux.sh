#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# An unmodified Linux works with the model as its disk; afterwards the image is checked on the host.
#
#   tests/guest/linux.sh KERNEL STEPS [PROGRAM]
#
# KERNEL: 6.1, 6.12 or newest. STEPS: full, short, or names of files in init/steps with commas between.
set -euo pipefail
. "$(dirname "$0")/common.sh"
. "$(dirname "$0")/boot.sh"
. "$(dirname "$0")/check.sh"

kernel=$1
case $2 in
    full) steps=probe,admin,features,fio,discard,reset,hotplug,rebind,filesystem ;;
    short) steps=probe,admin,fio,reset,filesystem ;;
    *) steps=$2 ;;
esac
program=${3:-$repository/build/release/sc_main/nvme-vp}

mkdir -p "$work/runs/linux-$kernel"
image=$work/runs/linux-$kernel/disk.img
rm -f "$image"
begin_run "linux-$kernel" "$program" --namespace "file:$image,size=256M"
# The kernel takes one archive after another.
{
    cat "$work/tools.cpio"
    cd "$repository/tests/guest/init" && find . | "$root/usr/bin/busybox" cpio -o -H newc 2>/dev/null
} >"$folder/initramfs.cpio"
# What the kernel does not know becomes a variable of the first process.
boot 240 -kernel "$work/kernels/$kernel" -initrd "$folder/initramfs.cpio" \
    -append "console=ttyS0 loglevel=4 panic=-1 iomem=relaxed steps=$steps"
end_run

sed -nE 's/.*guest: /guest: /p' "$run/console.log" | tr -d '\r'
check_console "$steps"
check_report || true
case ,$steps, in
    *,filesystem,*) check_filesystem "$image" ;;
esac
rm -f "$image"
