# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash
# host_qemu_is_new_enough ARCHITECTURE: the host has a QEMU for it that is a vfio-user client, 10.1 or newer. Sourced.
host_qemu_is_new_enough() {
    command -v "qemu-system-$1" >/dev/null && "qemu-system-$1" -device vfio-user-pci,help >/dev/null 2>&1
}
