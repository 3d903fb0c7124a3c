// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cstdint>
#include <string>
#include <vector>

#include "platform/workload/job_file.h"

namespace platform {

/// One clone of a job on a real namespace: all amounts are bytes, all conflicts are excluded. A
/// clone of a job that works on several namespaces is as many of these, side by side.
struct JobInstance {
    Job job;                 ///< without its filenames and options
    std::string name;        ///< the job's, with ".N" for the clones of numjobs
    unsigned job_index = 0;  ///< position of the job in the file
    unsigned clone = 0;      ///< 0 to numjobs - 1
    unsigned region = 0;     ///< position of its namespace among those of the job
    std::uint64_t offset = 0;
    std::uint64_t size = 0;  ///< of the region, from offset; at least the largest block
    /// To transfer in one loop, in all regions of the clone; at least the smallest block.
    std::uint64_t io_size = 0;
    /// Of all that is random in this instance; also identifies its data in verification headers.
    std::uint64_t seed = 0;
};

/// What a job runs on.
struct JobMedium {
    std::uint64_t capacity = 0;       ///< bytes
    std::uint32_t block_bytes = 512;  ///< of a logical block
    unsigned place = 0;               ///< jobs with the same one share the bytes
    /// A size that reaches beyond the end ends there, as fio has it on a block device.
    bool cut = false;
};
/// One for each of the namespaces of a job.
using JobMedia = std::vector<JobMedium>;

struct JobPlan {
    std::vector<JobInstance> instances;  ///< in file order, so the waves ascend
    std::vector<std::string> errors;     ///< each begins "job.fio:<line>: [<job>]: "
    std::vector<std::string> notes;      ///< so do these: sizes that were cut

    [[nodiscard]] bool ok() const { return errors.empty(); }
};

/// Of the namespace that a job file without any other needs: as far as the regions reach whose
/// sizes it gives in bytes; 0: it gives none. No more than kMostJobBytes + 1.
inline constexpr std::uint64_t kMostJobBytes = std::uint64_t{1} << 50;
[[nodiscard]] std::uint64_t bytes_of(const JobFile& file);

/// Fits jobs to namespaces, each to those at the job's place in `media`. Several namespaces of a
/// job share its size and its io_size; without a size, and with a size in percent, each is used as
/// if it were the only one; offsets hold in each. [fio 3.33 fio(1) size, filename] Errors: a region
/// that reaches beyond the end or is smaller than a block, unaligned block sizes or offsets, more
/// to remember than the host should be asked for (4 GiB), and regions in which one running job
/// verifies what another one changes. fio leaves the last to its user; here it is an error, because
/// the result would depend on who comes first.
///
/// Clones of a job that writes and verifies get regions of their own, one after another, unless
/// offset_increment says otherwise (fio does the same when no file name is given).
[[nodiscard]] JobPlan plan_jobs(const JobFile& file, const std::vector<JobMedia>& media);
/// All jobs on one namespace.
[[nodiscard]] JobPlan plan_jobs(const JobFile& file, std::uint64_t capacity,
                                std::uint32_t block_bytes);

}  // namespace platform
