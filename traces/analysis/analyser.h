// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cstdint>
#include <map>

#include "models/observe/trace.h"
#include "traces/analysis/flights.h"
#include "traces/analysis/ledger.h"
#include "traces/analysis/life.h"
#include "traces/analysis/queue_clock.h"

namespace analysis {

/// Reconstructs commands, queues and load from the events of one controller, live or from a file.
/// Takes about 90 bytes a command, whatever else the trace holds.
class Analyser final : public observe::EveryEvent<Analyser>, private Ledger {
public:
    explicit Analyser(const Options& options = {});

    [[nodiscard]] bool wants_details() const override { return true; }
    template <typename E>
    void every(const E& e) {
        if (full()) return;
        began(e.ps);
        take(e);
    }

    /// All that follows from the events; no more may come.
    [[nodiscard]] Analysis finish();
    /// What follows from the events since the last call. More may come: commands in flight are told
    /// of again, in the part of the trace in which they complete. What the host does with
    /// completions of a part that is over is not known of them.
    [[nodiscard]] Analysis cut();

private:
    struct Submission {
        SubmissionClock clock;
        std::uint32_t in_flight = 0;
        util::TimePs arrived = 0;  ///< the entries of the last fetch
    };
    struct Completion {
        CompletionClock clock;
        std::uint16_t vector = 0;
        bool interrupts = true;
        std::uint64_t signalled = 0;
    };
    struct Flying {
        std::size_t command = 0;
        Life life{0};
        std::uint64_t buffers = 0;  ///< bytes
    };
    /// The level of a queue since a time.
    struct Level {
        std::uint32_t in_flight = 0;
        util::TimePs since = 0;
    };

    template <typename E>
    void take(const E&) {}
    void take(const observe::RegisterWrite& e);
    void take(const observe::Doorbell& e);
    void take(const observe::QueueChange& e);
    void take(const observe::CommandFetched& e);
    void take(const observe::CommandStepped& e);
    void take(const observe::DataBuffer& e);
    void take(const observe::CommandCompleted& e);
    void take(const observe::QueueLevels& e);
    void take(const observe::Interrupt& e);
    void take(const observe::IntxChange& e);
    void take(const observe::Reset& e);
    void take(const observe::DmaAccess& e);
    void take(const observe::LinkTransfer& e);
    void take(const observe::MediaAccess& e);
    void take(const observe::MediaBlock& e);
    void take(const observe::NandWork& e);
    void take(const observe::FreeBlocks& e);
    void take(const observe::StateChange& e) { marks_.record(e); }
    void take(const observe::AsyncEvent& e) { marks_.record(e); }
    void take(const observe::NamespaceChange& e) { marks_.record(e); }
    void take(const observe::PowerTransition& e) { marks_.record(e); }
    void take(const observe::HealthLevels& e) { marks_.record(e); }
    void take(const observe::FaultInjected& e) { marks_.record(e); }
    void take(const observe::LintFinding& e) { marks_.record(e); }
    void take(const observe::CommandRefused& e) { marks_.record(e); }
    void take(const observe::AccessRefused& e) { marks_.record(e); }

    [[nodiscard]] Flying* flying(std::uint32_t sqid, std::uint32_t cid);
    Flying& take_off(const Command& command);
    void follow_queue_command(const observe::CommandFetched& e);
    void use_shadow_doorbells();
    void interrupted(Completion& completion, util::TimePs at);

    std::map<std::uint16_t, Submission> submissions_;
    std::map<std::uint16_t, Completion> completions_;
    std::map<std::uint16_t, Level> levels_;
    Flights<Flying> flying_;                          // by queue << 16 | identifier
    util::TimePs media_asked_ = 0, media_until_ = 0;  // by the step that runs
    std::uint32_t admin_completion_size_ = 0;
    bool shadow_ = false;  // doorbells of I/O queues are in host memory
};

}  // namespace analysis
