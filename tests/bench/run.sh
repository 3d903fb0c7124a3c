#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Builds optimised and measures commands per host second; one line a case. The ratio to the speed of
# light in the same process is what to compare: absolute numbers depend on the machine.
set -eu
cd "$(dirname "$0")/../.."
cmake --preset release >/dev/null
cmake --build --preset release --target nvme_tlm_bench >/dev/null
export SC_COPYRIGHT_MESSAGE=DISABLE
for name in rand_read_4k_qd1 rand_read_4k_qd32 seq_read_128k_qd8; do
    build/release/tests/bench/nvme_tlm_bench "$name" "$@" 2>/dev/null
done
