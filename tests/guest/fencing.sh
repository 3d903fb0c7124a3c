#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Two machines with an unmodified Linux share the namespace of one NVM subsystem, each through a controller of
# its own: the first reserves it, the second takes it away while the first one writes.
#
#   tests/guest/fencing.sh [PROGRAM]
#
# They tell each other how far they are by marks on the disk itself.
set -euo pipefail
. "$(dirname "$0")/check.sh"

program=${1:-$repository/build/release/sc_main/nvme-vp}
kernel=6.12

begin_run "fencing-$kernel"
cat >"$run/system.json" <<END
{"subsystems": [{"namespaces": ["file:$image,size=64M"],
    "controllers": [{"socket": "$folder/holder.sock"}, {"socket": "$folder/fencer.sock"}]}]}
END
serve_system "$program" --config "$run/system.json"
(initramfs tools) >"$folder/initramfs.cpio"
for role in holder fencer; do
    console=$role.log
    start_machine 240 "$folder/$role.sock" -kernel "$work/kernels/$kernel" -initrd "$folder/initramfs.cpio" \
        -append "$kernel_options trace_event=nvme:nvme_async_event tp_printk steps=probe,$role"
done
for machine in $guest; do wait "$machine" || fail "QEMU ended with $?"; done
guest=
end_run

for console in holder.log fencer.log; do
    show_guest
    check_console "probe,${console%.log}"
done
check_shutdown
check_lint
