// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "models/util/time.h"
#include "platform/workload/io_request.h"

namespace platform {

/// Which requests a job makes (the key "rw"). trim excludes read and write.
struct Pattern {
    std::string_view name = "read";
    bool random = false;
    bool reads = true;
    bool writes = false;
    bool trims = false;

    [[nodiscard]] bool uses(Op op) const {
        return (op == Op::kRead && reads) || (op == Op::kWrite && writes) ||
               (op == Op::kTrim && trims);
    }
    [[nodiscard]] bool mixed() const { return reads && writes; }
};

/// An amount of bytes, fixed or as a share of something that only the device decides.
struct Amount {
    enum class Kind : std::uint8_t { kUnset, kBytes, kPercent };
    Kind kind = Kind::kUnset;
    std::uint64_t value = 0;

    [[nodiscard]] bool set() const { return kind != Kind::kUnset; }
};

/// One value each for reads, writes and trims; indexed with index_of(op).
template <typename T>
using PerDirection = std::array<T, 3>;

/// One [section] of a job file with all defaults filled in. The names and meanings are fio's, the
/// option table (job_options.h) documents them; time is simulated time in ps.
struct Job {
    std::string name;
    std::string description;
    std::vector<std::string> filenames;  ///< of [global] and of the section, in their order
    unsigned line = 0;                   ///< of the section header

    Pattern pattern;
    unsigned read_percent = 50;
    PerDirection<std::uint32_t> block_size{4096, 4096, 4096};
    bool norandommap = false;
    std::uint64_t randseed = 0x89;

    Amount offset;
    Amount offset_increment;
    Amount size;     ///< unset: to the end of the namespace
    Amount io_size;  ///< unset: as much as the region is large
    std::uint64_t number_ios = 0;
    std::uint64_t loops = 1;

    unsigned iodepth = 1;
    unsigned numjobs = 1;
    PerDirection<std::uint64_t> rate_iops{0, 0, 0};
    util::TimePs thinktime = 0;
    util::TimePs runtime = 0;
    bool time_based = false;

    std::uint64_t fsync = 0;
    std::uint64_t fdatasync = 0;
    bool end_fsync = false;

    bool verify = false;
    bool do_verify = true;
    bool verify_fatal = false;

    bool stonewall = false;
    /// Jobs of one wave run at the same time; a wave starts when the one before has ended.
    unsigned wave = 0;

    unsigned kb_base = 1024;

    /// Smallest and largest block size of the directions that the pattern uses.
    [[nodiscard]] std::uint32_t smallest_block() const;
    [[nodiscard]] std::uint32_t largest_block() const;
};

/// One mistake in a job file.
struct JobFileError {
    unsigned line = 0;
    std::string key;
    std::string value;
    std::string problem;
    std::string allowed;  ///< what could stand there instead; may be empty

    /// "job.fio:7: bs=4x: 'x' is not a unit; allowed: ..."
    [[nodiscard]] std::string text(std::string_view file_name) const;
};

struct JobFile {
    std::string file_name;
    std::vector<Job> jobs;             ///< complete only when there are no errors
    std::vector<JobFileError> errors;  ///< all of them, in the order of the lines

    [[nodiscard]] bool ok() const { return errors.empty(); }
    [[nodiscard]] std::vector<std::string> messages() const;
};

/// Reads a fio job file: sections, [global] (for the sections below it), comments from ';' or '#'
/// to the end of the line, "key=value" with blanks allowed around both. A key that is neither
/// supported nor harmless is an error. The text may be any bytes. `instead`: options that every
/// section has instead of its own, key=value separated by blanks.
[[nodiscard]] JobFile parse_job_file(std::string_view text, std::string_view file_name,
                                     std::string_view instead = {});

}  // namespace platform
