#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Installs what is missing, builds, and runs every test: first with the address and
# undefined-behaviour sanitizers, then optimised. Ends with ctest's summary.
set -eu
cd "$(dirname "$0")/.."
cmake/install-deps.sh
jobs=$(nproc)

mkdir -p build
for preset in sanitize release; do
    echo "== $preset: configure and build"
    cmake --preset $preset >build/$preset.log 2>&1 || { cat build/$preset.log; exit 1; }
    cmake --build --preset $preset -- -j "$jobs" >build/$preset.log 2>&1 ||
        { grep -E "error|FAILED" -A5 build/$preset.log; exit 1; }
    echo "== $preset: test"
    ctest --preset $preset -j "$jobs" --progress --output-on-failure
done
