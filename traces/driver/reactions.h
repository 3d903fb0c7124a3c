// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cstdint>
#include <map>
#include <string>

#include "models/observe/trace.h"
#include "traces/driver/flight.h"

namespace driver {

/// Something that asks for an answer of the driver, as often as it happened. What happens again
/// before the answer is the same occasion.
class Occasion {
public:
    void happen(util::TimePs ps) {
        if (!open_) ++met_;
        open_ = true;
        last_ = ps;
    }
    void answer() {
        if (open_) ++answered_;
        open_ = false;
    }
    [[nodiscard]] std::uint64_t met() const { return met_; }
    [[nodiscard]] std::uint64_t answered() const { return answered_; }
    [[nodiscard]] bool open() const { return open_; }
    [[nodiscard]] util::TimePs last() const { return last_; }

private:
    std::uint64_t met_ = 0, answered_ = 0;
    util::TimePs last_ = 0;
    bool open_ = false;
};

/// What the driver did when something happened to it.
class Reactions {
public:
    template <typename E>
    void take(const E&) {}
    void take(const observe::StateChange& e);
    void take(const observe::RegisterRead& e);
    void take(const observe::Reset& e);
    void take(const observe::AsyncEvent& e);
    void take(const observe::NamespaceChange& e);
    void take(const observe::CommandFetched& e);
    void take(const observe::Doorbell& e);
    void take(const observe::FaultInjected& e);
    void take(const observe::DmaAccess& e);
    void take(const Landing& landing);

    // Events: the log page that says more is read.
    Occasion error_event, health_event, namespace_event, reservation_event;
    Occasion rescan;            ///< after a namespace event: namespaces are identified
    Occasion request_again;     ///< after an event: another request for events
    Occasion persistent_error;  ///< event; answered by a reset
    Occasion fatal;             ///< CSTS.CFS; answered by a reset
    Occasion abort_in_vain;     ///< Abort did not help; answered by a reset
    // Faults of a plan: the driver went on afterwards.
    Occasion lost_interrupt, extra_interrupt, slow_ready, gone, power_cut;

    std::uint64_t normal_shutdowns = 0, abrupt_shutdowns = 0, completed_shutdowns = 0;
    std::uint64_t awaited_shutdowns = 0;  ///< CSTS.SHST was read as complete
    std::uint64_t hasty = 0;              ///< the controller was disabled in the middle of one
    std::uint64_t power_offs = 0;         ///< while it was enabled, without a shutdown
    std::uint64_t lists = 0;              ///< accesses to PRP lists or SGL segments
    bool details = false;

private:
    void answer_resets();
    void read_log(const nvme::spec::SubmissionEntry& sqe);

    std::uint32_t cc_ = 0, csts_ = 0;
    bool awaited_ = false;
    util::TimePs fault_ps_ = util::kNever;
};

}  // namespace driver
