#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# shellcheck disable=SC2046,SC2086  # lists of processes
# A sweep of 40 points on a real Slurm, whose node, tasks, controller and follower are killed meanwhile:
# its table is the one of the same sweep on this machine. Everything is in a temporary directory, and ends
# with this script: munged, slurmctld, and slurmd as the only node.
#
#   tests/slurm/run.sh [nvme-vp]
#
# As root or with sudo where Debian's packages slurm-wlm and munge have to be installed first.
set -euo pipefail
repository=$(cd "$(dirname "$0")/../.." && pwd)
vp=$(realpath "${1:-$repository/build/release/sc_main/nvme-vp}")
[ -x "$vp" ] || { echo "no program $vp: build it first" >&2; exit 2; }
. "$repository/tests/slurm/cluster.sh"
install_slurm
work=$(mktemp -d)
trap stop_cluster EXIT
trap 'exit 1' INT TERM HUP
start_cluster

cd "$work"
cat >job.fio <<EOT
[j]
rw=randrw
bs=4k
size=4M
loops=250
EOT
words=(sweep --job job.fio --over "depth=1,2,4,8,16,32,64,128 randseed=1,2,3,4,5")
"$vp" "${words[@]}" --out local >local.txt

fail() { echo "FAILED: $*"; tail -n 30 slurm.txt slurm/slurm.log slurmctld.log slurmd.log || true; exit 1; }
arrived() { find slurm -name '?????.json' 2>/dev/null | wc -l; }
# Waits until $1 reports are there.
until_arrived() {
    for ((i = 0; i < 600; ++i)); do
        [ "$(arrived)" -lt "$1" ] || { echo "$(arrived) of 40 points: $2"; return 0; }
        kill -0 "$sweep" 2>/dev/null || fail "the sweep has ended with $(arrived) points"
        look_after_cluster
        sleep 0.5
    done
    fail "$(arrived) points after five minutes"
}
begin() {
    "$vp" "${words[@]}" --engine slurm --slurm_patience_s 120 --out slurm >slurm.txt 2>&1 &
    sweep=$!
}

# Waits until there are some, and kills them.
kill_some() {
    local some
    until some=$("$1") && [ -n "$some" ]; do
        kill -0 "$sweep" 2>/dev/null || fail "the sweep has ended"
        sleep 0.05
    done
    kill_all $some
}

begin
until_arrived 4 "runs are killed"
kill_some runs
until_arrived 8 "tasks are killed, and their runs"
kill_some tasks
kill_all $(runs)
until_arrived 12 "the node is killed with all that runs on it"
kill_node
sleep 3
start_node
until_arrived 18 "the controller of the cluster is killed"
kill_controller
sleep 5
start_controller
until_arrived 24 "the sweep itself is killed, and goes on"
kill -KILL "$sweep"
wait "$sweep" 2>/dev/null || true
begin
until_arrived 30 "the sweep is stopped, and goes on"
kill -INT "$sweep"
wait "$sweep" && fail "a sweep that was stopped says that all is well"
[ -z "$(squeue --noheader)" ] || fail "tasks are in the queue when their sweep was stopped"
begin
while kill -0 "$sweep" 2>/dev/null; do
    look_after_cluster
    sleep 0.5
done
wait "$sweep" || fail "exit code $?"
cmp local/table.csv slurm/table.csv || fail "the table is not that of the local sweep"
[ -z "$(squeue --noheader)" ] || fail "tasks are left in the queue"
grep -q "failed, see" slurm/slurm.log || fail "no run was hit"
left=$(find slurm -name '[0-9]*.log' -o -name '*.json.*')
[ -z "$left" ] || fail "left behind: $left"
echo "the table of the cluster is the table of this machine: $(wc -l <slurm/table.csv) lines"
