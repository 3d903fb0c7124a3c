#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# One machine with an unmodified Linux has two controllers of one NVM subsystem, two paths to one disk. One of them
# fails in the middle of reads and writes, which go on over the other one until it is back.
#
#   tests/guest/multipath.sh [PROGRAM]
set -euo pipefail
. "$(dirname "$0")/check.sh"

program=${1:-$repository/build/release/sc_main/nvme-vp}
kernel=6.12
steps=multipath

begin_run "multipath-$kernel"
# The guest reads a log page of the vendor's to say when.
cat >"$run/system.json" <<END
{"trace": "$run/trace", "subsystems": [{"namespaces": ["file:$image,size=64M"], "controllers": [
    {"socket": "$socket", "faults": [
        {"name": "fatal", "action": "fatal_status", "queues": "admin", "opcode": 2, "match_offset": 40, "match": "c0"}]},
    {"socket": "$folder/second.sock"}]}]}
END
serve_system "$program" --config "$run/system.json"
(initramfs tools) >"$folder/initramfs.cpio"
boot 240 -kernel "$work/kernels/$kernel" -initrd "$folder/initramfs.cpio" \
    -append "$kernel_options nvme_core.io_timeout=2 steps=$steps" \
    -device '{"driver":"vfio-user-pci","socket":{"path":"'"$folder/second.sock"'","type":"unix"}}'
end_run

show_guest
check_console "$steps"
check_shutdown
check_lint
grep -q 'fault .*fatal' "$run/trace.nvme0" || fail "the guest never met the fault"
rm "$run"/trace.*
