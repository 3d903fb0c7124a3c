// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "models/observe/command_events.h"
#include "models/observe/device_events.h"
#include "models/observe/transfer_events.h"
#include "models/observe/vcd/vcd_ring.h"
#include "models/observe/vcd/vcd_scope.h"
#include "models/observe/vcd/vcd_slots.h"

namespace observe {

/// Queue pairs of one controller: the submission and the completion queue of each identifier, what
/// the host and the controller do to their ends, and the commands in between.
class VcdQueues final : public VcdAlarm {
public:
    /// Identifiers 0 to `io_queues` are shown; each has `slots` lanes, the admin queue 8 at most.
    VcdQueues(const VcdScope& scope, std::size_t io_queues, std::size_t slots);

    void record(const RegisterWrite& e);
    void record(const Doorbell& e);
    void record(const QueueChange& e);
    void record(const CommandFetched& e);
    void record(const CommandStepped& e);
    void record(const CommandCompleted& e);
    void record(const QueueLevels& e);
    void record(const DmaAccess& e);
    /// A controller that is not ready has no I/O queues, and its admin queues are empty.
    void record(const StateChange& e);

    /// A doorbell that a fault plan has delayed arrives.
    void due(std::uint64_t payload) override;

private:
    static constexpr std::size_t kMostAdminSlots = 8;

    struct Pair {
        Pair(const VcdScope& scope, std::size_t lanes);
        VcdSignal sq_doorbell, sq_tail, sq_head, sq_size, in_flight, waiting;
        VcdSignal cq_doorbell, cq_tail, cq_head, cq_size;
        VcdRing tail, head;
        VcdSlots slots;
    };

    [[nodiscard]] Pair* find(std::uint16_t qid) {
        return qid < pairs_.size() ? pairs_[qid].get() : nullptr;
    }
    void write_doorbell(const Doorbell& e);
    void begin_admin();
    void begin_sq(Pair& pair, std::uint32_t entries);
    void begin_cq(Pair& pair, std::uint32_t entries);
    void consumed(std::uint16_t cqid);

    VcdWriter& writer_;
    std::vector<std::unique_ptr<Pair>> pairs_;  // index QID
    VcdSignal rejected_;
    std::uint32_t aqa_ = 0;
};

}  // namespace observe
