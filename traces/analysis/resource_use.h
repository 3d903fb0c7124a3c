// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cstdint>
#include <functional>
#include <queue>
#include <vector>

#include "models/util/time.h"
#include "traces/analysis/time_series.h"

namespace analysis {

/// One direction of the link. A trace says when a transfer is done, not how long the wire had it:
/// what no transfer of this size took less than, beside the one before it, is taken for that.
class LinkUse {
public:
    void transfer(util::TimePs start, util::TimePs done, std::uint64_t bytes);
    [[nodiscard]] const TimeSeries& busy() const { return busy_; }

private:
    util::TimePs last_done_ = 0;
    double ps_per_byte_ = 0;  // the least that was seen; 0: nothing was
    TimeSeries busy_;         // ps
};

/// The accesses of the media: how many are under way.
class MediaUse {
public:
    /// One that is told of at `told`, and begins then or later.
    void access(util::TimePs told, util::TimePs begin, util::TimePs end);
    /// So many are under way from `begin` to `end`: for who knows this, but not each of them.
    void level(util::TimePs begin, util::TimePs end, std::size_t under_way);
    /// No more will be told.
    void finish() { pass(util::kNever); }
    [[nodiscard]] const TimeSeries& busy() const { return busy_; }
    /// That were under way at one time; of all accesses after finish().
    [[nodiscard]] std::size_t most() const { return most_; }

private:
    /// One begins, or ends.
    struct Edge {
        util::TimePs at;
        bool begins;
        bool operator>(const Edge& other) const { return at > other.at; }
    };
    void pass(util::TimePs until);

    // Accesses begin in another order than they are told in: what is to come waits.
    std::priority_queue<Edge, std::vector<Edge>, std::greater<>> edges_;
    std::size_t under_way_ = 0, most_ = 0;
    TimeSeries busy_;  // access * ps
};

/// The core that decodes commands: each takes what the fastest of them took.
class DecoderUse {
public:
    void decoded(util::TimePs at, util::TimePs took);
    [[nodiscard]] const TimeSeries& commands() const { return commands_; }
    [[nodiscard]] util::TimePs least() const { return least_; }

private:
    util::TimePs least_ = util::kNever;
    TimeSeries commands_;
};

/// Channels, or dies, of the flash: how long each is busy.
class UnitsUse {
public:
    /// Of more there is nothing: a trace may say anything.
    static constexpr std::uint32_t kMost = 4096;

    /// There are so many.
    void expect(std::uint32_t units);
    void work(std::uint32_t unit, util::TimePs begin, util::TimePs end);
    /// Of the time, by number; without expect() up to the last that was ever busy.
    [[nodiscard]] std::vector<double> between(util::TimePs begin, util::TimePs end) const;

private:
    std::vector<TimeSeries> units_;  // ps
};

}  // namespace analysis
