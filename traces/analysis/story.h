// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cstdint>
#include <string>
#include <unordered_map>
#include <vector>

#include "models/observe/trace.h"
#include "traces/analysis/analysis.h"

namespace analysis {

/// The slowest I/O commands of a trace, the slowest first; equal ones in the order of fetch.
[[nodiscard]] std::vector<std::size_t> slowest_of(const Analysis& analysis, std::size_t most);

/// "Read of namespace 1, 8 blocks at 4711, command 3 of queue 1"
[[nodiscard]] std::string describe(const Command& command);

/// Tells what happened to the slowest commands, from a second reading of the trace.
class Storyteller final : public observe::EveryEvent<Storyteller> {
public:
    Storyteller(const Analysis& analysis, std::size_t most);

    [[nodiscard]] bool wants_details() const override { return true; }
    template <typename E>
    void every(const E& e) {
        hear(e);
    }

    [[nodiscard]] std::vector<Story> finish();

private:
    template <typename E>
    void hear(const E&) {}
    void hear(const observe::CommandStepped& e);
    void hear(const observe::CommandRefused& e);
    void hear(const observe::DmaAccess& e);
    void hear(const observe::MediaAccess& e);
    void hear(const observe::MediaBlock& e);
    void hear(const observe::FaultInjected& e);

    [[nodiscard]] Story* story_of(std::uint32_t sqid, std::uint32_t cid, util::TimePs ps);
    void tell_ends(Story& story) const;

    const Analysis& analysis_;
    std::vector<Story> stories_;
    std::unordered_multimap<std::uint32_t, std::size_t> by_command_;  // queue << 16 | identifier
    observe::MediaAccess media_{};                                    // the last
};

}  // namespace analysis
