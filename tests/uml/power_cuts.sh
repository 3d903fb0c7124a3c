#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Cuts the power of a real Linux at one event of its disk after another, and looks what is left.
#
#   tests/uml/power_cuts.sh PROGRAM [OPTION]... [-- OPTION of nvme-vp uml]...
#
#   --cuts N     so many cuts (1000)
#   --from N     the first one at the N-th event of the disk after the first write (1)
#   --every N    from there on at every N-th event (1)
#   --steps N    how much the guest does, see guest/durable_files.cpp (40)
#   --jobs N     so many guests at a time (as many as there are processors for this)
#   --out DIR    keeps what fails there (a folder that goes away)
#
# A guest makes an ext4 file system, works on it in small steps with an fsync() each, and says after each that it is
# durable. Once undisturbed, for the times of all events of the disk: doorbells, fetches, DMA, media accesses,
# completions, interrupts. Then again and again, until one of these times, when all power goes, and with it what the
# disk's write cache holds. After each cut a second guest mounts what is left, finds there what was durable, and
# e2fsck has nothing to say. Cuts that leave the same disk after the same promises are checked once.
#
# Exit code 0: all is there; 1: something is not; 2: options that cannot be; 3: a guest could not do its work, for a
# reason that is not the disk; 77: no kernel.
set -euo pipefail
. "$(dirname "$0")/common.sh"

usage() { echo "power_cuts.sh: $*" >&2; exit 2; }
trouble() { echo "failed: $*"; exit 3; }
number() { [[ $2 =~ ^[1-9][0-9]{0,5}$ ]] || usage "$1 $2: must be 1 to 999999"; }
# The numbers of the host's processors that this may run on, one a line.
usable_processors() {
    local range
    for range in $(sed -n 's/^Cpus_allowed_list://p' /proc/self/status | tr , ' '); do
        seq "${range%-*}" "${range#*-}"
    done
}
[ $# -gt 0 ] || usage "needs PROGRAM, nvme-vp"
mapfile -t processors < <(usable_processors)
program=$1 cuts=1000 from=1 every=1 steps=40 jobs=${#processors[@]} out=
shift
while [ $# -gt 0 ]; do
    case $1 in
        --cuts | --from | --every | --steps | --jobs)
            number "$1" "${2:-}"
            printf -v "${1#--}" %s "$2"
            ;;
        --out)
            out=${2:-}
            if [ -z "$out" ] || [ -e "$out" ]; then usage "--out $out: must be a folder that is not there"; fi
            ;;
        --) break ;;
        *) usage "$1: is no option" ;;
    esac
    shift 2
done
[ "${1:-}" != -- ] || shift
begin "$program"
options=("$@")

mkdir "$folder/cuts"
states=${out:-$folder/states}
mkdir -p "$states" 2>/dev/null || usage "--out $out: cannot be made"
# The state of a disk that has lost nothing is an empty folder.
trap 'clean_up; [ -z "$out" ] || find "$out" -type d -empty -delete' EXIT

# guest NAME STEPS [OPTION]...: works with the disk NAME.image; the rest that comes of it is in NAME.*.
guest() {
    local name=$1 steps=$2
    shift 2
    timeout --foreground -k 10 300 "$program" uml --kernel "$kernel" --initrd "$folder/initramfs.cpio" \
        --append "steps=$steps" "${options[@]}" --namespace "file:$name.image" --console "$name.console" \
        "$@" >"$name.out" 2>"$name.err"
}
durable_steps() { grep -ac '^guest: durable [0-9]' "$1.console" || true; }
says() { grep -asq "^guest: $2" "$1.console"; }
last_word() { { grep -as '^guest: ' "$1.console" | grep -v FAILED || cat "$1.err"; } | tail -n 1; }

# check_left NAME DURABLE PROCESSOR: whether the disk NAME.image has all of so many steps. A guest that does not say has
# not found it out.
check_left() {
    local name=$1 code=0
    guest "$name" "durable_check durable=$2" --processor "$3" || code=$?
    ! says "$name" "FAILED durable_check" || return 1
    if [ $code != 0 ] || ! says "$name" "durable_check ok"; then
        trouble "the guest that checks: exit code $code: $(tail -n 1 "$name.err")"
    fi
}

