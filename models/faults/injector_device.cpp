// SPDX-License-Identifier: Apache-2.0
// Rules about the device itself: registers, doorbells, interrupts, states, and what happens by
// itself.
#include <algorithm>

#include "models/faults/injector.h"
#include "models/faults/match.h"

namespace faults {

using util::from_ns;
using util::kNever;
using util::later;
using util::TimePs;

namespace {

/// A register as the host finds it: bytes [offset, offset + size) of a space.
struct Register {
    RegisterSpace space;
    std::uint32_t offset;
    unsigned size;
    std::uint64_t value, mask;
};

Register register_of(const Rule& rule) {
    constexpr std::uint64_t kWord = 0xffff;
    switch (rule.action) {
        case Action::kOverrideMqes:  // CAP bits 15:0
            return {RegisterSpace::kBar0, 0, 2, rule.value, kWord};
        case Action::kOverrideVendorId:
            return {RegisterSpace::kConfig, 0, 2, rule.value, kWord};
        case Action::kOverrideDeviceId:
            return {RegisterSpace::kConfig, 2, 2, rule.value, kWord};
        default:
            return {rule.space, rule.offset, rule.size, rule.value, rule.value_mask};
    }
}

/// `value`, read from [offset, offset + size), with the bytes of `forged` in it.
std::uint64_t forge(const Register& forged, std::uint32_t offset, unsigned size,
                    std::uint64_t value) {
    for (unsigned i = 0; i < size; ++i) {
        const std::uint32_t at = offset + i;
        if (at < forged.offset || at >= forged.offset + forged.size) continue;
        const unsigned from = 8 * (at - forged.offset);
        const std::uint64_t mask = (forged.mask >> from & 0xff) << 8 * i;
        value = (value & ~mask) | ((forged.value >> from & 0xff) << 8 * i & mask);
    }
    return value;
}

}  // namespace

void Injector::attach(nvme::FaultTarget& target) {
    target_ = &target;
    for (const Index index : at(Place::kEvent)) {
        const Rule& rule = rules_[index].rule;
        if (rule.at_ns) schedule({from_ns(*rule.at_ns), Deed::Kind::kRule, index, 0});
    }
}

std::uint64_t Injector::on_register_read(Space space, std::uint32_t offset, unsigned size,
                                         std::uint64_t value) {
    if (!active_) return value;
    const auto here = space == Space::kBar0 ? RegisterSpace::kBar0 : RegisterSpace::kConfig;
    for (const Index index : at(Place::kRegister)) {
        Live& live = rules_[index];
        const Register forged = register_of(live.rule);
        const bool meets = forged.space == here && offset < forged.offset + forged.size &&
                           forged.offset < offset + size;
        if (!meets || !fires(live)) continue;
        note(live, nullptr);
        value = forge(forged, offset, size, value);
    }
    return value;
}

bool Injector::on_doorbell(bool completion, std::uint16_t qid, TimePs& at_time) {
    if (!active_) return true;
    const auto kind = completion ? DoorbellKind::kHead : DoorbellKind::kTail;
    for (const Index index : at(Place::kDoorbell)) {
        Live& live = rules_[index];
        const bool meets = matches_queue(live.rule, qid) &&
                           (live.rule.doorbell == DoorbellKind::kAny || live.rule.doorbell == kind);
        if (!meets || !fires(live)) continue;
        note(live, nullptr);
        if (live.rule.action == Action::kLoseDoorbell) return false;
        at_time = later(at_time, from_ns(live.rule.delay_ns));
        return true;
    }
    return true;
}

unsigned Injector::on_interrupt(std::uint16_t vector) {
    if (!active_) return 1;
    for (const Index index : at(Place::kInterrupt)) {
        Live& live = rules_[index];
        if ((live.rule.vector && *live.rule.vector != vector) || !fires(live)) continue;
        if (live.rule.action == Action::kDelayInterrupt) {
            if (agenda_.size() >= kMostDeeds / 2) return 1;
            note(live, nullptr);
            schedule(
                {later(now(), from_ns(live.rule.delay_ns)), Deed::Kind::kInterrupt, index, vector});
            return 0;
        }
        note(live, nullptr);
        return live.rule.action == Action::kLoseInterrupt ? 0 : 2;
    }
    return 1;
}

// A level knows no vector, and cannot be asserted twice.
TimePs Injector::on_pin(TimePs now) {
    if (!active_) return now;
    for (const Index index : at(Place::kInterrupt)) {
        Live& live = rules_[index];
        const Rule& rule = live.rule;
        if (rule.vector || rule.action == Action::kDuplicateInterrupt || !fires(live)) continue;
        note(live, nullptr);
        if (rule.action == Action::kLoseInterrupt) return kNever;
        return later(now, from_ns(rule.delay_ns));
    }
    return now;
}

TimePs Injector::on_ready_change(bool ready, TimePs at_time) {
    if (!active_) return at_time;
    for (const Index index : at(Place::kReady)) {
        Live& live = rules_[index];
        if ((live.rule.edge == ReadyEdge::kRise) != ready || !fires(live)) continue;
        note(live, nullptr);
        if (live.rule.action == Action::kNeverReady) return kNever;
        return later(at_time, from_ns(live.rule.delay_ns));
    }
    return at_time;
}

void Injector::schedule(const Deed& deed) {
    if (target_ == nullptr || agenda_.size() >= kMostDeeds) return;
    const auto place = std::upper_bound(agenda_.begin(), agenda_.end(), deed.at,
                                        [](TimePs t, const Deed& d) { return t < d.at; });
    agenda_.insert(place, deed);
    target_->wake_for_faults(std::max(deed.at, now()));
}

TimePs Injector::step(TimePs now) {
    while (!agenda_.empty() && agenda_.front().at <= now) {
        const Deed deed = agenda_.front();
        agenda_.erase(agenda_.begin());  // first: what it does may schedule more
        perform(deed);
    }
    return agenda_.empty() ? kNever : agenda_.front().at;
}

void Injector::perform(const Deed& deed) {
    switch (deed.kind) {
        case Deed::Kind::kInterrupt:
            return target_->send_interrupt(deed.vector);
        case Deed::Kind::kLinkUp:
            return target_->set_link(true);
        case Deed::Kind::kLinkFast:
            return target_->retrain_link({}, from_ns(rules_[deed.rule].rule.retrain_ns));
        case Deed::Kind::kPowerOn:
            return target_->set_power(true);
        case Deed::Kind::kInsert:
            return insert();
        case Deed::Kind::kRule:
            break;
    }
    Live& live = rules_[deed.rule];
    // One that waits for its time counts then, one that a command has set off has counted.
    if (!active_ || !live.rule.enabled) return;
    if (live.rule.at_ns && !live.trigger.fires(live.rule, now())) return;
    note(live, nullptr);
    act(deed.rule);
}

void Injector::act(Index index) {
    const Rule& rule = rules_[index].rule;
    const TimePs back = later(now(), from_ns(rule.duration_ns));
    switch (rule.action) {
        case Action::kRaiseInterrupt:
            return target_->send_interrupt(*rule.vector);
        case Action::kFatalStatus:
            return target_->fail();
        case Action::kRemove:
            target_->set_power(false);
            target_->set_link(false);
            if (rule.duration_ns != 0) schedule({back, Deed::Kind::kInsert, index, 0});
            return;
        case Action::kInsert:
            return insert();
        case Action::kLinkDown:
            target_->set_link(false);
            if (rule.duration_ns != 0) schedule({back, Deed::Kind::kLinkUp, index, 0});
            return;
        case Action::kLinkUp:
            return target_->set_link(true);
        case Action::kLinkRetrain:
            target_->retrain_link({rule.link_gen.value_or(0), rule.link_lanes.value_or(0)},
                                  from_ns(rule.retrain_ns));
            if (rule.duration_ns != 0) schedule({back, Deed::Kind::kLinkFast, index, 0});
            return;
        case Action::kPowerCut:
            target_->set_power(false);
            if (rule.duration_ns != 0) schedule({back, Deed::Kind::kPowerOn, index, 0});
            return;
        case Action::kPowerOn:
            return target_->set_power(true);
        case Action::kAsyncEvent:
            if (rule.event_nsid) return target_->announce_namespace(*rule.event_nsid);
            return target_->raise_event(static_cast<nvme::spec::AsyncEventType>(rule.event_type),
                                        rule.event_info,
                                        static_cast<nvme::spec::LogId>(rule.event_log));
        case Action::kHealth:
            return target_->change_health(rule.health);
        default:
            return;
    }
}

void Injector::insert() {
    target_->set_link(true);
    target_->set_power(true);
}

}  // namespace faults
