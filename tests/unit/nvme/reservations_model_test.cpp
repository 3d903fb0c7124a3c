// SPDX-License-Identifier: Apache-2.0
// Random commands of several hosts, held against a model that is written from the specification's
// sentences and tables, with other data structures and without an eye on speed.
#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <optional>
#include <random>
#include <set>

#include "models/nvme/subsystem/reservations.h"
#include "tests/unit/nvme/reservations_support.h"

namespace nvme::test {
namespace {
using spec::ReservationNotice;
using spec::StatusCode;
using Type = Reservations::Type;

constexpr unsigned kHosts = 5;

using Notices = std::multiset<std::pair<unsigned, ReservationNotice>>;

/// Hosts are numbers; holders are listed one by one.
struct Model {
    std::map<unsigned, std::uint64_t> keys;
    std::set<unsigned> holders;
    Type type = Type::kNone;
    std::uint32_t generation = 0;
    bool ptpl = false;
    Notices notices;  // of the last command
    std::set<unsigned> preempted;

    static bool all(Type t) {
        return t == Type::kWriteExclusiveAllRegistrants ||
               t == Type::kExclusiveAccessAllRegistrants;
    }
    static bool only(Type t) {
        return t == Type::kWriteExclusiveRegistrantsOnly ||
               t == Type::kExclusiveAccessRegistrantsOnly;
    }
    bool knows(unsigned host, std::uint64_t key) const {
        const auto it = keys.find(host);
        return it != keys.end() && it->second == key;
    }
    void tell_others(unsigned host, ReservationNotice notice) {
        for (const auto& [other, key] : keys)
            if (other != host) notices.emplace(other, notice);
    }
    void begin() { notices.clear(), preempted.clear(); }
    void end_reservation() { type = Type::kNone, holders.clear(); }
    void expel(unsigned host) {
        keys.erase(host);
        holders.erase(host);
        if (holders.empty()) end_reservation();
    }
    void hold(unsigned host, Type t) {
        type = t;
        holders = {host};
        if (all(t))
            for (const auto& [other, key] : keys) holders.insert(other);
    }

