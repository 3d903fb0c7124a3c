#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# To the nanosecond: a guest that reads block after block rings for the next one when the interrupt has come and
# its clock has been read four times, twice by the program and twice by the kernel, 256 ns each. What the program
# itself measures is the model's latency and three of these readings, to the resolution of that clock.
#
#   tests/uml/latency.sh PROGRAM
set -euo pipefail
. "$(dirname "$0")/common.sh"
begin "$1"
boot run latency --set write_cache_bytes=0
[ "$code" = 0 ] || { cat "$folder/run.console" "$folder/run.err"; fail "exit code $code"; }
show run

# Of the reads: when each was rung for, and when its interrupt left, in ps.
awk '$2 == "doorbell" && $3 == "queue=sq" && $4 == "qid=1" && $5 != last { last = $5; rung = $1 }
     $2 == "fetch" && /name="Read"/ { read = 1 }
     $2 == "interrupt" && $3 == "vector=1" && read { print rung, $1; read = 0 }' "$folder/run.trace" |
    tail -n 20 >"$folder/reads"
measured=$(sed -nE 's/^guest: reads .* least ([0-9]+) .* most ([0-9]+) ns.*/\1 \2/p' "$folder/run.console")
awk -v measured="$measured" '
    function ns(ps) { return int((ps + 999) / 1000) }
    { latency = ns($2) - $1 / 1000 }
    NR > 1 && $1 / 1000 != before + 4 * 256 { print "rung at " $1 " ps, not at " before + 4 * 256 " ns"; bad = 1 }
    NR > 1 && latency != first { print "latency " latency " ns, not " first; bad = 1 }
    NR == 1 { first = latency }
    { before = ns($2) }
    END {
        split(measured, m)
        print "host: doorbell to interrupt " first " ns; the guest measures " m[1] " to " m[2] " ns"
        if (m[1] <= first + 2 * 256 || m[2] >= first + 4 * 256) { print "that is something else"; bad = 1 }
        exit NR != 20 || bad
    }' "$folder/reads" || fail "the guest and the model do not agree"
