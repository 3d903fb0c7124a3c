// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cstddef>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "sc_main/sweep/command_answer.h"

namespace nvme_vp {

/// Points base + index of a sweep as one array job: an array has no index of MaxArraySize or above.
struct SlurmArray {
    std::size_t base;
    std::vector<std::size_t> points;
};

/// What squeue shows of one sweep.
struct SlurmQueue {
    std::set<std::string> jobs;
    std::set<std::size_t> points;
};

/// The points, as many arrays as it takes. `points` ascend, `size` is MaxArraySize.
[[nodiscard]] std::vector<SlurmArray> arrays_of(const std::vector<std::size_t>& points,
                                                std::size_t size);
/// The indices of an array for sbatch: "0-4,7".
[[nodiscard]] std::string indices_of(const SlurmArray& array);

/// MaxArraySize in what "scontrol show config" says; 0 where it says nothing of the kind.
[[nodiscard]] std::size_t max_array_size(std::string_view config);
/// The number of the job in what "sbatch --parsable" says; empty: it is none.
[[nodiscard]] std::string job_of(std::string_view answer);
/// Of lines "JOB INDEX NAME" those whose name is `name`, a dot and a base. Others are ignored.
[[nodiscard]] SlurmQueue queue_of(std::string_view lines, std::string_view name);

/// Runs one of Slurm's commands. What variables of the environment make squeue and scancel leave
/// out, and let sbatch wait, is none of a sweep's.
[[nodiscard]] CommandAnswer slurm(const std::vector<std::string>& words);

}  // namespace nvme_vp
