# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash disable=SC2034
# What all scripts of tests/uml share. Sourced.
repository=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
work=$repository/build/uml
kernel=$work/linux

# Ends a test that cannot run here; ctest knows the exit code.
skip() { echo "skipped: $*"; exit 77; }
fail() { echo "failed: $*"; exit 1; }

# stamp STEP: of what prepare.sh makes in that step it would make something else when this is different.
stamp() {
    local inputs=
    case $1 in
        tools) inputs=$(echo "$repository"/tests/uml/guest/*.cpp) ;;
        kernel) inputs=$repository/tests/uml/kernel.config ;;
        buggy) inputs=$(echo "$repository"/tests/uml/{kernel.config,prepare/kernel.sh,trusts_interrupts.patch}) ;;
    esac
    # shellcheck disable=SC2086  # a list
    cat "$repository/tests/uml/prepare/$1.sh" $inputs | sha256sum
}
prepared() { [ "$(cat "$work/$1.done" 2>/dev/null)" = "$(stamp "$1")" ]; }

# boot NAME STEPS [OPTION of nvme-vp uml]...: a guest does the steps; what comes of it is in $folder/NAME.*.
# Several guests: of_guest is .%g, and the name of a console has the number. Sets code. The initramfs of all guests, and a folder of this run, are made first.
boot() {
    local name=$1 steps=$2
    shift 2
    code=0
    timeout -k 10 300 "$program" uml --kernel "$kernel" --initrd "$folder/initramfs.cpio" \
        --append "steps=$steps ${KERNEL_OPTIONS:-}" --console "$folder/$name${of_guest:-}.console" \
        --trace "$folder/$name.trace" --report "$folder/$name.json" "$@" \
        >"$folder/$name.out" 2>"$folder/$name.err" || code=$?
}
# begin PROGRAM: what each test needs.
begin() {
    program=$(realpath "$1")
    for step in kernel tools; do
        prepared $step || skip "no $step for User Mode Linux: tests/uml/prepare.sh makes it, in a few minutes"
    done
    folder=$(mktemp -d)
    trap 'rm -rf "$folder"' EXIT
    (cat "$work/tools.cpio" && cd "$repository/tests/uml/guest" &&
        find init steps | sort | "$work/busybox" cpio -o -H newc 2>/dev/null) >"$folder/initramfs.cpio"
}
# need_programs: fio, nvme-cli and blktrace are in the initramfs, too. Their libraries are large.
need_programs() {
    prepared programs || skip "no fio, nvme-cli and blktrace, see $work/programs.log"
    cat "$work/programs.cpio" >>"$folder/initramfs.cpio"
    KERNEL_OPTIONS="mem=512M ${KERNEL_OPTIONS:-}"
}
show() { grep -a '^guest: ' "$folder/$1.console" || true; }
on_console() { grep -aq "$2" "$folder/$1.console" || fail "the guest does not say: $2"; }
