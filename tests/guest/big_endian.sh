#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# An unmodified Linux of the other byte order, on an s390x machine, whose PCI devices are behind an IOMMU always.
#
#   tests/guest/big_endian.sh [PROGRAM]
set -euo pipefail
. "$(dirname "$0")/check.sh"

program=${1:-$repository/build/release/sc_main/nvme-vp}
steps=modules,iommu,verified

begin_run big-endian
[ -f "$work/s390x.prepared" ] || skip "no s390x guest, see $work/prepare-s390x.log"
qemu=$work/qemu-s390x
machine=s390-ccw-virtio
serve "$program" --namespace "file:$image,size=64M"
(initramfs s390x) >"$folder/initramfs.cpio"
boot 420 -kernel "$work/kernels/s390x" -initrd "$folder/initramfs.cpio" \
    -append "${kernel_options/ttyS0/ttysclp0} steps=$steps"
end_run

show_guest
check_console "$steps"
check_shutdown
check_lint
