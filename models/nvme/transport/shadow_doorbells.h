// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cstddef>
#include <cstdint>
#include <vector>

#include "models/nvme/transport/dma.h"

namespace nvme {

/// Doorbells in host memory, as Doorbell Buffer Config sets them up: the host writes the Shadow
/// Doorbell buffer, and rings the real doorbell only when that moves the value past what stands in
/// the EventIdx buffer. [NVMe-Base-2.0 5.8 Doorbell Buffer Config command, B.5 Updating Controller
/// Doorbell Properties using a Shadow Doorbell Buffer]
///
/// A doorbell is known by its place among the doorbells of BAR 0, which is also its place in both
/// buffers (CAP.DSTRD = 0). Each is looked at when something says that it may have moved, never
/// while completions are written.
///
/// The value that a real doorbell is rung with counts until the host is seen to use the shadow:
/// drivers that share their I/O queues' doorbells do not always share the admin queue's. From then
/// on it only says "look": it may be older than what was read from memory already.
class ShadowDoorbells {
public:
    /// `queues`: I/O queues of each kind that the controller can have.
    ShadowDoorbells(Dma& dma, std::uint32_t queues);

    static constexpr std::size_t tail_of(std::uint16_t sqid) { return 2u * sqid; }
    static constexpr std::size_t head_of(std::uint16_t cqid) { return 2u * cqid + 1u; }
    /// Each buffer is one memory page, whatever its size: the doorbells must fit the smallest.
    static constexpr bool fit(std::uint32_t queues) { return 8u * (queues + 1u) <= 4096u; }

    [[nodiscard]] bool active() const { return active_; }

    /// Both buffers are filled with `values`, those of the doorbells from the first on, and are
    /// used from now on. When one of them cannot be written, what was there before stays.
    enum class Configured : std::uint8_t { kDone, kNoShadow, kNoEventIdx };
    [[nodiscard]] Configured configure(std::uint64_t shadow, std::uint64_t event_idx,
                                       const std::vector<std::uint32_t>& values);
    /// A queue begins: its doorbell is 0 in both buffers. False: they cannot be written.
    [[nodiscard]] bool clear(std::size_t doorbell);
    /// A queue ends. A look at its doorbell that is under way finds nothing.
    void forget(std::size_t doorbell);
    /// A reset: the buffers are the host's alone again.
    void drop();

    /// The real doorbell was rung; the controller notices at `at`. True: its value is not what
    /// counts, the shadow is.
    bool kick(std::size_t doorbell, util::TimePs at);
    /// Look at the doorbell when `at` has come.
    void look_at(std::size_t doorbell, util::TimePs at);
    /// When to look; kNever while the host is bound to ring.
    [[nodiscard]] util::TimePs next_look(std::size_t doorbell) const {
        return active_ ? slots_[doorbell].look : util::kNever;
    }
    /// The host rings the real doorbell when it moves the shadow on from `value`.
    [[nodiscard]] bool announced(std::size_t doorbell, std::uint16_t value) const {
        return slots_[doorbell].lost || slots_[doorbell].event_idx == value;
    }

    struct Look {
        enum class Kind : std::uint8_t { kSame, kMoved, kFailed };
        Kind kind = Kind::kSame;
        std::uint16_t value = 0;  ///< kMoved: what the host wrote
        util::TimePs at = 0;      ///< kMoved: when the controller has it
        std::uint64_t gpa = 0;    ///< kFailed: what could not be reached
    };
    /// Reads the shadow of a doorbell whose newest known value is `current`. With `announce`, a
    /// host that has not moved it is asked to ring when it does. After kFailed, and unless the gate
    /// was closed, the doorbell is back at BAR 0.
    Look look(std::size_t doorbell, std::uint16_t current, bool announce, util::TimePs now);
    /// The look could not be taken because nothing may leave now: take it later.
    void look_again(std::size_t doorbell) {
        slots_[doorbell].lost = false;
        slots_[doorbell].look = 0;
    }

private:
    struct Slot {
        util::TimePs look = util::kNever;
        std::uint16_t seen = 0;       // what the shadow buffer was last known to hold
        std::uint16_t event_idx = 0;  // what the EventIdx buffer holds
        bool hosts = false;           // the host has written the shadow
        bool lost = false;            // the buffers cannot be reached
    };
    /// False: what the look was about has changed while it waited; it will be taken again.
    [[nodiscard]] bool valid(std::size_t doorbell, std::uint32_t generation);
    Look read(std::size_t doorbell, util::TimePs now);
    [[nodiscard]] bool write(std::uint64_t buffer, std::size_t doorbell, std::uint32_t value,
                             util::TimePs now);
    Look failed(std::size_t doorbell, std::uint64_t buffer);

    Dma& dma_;
    std::vector<Slot> slots_;
    std::uint64_t shadow_ = 0, event_idx_ = 0;
    std::uint32_t generation_ = 0;  // changes when the buffers do, or who uses them
    bool active_ = false;
};

}  // namespace nvme
