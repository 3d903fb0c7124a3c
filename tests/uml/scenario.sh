#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# An unmodified Linux in simulated time probes the model, does I/O that it verifies, makes a file system and
# shuts down, twice: the second time on a busy machine, with other variables, from another folder. All that
# it did is the same, to the byte.
#
#   tests/uml/scenario.sh PROGRAM
set -euo pipefail
. "$(dirname "$0")/common.sh"
begin "$1"

steps=probe,io,filesystem
run() { boot "$1" $steps --namespace "file:$folder/$1.image,size=64M" --vcd "$folder/$1.vcd"; }
run first
[ "$code" = 0 ] || { cat "$folder/first.console" "$folder/first.err"; fail "exit code $code"; }
show first
on_console first "guest: filesystem ok"
! grep -aE "WARNING|Call Trace|Kernel panic|I/O error|timeout" "$folder/first.console" || fail "the kernel complains"
grep -q '"normal": 1' "$folder/first.json" || fail "no normal shutdown"
grep -A1 '"lint": {' "$folder/first.json" | grep -q '"findings": 0' || fail "the lint has findings"
/sbin/e2fsck -fn "$folder/first.image" >/dev/null 2>&1 || fail "e2fsck finds errors"

for _ in 1 2 3; do while :; do :; done & done
load=$(jobs -p)
(
    cd /
    export NVME_TLM_ANYTHING="${folder//\//longer than before}"
    run second
    [ "$code" = 0 ] || fail "exit code $code the second time"
) && same=yes || same=no
# shellcheck disable=SC2086  # a list
kill $load
[ "$same" = yes ] || fail "the second run"
for what in trace console vcd image; do
    cmp "$folder/first.$what" "$folder/second.$what" || fail "the two runs differ"
done
echo "host: $(wc -l <"$folder/first.trace") events, console, waveform and image are the same in both runs"
