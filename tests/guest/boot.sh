# SPDX-License-Identifier: Apache-2.0
# Serves a disk and boots a guest from or with it. Sourced. Everything that a run leaves is in $run:
# console.log (or one for each machine), serve.log, report.json, and a disk's image while it is needed.
. "$(dirname "${BASH_SOURCE[0]}")/common.sh"

# What start_machine starts. QEMU_OPTIONS in the environment: what comes before the disk on its command line.
qemu=$work/qemu
machine=q35

# begin_run NAME: names the places of a run.
begin_run() {
    [ -f "$work/prepared" ] || skip "not prepared (tests/guest/prepare.sh)"
    run=$work/runs/$1
    image=$run/disk.img
    rm -rf "$run"
    mkdir -p "$run"
    # A short name: a socket's path has at most 107 characters.
    folder=$(mktemp -d)
    socket=$folder/nvme.sock
    console=console.log
    guest=
    server=
    trap end_everything EXIT
}

# serve PROGRAM [OPTION]...: the model listens on $socket.
serve() { serve_system "$1" --socket "$socket" "${@:2}"; }

# serve_system PROGRAM [OPTION]...: the same, where a configuration says on which sockets.
serve_system() {
    local program=$1
    shift
    "$program" serve --report "$run/report.json" "$@" >"$run/serve.log" 2>&1 &
    server=$!
    for _ in $(seq 100); do
        ! grep -qs listening "$run/serve.log" || return 0
        sleep 0.1
    done
    fail "the server does not listen"
}

end_everything() {
    # shellcheck disable=SC2086  # those that run
    [ -z "$guest$server" ] || kill $guest $server 2>/dev/null || true
    rm -rf "$folder" "$image"
}

# boot SECONDS [OPTION of QEMU]...: a machine with the model; comes back when it is off.
boot() {
    local seconds=$1
    shift
    start_machine "$seconds" "$socket" "$@"
    # shellcheck disable=SC2086  # one number
    wait $guest || fail "QEMU ended with $?"
    guest=
}

# start_machine SECONDS SOCKET [OPTION of QEMU]...: it says what it has to say on $console; adds to $guest.
start_machine() {
    local seconds=$1 socket=$2
    shift 2
    # shellcheck disable=SC2086  # a list
    timeout "$seconds" "$qemu" -machine "$machine,accel=tcg,memory-backend=mem" -cpu max -smp 2 \
        -object memory-backend-memfd,id=mem,size=512M,share=on -m 512M -nographic -no-reboot -net none \
        ${QEMU_OPTIONS:-} \
        -device '{"driver":"vfio-user-pci","bootindex":1,"socket":{"path":"'"$socket"'","type":"unix"}}' \
        "$@" </dev/null >"$run/$console" 2>&1 &
    guest="$guest $!"
}

# For a kernel: not to give up or complain when it is slow, as on a busy host without KVM; to end, and not to
# wait, when it panics.
# shellcheck disable=SC2034  # for those who source this
kernel_options="console=ttyS0 loglevel=4 panic=-1 no_timer_check rcupdate.rcu_cpu_stall_suppress=1"

# initramfs TOOLS: an archive made by the preparation, and our own scripts.
initramfs() {
    cat "$work/$1.cpio"
    cd "$repository/tests/guest/init" && find . | "$root/usr/bin/busybox" cpio -o -H newc 2>/dev/null
}

# The model ends in good order, and writes its report.
end_run() {
    kill -TERM "$server"
    wait "$server" || fail "the server ended with $?"
    server=
}

fail() {
    echo "FAILED: $*"
    echo "see $run"
    tail -n 20 "$run/$console" "$run/serve.log" 2>/dev/null | tr -d '\r' || true
    exit 1
}

# One line of what guests say on their console.
on_console() { grep -aq -- "$1" "$run/$console" || fail "not on the console: $1"; }
