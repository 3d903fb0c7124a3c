#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# One guest with three controllers, two of them of one subsystem: two paths to its namespace. Then it sleeps for a
# day of simulated time.
#
#   tests/uml/several.sh PROGRAM
set -euo pipefail
. "$(dirname "$0")/common.sh"
begin "$1"
cat >"$folder/system.json" <<'END'
{"subsystems": [{"namespaces": [{"size": "64M"}], "controllers": [{}, {}]}, {"namespaces": [{"size": "32M"}]}]}
END
boot run several --config "$folder/system.json"
[ "$code" = 0 ] || { cat "$folder/run.console" "$folder/run.err"; fail "exit code $code"; }
show run
on_console run "guest: /dev/nvme0n1 131072 sectors"
on_console run "guest: /dev/nvme2n1 65536 sectors"
on_console run "guest: 3 controllers"
on_console run "guest: a day later"
for number in 0 1 2; do [ -s "$folder/run.trace.nvme$number" ] || fail "no trace of controller $number"; done
