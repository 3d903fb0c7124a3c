#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# How a real guest can end, and that nothing of it is left.
#
#   tests/uml/ends.sh PROGRAM
set -euo pipefail
. "$(dirname "$0")/common.sh"
begin "$1"

# ends NAME CODE LINE: the run that boot NAME has made ended so.
ends() {
    [ "$code" = "$2" ] || { cat "$folder/$1.err"; fail "$1: exit code $code, not $2"; }
    [ "$(cat "$folder/$1.err")" = "$3" ] || { cat "$folder/$1.err"; fail "$1: another line"; }
    [ -s "$folder/$1.trace" ] || fail "$1: no trace"
    grep -q '"guest_exit_code"' "$folder/$1.json" || fail "$1: no report"
}
boot leave leave
ends leave 5 ""
boot again again
ends again 0 ""
boot until spin --until 1ms
ends until 0 ""
boot spin spin --guest_patience_s 3
ends spin 1 "nvme-vp: the guest has not asked for time for 3 s: something in it runs in a loop, which takes no simulated time"
KERNEL_OPTIONS=rdinit=/nothing boot panic probe
[ "$code" = 1 ] || fail "panic: exit code $code"
grep -q "^nvme-vp: the guest's kernel has panicked: VFS" "$folder/panic.err" || fail "no panic"

# Killed, in the middle of a loop of the guest: somebody ends the guest's processes, and removes its folder.
mkdir "$folder/tmp"
TMPDIR=$folder/tmp "$program" uml --kernel "$kernel" --initrd "$folder/initramfs.cpio" --append "steps=spin mark=$$" \
    --console "$folder/killed.console" >/dev/null 2>&1 &
killed=$!
for _ in $(seq 600); do
    sleep 0.1
    ! grep -aq "Run /init" "$folder/killed.console" || break
done
left() { grep -lsz "[m]ark=$$" /proc/[0-9]*/cmdline | grep -v "^/proc/$killed/" || true; }
[ -n "$(left)" ] || fail "no guest to be found"
kill -KILL $killed
wait $killed 2>/dev/null || true
for _ in $(seq 600); do
    [ -n "$(left)$(ls "$folder/tmp")" ] || break
    sleep 0.1
done
[ -z "$(left)" ] || fail "processes of the guest are left"
[ -z "$(ls "$folder/tmp")" ] || fail "its folder is left"
echo "host: each end is told, and nothing is left"
