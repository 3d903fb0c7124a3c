#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# One guest has two paths to a disk: two controllers of one NVM subsystem. The one that it uses dies at the worst
# moments of a write and of a read, which a run without a fault tells to the nanosecond, and until then each run is
# that one. No I/O fails, all data is there, and the path comes back.
#
#   tests/uml/multipath.sh PROGRAM
set -euo pipefail
. "$(dirname "$0")/common.sh"
begin "$1"
KERNEL_OPTIONS=nvme_core.io_timeout=2

# go NAME [RULE]: with one more rule for the path that is used. Interrupts are late, so that there is a moment
# between a completion and its interrupt.
go() {
    local late='{"action": "delay_interrupt", "delay_ns": 1000}'
    cat >"$folder/$1.config" <<END
{"trace_detail": "all", "subsystems": [{"namespaces": [{"size": "64M"}], "controllers": [
    {"faults": [$late${2:+, $2}]}, {"faults": [$late]}]}]}
END
    boot "$1" paths --config "$folder/$1.config"
    [ "$code" = 0 ] || { cat "$folder/$1.console" "$folder/$1.err"; fail "$1: exit code $code"; }
    on_console "$1" "guest: paths ok"
    ! grep -aE "WARNING|Call Trace|Kernel panic|Buffer I/O error|blocked for more" "$folder/$1.console" ||
        fail "$1: the kernel complains"
}
# moments NAME NUMBER: of that write or read, in ns: its doorbell is rung, it is fetched, its data is moved, its
# completion is there.
moments() {
    awk -v name="name=\"$1\"" -v number="$2" '
        function after(ps) { return int(ps / 1000) + 1 }
        $2 == "doorbell" && $3 == "queue=sq" && $4 == "qid=1" && $5 != last { last = $5; rung = $1 }
        $2 == "fetch" && index($0, name) && ++count == number { print "rung", after(rung); print "fetched", after($1); on = 1 }
        on && $2 == "dma" && /kind=data qid=1/ { sub(/.*done=/, ""); moved = $0 }
        on && $2 == "complete" && index($0, name) { print "moved", after(moved); print "completed", after($1) + 499; exit }
    ' "$folder/whole.trace.nvme0"
}

go whole
on_console whole "guest: 2 paths, then 2, then 2"
for name in Write Read; do
    moments $name 100 >"$folder/moments"
    [ "$(wc -l <"$folder/moments")" = 4 ] || fail "no $name to be found"
    while read -r moment at; do
        run=$name.$moment
        go "$run" '{"name": "dies", "action": "link_down", "at_ns": '"$at"', "duration_ns": 5000000000}'
        on_console "$run" "guest: 2 paths, then 1, then 2"
        cmp <(awk -v at="${at}000" '$1 < at' "$folder/whole.trace.nvme0") \
            <(awk -v at="${at}000" '/fault .*dies/ { exit } { print }' "$folder/$run.trace.nvme0") ||
            fail "$run: not the run without a fault until then"
        echo "host: $name $moment: $(grep -a "guest: ${name,,}s" "$folder/$run.console" | head -n 1 | cut -d' ' -f2-)"
    done <"$folder/moments"
done
