#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Builds optimised and measures commands per second of CPU time; one line a case. The ratio to the
# speed of light in the same process is what to compare: absolute numbers depend on the machine.
set -eu
cd "$(dirname "$0")/../.."
cmake --preset release >/dev/null
cmake --build --preset release --target nvme_tlm_bench >/dev/null
export SC_COPYRIGHT_MESSAGE=DISABLE
bench=build/release/tests/bench/nvme_tlm_bench
for name in $($bench list); do
    $bench "$name" "$@" 2>/dev/null
done
