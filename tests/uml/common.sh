# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash disable=SC2034
# What all scripts of tests/uml share. Sourced.
repository=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
work=$repository/build/uml
kernel=$work/linux

# Ends a test that cannot run here; ctest knows the exit code.
skip() { echo "skipped: $*"; exit 77; }
fail() { echo "failed: $*"; exit 1; }

# stamp STEP: prepare.sh makes something else in that step when this is different.
stamp() {
    local tests=$repository/tests/uml
    local inputs=("$tests/prepare/$1.sh")
    case $1 in
        tools) inputs+=("$tests"/guest/*.cpp) ;;
        kernel) inputs+=("$tests/kernel.config") ;;
        buggy) inputs+=("$tests"/{kernel.config,prepare/kernel.sh,trusts_interrupts.patch}) ;;
    esac
    cat "${inputs[@]}" | sha256sum
}
prepared() { [ "$(cat "$work/$1.done" 2>/dev/null)" = "$(stamp "$1")" ]; }

# boot NAME STEPS [OPTION of nvme-vp uml]...: a guest does the steps. What comes of it is in NAME.console, NAME.trace,
# NAME.json (the report), NAME.out and NAME.err of $folder, and its exit code in code. Where a run has several guests,
# of_guest is .%g, and the console of the first one is NAME.0.console.
boot() {
    local name=$1 steps=$2
    shift 2
    code=0
    timeout --foreground -k 10 300 "$program" uml --kernel "$kernel" --initrd "$folder/initramfs.cpio" \
        --append "steps=$steps ${KERNEL_OPTIONS:-}" --console "$folder/$name${of_guest:-}.console" \
        --trace "$folder/$name.trace" --report "$folder/$name.json" "$@" \
        >"$folder/$name.out" 2>"$folder/$name.err" || code=$?
}
# What runs in the background works in the folder: it ends before that goes away. A job has a process group of its own
# where the script has asked for it (set -m).
clean_up() {
    local job
    for job in $(jobs -p); do kill -- "-$job" 2>/dev/null || kill "$job" 2>/dev/null || true; done
    wait 2>/dev/null
    rm -rf "$folder"
}
# begin PROGRAM: what each test needs: the initramfs of all guests, and a folder of this run, which goes away with it.
begin() {
    program=$(realpath "$1")
    for step in kernel tools; do
        prepared $step || skip "no $step for User Mode Linux: tests/uml/prepare.sh makes it, in a few minutes"
    done
    folder=$(mktemp -d)
    trap clean_up EXIT
    trap 'exit 130' INT
    trap 'exit 143' TERM
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
