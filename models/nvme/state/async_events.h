// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cstdint>
#include <deque>
#include <optional>
#include <set>
#include <vector>

#include "models/nvme/spec/admin_commands.h"
#include "models/nvme/spec/features.h"
#include "models/nvme/spec/identify.h"
#include "models/nvme/spec/logs.h"

namespace nvme {

/// Asynchronous events: what has happened, which Asynchronous Event Request commands wait for it,
/// and which types are masked until the host reads the log page that belongs to them.
/// [NVMe-Base-2.0 5.2 Asynchronous Event Request command]
class AsyncEvents {
public:
    /// `limit`: commands that may wait at a time (AERL + 1).
    explicit AsyncEvents(std::size_t limit) : limit_(limit) {}

    /// False: the limit is reached.
    [[nodiscard]] bool add_request(std::uint16_t cid);
    /// True: the request was waiting and is gone now.
    [[nodiscard]] bool abort_request(std::uint16_t cid);

    /// An error event; its type stays masked until log page 01h has been read.
    void raise_error(spec::AsyncErrorInfo info);
    /// A page was added to the Reservation Notification log.
    void raise_reservation_notice();
    /// SMART / health events: `warning` is Critical Warning as it is from now on. A bit that
    /// becomes set is an event. A bit that is still set when the host has read about it, or when it
    /// asks to hear of it, is one again.
    void set_critical_warning(spec::CriticalWarning warning);
    /// Any event, as if the controller had met it.
    void raise_any(spec::AsyncEventType type, std::uint8_t info, spec::LogId log) {
        raise({type, info, log});
    }
    /// The namespace goes on the Changed Namespace List and, if the host asked for it, a notice is
    /// raised.
    void namespace_changed(std::uint32_t nsid);

    void set_config(std::uint32_t async_event_config);

    struct Completion {
        std::uint16_t cid;
        std::uint32_t dw0;
    };
    /// The next request that an event completes, if any.
    std::optional<Completion> next();

    /// The host read this log page with Retain Asynchronous Event = 0.
    void log_read(spec::LogId lid);
    /// Up to 1,024 NSIDs in ascending order; more of them are FFFFFFFFh alone.
    [[nodiscard]] spec::NamespaceList changed_namespaces() const;

    /// Event requests that wait, and events that wait for one.
    [[nodiscard]] std::size_t requests() const { return requests_.size(); }
    [[nodiscard]] std::size_t events() const { return events_.size(); }

    /// Controller level reset: requests and events are gone.
    void reset();

private:
    [[nodiscard]] bool namespace_notice_due() const;
    [[nodiscard]] std::uint8_t warnings_wanted() const;
    std::optional<spec::AsyncSmartInfo> take_health_event();

    struct Event {
        spec::AsyncEventType type;
        std::uint8_t info;
        spec::LogId lid;
    };
    void raise(const Event& event);
    bool& masked(spec::AsyncEventType type) { return masked_[static_cast<unsigned>(type) & 7]; }

    const std::size_t limit_;
    std::uint32_t config_ = 0;
    std::deque<std::uint16_t> requests_;  // oldest first
    std::vector<Event> events_;           // no two alike, so bounded
    bool masked_[8] = {};
    std::set<std::uint32_t> changed_;
    // Bits of Critical Warning: as it is; to be told of; told of and not yet read about.
    std::uint8_t warning_ = 0, warned_ = 0, reported_ = 0;
};

}  // namespace nvme
