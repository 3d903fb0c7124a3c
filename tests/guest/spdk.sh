#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# SPDK's own programs on the model: identify, perf, abort, reconnect, events, bdevperf, fio's plugin. SPDK is no package
# of Debian's: build it from its sources (docs/vfio-user.md) and say where it is.
#
#   tests/guest/spdk.sh FOLDER [PROGRAM [OPTION of nvme-vp serve]...]     PROGRAM: default build/release/sc_main/nvme-vp
#
# Each program is a client of its own, one after another, and has SPDK_SECONDS (120) to end. A program that this SPDK was
# built without is left out, and the end says so. Exit code 77: there is no SPDK.
set -euo pipefail
. "$(dirname "$0")/common.sh"

[ -n "${1:-}" ] || skip "say in which folder a built SPDK is (docs/vfio-user.md)"
[ -d "$1" ] || skip "$1: there is no such folder"
spdk=$(realpath "$1")
program=$(realpath "${2:-$repository/build/release/sc_main/nvme-vp}")
seconds=${SPDK_SECONDS:-120}

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
[ -x "$program" ] || { echo "$program: build it first"; exit 2; }
# With shared libraries, those of this SPDK.
vfio_user=$(find "$spdk/build/libvfio-user" -name 'libvfio-user.so.0' -printf '%h' -quit 2>/dev/null || true)
spdk_libraries=$spdk/build/lib:$spdk/dpdk/build/lib:$vfio_user${LD_LIBRARY_PATH:+:$LD_LIBRARY_PATH}

# SPDK's abort may crash.
ulimit -c 0
run=$work/runs/spdk
rm -rf "$run"
mkdir -p "$run"
folder=$(mktemp -d)
server=
current=
# end_child PID: within 10 s, whatever it does.
end_child() {
    kill "$1" 2>/dev/null || true
    timeout 10 tail --pid="$1" -f /dev/null || kill -KILL "$1" 2>/dev/null || true
}
end_everything() {
    local child
    for child in $current $server; do end_child "$child"; done
    rm -rf "$folder"
}
trap end_everything EXIT
trap 'exit 130' INT TERM HUP
fail() {
    echo "FAILED: $*, see $run"
    tail -n 15 "$run/$step.log" "$run/serve.log" 2>/dev/null || true
    exit 1
}

step=serve
"$program" serve --socket "$folder/cntrl" --doorbells mapped --namespace ram:256M --strict \
    --report "$run/report.json" "${@:3}" >"$run/serve.log" 2>&1 &
server=$!
for _ in $(seq 100); do ! grep -qs listening "$run/serve.log" || break; sleep 0.1; done
grep -q listening "$run/serve.log" || fail "the server does not listen"

target="trtype:VFIOUSER traddr:$folder subnqn:nqn.2019-07.io.spdk:cnode0"
missing=
clients=0
# client NAME PROGRAM [OPTION]...: runs it, and says how it went.
client() {
    step=$1
    if [ -z "$2" ]; then
        missing="$missing $1"
        return
    fi
    local code=0
    LD_LIBRARY_PATH=$spdk_libraries timeout -k 5 "$seconds" "${@:2}" >"$run/$step.log" 2>&1 </dev/null &
    current=$!
    wait "$current" || code=$?
    current=
    clients=$((clients + 1))
    kill -0 "$server" 2>/dev/null || fail "the server has ended during $step"
    case $code in
        0) echo "spdk: $step ok" ;;
        124 | 137) fail "$step has not ended within $seconds s" ;;
        139) [ "$step" = abort ] || fail "$step crashed"
            echo "spdk: abort crashes in SPDK (docs/vfio-user.md)" ;;
        *) fail "$step ended with $code" ;;
    esac
}

client identify "$identify" --no-huge -d 256 -r "$target"
[ -z "$identify" ] || grep -q nvme-tlm "$run/identify.log" || fail "it is another controller"
for depth in 1 16 128; do
    for size in 512 4096 131072; do
        client "perf_${depth}_$size" "$perf" --no-huge -s 256 -q $depth -o $size -w randrw -M 50 -t 1 -r "$target"
    done
done
client abort "$(built examples/abort)" --no-huge -s 256 -q 64 -t 2 -r "$target"
client reconnect "$(built examples/reconnect)" --no-huge -s 256 -q 16 -o 4096 -w randrw -M 50 -t 2 -c 0x1 -r "$target"
client events "$(built ../test/nvme/aer/aer)" --no-huge -s 256 -T -r "$target"

# Small pools: without huge pages all memory is given back in pages of 4 KiB, which takes longer than the rest.
cat >"$run/bdev.json" <<JSON
{"subsystems": [
  {"subsystem": "iobuf", "config": [{"method": "iobuf_set_options", "params": {
    "small_pool_count": 2048, "large_pool_count": 256}}]},
  {"subsystem": "bdev", "config": [
    {"method": "bdev_set_options", "params": {"bdev_io_pool_size": 4096, "bdev_io_cache_size": 256}},
    {"method": "bdev_nvme_attach_controller", "params": {"name": "model", "trtype": "VFIOUSER",
      "traddr": "$folder", "subnqn": "nqn.2019-07.io.spdk:cnode0"}}]}]}
JSON
for workload in verify reset; do
    client "bdevperf_$workload" "$(built examples/bdevperf)" --no-huge -s 256 --json "$run/bdev.json" \
        -q 32 -o 4096 -w $workload -t 3
done

# fio with SPDK's two plugins. That of the driver has no option for memory without huge pages, and shares only the first
# page of what it gets: one page of 1 GiB is enough.
plugin_bdev=$(built fio/spdk_bdev)
plugin_nvme=$(built fio/spdk_nvme)
free=$(cat /sys/kernel/mm/hugepages/hugepages-1048576kB/free_hugepages 2>/dev/null || true)
[ "${free:-0}" -ge 1 ] && grep -q 'hugetlbfs.*pagesize=1024M' /proc/mounts || plugin_nvme=
command -v fio >/dev/null || { plugin_bdev=; plugin_nvme=; }
verify=(--name=verify --thread=1 --rw=randwrite --bs=4k --iodepth=32 --size=16m --verify=crc32c --do_verify=1
    --verify_state_save=0)
client fio_bdev "${plugin_bdev:+env}" LD_PRELOAD="$plugin_bdev" fio "${verify[@]}" --ioengine=spdk_bdev \
    --spdk_mem=256 --env_context="--no-huge --legacy-mem" --spdk_json_conf="$run/bdev.json" --filename=modeln1
client fio_nvme "${plugin_nvme:+env}" LD_PRELOAD="$plugin_nvme" fio "${verify[@]}" --ioengine=spdk \
    --mem_size_mb=1024 --filename="trtype=VFIOUSER traddr=$folder subnqn=nqn.2019-07.io.spdk\:cnode0 ns=1"

step=end
end_child "$server"
wait "$server" || fail "the server ended with $?"
server=
grep -q "\"clients\": $clients\b" "$run/report.json" || fail "not all of them reached the model"
[ -z "$missing" ] || echo "spdk: left out, for want of the program, of fio or of a huge page of 1 GiB:$missing"
