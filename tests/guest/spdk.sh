#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# SPDK's own programs on the model: identify, perf, bdevperf, reconnect, abort, events, fio's plugin. SPDK is no
# package of Debian's: build it from its sources (docs/vfio-user.md) and say where it is.
#
#   SPDK_DIR=FOLDER tests/guest/spdk.sh [PROGRAM [OPTION of nvme-vp serve]...]
#
# A program that this SPDK was built without is left out, fio's plugin also without huge pages, and the end says so. Each is a client of its own, one
# after another. Exit code 77: there is no SPDK.
set -euo pipefail
. "$(dirname "$0")/common.sh"

program=$(realpath "${1:-$repository/build/release/sc_main/nvme-vp}")
spdk=${SPDK_DIR:-}
[ -n "$spdk" ] || skip "SPDK_DIR does not say where a built SPDK is (docs/vfio-user.md)"
[ -x "$program" ] || { echo "$program: build it first"; exit 2; }

# built NAME...: the first of these programs that there is.
built() {
    local name
    for name in "$@"; do
        [ ! -x "$spdk/build/$name" ] || { echo "$spdk/build/$name"; return; }
    done
}
identify=$(built bin/spdk_nvme_identify examples/identify)
perf=$(built bin/spdk_nvme_perf examples/perf)
[ -n "$identify" ] && [ -n "$perf" ] || skip "$spdk: SPDK is not built there (build/bin/spdk_nvme_identify)"
# With shared libraries, those of this SPDK.
vfio_user=$(find "$spdk/build/libvfio-user" -name 'libvfio-user.so.0' -printf '%h' -quit 2>/dev/null || true)
export LD_LIBRARY_PATH=$spdk/build/lib:$spdk/dpdk/build/lib:$vfio_user${LD_LIBRARY_PATH:+:$LD_LIBRARY_PATH}

run=$work/runs/spdk
rm -rf "$run"
mkdir -p "$run"
folder=$(mktemp -d)
server=
end_everything() {
    [ -z "$server" ] || kill "$server" 2>/dev/null || true
    rm -rf "$folder"
}
trap end_everything EXIT
fail() {
    echo "FAILED: $*, see $run"
    tail -n 15 "$run/$step.log" "$run/serve.log" 2>/dev/null || true
    exit 1
}

"$program" serve --socket "$folder/cntrl" --doorbells mapped --namespace ram:256M --report "$run/report.json" \
    "${@:2}" >"$run/serve.log" 2>&1 &
server=$!
step=serve
for _ in $(seq 100); do ! grep -qs listening "$run/serve.log" || break; sleep 0.1; done
grep -q listening "$run/serve.log" || fail "the server does not listen"

target="trtype:VFIOUSER traddr:$folder subnqn:nqn.2019-07.io.spdk:cnode0"
missing=
clients=0
# client NAME SECONDS PROGRAM [OPTION]...: runs it, and says how it went.
client() {
    step=$1
    if [ -z "$3" ]; then
        missing="$missing $1"
        return
    fi
    local code=0
    timeout "$2" "$3" "${@:4}" >"$run/$step.log" 2>&1 || code=$?
    clients=$((clients + 1))
    if [ $code = 139 ] && [ "$step" = abort ]; then
        echo "spdk: abort crashes in SPDK"
        return
    fi
    [ $code = 0 ] || fail "$step ended with $code"
    echo "spdk: $step ok"
}

client identify 300 "$identify" --no-huge -d 256 -r "$target"
grep -q nvme-tlm "$run/identify.log" || fail "it is another controller"
for depth in 1 16 128; do
    for size in 512 4096 131072; do
        client "perf_${depth}_$size" 300 "$perf" --no-huge -s 256 -q $depth -o $size -w randrw -M 50 -t 1 \
            -r "$target"
    done
done
# SPDK's transport for vfio-user has lost an operation that Abort needs (26.05): the program crashes in SPDK. The next
# client shows that the model does not mind.
client abort 300 "$(built examples/abort)" --no-huge -s 256 -q 64 -t 2 -r "$target"
client reconnect 300 "$(built examples/reconnect)" --no-huge -s 256 -q 16 -o 4096 -w randrw -M 50 -t 2 -c 0x1 \
    -r "$target"
client events 300 "$(built ../test/nvme/aer/aer)" --no-huge -s 256 -T -r "$target"

cat >"$run/bdev.json" <<END
{"subsystems": [{"subsystem": "bdev", "config": [{"method": "bdev_nvme_attach_controller", "params": {
    "name": "model", "trtype": "VFIOUSER", "traddr": "$folder", "subnqn": "nqn.2019-07.io.spdk:cnode0"}}]}]}
END
for workload in verify reset; do
    client "bdevperf_$workload" 300 "$(built examples/bdevperf)" --no-huge -s 1024 --json "$run/bdev.json" \
        -q 32 -o 4096 -w $workload -t 3
done

# fio's plugin asks for its memory in huge pages, and has no option for anything else.
plugin=$(built fio/spdk_nvme)
free=$(sed -n 's/^HugePages_Free: *//p' /proc/meminfo)
[ "${free:-0}" -ge 160 ] && command -v fio >/dev/null || plugin=
client fio 300 "${plugin:+$(command -v env)}" LD_PRELOAD="$plugin" fio --name=verify --ioengine=spdk --thread=1 \
    --mem_size_mb=256 --filename="trtype=VFIOUSER traddr=$folder subnqn=nqn.2019-07.io.spdk\:cnode0 ns=1" \
    --rw=randwrite --bs=4k --iodepth=32 --size=16m --verify=crc32c --do_verify=1

step=end
kill -TERM "$server"
wait "$server" || fail "the server ended with $?"
server=
grep -q "\"clients\": $clients\b" "$run/report.json" || fail "not all of them reached the model"
[ -z "$missing" ] || echo "spdk: left out, not built there or without huge pages:$missing"
