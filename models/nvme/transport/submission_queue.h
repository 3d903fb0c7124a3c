// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cstdint>

#include "models/nvme/spec/entries.h"
#include "models/nvme/transport/delayed_doorbell.h"
#include "models/nvme/transport/dma.h"

namespace nvme {

/// What was wrong with a doorbell write.
/// [NVMe-Base-2.0 5.2 Asynchronous Event Request command, Invalid Doorbell Write Value]
enum class DoorbellFault : std::uint8_t {
    kNone,
    kOutOfRange,  ///< not an index of the queue
    kOverrun,     ///< more entries than a submission queue has free or a completion queue holds
};

/// A submission queue in host memory. The host moves the tail by its doorbell, the controller moves
/// the head by fetching; empty when they are equal, full when the tail is one behind the head.
class SubmissionQueue {
public:
    struct Config {
        std::uint16_t id = 0;
        std::uint64_t base = 0;  ///< physically contiguous [CAP.CQR = 1]
        std::uint32_t size = 0;  ///< entries, 2 to 65,536
        std::uint16_t cqid = 0;
        std::uint8_t priority = 0;
    };
    explicit SubmissionQueue(const Config& config) : config_(config) {}

    [[nodiscard]] const Config& config() const { return config_; }
    [[nodiscard]] std::uint16_t id() const { return config_.id; }

    /// The host wrote `tail`; the controller sees it from `at` on. A faulty value changes nothing
    /// but stops the queue: it fetches no more until it is created anew.
    DoorbellFault ring(std::uint16_t tail, util::TimePs at);
    void update(util::TimePs now) { tail_.update(now); }
    [[nodiscard]] util::TimePs next_due() const { return tail_.next_due(); }

    /// Entries that may be fetched now.
    [[nodiscard]] std::uint32_t available() const {
        return stopped_ ? 0 : distance(head_, tail_.visible());
    }
    /// Reads up to `max` of the available entries from the one `ahead` of the head on into `out`
    /// (they do not wrap: fewer may come), without moving the head. `count` says how many.
    DmaResult read_ahead(Dma& dma, util::TimePs start, std::uint32_t ahead,
                         spec::SubmissionEntry* out, std::uint32_t max, std::uint32_t& count) const;
    DmaResult fetch(Dma& dma, util::TimePs start, spec::SubmissionEntry* out, std::uint32_t max,
                    std::uint32_t& count) const {
        return read_ahead(dma, start, 0, out, max, count);
    }
    void advance(std::uint32_t count) {
        head_ = (head_ + count) % config_.size;
        position_ += count;
    }

    [[nodiscard]] std::uint16_t head() const { return static_cast<std::uint16_t>(head_); }
    [[nodiscard]] std::uint16_t tail() const { return tail_.visible(); }
    /// The last tail that the host has written, seen or on its way.
    [[nodiscard]] std::uint16_t newest_tail() const { return tail_.newest(); }
    /// Entries that were fetched since the queue was created.
    [[nodiscard]] std::uint64_t position() const { return position_; }
    /// Entries that the host has announced and that are not fetched, seen or on their way.
    [[nodiscard]] std::uint32_t announced() const { return distance(head_, tail_.newest()); }
    /// The host has announced nothing that is not fetched.
    [[nodiscard]] bool drained() const { return tail_.newest() == head_; }
    void stop() { stopped_ = true; }
    [[nodiscard]] bool stopped() const { return stopped_; }

private:
    [[nodiscard]] std::uint32_t distance(std::uint32_t from, std::uint32_t to) const {
        return ring_distance(from, to, config_.size);
    }

    Config config_;
    std::uint32_t head_ = 0;
    std::uint64_t position_ = 0;
    DelayedDoorbell tail_;
    bool stopped_ = false;
};

}  // namespace nvme
