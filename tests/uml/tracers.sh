#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# What the tools of a guest measure is what the model's trace tells: fio's latency of each I/O and its percentiles
# are those of nvme-trace, with a medium of NAND flash; blktrace sees each command, for as long as it took. What
# blktrace has recorded can be replayed.
#
#   tests/uml/tracers.sh PROGRAM NVME_TRACE
set -euo pipefail
. "$(dirname "$0")/common.sh"
begin "$1"
trace=$(realpath "$2")
need_programs
# commands NAME COUNT: of the last reads and writes of 4 KiB, latency in ns, first byte, operation.
commands() {
    "$trace" convert "$folder/$1.trace" --to csv -o "$folder/$1.csv"
    awk -F, '$1 == 1 && ($4 == "Read" || $4 == "Write") && $7 == 8 { print $12, $6 * 512, $4 }' "$folder/$1.csv" |
        tail -n "$2"
}
good() { [ "$code" = 0 ] || { cat "$folder/$1.console" "$folder/$1.err"; fail "$1: exit code $code"; }; }

# In fio's latency are also the way of the doorbell, with a read of its shadow over the link, and some looks at the
# clock, of 256 ns each.
boot fio measured --preset datacenter_tlc_gen4
good fio
sed -nE 's/^guest: latency //p' "$folder/fio.console" | tr -d ,  >"$folder/measured"
commands fio 1024 >"$folder/modelled"
paste -d' ' "$folder/measured" "$folder/modelled" | awk '
    $5 != $8 || ($3 == 0) != ($9 == "Read") { print "fio and the model have other commands: " $0; exit bad = 1 }
    { more = $2 - $7; if (least == "" || more < least) least = more; if (more > most) most = more }
    END {
        print "host: " NR " I/O of fio, each " least " to " most " ns longer than with the controller"
        exit bad || NR != 1024 || least < 556 + 2 * 256 || most > 556 + 5 * 256
    }' || fail "fio measures something else"
# Its histogram has 64 classes between two powers of two, and names the middle of one.
awk '$3 == "Read" { print $1 }' "$folder/modelled" | sort -n >"$folder/reads"
sed -nE 's/^guest: percentile //p' "$folder/fio.console" | awk -v reads="$folder/reads" '
    function width(ns,  w) { for (w = 1; ns + 0 >= 128 * w; ) w *= 2; return w }
    BEGIN { while ((getline ns < reads) > 0) sorted[++count] = ns }
    {
        rank = $1 / 100 * count; if (rank > int(rank)) rank = int(rank) + 1
        shift = $2 - sorted[rank]; slack = width($2)
        if (shift < 556 + 2 * 256 - slack || shift > 556 + 5 * 256 + slack) { print $0, sorted[rank]; bad = 1 }
    }
    END { exit bad || NR != 17 }' || fail "the histograms differ"

boot block traced --namespace ram:64M --namespace "file:$folder/recorded,size=4M"
good block
sed -nE 's/^guest: block //p' "$folder/block.console" >"$folder/seen"
paste -d' ' <(awk '$1 == "D" { from = $2 } $1 == "C" { print ($2 - from) * 1e9, $4 * 512, substr($3, 1, 1) }' "$folder/seen") \
    <("$trace" convert "$folder/block.trace" --to csv -o - 2>/dev/null |
        awk -F, '$1 == 1 && $5 == 1 && ($4 == "Read" || $4 == "Write") { print $12, $6 * 512, substr($4, 1, 1) }' | tail -n 200) |
    awk '
        $2 != $5 || $3 != $6 { print "blktrace and the model have other commands: " $0; exit bad = 1 }
        { more = $1 - $4; if (least == "" || more < least) least = more; if (more > most) most = more }
        END {
            print "host: " NR " I/O of blktrace, each " least " to " most " ns longer than with the controller"
            exit bad || NR != 200 || least < 556 - 256 || most > 556 + 3 * 256
        }' || fail "blktrace sees something else"
bytes=$(sed -nE 's/^guest: recorded ([0-9]+).*/\1/p' "$folder/block.console")
head -c "$bytes" "$folder/recorded" >"$folder/disk.blktrace.0"
"$program" replay "$folder/disk.blktrace.0" >"$folder/replayed"
grep -q "200 requests to 1 device: the files of blktrace, binary" "$folder/replayed" || fail "no replay"
grep -E "^(replay|recorded)" "$folder/replayed" | sed 's/^/host: /'
