#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Firmware finds the model and boots from it.
#
#   tests/guest/firmware.sh bios|uefi [PROGRAM]
#
# bios: SeaBIOS loads a boot sector, and that another sector. uefi: OVMF loads a boot loader, that a kernel,
# and the kernel's driver finds the disk that it came from.
set -euo pipefail
. "$(dirname "$0")/check.sh"
. "$(dirname "$0")/bootable_image.sh"

begin_run "firmware-$1"
make_bootable_image 6.12 "$kernel_options steps=probe"
serve "${2:-$repository/build/release/sc_main/nvme-vp}" --namespace "file:$image"
case $1 in
    bios)
        boot 100
        end_run
        on_console "$hello"
        ;;
    uefi)
        boot 200 -bios "$root/usr/share/ovmf/OVMF.fd"
        end_run
        check_console probe
        check_shutdown
        check_lint
        ;;
esac
show_guest
