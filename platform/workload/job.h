// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "models/util/time.h"
#include "platform/workload/block_sizes.h"
#include "platform/workload/io_request.h"
#include "platform/workload/offset_distribution.h"
#include "platform/workload/verify_kind.h"

namespace platform {

/// Which requests a job makes (the key "rw"). Trims come alone, or each before a write to the same
/// place.
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
    [[nodiscard]] bool trims_before_writes() const { return trims && writes; }
    [[nodiscard]] bool only_trims() const { return trims && !writes; }
};

/// An amount of bytes, fixed or as a share of something that only the device decides.
struct Amount {
    enum class Kind : std::uint8_t { kUnset, kBytes, kPercent };
    Kind kind = Kind::kUnset;
    std::uint64_t value = 0;

    [[nodiscard]] bool set() const { return kind != Kind::kUnset; }
};

/// One [section] of a job file with all defaults filled in. The names and meanings are fio's, the
/// option table (job_options.h) documents them; time is simulated time in ps.
struct Job {
    std::string name;
    std::string description;
    std::vector<std::string> filenames;  ///< of [global] and of the section, in their order
    unsigned line = 0;                   ///< of the section header

    Pattern pattern;
    unsigned read_percent = 50;
    /// Of a random pattern: one draw, then so many requests less one that follow it.
    std::uint64_t random_run = 1;
    enum class Sequencer : std::uint8_t { kSequential, kIdentical };
    Sequencer sequencer = Sequencer::kSequential;
    /// Of a sequential pattern: bytes between the end of a request and the next; may be negative.
    std::int64_t sequential_step = 0;
    PerDirection<unsigned> random_percent{100, 100, 100};

    /// The smallest request of each direction, which is the only one unless one of the next two
    /// says more.
    PerDirection<std::uint32_t> block_size{4096, 4096, 4096};
    PerDirection<std::uint32_t> range_end{0, 0, 0};  ///< bsrange; 0: none
    PerDirection<SizeShares> split;                  ///< bssplit; empty: none
    PerDirection<std::uint32_t> align{0, 0, 0};      ///< of random places; 0: the smallest request
    bool norandommap = false;
    OffsetDistribution distribution;
    std::uint64_t randseed = 0x89;

    Amount offset;
    Amount offset_increment;
    Amount size;     ///< unset: to the end of the namespace
    Amount io_size;  ///< unset: as much as the region is large
    std::uint64_t number_ios = 0;
    std::uint64_t loops = 1;
    std::uint64_t zone_size = 0, zone_range = 0, zone_skip = 0;  ///< strided zones; 0: none
    bool no_zones = false;  ///< zonemode=none, whatever else is said of zones

    unsigned iodepth = 1;
    /// Of fio, where it is one that waits for each request; empty: it is none.
    std::string waiting_engine;
    bool offload = false;     ///< threads of fio issue the requests: even such engines have several
    unsigned depth_low = 0;   ///< a full queue is left to drain to this; 0: it is not
    unsigned batch = 0;       ///< commands that one doorbell announces at most; 0: no limit
    unsigned batch_done = 1;  ///< completions that a full queue waits for together
    unsigned numjobs = 1;
    bool polled = false;  ///< its completion queue has no interrupt
    /// Of its submission queue, with weighted round robin.
    enum class Priority : std::uint8_t { kUrgent, kHigh, kMedium, kLow };
    std::optional<Priority> priority;
    bool weighted = false;  ///< asks for weighted round robin, which needs a priority
    PerDirection<std::uint64_t> rate_iops{0, 0, 0};
    PerDirection<std::uint64_t> rate_bytes{0, 0, 0};  ///< per second
    bool poisson = false;
    std::uint64_t flow = 0;  ///< the job's share of the requests of its flow group; 0: none
    std::uint64_t flow_group = 0;
    util::TimePs flow_sleep = 0;  ///< 0: a microsecond

    util::TimePs thinktime = 0;
    std::uint64_t thinktime_blocks = 0;  ///< 0: 1, or with an iotime no limit
    util::TimePs thinktime_iotime = 0;
    util::TimePs start_delay = 0, start_delay_most = 0;
    util::TimePs ramp_time = 0;
    util::TimePs runtime = 0;  ///< after ramp_time
    bool time_based = false;

    std::uint64_t fsync = 0;
    std::uint64_t fdatasync = 0;
    bool end_fsync = false;
    bool force_unit_access = false;  ///< of writes

    bool verify = false;
    bool verify_chosen = false;  ///< by the key verify
    VerifyKind verify_kind = VerifyKind::kCrc32c;
    std::vector<std::uint8_t> verify_pattern;  ///< repeated; empty: none
    std::uint32_t verify_interval = 0;         ///< bytes of a checkable block; 0: of a request
    std::uint64_t verify_backlog = 0;          ///< writes until a read-back; 0: at the end
    bool do_verify = true;
    bool verify_fatal = false;

    bool stonewall = false;
    std::string wait_for;  ///< the name of a job above; empty: none
    bool exit_all = false;
    enum class ExitWhat : std::uint8_t { kGroup, kStonewall, kAll };
    ExitWhat exit_what = ExitWhat::kGroup;
    /// Jobs of one wave run at the same time; a wave starts when the one before has ended.
    unsigned wave = 0;

    bool group_reporting = false;
    bool new_group = false;
    /// Jobs of one group are reported together; one starts with a stonewall or new_group.
    unsigned group = 0;
    bool stats = true;             ///< it is in fio's report
    bool lat_percentiles = false;  ///< fio's report has those of the whole latency, too
    /// Keys and values of the section, as they are written, for reports.
    std::vector<std::pair<std::string, std::string>> options;
    std::vector<double> percentiles;        ///< that reports list; empty: those that fio lists
    std::string bw_log, lat_log, iops_log;  ///< the beginnings of their names; empty: none
    util::TimePs log_average = 0;           ///< over this time; 0: each request
    bool log_offset = false;

    unsigned kb_base = 1024;

    /// Smallest and largest block size of the directions that the pattern uses.
    [[nodiscard]] std::uint32_t smallest_block() const;
    [[nodiscard]] std::uint32_t largest_block() const;
    [[nodiscard]] std::uint32_t largest_block(Op op) const;
};

}  // namespace platform
