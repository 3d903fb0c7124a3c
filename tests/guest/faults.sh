#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# An unmodified Linux meets what a fault plan and a timeline of namespaces make the model do, and goes on, until
# the power of its disk goes; the image is then checked on the host.
#
#   tests/guest/faults.sh [PROGRAM]
#
# Every part is set off by the guest itself, by a command that names certain blocks, so that it does not
# matter how fast the machine is. Only namespaces come and go by the clock, again and again, and a disk that was
# away comes back by it: the guest waits for that.
set -euo pipefail
. "$(dirname "$0")/check.sh"

program=${1:-$repository/build/release/sc_main/nvme-vp}
kernel=6.12
steps=namespaces,media,timeouts,fatal,health,removal,powercut

# Every 6 s for 10 minutes: namespace 2 is added, grows 2 s later, and goes after 2 s more.
timeline() {
    local second separator=
    for ((second = 6; second < 600; second += 6)); do
        printf '%s{"at_ns": %d000000000, "action": "add", "namespace": "ram:16M,nsid=2"},
            {"at_ns": %d000000000, "action": "resize", "nsid": 2, "size": "32M"},
            {"at_ns": %d000000000, "action": "remove", "nsid": 2}\n' \
            "$separator" $second $((second + 2)) $((second + 4))
        separator=,
    done
}

# The steps know these blocks.
plan() {
    cat <<END
{"faults": [
    {"name": "bad_spot", "action": "read_error", "nsid": 1, "lba": 100000, "blocks": 8, "until_rewritten": true},
    {"name": "held", "action": "hold", "queues": "io", "opcode": 2, "nsid": 1, "lba": 200000, "count": 1},
    {"name": "lost", "action": "drop", "queues": "io", "opcode": 2, "nsid": 1, "lba": 201000, "count": 1},
    {"name": "unheard", "action": "lose_interrupt", "vector": 2, "nth": 200, "count": 1},
    {"name": "unanswered", "action": "drop", "queues": "io", "opcode": 2, "nsid": 1, "lba": 202000, "count": 1},
    {"name": "fatal", "action": "fatal_status", "queues": "io", "opcode": 2, "nsid": 1, "lba": 202000, "count": 1},
    {"name": "internal", "action": "async_event", "event_type": 0, "event_info": 3,
     "queues": "io", "opcode": 2, "nsid": 1, "lba": 203000, "count": 1},
    {"name": "hot", "action": "health", "temperature": 360,
     "queues": "io", "opcode": 2, "nsid": 1, "lba": 206000, "count": 1},
    {"name": "cool", "action": "health", "temperature": 310,
     "queues": "io", "opcode": 2, "nsid": 1, "lba": 206500, "count": 1},
    {"name": "old", "action": "health", "available_spare": 5,
     "queues": "io", "opcode": 2, "nsid": 1, "lba": 207000, "count": 1},
    {"name": "pulled", "action": "remove", "duration_ns": 6000000000,
     "queues": "io", "opcode": 2, "nsid": 1, "lba": 208000, "count": 1},
    {"name": "unlinked", "action": "link_down", "duration_ns": 6000000000,
     "queues": "io", "opcode": 2, "nsid": 1, "lba": 209000, "count": 1},
    {"name": "out", "action": "power_cut", "queues": "io", "opcode": 2, "nsid": 1, "lba": 204000, "count": 1}
 ],
 "events": [$(timeline)]}
END
}

# The image after the power cut: its journal makes it whole, and each file that the guest has synchronised is
# there.
check_durable() {
    local durable number files=$folder/files
    durable=$(sed -nE 's/.*guest: durable ([0-9]+).*/\1/p' "$run/console.log")
    [ "$durable" -gt 0 ] || fail "nothing was durable"
    /sbin/e2fsck -p "$image" >"$run/fsck.log" 2>&1 || [ $? = 1 ] || { cat "$run/fsck.log"; fail "e2fsck gives up"; }
    /sbin/e2fsck -fn "$image" >>"$run/fsck.log" 2>&1 || { cat "$run/fsck.log"; fail "e2fsck finds errors"; }
    /sbin/debugfs -R "rdump /files $folder" "$image" >/dev/null 2>&1
    for ((number = 1; number <= durable; number++)); do
        seq $number $((number + 9999)) | cmp - "$files/$number" || fail "file $number of $durable is lost"
    done
    echo "host: the file system is sound, $durable files survived the power cut"
}

begin_run "faults-$kernel"
plan >"$run/plan.json"
serve "$program" --namespace "file:$image,size=256M" --pace realtime --config "$run/plan.json" \
    --trace "$run/trace.txt"
(initramfs tools) >"$folder/initramfs.cpio"
boot 300 -kernel "$work/kernels/$kernel" -initrd "$folder/initramfs.cpio" \
    -append "$kernel_options nvme_core.io_timeout=2 tp_printk steps=$steps"
end_run

show_guest
check_console "$steps"
# The clock of the model is the one on the wall: a busy host makes Linux slow to ask for the next event.
lint_allows=event.no-request
check_lint
check_durable
for fault in bad_spot held lost unheard unanswered fatal internal hot old pulled unlinked out; do
    grep -q "fault .*$fault" "$run/trace.txt" || fail "the guest never met $fault"
done
rm "$run/trace.txt"
