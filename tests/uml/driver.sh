#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# What a real driver has not met in one run, it meets in the next one by the plan that the report's program has
# made of the first.
#
#   tests/uml/driver.sh PROGRAM
set -euo pipefail
. "$(dirname "$0")/common.sh"
begin "$1"

# verdict NAME ID...: what the report of the run NAME says of each, one after another.
verdict() {
    local name=$1
    shift
    for id in "$@"; do sed -nE "s/^  ${id//./\\.}  .*  (done|WRONG|not done|not exercised|unknown)( .*)?$/\1/p" \
        "$folder/$name.txt"; done | uniq | paste -sd,
}

boot first probe,io,filesystem --trace_detail all
[ "$code" = 0 ] || { cat "$folder/first.console" "$folder/first.err"; fail "exit code $code"; }
"$program" report "$folder/first.trace" -o "$folder/first.txt" || fail "the driver does something wrong"
steps="init.function init.reset-over init.admin-queue init.command-sets init.settings init.enable init.ready
    init.controller init.namespaces init.number-of-queues init.interrupts init.completion-queues
    init.submission-queues init.events queue.wrap shutdown.normal shutdown.wait"
# shellcheck disable=SC2086  # a list
[ "$(verdict first $steps)" = "done" ] || { cat "$folder/first.txt"; fail "a step was not done"; }

"$program" plan --missing "$folder/first.trace" -o "$folder/plan.json"
boot second probe,persist --config "$folder/plan.json" --set write_cache_bytes=0 --trace_detail all
show second
"$program" report "$folder/second.trace" -o "$folder/second.txt" || true  # what it does wrong is in it
met="ready.slow event.request-again error.interrupted timeout.abort timeout.reset reset.lost interrupt.lost"
# shellcheck disable=SC2086
[ "$(verdict second $met)" = "done" ] || { cat "$folder/second.txt"; fail "the plan has not exercised all"; }
