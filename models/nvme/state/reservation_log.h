// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cstdint>
#include <deque>

#include "models/nvme/spec/reservations.h"

namespace nvme {

/// The queue behind the Reservation Notification log page of one controller: each read of the page
/// returns the oldest notification. [NVMe-Base-2.0 5.16.1 Log Specific Information, Reservation
/// Notification]
class ReservationLog {
public:
    /// More than that are lost; the number of the newest page tells how many.
    static constexpr std::size_t kCapacity = 64;

    /// `count`: how many notifications there were before.
    explicit ReservationLog(std::uint64_t count = 0) : count_(count) {}

    void add(spec::ReservationNotice type, std::uint32_t nsid) {
        if (++count_ == 0) count_ = 1;  // 0 is the number of the empty page
        if (pages_.size() == kCapacity) {
            pages_.back().lpc = count_;
            return;
        }
        spec::ReservationNotificationLog page{};
        page.lpc = count_;
        page.rnlpt = type;
        page.nsid = nsid;
        pages_.push_back(page);
    }
    [[nodiscard]] bool empty() const { return pages_.empty(); }
    /// The oldest page, or the empty one.
    [[nodiscard]] spec::ReservationNotificationLog oldest() const {
        if (pages_.empty()) return {};
        spec::ReservationNotificationLog page = pages_.front();
        static_assert(kCapacity <= 256, "NALP saturates at 255");
        page.nalp = static_cast<std::uint8_t>(pages_.size() - 1);
        return page;
    }
    void drop_oldest() {
        if (!pages_.empty()) pages_.pop_front();
    }
    /// Controller level reset.
    void reset() {
        pages_.clear();
        count_ = 0;
    }

private:
    std::deque<spec::ReservationNotificationLog> pages_;  // oldest first
    std::uint64_t count_;
};

}  // namespace nvme
