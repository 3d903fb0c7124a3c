#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# A guest lets its disk fall asleep: the idle times of the power states are those that Linux asks for, to the
# picosecond, and who uses it then waits for the way back. Then the guest itself sleeps, and wakes by its clock: the
# disk is shut down meanwhile, and has all that was written. Twice, and the same.
#
#   tests/uml/power.sh PROGRAM
set -euo pipefail
. "$(dirname "$0")/common.sh"
begin "$1"
# What Linux chooses for such latencies: from full power to state 1 after 100 ms, to state 2 after 2 s.
for run in first second; do
    boot $run idle,sleeping --set autonomous_power_transitions=true \
        --set "power_states=mp=8000; mp=3000,nops,enlat=1000,exlat=2000; mp=50,nops,enlat=20000,exlat=40000"
    [ "$code" = 0 ] || { cat "$folder/$run.console" "$folder/$run.err"; fail "exit code $code"; }
done
show first
for step in idle sleeping; do on_console first "guest: $step ok"; done
for what in trace console; do cmp "$folder/first.$what" "$folder/second.$what" || fail "the two runs differ"; done

awk '
    $2 == "complete" && $3 != "sqid=0" { last = $1 }
    $2 == "power" && /from=0 to=1 cause=idle/ { light += $1 == last + 100e9; there = substr($6, 9); lights++ }
    $2 == "power" && /from=1 to=2 cause=idle/ { deep += $1 == there + 2000e9; deeps++ }
    $2 == "power" && /cause=io/ { wakes++ }
    END {
        print "host: " lights " times in state 1, " deeps " times in state 2, woken " wakes " times by I/O"
        exit lights < 3 || deeps < 1 || wakes != 2 || light != lights || deep != deeps
    }' "$folder/first.trace" || fail "not the idle times of the table"
# The first write after each pause, in ns: no way back, that from state 1, that from state 2.
grep -a 'guest: writes' "$folder/first.console" | awk '
    { way = NR == 1 ? 0 : NR == 2 ? 2e6 : 40e6; bad += $5 < way || $5 > way + 10000 }
    END { exit bad || NR != 3 }' || fail "a way back takes another time"
on_console first "guest: slept for 3600 s"
awk '
    !down && $2 == "state" && /shst=2/ { down = $1 }
    down && $2 == "state" && /cc=0x0 / { slept = $1 - down; exit }
    END { exit slept < 3599e12 }' "$folder/first.trace" || fail "the disk was not shut down while the guest slept"
