// SPDX-License-Identifier: Apache-2.0
#include "models/nvme/state/async_events.h"

#include <algorithm>

namespace nvme {
using spec::AsyncEventType;
using spec::LogId;

bool AsyncEvents::add_request(std::uint16_t cid) {
    if (requests_.size() >= limit_) return false;
    requests_.push_back(cid);
    return true;
}

bool AsyncEvents::abort_request(std::uint16_t cid) {
    const auto it = std::find(requests_.begin(), requests_.end(), cid);
    if (it == requests_.end()) return false;
    requests_.erase(it);
    return true;
}

void AsyncEvents::raise_error(spec::AsyncErrorInfo info) {
    raise({AsyncEventType::kError, static_cast<std::uint8_t>(info), LogId::kErrorInformation});
}

void AsyncEvents::raise_reservation_notice() {
    raise({AsyncEventType::kIoCommandSpecific,
           static_cast<std::uint8_t>(spec::AsyncIoInfo::kReservationLogAvailable),
           LogId::kReservationNotification});
}

void AsyncEvents::namespace_changed(std::uint32_t nsid) {
    changed_.insert(nsid);
}

void AsyncEvents::raise(const Event& event) {
    const auto alike = [&](const Event& e) { return e.type == event.type && e.info == event.info; };
    if (std::none_of(events_.begin(), events_.end(), alike)) events_.push_back(event);
}

void AsyncEvents::set_config(std::uint32_t async_event_config) {
    const std::uint8_t before = warnings_wanted();
    config_ = async_event_config;
    const std::uint8_t wanted = warnings_wanted();
    warned_ = static_cast<std::uint8_t>((warned_ | (warning_ & ~before)) & wanted);
}

std::uint8_t AsyncEvents::warnings_wanted() const {
    using C = spec::AsyncEventConfigCdw11;
    return static_cast<std::uint8_t>(C::from(config_).get<C::SmartCriticalWarnings>());
}

void AsyncEvents::set_critical_warning(spec::CriticalWarning warning) {
    const auto risen = warning.raw & ~warning_ & warnings_wanted();
    warned_ = static_cast<std::uint8_t>(warned_ | risen);
    warning_ = warning.raw;
}

// Conditions that answer alike are told of by one answer.
std::optional<spec::AsyncSmartInfo> AsyncEvents::take_health_event() {
    using W = spec::CriticalWarning;
    using Info = spec::AsyncSmartInfo;
    if (warned_ == 0 || masked(AsyncEventType::kSmartHealth)) return std::nullopt;
    constexpr std::uint8_t kSpare = W{}.with<W::SpareBelowThreshold>(true).raw;
    constexpr std::uint8_t kTemperature = W{}.with<W::Temperature>(true).raw;
    Info info = Info::kSubsystemReliability;
    std::uint8_t told = 0xff ^ kSpare ^ kTemperature;
    if ((warned_ & kSpare) != 0) {
        info = Info::kSpareBelowThreshold;
        told = kSpare;
    } else if ((warned_ & kTemperature) != 0) {
        info = Info::kTemperatureThreshold;
        told = kTemperature;
    }
    reported_ = static_cast<std::uint8_t>(reported_ | (warned_ & told));
    warned_ = static_cast<std::uint8_t>(warned_ & ~told);
    return info;
}

// A level, not an edge: a change that happened while the host had masked the notice is announced
// when the host asks for notices again.
bool AsyncEvents::namespace_notice_due() const {
    using C = spec::AsyncEventConfigCdw11;
    return !changed_.empty() && C::from(config_).get<C::NamespaceAttribute>() &&
           !masked_[static_cast<unsigned>(AsyncEventType::kNotice)];
}

std::optional<AsyncEvents::Completion> AsyncEvents::next() {
    if (requests_.empty()) return std::nullopt;
    auto it = std::find_if(events_.begin(), events_.end(),
                           [this](const Event& e) { return !masked(e.type); });
    Event event{};
    if (it != events_.end()) {
        event = *it;
        events_.erase(it);
    } else if (const auto health = take_health_event()) {
        event = {AsyncEventType::kSmartHealth, static_cast<std::uint8_t>(*health),
                 LogId::kSmartHealth};
    } else if (namespace_notice_due()) {
        event = {AsyncEventType::kNotice,
                 static_cast<std::uint8_t>(spec::AsyncNoticeInfo::kNamespaceAttributeChanged),
                 LogId::kChangedNamespaceList};
    } else {
        return std::nullopt;
    }
    masked(event.type) = true;
    using D = spec::AsyncEventDw0;
    const std::uint16_t cid = requests_.front();
    requests_.pop_front();
    return Completion{cid, D{}.with<D::EventType>(event.type)
                               .with<D::EventInfo>(event.info)
                               .with<D::LogPageId>(static_cast<std::uint8_t>(event.lid))
                               .raw};
}

// What waits for a request is cleared too: the host has just read about it.
void AsyncEvents::log_read(LogId lid) {
    const auto told = [lid](const Event& e) { return e.lid == lid; };
    events_.erase(std::remove_if(events_.begin(), events_.end(), told), events_.end());
    switch (lid) {
        case LogId::kErrorInformation:
            masked(AsyncEventType::kError) = false;
            break;
        case LogId::kSmartHealth:
            // A condition that lasts is reported again, unless the host stops that by the feature
            // or by another threshold. [NVMe-Base-2.0 5.2 Asynchronous Event Request command]
            warned_ = reported_ & warning_ & warnings_wanted();
            reported_ = 0;
            masked(AsyncEventType::kSmartHealth) = false;
            break;
        case LogId::kChangedNamespaceList:
            changed_.clear();
            masked(AsyncEventType::kNotice) = false;
            break;
        case LogId::kReservationNotification:
            masked(AsyncEventType::kIoCommandSpecific) = false;
            break;
        default:
            break;
    }
}

spec::NamespaceList AsyncEvents::changed_namespaces() const {
    spec::NamespaceList list{};
    if (changed_.size() > std::size(list.nsid))
        list.nsid[0] = 0xffff'ffff;
    else
        std::copy(changed_.begin(), changed_.end(), list.nsid);
    return list;
}

void AsyncEvents::reset() {
    requests_.clear();
    events_.clear();
    changed_.clear();
    warning_ = warned_ = reported_ = 0;
    std::fill(std::begin(masked_), std::end(masked_), false);
}

}  // namespace nvme
