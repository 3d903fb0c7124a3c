#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Two guests in one simulation share the namespace of an NVM subsystem, each through a controller of its own: one
# reserves it, the other one takes it away, and each reads what the other has written. Twice, the second time on a
# busy machine: all that both did is the same, to the byte. Then one of them goes down, and the other one goes on.
#
#   tests/uml/two_guests.sh PROGRAM
set -euo pipefail
. "$(dirname "$0")/common.sh"
begin "$1"
need_programs
of_guest=.%g
cat >"$folder/system.json" <<'END'
{"subsystems": [{"namespaces": [{"size": "64M"}], "controllers": [{"guest": 0}, {"guest": 1}]}]}
END

run() {
    boot "$1" share%g --config "$folder/system.json" --vcd "$folder/$1.vcd"
    [ "$code" = 0 ] || { cat "$folder/$1".*.console "$folder/$1.err"; fail "exit code $code"; }
}
run first
for guest in 0 1; do
    show first.$guest
    on_console first.$guest "guest: share$guest ok"
done
grep -q 'reservation' "$folder/first.trace.nvme0" || fail "no reservation in the trace"
grep -q '"normal": 1' "$folder/first.json" || fail "no normal shutdown"

for _ in 1 2 3; do while :; do :; done & done
load=$(jobs -p)
(run second) && same=yes || same=no
# shellcheck disable=SC2086  # a list
kill $load
[ "$same" = yes ] || fail "the second run"
for what in trace.nvme0 trace.nvme1 0.console 1.console vcd; do
    cmp "$folder/first.$what" "$folder/second.$what" || fail "the two runs differ"
done
echo "host: traces, waveform and both consoles are the same in both runs"

# The exit code is that of the first guest, in the order of their numbers, that has not ended well.
boot ends ends%g --config "$folder/system.json"
[ "$code" = 5 ] || { cat "$folder/ends.err"; fail "exit code $code, not 5"; }
on_console ends.0 "guest: ends0 ok"
tr -d ' \n' <"$folder/ends.json" | grep -q '"guest_exit_codes":\[0,5\]' || fail "no exit codes in the report"
