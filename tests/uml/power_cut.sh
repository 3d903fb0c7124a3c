#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Power cuts all over the work of a guest lose nothing that was durable; with a disk that says that it has flushed and
# has not, power_cuts.sh finds out.
#
#   tests/uml/power_cut.sh PROGRAM
set -euo pipefail
. "$(dirname "$0")/common.sh"
begin "$1"
cuts() { "$repository/tests/uml/power_cuts.sh" "$program" --cuts 16 --every 220 --jobs 2 "$@"; }
cuts || fail "something is lost"

cat >"$folder/liar.json" <<'END'
{"faults": [{"name": "lie", "action": "complete", "queues": "io", "opcode": 0}]}
END
code=0
cuts -- --config "$folder/liar.json" >"$folder/liar.out" || code=$?
[ $code = 1 ] || { cat "$folder/liar.out"; fail "exit code $code with a disk that does not flush"; }
echo "host: with a disk that does not flush:"
tail -n 3 "$folder/liar.out"
