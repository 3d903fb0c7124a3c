#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Makes build/guest/qemu and qemu-s390x: one command each, whether QEMU is the host's or the unpacked one.
set -euo pipefail
. "$(dirname "$0")/../common.sh"
. "$(dirname "$0")/host_qemu.sh"

# make_command NAME ARCHITECTURE
make_command() {
    if host_qemu_is_new_enough "$2"; then
        # shellcheck disable=SC2016  # for the command that is made
        printf 'exec qemu-system-%s "$@"\n' "$2"
    else
        printf 'exec "%s" --library-path "%s" "%s" \\\n' "$loader" "$libraries" "$root/usr/bin/qemu-system-$2"
        printf '    -L "%s" -L "%s" "$@"\n' "$root/usr/share/qemu" "$root/usr/share/seabios"
    fi | sed '1i #!/bin/sh' >"$work/$1"
    chmod +x "$work/$1"
}
make_command qemu x86_64
make_command qemu-s390x s390x
"$work/qemu" --version
"$work/qemu" -device vfio-user-pci,help >/dev/null
