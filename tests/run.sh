#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Installs what is missing, builds, and runs the tests. First all of them, with the address and
# undefined-behaviour sanitizers; then, optimised, those for which that makes a difference: the
# programs, real guests, the installed package, allocations in the hot path, the bench. With --all
# all of them are also built a second time, and guests of more kinds are run. Ends with ctest's
# summary.
set -eu
cd "$(dirname "$0")/.."
case ${1:-} in
    --all) optimised=all left_out=none ;;
    "") optimised="hot_path;programs" left_out=more ;;
    *) echo "usage: tests/run.sh [--all]" >&2; exit 2 ;;
esac
cmake/install-deps.sh
jobs=$(nproc)

mkdir -p build
for preset in sanitize release; do
    echo "== $preset: configure and build"
    areas=all
    [ $preset = sanitize ] || areas=$optimised
    cmake --preset $preset -DNVME_TLM_TEST_AREAS="$areas" >build/$preset.log 2>&1 ||
        { cat build/$preset.log; exit 1; }
    cmake --build --preset $preset -- -j "$jobs" >build/$preset.log 2>&1 ||
        { grep -E "error|FAILED" -A5 build/$preset.log; exit 1; }
    echo "== $preset: test"
    ctest --preset $preset -j "$jobs" --progress --output-on-failure -LE "^$left_out\$"
done
