#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Makes build/uml/programs.cpio: fio, nvme-cli and blktrace, with their libraries. Exit code 77 where those libraries
# are not on the host: only tests that need these programs need it.
set -euo pipefail
. "$(dirname "$0")/../common.sh"
. "$(dirname "$0")/find_file.sh"

tree=$work/programs
rm -rf "$tree"
mkdir -p "$tree"/{bin,lib}
cp "$(find_file /usr/bin/fio fio)" "$(find_file /usr/sbin/nvme nvme-cli)" "$(find_file /usr/sbin/blktrace blktrace)" \
    "$(find_file /usr/bin/blkparse blktrace)" "$tree/bin/"
for program in fio nvme blktrace blkparse; do
    ! ldd "$tree/bin/$program" | grep 'not found' || skip "libraries of $program are not on this machine"
    ldd "$tree/bin/$program" | sed -nE 's|.*=> (/[^ ]+) .*|\1|p'
done | sort -u | xargs cp -Lt "$tree/lib"
(cd "$tree" && find . | sort | "$work/busybox" cpio -o -H newc) >"$work/programs.cpio"
rm -rf "$tree"