    StatusCode enroll(unsigned host, std::uint64_t key) {
        begin();
        if (keys.count(host) != 0 && keys[host] != key) return StatusCode::kReservationConflict;
        keys[host] = key;
        if (all(type)) holders.insert(host);
        ++generation;
        return StatusCode::kSuccess;
    }
    StatusCode unregister(unsigned host, std::optional<std::uint64_t> key) {
        begin();
        if (key && !knows(host, *key)) return StatusCode::kReservationConflict;
        const bool released = only(type) && holders.count(host) != 0;
        expel(host);
        if (released) tell_others(host, ReservationNotice::kReservationReleased);
        ++generation;
        return StatusCode::kSuccess;
    }
    StatusCode replace(unsigned host, std::optional<std::uint64_t> key, std::uint64_t with) {
        begin();
        if (key && !knows(host, *key)) return StatusCode::kReservationConflict;
        keys[host] = with;
        if (all(type)) holders.insert(host);
        ++generation;
        return StatusCode::kSuccess;
    }
    StatusCode acquire(unsigned host, std::uint64_t key, Type t) {
        begin();
        if (!knows(host, key)) return StatusCode::kReservationConflict;
        if (type == Type::kNone) {
            hold(host, t);
            return StatusCode::kSuccess;
        }
        return holders.count(host) != 0 && type == t ? StatusCode::kSuccess
                                                     : StatusCode::kReservationConflict;
    }
    StatusCode preempt(unsigned host, std::uint64_t key, std::uint64_t victim, Type t) {
        begin();
        if (!knows(host, key)) return StatusCode::kReservationConflict;
        const Type before = type;
        bool over = false;
        std::set<unsigned> doomed;
        if (before == Type::kNone || (all(before) && victim != 0)) {
            for (const auto& [other, k] : keys)
                if (k == victim) doomed.insert(other);
        } else if (all(before)) {
            over = true;
            for (const auto& [other, k] : keys)
                if (other != host) doomed.insert(other);
        } else if (keys.at(*holders.begin()) == victim) {
            over = true;
            for (const auto& [other, k] : keys)
                if (other != host && k == victim) doomed.insert(other);
        } else {
            if (victim == 0) return StatusCode::kInvalidField;
            for (const auto& [other, k] : keys)
                if (k == victim) doomed.insert(other);
        }
        if (!over && doomed.empty()) return StatusCode::kReservationConflict;
        for (const unsigned other : doomed) {
            expel(other);
            if (other == host) continue;
            preempted.insert(other);
            notices.emplace(other, ReservationNotice::kRegistrationPreempted);
        }
        if (over) {
            hold(host, t);
            if (t != before) tell_others(host, ReservationNotice::kReservationReleased);
        }
        ++generation;
        return StatusCode::kSuccess;
    }
    StatusCode release(unsigned host, std::uint64_t key, Type t) {
        begin();
        if (!knows(host, key)) return StatusCode::kReservationConflict;
        if (holders.count(host) == 0) return StatusCode::kSuccess;
        if (t != type) return StatusCode::kInvalidField;
        if (only(type) || all(type)) tell_others(host, ReservationNotice::kReservationReleased);
        end_reservation();
        return StatusCode::kSuccess;
    }
    StatusCode clear(unsigned host, std::uint64_t key) {
        begin();
        if (!knows(host, key)) return StatusCode::kReservationConflict;
        tell_others(host, ReservationNotice::kReservationPreempted);
        keys.clear();
        end_reservation();
        ++generation;
        return StatusCode::kSuccess;
    }
    void power_loss() {
        if (ptpl) return;
        keys.clear();
        end_reservation();
        generation = 0;
    }
    /// The summary table of [NVMe-Base-2.0 8.19 Reservations], letter for letter: holder,
    /// registrant, non-registrant, each read and write.
    bool allowed(unsigned host, Access access) const {
        static constexpr const char* kTable[] = {"YYYYYY", "YYYNYN", "YYNNNN", "YYYYYN",
                                                 "YYYYNN", "YYYYYN", "YYYYNN"};
        const unsigned column = holders.count(host) != 0 ? 0 : keys.count(host) != 0 ? 2 : 4;
        return kTable[static_cast<unsigned>(type)][column + (access == Access::kWrite ? 1 : 0)] ==
               'Y';
    }
};

class ReservationsModel : public testing::TestWithParam<unsigned> {
protected:
    void compare(StatusCode expected, const Result<Reservations::Changes>& got) {
        ASSERT_EQ(status_of(got), expected);
        if (!got) {
            // A command that fails has changed nothing: what follows compares the state.
        } else {
            Notices notices;
            for (const auto& n : (*got).notices) notices.emplace(n.host.id[0], n.type);
            ASSERT_EQ(notices, model.notices);
            std::set<unsigned> preempted;
            for (const auto& h : (*got).preempted) preempted.insert(h.id[0]);
            ASSERT_EQ(preempted, model.preempted);
        }
    }
    void compare_state() {
        ASSERT_EQ(r.type(), model.type);
        ASSERT_EQ(r.generation(), model.generation);
        ASSERT_EQ(r.registrants().size(), model.keys.size());
        for (const auto& entry : r.registrants())
            ASSERT_EQ(model.keys.at(entry.host.id[0]), entry.key);
        for (unsigned host = 0; host < kHosts; ++host) {
            ASSERT_EQ(r.holds(host_of(host)), model.holders.count(host) != 0) << host;
            for (const Access access : {Access::kRead, Access::kWrite})
                ASSERT_EQ(r.allows(host_of(host), access), model.allowed(host, access)) << host;
            ASSERT_TRUE(r.allows(host_of(host), Access::kReservation));
        }
    }
    Reservations r;
    Model model;
};

TEST_P(ReservationsModel, BehavesAsTheSpecificationSays) {
    std::mt19937_64 random(GetParam());
    const auto pick = [&](unsigned n) { return static_cast<unsigned>(random() % n); };
    std::map<StatusCode, unsigned> seen;
    for (unsigned step = 0; step < 20'000; ++step) {
        const unsigned host = pick(kHosts);
        const HostIdentity who = host_of(host);
        // Mostly the right key, so that commands succeed.
        const auto mine = model.keys.find(host);
        const std::uint64_t key = mine != model.keys.end() && pick(8) != 0 ? mine->second : pick(4);
        std::optional<std::uint64_t> checked = key;
        if (pick(8) == 0) checked.reset();
        const std::uint64_t other = pick(4);  // 0 among them, and shared ones
        const Type type = kAllTypes[pick(6)];
        StatusCode expected = StatusCode::kSuccess;
        switch (pick(9)) {
            case 0:
            case 1:
                expected = model.enroll(host, key);
                compare(expected, r.enroll(who, key));
                break;
            case 2:
                expected = model.unregister(host, checked);
                compare(expected, r.unregister(who, checked));
                break;
            case 3:
                expected = model.replace(host, checked, other);
                compare(expected, r.replace(who, checked, other));
                break;
            case 4:
                expected = model.acquire(host, key, type);
                compare(expected, r.acquire(who, key, type));
                break;
            case 5:
                expected = model.preempt(host, key, other, type);
                compare(expected, r.preempt(who, key, other, type));
                break;
            case 6: {
                const Type named = pick(2) != 0 && model.type != Type::kNone ? model.type : type;
                expected = model.release(host, key, named);
                compare(expected, r.release(who, key, named));
                break;
            }
            case 7:
                if (pick(4) != 0) break;
                expected = model.clear(host, key);
                compare(expected, r.clear(who, key));
                break;
            case 8:
                model.ptpl = pick(2) != 0;
                r.set_persistent(model.ptpl);
                if (pick(4) != 0) break;
                model.power_loss();
                r.power_loss();
                break;
        }
        compare_state();
        if (HasFatalFailure()) FAIL() << "step " << step;
        ++seen[expected];
    }
    EXPECT_GT(seen[StatusCode::kSuccess], 5'000u);
    EXPECT_GT(seen[StatusCode::kReservationConflict], 1'000u);
    EXPECT_GT(seen[StatusCode::kInvalidField], 50u);
}

INSTANTIATE_TEST_SUITE_P(Seeds, ReservationsModel, testing::Range(1u, 5u));

}  // namespace
}  // namespace nvme::test
