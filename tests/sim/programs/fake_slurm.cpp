// SPDX-License-Identifier: Apache-2.0
#include "tests/sim/programs/fake_slurm.h"

#include <sstream>

namespace nvme_vp::test {

namespace {

constexpr const char* kSbatch = R"sh(#!/bin/sh
[ -z "$SBATCH_WAIT" ] || { echo "would wait" >&2; exit 1; }
for word; do
    case $word in
        --array=*) indices=${word#*=} ;;
        --job-name=*) name=${word#*=} ;;
        --chdir=*) folder=${word#*=} ;;
    esac
done
cd "$CLUSTER" || exit 1
[ ! -e refuse ] || { cat refuse >&2; exit 1; }
if [ -e full ] && [ -s queue ]; then echo "sbatch: error: job limit" >&2; exit 1; fi
echo "$*" >>submissions
id=$(wc -l <submissions)
while [ $# -gt 4 ]; do shift; done
printf '%s\n' "$folder" "$@" >"job.$id"
for range in $(echo "${indices%%[%]*}" | tr , ' '); do
    for index in $(seq "${range%-*}" "${range#*-}"); do echo "$id $index $name" >>queue; done
done
echo "$id;here"
)sh";

constexpr const char* kSqueue = R"sh(#!/bin/sh
[ -z "$SQUEUE_STATES" ] || exit 0
cd "$CLUSTER" || exit 1
echo "$*" >>looks
if [ -e down ] && [ "$(cat down)" -gt 0 ]; then
    echo $(($(cat down) - 1)) >down
    echo "slurm_load_jobs error: Unable to contact slurm controller" >&2
    exit 1
fi
[ ! -e noise ] || cat noise
[ -e queue ] || exit 0
cat queue
[ ! -e hold ] || exit 0
mv queue running
while read -r id index name; do
    { read -r folder; read -r script; read -r program; read -r directory; read -r base; } <"job.$id"
    point=$((base + index))
    if grep -qx "$point" lost 2>/dev/null; then
        sed -i "0,/^$point\$/{/^$point\$/d}" lost
    else
        (cd "$folder" && SLURM_ARRAY_TASK_ID=$index sh "$script" "$program" "$directory" "$base")
    fi
done <running
)sh";

constexpr const char* kScancel = R"sh(#!/bin/sh
cd "$CLUSTER" || exit 1
echo "$*" >>cancelled
rm -f queue
)sh";

constexpr const char* kScontrol = R"sh(#!/bin/sh
cat "$CLUSTER/config" 2>/dev/null || printf 'Other = 1\nMaxArraySize            = 4\nMore = 2\n'
)sh";

}  // namespace

FakeSlurmTest::FakeSlurmTest() {
    shell("mkdir bin cluster");
    write("bin/sbatch", kSbatch);
    write("bin/squeue", kSqueue);
    write("bin/scancel", kScancel);
    write("bin/scontrol", kScontrol);
    shell("chmod +x bin/*");
}

std::string FakeSlurmTest::command(const std::vector<std::string>& arguments) const {
    std::string text = "CLUSTER=" + shell_word(path("cluster")) +
                       " PATH=" + shell_word(path("bin")) + ":$PATH " + shell_word(NVME_VP);
    for (const std::string& argument : arguments) text += " " + shell_word(argument);
    return text;
}

Outcome FakeSlurmTest::with_slurm(const std::vector<std::string>& arguments,
                                  const std::string& variables) {
    return shell(variables + " " + command(arguments));
}

std::vector<std::string> FakeSlurmTest::lines(const std::string& name) const {
    std::vector<std::string> all;
    std::istringstream text(read(name));
    for (std::string line; std::getline(text, line);) all.push_back(line);
    return all;
}

}  // namespace nvme_vp::test
