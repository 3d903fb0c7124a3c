# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash disable=SC2046,SC2086,SC2154  # lists of processes; $work is the sourcing script's
# A cluster of one node, this machine, in the directory $work. Sourced.
PATH=$PATH:/usr/sbin:/sbin

install_slurm() {
    local program missing='' sudo=''
    for program in sbatch munged slurmctld slurmd; do
        command -v $program >/dev/null || missing+=" $program"
    done
    [ -n "$missing" ] || return 0
    if [ "$(id -u)" != 0 ]; then
        sudo=sudo
        command -v sudo >/dev/null || { echo "run as root: missing$missing" >&2; exit 1; }
    fi
    $sudo env DEBIAN_FRONTEND=noninteractive apt-get update -qq
    $sudo env DEBIAN_FRONTEND=noninteractive \
        apt-get install -y -qq --no-install-recommends slurm-wlm munge >/dev/null
}

# Prints a port of this machine that nobody listens at.
free_port() {
    local port
    while port=$((20000 + RANDOM % 12000)); do
        (: <"/dev/tcp/127.0.0.1/$port") 2>/dev/null || { echo "$port"; return; }
    done
}

start_cluster() {
    host=$(hostname -s)
    mkdir "$work/state" "$work/spool"
    (umask 077 && head -c 1024 /dev/urandom >"$work/munge.key")
    cat >"$work/slurm.conf" <<EOT
ClusterName=sweep
SlurmctldHost=$host(127.0.0.1)
SlurmUser=$(id -un)
SlurmdUser=$(id -un)
SlurmctldPort=$(free_port)
SlurmdPort=$(free_port)
AuthType=auth/munge
AuthInfo=socket=$work/munge.socket
StateSaveLocation=$work/state
SlurmdSpoolDir=$work/spool
SlurmctldPidFile=$work/slurmctld.pid
SlurmdPidFile=$work/slurmd.pid
SlurmctldLogFile=$work/slurmctld.log
SlurmdLogFile=$work/slurmd.log
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
MpiDefault=none
SelectType=select/cons_tres
SelectTypeParameters=CR_CPU
SlurmdParameters=config_overrides
ReturnToService=2
SlurmdTimeout=10
KillWait=5
MinJobAge=2
SchedulerParameters=sched_interval=1,batch_sched_delay=0,sched_min_interval=0
MaxArraySize=17
NodeName=$host NodeAddr=127.0.0.1 CPUs=2 State=UNKNOWN
PartitionName=all Nodes=ALL Default=YES State=UP
EOT
    # The machine may be a container: nothing is asked of control groups.
    echo "CgroupPlugin=cgroup/v1" >"$work/cgroup.conf"
    export SLURM_CONF=$work/slurm.conf
    munged --foreground --force --key-file="$work/munge.key" --socket="$work/munge.socket" \
        --pid-file="$work/munged.pid" --seed-file="$work/munge.seed" --log-file="$work/munged.log" \
        2>"$work/munged.err" &
    munged=$!
    start_controller
    start_node
    for ((i = 0; i < 300; ++i)); do
        [ "$(sinfo --noheader --format=%t 2>/dev/null)" != idle ] || return 0
        sleep 0.1
    done
    echo "FAILED: the node does not become idle"
    tail -n 20 "$work"/*.log
    exit 1
}

# The processes of the sweep into $work/slurm that are runs, and the tasks that have started them.
runs() { pgrep -f -- "--report=$work/slurm/" || true; }
tasks() { pgrep -f -- "point $work/slurm " || true; }
kill_all() { [ $# = 0 ] || kill -KILL "$@" 2>/dev/null || true; }

start_controller() { slurmctld -D >/dev/null 2>&1 & controller=$!; }
start_node() { slurmd -D >/dev/null 2>&1 & node=$!; }
kill_controller() { kill -KILL "$controller"; wait "$controller" 2>/dev/null || true; }

# What those do who run a cluster: a controller that has fallen over is started again, and a node that is out
# of use, because tasks of it have vanished, is put into use.
look_after_cluster() {
    kill -0 "$controller" 2>/dev/null || start_controller
    case $(timeout 5 sinfo --noheader --format=%t 2>/dev/null) in
        drain* | down*) scontrol update "nodename=$host" state=resume 2>/dev/null || true ;;
    esac
}

# The daemon, and what runs on the node: tasks, their runs, and the daemons that have started them.
kill_node() {
    kill -KILL "$node"
    wait "$node" 2>/dev/null || true
    local started
    started=$(tasks)
    [ -z "$started" ] || kill_all $(ps -o ppid= -p "${started//$'\n'/,}") $started $(runs)
}

stop_cluster() {
    set +e
    kill_all ${sweep:-} $(tasks) $(runs)
    kill "${node:-}" "${controller:-}" "${munged:-}" 2>/dev/null
    wait
    rm -rf "$work"
}
