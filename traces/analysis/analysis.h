// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <array>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "models/util/time.h"
#include "traces/analysis/command.h"
#include "traces/analysis/time_series.h"

/// What can be said of a trace: what `nvme-trace report` shows.
namespace analysis {

/// A submission queue and the completion queue that it uses.
struct QueueFacts {
    std::uint16_t sqid = 0;
    std::optional<std::uint16_t> cqid;  ///< nothing: not in the trace
    std::uint32_t size = 0;             ///< entries; 0: not in the trace
    std::uint64_t commands = 0, doorbells = 0;
    std::uint32_t most_in_flight = 0;
    std::optional<std::uint64_t> interrupts;  ///< of its completion queue's vector
};

struct Mark {
    util::TimePs ps;
    std::string kind, text;
};

/// What the lint has found in the driver.
struct Finding {
    util::TimePs ps;
    std::string rule;
    std::int64_t queue;  ///< -1: of none
    std::string text;
};

struct Phase {
    std::string name;
    util::TimePs begin_ps, end_ps;
};

/// Commands that have something in common.
struct Group {
    std::string by, key;
    std::uint64_t count = 0, errors = 0, bytes = 0;
    util::TimePs min_ps = 0, max_ps = 0;
    double mean_ns = 0;
    std::array<util::TimePs, 5> percentiles{};    ///< kPercentiles
    std::array<double, kStages> stage_mean_ns{};  ///< below 0: not known of any
    std::vector<double> edges_ns;                 ///< one more than counts
    std::vector<std::uint64_t> counts;
};
inline constexpr std::array<double, 5> kPercentiles{50, 90, 99, 99.9, 99.99};

/// Mean depth = rate of completions * mean latency, where a system is in balance.
struct Little {
    double mean_depth = 0;  ///< from the levels of the queues
    double iops = 0, mean_latency_ns = 0, product = 0;
    double off_by = 0;  ///< of the product, relative to the depth
};

/// Where the time of I/O commands goes while there are any, as fractions of 1; below 0: not known.
struct Use {
    double link_up = -1, link_down = -1, decoder = -1;
    double media = -1;  ///< accesses under way, of the most that there were at one time
    double media_accesses = 0, most_media_accesses = 0;
    std::vector<double> channels, dies;  ///< of the flash, by number; empty: not known
};

struct StoryLine {
    util::TimePs ps;
    std::string text;
};
struct Story {
    std::size_t index;  ///< of the command
    std::vector<StoryLine> lines;
};

struct Analysis {
    std::string file;
    std::string note;      ///< what is wrong with the trace, or was assumed
    bool complete = true;  ///< false: something of the trace is missing
    bool details = false;  ///< it was written with trace_detail = all
    util::TimePs begin_ps = 0, end_ps = 0;
    std::uint64_t events = 0;

    std::vector<Command> commands;  ///< in the order of fetch
    std::map<std::uint16_t, QueueFacts> queues;
    std::vector<Group> groups;
    Series series;
    std::vector<Mark> marks;
    std::uint64_t marks_left_out = 0;
    std::vector<Finding> findings;
    std::vector<Phase> phases;
    Little little;
    Use use;
    std::string limits;
    std::vector<Story> slowest;
};

/// The group of all I/O commands. Null: there are none.
[[nodiscard]] const Group* all_io(const Analysis& analysis);
[[nodiscard]] const Phase* phase(const Analysis& analysis, std::string_view name);

}  // namespace analysis
