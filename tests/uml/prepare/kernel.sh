#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Makes build/uml/NAME, Debian's kernel with a patch if there is one. The text of its version has no name, place or
# time of this machine.
#
#   tests/uml/prepare/kernel.sh [NAME [PATCH]]      NAME: linux
set -euo pipefail
name=${1:-linux} patch=${2:-}
. "$(dirname "$0")/../common.sh"
. "$(dirname "$0")/find_file.sh"
need make gcc flex bison bc xz perl

archive=$(find_file /usr/src/linux-source-6.1.tar.xz linux-source-6.1)
config=$repository/tests/uml/kernel.config
rm -rf "$work/source"
mkdir "$work/source"
tar -C "$work/source" --strip-components=1 -xf "$archive"
cd "$work/source"
[ -z "$patch" ] || patch -p1 <"$patch"
make -s ARCH=um defconfig
scripts/kconfig/merge_config.sh -m .config "$config"
make -s ARCH=um olddefconfig
if grep '^CONFIG_' "$config" | grep -vxFf .config; then
    echo "the kernel has not taken these options over"
    exit 1
fi
compiler=gcc
! command -v ccache >/dev/null || compiler="ccache gcc"
make -s -j"$(nproc)" ARCH=um CC="$compiler" KBUILD_BUILD_TIMESTAMP="Thu Jan  1 00:00:00 UTC 2026" \
    KBUILD_BUILD_USER=nvme-tlm KBUILD_BUILD_HOST=nvme-tlm linux
cp --remove-destination linux "$work/$name"  # a guest may run from it
cd "$work"
rm -rf "$work/source"
