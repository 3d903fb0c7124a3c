#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Power cuts all over the work of a guest lose nothing that was durable. Of a disk that does not do what it says,
# power_cuts.sh finds it out: a Flush, or Force Unit Access (bit 30 of Dword 12 of a Write).
#
#   tests/uml/power_cut.sh PROGRAM
set -euo pipefail
. "$(dirname "$0")/common.sh"
begin "$1"
cuts() { "$repository/tests/uml/power_cuts.sh" "$program" --cuts 16 --jobs 2 "$@"; }
code=0
cuts --every 220 || code=$?
[ $code != 1 ] || fail "something is lost"
[ $code = 0 ] || fail "power_cuts.sh, exit code $code"

for lie in '"action": "complete", "opcode": 0' \
    '"action": "rewrite_command", "opcode": 1, "set_offset": 51, "set": "00", "set_mask": "40"'; do
    echo "{\"faults\": [{\"queues\": \"io\", $lie}]}" >"$folder/liar.json"
    code=0
    cuts --every 440 -- --config "$folder/liar.json" >"$folder/liar.out" || code=$?
    [ $code = 1 ] || { cat "$folder/liar.out"; fail "exit code $code with $lie"; }
    echo "host: with $lie:"
    tail -n 3 "$folder/liar.out"
done
