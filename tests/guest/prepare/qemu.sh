#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Makes build/guest/qemu: one command, whether QEMU is the host's or the unpacked one.
set -euo pipefail
. "$(dirname "$0")/../common.sh"
. "$(dirname "$0")/host_qemu.sh"

if host_qemu_is_new_enough; then
    # shellcheck disable=SC2016  # for the command that is made
    echo 'exec qemu-system-x86_64 "$@"'
else
    printf 'exec "%s" --library-path "%s" "%s" \\\n' "$loader" "$libraries" "$root/usr/bin/qemu-system-x86_64"
    printf '    -L "%s" -L "%s" "$@"\n' "$root/usr/share/qemu" "$root/usr/share/seabios"
fi | sed '1i #!/bin/sh' >"$work/qemu"
chmod +x "$work/qemu"
"$work/qemu" --version
"$work/qemu" -device vfio-user-pci,help >/dev/null
