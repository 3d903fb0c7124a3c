// SPDX-License-Identifier: Apache-2.0
#include "models/nvme/subsystem/reservations.h"

#include <algorithm>

namespace nvme {
using spec::ReservationNotice;
using spec::StatusCode;
using Type = spec::ReservationType;

namespace {

CommandError conflict(const char* reason) {
    return {StatusCode::kReservationConflict, reason};
}
const char* const kNoMatch = "CRKEY is not the key of this host, or it is not registered";

bool held_by_all(Type type) {
    return type == Type::kWriteExclusiveAllRegistrants ||
           type == Type::kExclusiveAccessAllRegistrants;
}
/// Types that give each registrant the rights of the holder.
bool for_registrants(Type type) {
    return type != Type::kWriteExclusive && type != Type::kExclusiveAccess;
}
bool excludes_reads(Type type) {
    return type == Type::kExclusiveAccess || type == Type::kExclusiveAccessRegistrantsOnly ||
           type == Type::kExclusiveAccessAllRegistrants;
}

}  // namespace

const Reservations::Registrant* Reservations::find(const HostIdentity& host) const {
    const auto it = std::find_if(registrants_.begin(), registrants_.end(),
                                 [&](const Registrant& r) { return r.host == host; });
    return it == registrants_.end() ? nullptr : &*it;
}

bool Reservations::matches(const HostIdentity& host, std::uint64_t crkey) const {
    const Registrant* r = find(host);
    return r != nullptr && r->key == crkey;
}

bool Reservations::holds(const HostIdentity& host) const {
    if (type_ == Type::kNone) return false;
    return held_by_all(type_) ? find(host) != nullptr : holder_ == host;
}

bool Reservations::has_right(const HostIdentity& host, Access access) const {
    if (access == Access::kRead && !excludes_reads(type_)) return true;
    return holds(host) || (for_registrants(type_) && find(host) != nullptr);
}

void Reservations::notify_others(const HostIdentity& except, ReservationNotice type,
                                 Changes& changes) {
    for (const Registrant& r : registrants_)
        if (r.host != except) changes.notices.push_back({r.host, type});
}

/// A reservation ends with its only holder, and one that all registrants hold with the last.
void Reservations::end_without_holder() {
    const bool gone = held_by_all(type_) ? registrants_.empty() : find(holder_) == nullptr;
    if (gone) type_ = Type::kNone;
}

void Reservations::remove(const HostIdentity& host) {
    registrants_.erase(std::remove_if(registrants_.begin(), registrants_.end(),
                                      [&](const Registrant& r) { return r.host == host; }),
                       registrants_.end());
    end_without_holder();
}

// Registrants shared the holder's rights under the "registrants only" types: they are told that
// there is nothing left to share. [NVMe-Base-2.0 8.19 Reservations, Unregistering]
Reservations::Changes Reservations::leave(const HostIdentity& host) {
    Changes changes;
    const Type before = type_;
    remove(host);
    if (before != type_ && for_registrants(before))
        notify_others(host, ReservationNotice::kReservationReleased, changes);
    return changes;
}

Result<Reservations::Changes> Reservations::enroll(const HostIdentity& host, std::uint64_t nrkey) {
    if (const Registrant* r = find(host)) {
        if (r->key != nrkey) return conflict("the host is registered with another key");
    } else {
        if (registrants_.size() >= kMaxRegistrants)
            return CommandError{StatusCode::kInternalError, "no room for another registrant",
                                kMaxRegistrants, false};
        registrants_.push_back({host, nrkey});
    }
    ++generation_;
    return Changes{};
}

// With IEKEY, absence of a key causes no error, and nothing is left to do then.
// [NVMe-Base-2.2 7.6 Reservation Register command]
Result<Reservations::Changes> Reservations::unregister(const HostIdentity& host,
                                                       std::optional<std::uint64_t> crkey) {
    if (crkey && !matches(host, *crkey)) return conflict(kNoMatch);
    ++generation_;
    return leave(host);
}

Result<Reservations::Changes> Reservations::replace(const HostIdentity& host,
                                                    std::optional<std::uint64_t> crkey,
                                                    std::uint64_t nrkey) {
    if (crkey && !matches(host, *crkey)) return conflict(kNoMatch);
    const auto it = std::find_if(registrants_.begin(), registrants_.end(),
                                 [&](const Registrant& r) { return r.host == host; });
    if (it == registrants_.end()) return enroll(host, nrkey);
    it->key = nrkey;
    ++generation_;
    return Changes{};
}

Result<Reservations::Changes> Reservations::acquire(const HostIdentity& host, std::uint64_t crkey,
                                                    Type type) {
    if (!matches(host, crkey)) return conflict(kNoMatch);
    if (type_ == Type::kNone) {
        type_ = type;
        holder_ = host;
    } else if (!holds(host)) {
        return conflict("another host holds the reservation");
    } else if (type != type_) {
        return conflict("the host holds a reservation of another type");
    }
    return Changes{};
}

// [NVMe-Base-2.0 8.19 Reservations, Preempting a Reservation or Registration]. Whose reservation it
// is decides what PRKEY means: that of the holder, or 0 where all registrants hold it, takes the
// reservation over; any other key only ends registrations, perhaps the host's own among them.
Result<Reservations::Changes> Reservations::preempt(const HostIdentity& host, std::uint64_t crkey,
                                                    std::uint64_t prkey, Type type) {
    if (!matches(host, crkey)) return conflict(kNoMatch);
    const Type before = type_;
    const bool all_hold = held_by_all(before);
    const bool one_holds = before != Type::kNone && !all_hold;
    const bool takes_over = all_hold ? prkey == 0 : one_holds && matches(holder_, prkey);
    const auto is_doomed = [&](const Registrant& r) {
        return takes_over ? r.host != host && (all_hold || r.key == prkey) : r.key == prkey;
    };
    if (!takes_over) {
        if (one_holds && prkey == 0)
            return CommandError{StatusCode::kInvalidField, "PRKEY is 0 and not the holder's key",
                                0};
        if (std::none_of(registrants_.begin(), registrants_.end(), is_doomed))
            return conflict("PRKEY is the key of no registrant");
    }

    Changes changes;
    for (const Registrant& r : registrants_) {
        if (!is_doomed(r) || r.host == host) continue;
        changes.preempted.push_back(r.host);
        changes.notices.push_back({r.host, ReservationNotice::kRegistrationPreempted});
    }
    registrants_.erase(std::remove_if(registrants_.begin(), registrants_.end(), is_doomed),
                       registrants_.end());
    if (takes_over) {
        type_ = type;
        holder_ = host;
        if (type != before) notify_others(host, ReservationNotice::kReservationReleased, changes);
    } else {
        end_without_holder();
    }
    ++generation_;
    return changes;
}

// A registrant that holds nothing releases nothing, and that is no error: this goes before the
// comparison of the types. [NVMe-Base-2.0 8.19 Reservations, Releasing a Reservation]
Result<Reservations::Changes> Reservations::release(const HostIdentity& host, std::uint64_t crkey,
                                                    Type type) {
    if (!matches(host, crkey)) return conflict(kNoMatch);
    Changes changes;
    if (!holds(host)) return changes;
    using C = spec::ReservationReleaseCdw10;
    if (type != type_)
        return CommandError{StatusCode::kInvalidField, "RTYPE is not the type of the reservation",
                            static_cast<std::uint64_t>(type), true, C::at<C::Rtype>()};
    if (for_registrants(type_))
        notify_others(host, ReservationNotice::kReservationReleased, changes);
    type_ = Type::kNone;
    return changes;
}

Result<Reservations::Changes> Reservations::clear(const HostIdentity& host, std::uint64_t crkey) {
    if (!matches(host, crkey)) return conflict(kNoMatch);
    Changes changes;
    notify_others(host, ReservationNotice::kReservationPreempted, changes);
    registrants_.clear();
    type_ = Type::kNone;
    ++generation_;
    return changes;
}

Reservations::Changes Reservations::forget(const HostIdentity& host) {
    return find(host) != nullptr ? leave(host) : Changes{};
}

void Reservations::power_loss() {
    if (persistent_) return;
    registrants_.clear();
    type_ = Type::kNone;
    generation_ = 0;
}

}  // namespace nvme
