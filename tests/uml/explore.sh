#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# nvme-vp explore with real Linuxes. The driver of an unchanged one bears all perturbations. That of one whose driver
# trusts interrupts (trusts_interrupts.patch) does all its work when nothing is perturbed; explore finds a seed, leaves
# one late interrupt of it, and that is replayed to the byte, and does the unchanged driver no harm.
#
#   tests/uml/explore.sh PROGRAM
set -euo pipefail
. "$(dirname "$0")/common.sh"
begin "$1"
explore() {
    local out=$1 linux=$2
    shift 2
    code=0
    "$program" explore --kernel "$linux" --initrd "$folder/initramfs.cpio" --append steps=probe,filesystem \
        --out "$folder/$out" "$@" >"$folder/$out.out" 2>&1 || code=$?
    sed 's/^/host: /' "$folder/$out.out"
}
explore good "$kernel" --seeds 4
[ $code = 0 ] || fail "the unchanged driver, exit code $code"

buggy=$work/linux-buggy
prepared buggy || { echo "host: no kernel with a bug: tests/uml/prepare.sh buggy makes one"; exit 0; }
kernel=$buggy boot plain probe,filesystem --strict
[ $code = 0 ] || fail "the bug shows without perturbations, exit code $code"
explore buggy "$buggy" --driver_timeout_ns 0
[ $code = 1 ] || fail "the bug is not found, exit code $code"
found=$folder/buggy/failure
[ "$(grep -c '"action": "delay_' "$found/config.json")" = 1 ] || fail "more than one perturbation is left"

replay() { "$program" uml --config "$1" --console "$folder/again.console" --trace "$folder/again.trace" >/dev/null 2>&1; }
! replay "$found/config.json" || fail "the reproduction does not fail"
cmp "$folder/again.trace" "$found/trace.txt"
cmp "$folder/again.console" "$found/console.txt"
sed "s|$buggy|$kernel|" "$found/config.json" >"$folder/unchanged.json"
replay "$folder/unchanged.json" || fail "the unchanged driver does not bear it"
echo "host: replayed to the byte; the unchanged driver bears it"
