// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <optional>
#include <vector>

#include "models/nvme/spec/registers.h"
#include "models/observe/trace.h"

namespace nvme::test {

/// Keeps the events that tests ask about, in the order in which they happened.
class TraceRecorder final : public observe::TraceSink {
public:
    std::vector<observe::Doorbell> doorbells;
    std::vector<observe::CommandFetched> fetched;
    std::vector<observe::CommandCompleted> completed;
    std::vector<observe::Interrupt> interrupts;
    std::vector<observe::StateChange> states;
    std::vector<observe::PowerTransition> powers;
    std::vector<observe::HealthLevels> healths;
    std::vector<observe::FaultInjected> faults;

    void record(const observe::Doorbell& e) override { doorbells.push_back(e); }
    void record(const observe::CommandFetched& e) override { fetched.push_back(e); }
    void record(const observe::CommandCompleted& e) override { completed.push_back(e); }
    void record(const observe::Interrupt& e) override { interrupts.push_back(e); }
    void record(const observe::StateChange& e) override { states.push_back(e); }
    void record(const observe::PowerTransition& e) override { powers.push_back(e); }
    void record(const observe::HealthLevels& e) override { healths.push_back(e); }
    void record(const observe::FaultInjected& e) override { faults.push_back(e); }

    void clear() { *this = TraceRecorder{}; }
    /// When CSTS, masked, first took on the value.
    [[nodiscard]] std::optional<util::TimePs> when(std::uint32_t mask, std::uint32_t value) const {
        for (const auto& s : states)
            if ((s.csts & mask) == value) return s.ps;
        return std::nullopt;
    }
};

}  // namespace nvme::test
