// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <algorithm>
#include <cstdint>
#include <map>

#include "traces/analysis/analysis.h"
#include "traces/analysis/mark_recorder.h"
#include "traces/analysis/resource_use.h"
#include "traces/analysis/time_series.h"
#include "traces/analysis/watched_file.h"

namespace analysis {

struct Options {
    /// Bytes of a logical block, for traces that do not hold the buffers of commands.
    std::uint32_t block_bytes = 512;
    std::size_t slowest = 20;
    /// Of a waveform of several controllers: the scope of the one that is meant. Empty: the first.
    std::string scope{};
    /// What comes when so many commands have been fetched is not told of: each takes some 150 bytes
    /// of memory.
    std::size_t most_commands = kMostCommands;
    ReadingProgress progress{};

    static constexpr std::size_t kMostCommands = 10'000'000;
};

/// What has been learned of a controller so far, whatever it was read from, and what follows from
/// it in the end. Whoever reads is a class that keeps this one.
class Ledger {
public:
    explicit Ledger(const Options& options) : options_(options), marks_(result_) {}
    Ledger(const Ledger&) = delete;
    Ledger& operator=(const Ledger&) = delete;

protected:
    ~Ledger() = default;

    /// There are as many commands as may be. Whoever reads passes over the rest.
    [[nodiscard]] bool full() const { return result_.commands.size() >= options_.most_commands; }
    /// Something has happened.
    void began(util::TimePs ps) {
        if (result_.events++ == 0) result_.begin_ps = ps;
        result_.end_ps = std::max(result_.end_ps, ps);
    }
    /// Time since the begin of the trace.
    [[nodiscard]] util::TimePs since_begin(util::TimePs ps) const {
        return ps < result_.begin_ps ? 0 : std::min(ps - result_.begin_ps, util::kNever / 2);
    }
    /// A command has been fetched. Returns its index.
    std::size_t begin_command(const Command& command);
    /// It has its end and its status. `buffers`: its bytes, if buffers_ says that these are known.
    void end_command(Command& command, std::uint64_t buffers);
    /// All that follows; nothing more may come, but after begin_anew().
    [[nodiscard]] Analysis close();
    /// Nothing has happened, and a trace begins at `now`.
    void begin_anew(util::TimePs now);

    const Options options_;
    Analysis result_;
    MarkRecorder marks_;
    bool buffers_ = false;  ///< the buffers of commands are known

    TimeSeries ended_, read_, written_, depth_, rung_, signalled_, levels_over_time_;
    LinkUse up_, down_;
    MediaUse media_;
    DecoderUse decoder_;
    UnitsUse channels_, dies_;

private:
    void make_phases();
    void make_series();
    void make_use();
    void make_little();
};

}  // namespace analysis
