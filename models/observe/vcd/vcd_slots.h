// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "models/observe/command_events.h"
#include "models/observe/vcd/vcd_scope.h"
#include "models/observe/vcd/vcd_steps.h"

namespace observe {

/// Commands of one submission queue, each in a lane of its own from the doorbell until the host has
/// taken its completion. There are as many lanes as were asked for; what finds none is only
/// counted. Nothing is allocated after the construction, whatever the host does.
class VcdSlots final : public VcdAlarm {
public:
    /// `scope`: of the queue.
    VcdSlots(const VcdScope& scope, std::size_t lanes);

    /// The host has told of `count` entries.
    void submit(std::uint32_t count);
    /// What is fetched now arrives then.
    void arrive(util::TimePs at) { arrival_ = at; }
    void record(const CommandFetched& e);
    void record(const CommandStepped& e);
    void record(const CommandCompleted& e);
    /// The host has taken the completions in this queue.
    void release_completed(std::uint16_t cqid);
    /// The queue is gone.
    void forget();

    /// The time of a step that was known before has come.
    void due(std::uint64_t payload) override;

private:
    static constexpr std::uint32_t kNoCid = 0xffff'ffff;
    static constexpr std::size_t kHints = 256;
    struct Lane {
        VcdSignal step, opcode, cid, nsid, lba, blocks, status;
        std::uint32_t id = kNoCid;  // the command's, once it is known
        VcdStep now = VcdStep::kNone;
        std::uint8_t code = 0;
        std::uint16_t cqid = 0;
        std::uint32_t changes = 0;  // of `now`
    };

    void show(Lane& lane, VcdStep step);
    void show_at(util::TimePs at, Lane& lane, VcdStep step);
    void free(Lane& lane);
    [[nodiscard]] Lane* find(std::uint16_t cid);
    [[nodiscard]] Lane* find_free();
    void place_waiting();
    [[nodiscard]] Lane* next_fetched();

    VcdWriter& writer_;
    VcdSignal without_lane_;
    std::vector<Lane> lanes_;
    std::vector<std::uint16_t> queue_;  // ring: lanes that wait to be fetched, the oldest first
    std::size_t first_ = 0, waiting_ = 0;
    util::TimePs arrival_ = 0;
    std::uint32_t unplaced_ = 0;                 // wait to be fetched behind those, without a lane
    std::size_t ended_ = 0;                      // lanes in VcdStep::kInterrupt
    std::array<std::uint16_t, kHints> hints_{};  // where a command was found, by its identifier
};

}  // namespace observe