# cut_power TIME PROCESSOR: NAME.result has how many steps were durable then, and a name for what was left.
cut_power() {
    local name=$folder/cuts/$1 state
    cp --sparse=always "$folder/base.image" "$name.image"
    guest "$name" "durable_work count=$steps" --until "${1}ps" --ending power_cut --processor "$2" ||
        trouble "the guest that works: exit code $?: $(tail -n 1 "$name.err")"
    state=$(durable_steps "$name")-$(sha256sum <"$name.image" | cut -c 1-16)
    echo "$state" >"$name.result"
    if mkdir "$states/$state" 2>/dev/null; then
        cp --sparse=always "$name.image" "$name.left.image"
        if check_left "$name" "${state%-*}" "$2"; then
            rm "$name.left.image"
        else
            last_word "$name" >"$states/$state/failure"
            mv "$name.left.image" "$states/$state/image"
        fi
    elif [ ! -d "$states/$state" ]; then
        trouble "$states/$state cannot be made"
    fi
    rm -f "$name".{image,console,out,err}
}

# Once, for a file system, and for the times.
base=$folder/base
truncate -s 16M "$base.image"
code=0
guest "$base" format || code=$?
[ $code != 2 ] || usage "$(head -n 1 "$base.err")"
[ $code = 0 ] || trouble "no file system: $(last_word "$base")"
plain=$folder/plain
cp --sparse=always "$base.image" "$plain.image"
guest "$plain" "durable_work count=$steps" --trace "$plain.trace" --trace_detail all ||
    trouble "$(last_word "$plain")"
[ "$(durable_steps "$plain")" = "$steps" ] || trouble "the guest has not done all steps"
# Until the guest switches itself off. What has a begin and an end happens twice.
mapfile -t times < <(
    awk '/ name="Write"/ { on = 1 }
         / state .* shn=1 / { exit }
         on && $1 + 0 > 0 {
             print $1
             for (i = 3; i <= NF; ++i) if ($i ~ /^(begin|end|done)=[0-9]+$/) { sub(/.*=/, "", $i); print $i }
         }' "$plain.trace" | sort -nu |
        awk -v from="$from" -v every="$every" -v cuts="$cuts" 'NR >= from && (NR - from) % every == 0 && n++ < cuts'
)
[ ${#times[@]} -gt 0 ] || usage "--from $from: there are not so many events"

# One that is told to end does so when its guest has ended, which is told, too.
worker() {
    local i
    trap 'exit 143' TERM
    for ((i = $1; i < ${#times[@]}; i += jobs)); do
        cut_power "${times[i]}" "${processors[$1 % ${#processors[@]}]}"
        [ "$1" != 0 ] || [ ! -t 2 ] || printf '\r%d of %d cuts ' "$i" ${#times[@]} >&2
    done
}
set -m
for ((w = 0; w < jobs; ++w)); do worker $w & done
set +m
for ((w = 0; w < jobs; ++w)); do wait -n || trouble "a cut could not be made"; done
[ ! -t 2 ] || printf '\r' >&2

bad=0 least=$steps most=0
for time in "${times[@]}"; do
    state=$(cat "$folder/cuts/$time.result")
    durable=${state%-*}
    [ "$durable" -ge "$least" ] || least=$durable
    [ "$durable" -le "$most" ] || most=$durable
    [ -e "$states/$state/failure" ] || continue
    bad=$((bad + 1))
    [ $bad -gt 10 ] || echo "power cut at $time ps, $durable steps durable: $(cat "$states/$state/failure")"
done
echo "${#times[@]} power cuts from ${times[0]} to ${times[-1]} ps, after $least to $most durable steps:" \
    "$(find "$states" -mindepth 1 -maxdepth 1 | wc -l) different disks, $bad cuts have lost something"
[ $bad = 0 ]
