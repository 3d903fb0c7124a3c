#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Takes the kernel images out of their packages.
set -euo pipefail
. "$(dirname "$0")/../common.sh"

mkdir -p "$work/kernels"
cd "$work/packages/kernels"
extract() {
    dpkg-deb --fsys-tarfile "$(cat "$1")"_*.deb | tar -xO --wildcards '*/vmlinuz*' >"$work/kernels/$1"
    sed -E 's/^linux-(image|binary)-//' "$1" >"$work/kernels/$1.version"
    [ -s "$work/kernels/$1" ]
}
jobs=()
for kernel in 6.1 6.12 newest; do
    extract "$kernel" &
    jobs+=($!)
done
for job in "${jobs[@]}"; do wait "$job"; done
