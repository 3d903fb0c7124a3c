# SPDX-License-Identifier: Apache-2.0
# Serves a disk and boots a guest from or with it. Sourced, after common.sh. Everything that a run leaves is
# in $run: console.log, serve.log, report.json and the image disk.img.

# begin_run NAME PROGRAM [OPTION of serve]...: a model listens on $run/socket.
begin_run() {
    run=$work/runs/$1
    local program=$2
    shift 2
    [ -f "$work/prepared" ] || skip "not prepared (tests/guest/prepare.sh)"
    mkdir -p "$run"
    rm -f "$run"/{console,serve,fsck}.log "$run"/report.json
    # A short name: a socket's path has at most 107 characters.
    folder=$(mktemp -d)
    socket=$folder/nvme.sock
    "$program" serve --socket "$socket" --report "$run/report.json" "$@" >"$run/serve.log" 2>&1 &
    server=$!
    trap end_everything EXIT
    for _ in $(seq 100); do
        ! grep -q listening "$run/serve.log" || return 0
        sleep 0.1
    done
    fail "the server does not listen"
}

end_everything() {
    kill "${guest:-}" "${server:-}" 2>/dev/null || true
    rm -rf "$folder"
}

# boot SECONDS [OPTION of QEMU]...: a machine with the model; comes back when it is off.
boot() {
    local seconds=$1
    shift
    timeout "$seconds" "$work/qemu" -machine q35,accel=tcg,memory-backend=mem -cpu max -smp 2 \
        -object memory-backend-memfd,id=mem,size=512M,share=on -m 512M -nographic -no-reboot -net none \
        -device '{"driver":"vfio-user-pci","bootindex":1,"socket":{"path":"'"$socket"'","type":"unix"}}' \
        "$@" </dev/null >"$run/console.log" 2>&1 &
    guest=$!
    wait "$guest" || fail "QEMU ended with $?"
    guest=
}

# The model ends in good order, and writes its report.
end_run() {
    kill -TERM "$server"
    wait "$server" || fail "the server ended with $?"
    server=
}

fail() {
    echo "FAILED: $*"
    tail -n 20 "$run/console.log" "$run/serve.log" 2>/dev/null | tr -d '\r' || true
    exit 1
}

# One line of what guests say on their console.
on_console() { grep -aq -- "$1" "$run/console.log" || fail "not on the console: $1"; }
