#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# An unmodified Linux works with the model as its disk; afterwards the image is checked on the host.
#
#   tests/guest/linux.sh KERNEL STEPS [PROGRAM [OPTION of nvme-vp serve]...]
#
# KERNEL: 6.1, 6.12, newest, or the path (with a slash) of a kernel image of your own. STEPS: full, short,
# or names of files in init/steps with commas between. KERNEL_OPTIONS in the environment goes to the
# kernel's command line, QEMU_OPTIONS to QEMU's.
set -euo pipefail
. "$(dirname "$0")/check.sh"

kernel=$1
case $2 in
    full) steps=probe,admin,features,fio,discard,reset,hotplug,rebind,filesystem ;;
    short) steps=probe,admin,fio,reset,filesystem ;;
    *) steps=$2 ;;
esac
program=${3:-$repository/build/release/sc_main/nvme-vp}
[[ $kernel = */* ]] || kernel=$work/kernels/$kernel

begin_run "linux-$(basename "$kernel")${KERNEL_OPTIONS:+-$KERNEL_OPTIONS}"
serve "$program" --namespace "file:$image,size=256M" "${@:4}"
(initramfs tools) >"$folder/initramfs.cpio"
# What the kernel does not know becomes a variable of the first process. Without iomem=relaxed Debian's
# kernels do not let nvme-cli see the registers.
boot 420 -kernel "$kernel" -initrd "$folder/initramfs.cpio" \
    -append "$kernel_options iomem=relaxed ${KERNEL_OPTIONS:-} steps=$steps"
end_run

show_guest
check_console "$steps"
check_shutdown
check_lint
case ,$steps, in
    *,filesystem,*) check_filesystem ;;
esac
