// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cstdint>

#include "models/nvme/spec/entries.h"
#include "models/nvme/transport/delayed_doorbell.h"
#include "models/nvme/transport/dma.h"
#include "models/nvme/transport/submission_queue.h"

namespace nvme {

/// A completion queue in host memory. The controller moves the tail by posting, the host moves the
/// head by its doorbell. The phase tag starts at 1 and flips each time the tail wraps.
class CompletionQueue {
public:
    /// What one completion costs the link: its entry and the MSI-X message behind it.
    static constexpr std::size_t kLinkBytes = sizeof(spec::CompletionEntry) + 4;

    struct Config {
        std::uint16_t id = 0;
        std::uint64_t base = 0;   ///< physically contiguous [CAP.CQR = 1]
        std::uint32_t size = 0;   ///< entries, 2 to 65,536
        bool interrupts = false;  ///< IEN
        std::uint16_t vector = 0;
    };
    explicit CompletionQueue(const Config& config) : config_(config) {}

    [[nodiscard]] const Config& config() const { return config_; }
    [[nodiscard]] std::uint16_t id() const { return config_.id; }

    /// The host wrote `head`. Faults leave the head where it was.
    DoorbellFault ring(std::uint16_t head, util::TimePs at);
    void update(util::TimePs now) { head_.update(now); }
    [[nodiscard]] util::TimePs next_due() const { return head_.next_due(); }

    [[nodiscard]] bool full() const { return used() == config_.size - 1; }
    /// Entries that the host has not yet acknowledged by its doorbell.
    [[nodiscard]] std::uint32_t used() const { return distance(head_.visible(), tail_); }

    /// Writes one entry with the current phase and moves the tail. The caller has checked full().
    /// False: the queue's memory cannot be written.
    [[nodiscard]] bool post(Dma& dma, spec::CompletionEntry entry);

    /// Nothing was posted to it yet.
    [[nodiscard]] bool fresh() const { return fresh_; }
    /// Of a fresh queue: entries that the host will take for new ones, as far as its memory can be
    /// seen.
    [[nodiscard]] std::uint32_t stale_entries(Dma& dma) const;

    [[nodiscard]] std::uint16_t head() const { return head_.visible(); }
    /// The last head that the host has written, seen or on its way.
    [[nodiscard]] std::uint16_t newest_head() const { return head_.newest(); }
    [[nodiscard]] std::uint16_t tail() const { return static_cast<std::uint16_t>(tail_); }
    [[nodiscard]] bool phase() const { return phase_; }

private:
    [[nodiscard]] std::uint32_t distance(std::uint32_t from, std::uint32_t to) const {
        return ring_distance(from, to, config_.size);
    }

    Config config_;
    DelayedDoorbell head_;
    std::uint32_t tail_ = 0;
    bool phase_ = true;
    bool fresh_ = true;
};

}  // namespace nvme
