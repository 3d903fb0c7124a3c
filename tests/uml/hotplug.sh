#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# A disk is plugged in while the guest runs, removed in good order under load, pulled out and put back, and loses
# its link for a while; namespaces come, grow and go. The guest lives on, and finds all that there is.
#
#   tests/uml/hotplug.sh PROGRAM
set -euo pipefail
. "$(dirname "$0")/common.sh"
begin "$1"
KERNEL_OPTIONS=nvme_core.io_timeout=2
# What happens to the disk happens by the clock, or when the guest reads a block that it knows. The namespace comes
# when all that is over.
cat >"$folder/plugs.json" <<'END'
{"namespaces": [{"size": "64M"}],
 "faults": [
    {"name": "absent", "action": "remove", "at_ns": 0},
    {"name": "plugged", "action": "insert", "at_ns": 5000000000},
    {"name": "pulled", "action": "remove", "queues": "io", "opcode": 2, "lba": 100000, "count": 1,
     "duration_ns": 6000000000},
    {"name": "unlinked", "action": "link_down", "queues": "io", "opcode": 2, "lba": 101000, "count": 1,
     "duration_ns": 6000000000}],
 "events": [
    {"at_ns": 100000000000, "action": "add", "namespace": {"size": "16M", "nsid": 2}},
    {"at_ns": 105000000000, "action": "resize", "nsid": 2, "size": "32M"},
    {"at_ns": 110000000000, "action": "remove", "nsid": 2}]}
END
steps=plugged,removed,pulled,namespaces
boot run $steps --config "$folder/plugs.json"
[ "$code" = 0 ] || { cat "$folder/run.console" "$folder/run.err"; fail "exit code $code"; }
show run
for step in ${steps//,/ }; do on_console run "guest: $step ok"; done
for fault in absent plugged pulled unlinked; do
    grep -q "fault .*$fault" "$folder/run.trace" || fail "the guest never met $fault"
done
! grep -aE "WARNING|Call Trace|Kernel panic|blocked for more" "$folder/run.console" || fail "the kernel complains"
