# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash
# Whether the host has a QEMU that is a vfio-user client: 10.1 or newer. Sourced.
host_qemu_is_new_enough() {
    command -v qemu-system-x86_64 >/dev/null &&
        qemu-system-x86_64 -device vfio-user-pci,help >/dev/null 2>&1
}
