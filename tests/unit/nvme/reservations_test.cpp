// SPDX-License-Identifier: Apache-2.0
#include "models/nvme/subsystem/reservations.h"

#include <gtest/gtest.h>

#include "models/nvme/state/reservation_log.h"
#include "tests/unit/nvme/reservations_support.h"

namespace nvme::test {
namespace {
using spec::ReservationNotice;
using spec::StatusCode;
using Type = Reservations::Type;

/// Hosts a, b, c with keys 0xa, 0xb, 0xc; nobody registered.
class ReservationsTest : public testing::Test {
protected:
    void enroll_all() {
        EXPECT_TRUE(r.enroll(a, 0xa));
        EXPECT_TRUE(r.enroll(b, 0xb));
        EXPECT_TRUE(r.enroll(c, 0xc));
    }
    [[nodiscard]] bool registered(const HostIdentity& host) const {
        for (const auto& entry : r.registrants())
            if (entry.host == host) return true;
        return false;
    }
    /// Exactly these hosts got exactly this notice.
    static void expect_notices(const Result<Reservations::Changes>& done, ReservationNotice type,
                               const std::vector<HostIdentity>& hosts) {
        ASSERT_TRUE(done);
        const auto& notices = (*done).notices;
        ASSERT_EQ(notices.size(), hosts.size());
        for (std::size_t i = 0; i < hosts.size(); ++i) {
            EXPECT_EQ(notices[i].type, type);
            EXPECT_TRUE(notices[i].host == hosts[i]) << i;
        }
    }
    static void expect_none(const Result<Reservations::Changes>& done) {
        ASSERT_TRUE(done);
        EXPECT_TRUE((*done).notices.empty());
    }
    const HostIdentity a = host_of(1), b = host_of(2), c = host_of(3);
    Reservations r;
};

TEST_F(ReservationsTest, HostsAreTheSameByIdentifierFormatAndAnonymity) {
    EXPECT_EQ(host_of(7), host_of(7));
    EXPECT_NE(host_of(7), host_of(8));
    HostIdentity short_id = host_of(7);
    short_id.extended = false;
    EXPECT_NE(short_id, host_of(7));
    EXPECT_NE(anonymous_host_of(1), anonymous_host_of(2));
    EXPECT_NE(anonymous_host_of(1), HostIdentity{});
    EXPECT_TRUE(anonymous_host_of(1).is_anonymous());
    EXPECT_FALSE(host_of(1).is_anonymous());
}

TEST_F(ReservationsTest, RegisteringAgainSucceedsWithTheSameKeyOnly) {
    EXPECT_TRUE(r.enroll(a, 0xa));
    EXPECT_TRUE(r.enroll(a, 0xa));
    EXPECT_EQ(status_of(r.enroll(a, 0xaa)), StatusCode::kReservationConflict);
    EXPECT_TRUE(r.enroll(b, 0xa)) << "hosts may share a key";
    EXPECT_EQ(r.registrants().size(), 2u);
}

TEST_F(ReservationsTest, ReplacingAKeyChecksTheOldOneUnlessToldOtherwise) {
    EXPECT_EQ(status_of(r.replace(a, 0, 0xa)), StatusCode::kReservationConflict);
    EXPECT_TRUE(r.replace(a, std::nullopt, 0xa)) << "registers";
    EXPECT_EQ(status_of(r.replace(a, 0xb, 0xaa)), StatusCode::kReservationConflict);
    EXPECT_EQ(r.registrants()[0].key, 0xau);
    EXPECT_TRUE(r.replace(a, 0xa, 0xaa));
    EXPECT_EQ(r.registrants()[0].key, 0xaau);
    EXPECT_TRUE(r.replace(a, std::nullopt, 0xaaa));
    EXPECT_EQ(r.registrants()[0].key, 0xaaau);
}

TEST_F(ReservationsTest, UnregisteringChecksTheKeyUnlessToldOtherwise) {
    EXPECT_EQ(status_of(r.unregister(a, 0xa)), StatusCode::kReservationConflict);
    EXPECT_TRUE(r.unregister(a, std::nullopt)) << "absence of a key is no error with IEKEY";
    enroll_all();
    EXPECT_EQ(status_of(r.unregister(a, 0xb)), StatusCode::kReservationConflict);
    EXPECT_TRUE(registered(a));
    EXPECT_TRUE(r.unregister(a, 0xa));
    EXPECT_TRUE(r.unregister(b, std::nullopt));
    EXPECT_FALSE(registered(a));
    EXPECT_FALSE(registered(b));
    EXPECT_TRUE(registered(c));
}

TEST_F(ReservationsTest, OnlyARegistrantWithItsKeyActsOnAReservation) {
    for (const Type type : kAllTypes) {
        EXPECT_EQ(status_of(r.acquire(a, 0, type)), StatusCode::kReservationConflict);
        EXPECT_EQ(status_of(r.preempt(a, 0, 0, type)), StatusCode::kReservationConflict);
        EXPECT_EQ(status_of(r.release(a, 0, type)), StatusCode::kReservationConflict);
        EXPECT_EQ(status_of(r.clear(a, 0)), StatusCode::kReservationConflict);
    }
    enroll_all();
    for (const Type type : kAllTypes) {
        EXPECT_EQ(status_of(r.acquire(a, 0xb, type)), StatusCode::kReservationConflict);
        EXPECT_EQ(status_of(r.preempt(a, 0xb, 0xc, type)), StatusCode::kReservationConflict);
        EXPECT_EQ(status_of(r.release(a, 0xb, type)), StatusCode::kReservationConflict);
        EXPECT_EQ(status_of(r.clear(a, 0xb)), StatusCode::kReservationConflict);
    }
    EXPECT_EQ(r.registrants().size(), 3u);
    EXPECT_EQ(r.type(), Type::kNone);
}

TEST_F(ReservationsTest, AHeldReservationIsAcquiredAgainByItsHolderWithItsTypeAlone) {
    for (const Type type : kAllTypes) {
        enroll_all();
        EXPECT_TRUE(r.acquire(a, 0xa, type));
        EXPECT_TRUE(r.acquire(a, 0xa, type));
        for (const Type other : kAllTypes)
            EXPECT_EQ(status_of(r.acquire(a, 0xa, other)),
                      other == type ? StatusCode::kSuccess : StatusCode::kReservationConflict);
        const bool all_hold = type >= Type::kWriteExclusiveAllRegistrants;
        EXPECT_EQ(status_of(r.acquire(b, 0xb, type)),
                  all_hold ? StatusCode::kSuccess : StatusCode::kReservationConflict);
        EXPECT_EQ(r.holds(b), all_hold);
        EXPECT_TRUE(r.holds(a));
        EXPECT_TRUE(r.clear(a, 0xa));
    }
}

TEST_F(ReservationsTest, AReservationEndsWhenItsHolderUnregistersAndRegistrantsWithRightsHearOfIt) {
    for (const Type type : kAllTypes) {
        enroll_all();
        EXPECT_TRUE(r.acquire(a, 0xa, type));
        const auto done = r.unregister(a, 0xa);
        switch (type) {
            case Type::kWriteExclusive:
            case Type::kExclusiveAccess:
                expect_none(done);
                EXPECT_EQ(r.type(), Type::kNone);
                break;
            case Type::kWriteExclusiveRegistrantsOnly:
            case Type::kExclusiveAccessRegistrantsOnly:
                expect_notices(done, ReservationNotice::kReservationReleased, {b, c});
                EXPECT_EQ(r.type(), Type::kNone);
                break;
            default:  // the others hold it too
                expect_none(done);
                EXPECT_EQ(r.type(), type);
                expect_none(r.unregister(b, 0xb));
                EXPECT_EQ(r.type(), type);
                expect_none(r.unregister(c, 0xc));
                EXPECT_EQ(r.type(), Type::kNone);
                EXPECT_TRUE(r.enroll(b, 0xb));
        }
        EXPECT_TRUE(r.clear(b, 0xb));
    }
}

TEST_F(ReservationsTest, ReleasingEndsItForTheHolderAndDoesNothingForOthers) {
    enroll_all();
    for (const Type type : kAllTypes) {
        expect_none(r.release(b, 0xb, type));  // nothing held: no error
        EXPECT_TRUE(r.acquire(a, 0xa, type));
        for (const Type other : kAllTypes) {
            if (other == type) continue;
            EXPECT_EQ(status_of(r.release(a, 0xa, other)), StatusCode::kInvalidField);
        }
        const bool all_hold = type >= Type::kWriteExclusiveAllRegistrants;
        if (!all_hold) {
            expect_none(r.release(b, 0xb, type));
            expect_none(r.release(b, 0xb, Type::kExclusiveAccessAllRegistrants));
            EXPECT_EQ(r.type(), type);
        }
        const auto done = r.release(all_hold ? b : a, all_hold ? 0xb : 0xa, type);
        if (type < Type::kWriteExclusiveRegistrantsOnly)
            expect_none(done);
        else
            expect_notices(done, ReservationNotice::kReservationReleased, {all_hold ? a : b, c});
        EXPECT_EQ(r.type(), Type::kNone);
    }
    EXPECT_EQ(r.registrants().size(), 3u);
}

TEST_F(ReservationsTest, PreemptingTheHolderTakesRegistrationAndReservation) {
    for (const Type type : kAllTypes) {
        if (type >= Type::kWriteExclusiveAllRegistrants) continue;
        enroll_all();
        EXPECT_TRUE(r.acquire(a, 0xa, type));
        const auto done = r.preempt(b, 0xb, 0xa, type);
        expect_notices(done, ReservationNotice::kRegistrationPreempted, {a});
        ASSERT_EQ((*done).preempted.size(), 1u);
        EXPECT_TRUE((*done).preempted[0] == a);
        EXPECT_FALSE(registered(a));
        EXPECT_TRUE(r.holds(b));
        EXPECT_EQ(r.type(), type);
        EXPECT_TRUE(r.clear(b, 0xb));
    }
}

TEST_F(ReservationsTest, ATypeThatChangesByPreemptionIsToldToThoseWhoStay) {
    enroll_all();
    EXPECT_TRUE(r.acquire(a, 0xa, Type::kWriteExclusive));
    const auto done = r.preempt(b, 0xb, 0xa, Type::kExclusiveAccessAllRegistrants);
    ASSERT_TRUE(done);
    ASSERT_EQ((*done).notices.size(), 2u);
    EXPECT_TRUE((*done).notices[0].host == a);
    EXPECT_EQ((*done).notices[0].type, ReservationNotice::kRegistrationPreempted);
    EXPECT_TRUE((*done).notices[1].host == c);
    EXPECT_EQ((*done).notices[1].type, ReservationNotice::kReservationReleased);
    EXPECT_TRUE(r.holds(b));
    EXPECT_TRUE(r.holds(c)) << "all registrants hold the new one";
}

TEST_F(ReservationsTest, AHolderMayPreemptItselfToChangeTheType) {
    enroll_all();
    EXPECT_TRUE(r.acquire(a, 0xa, Type::kWriteExclusive));
    expect_notices(r.preempt(a, 0xa, 0xa, Type::kExclusiveAccess),
                   ReservationNotice::kReservationReleased, {b, c});
    EXPECT_TRUE(registered(a));
    EXPECT_TRUE(r.holds(a));
    EXPECT_EQ(r.type(), Type::kExclusiveAccess);
}

TEST_F(ReservationsTest, OthersWithTheHoldersKeyGoWithIt) {
    EXPECT_TRUE(r.enroll(a, 5));
    EXPECT_TRUE(r.enroll(b, 5));
    EXPECT_TRUE(r.enroll(c, 5));
    EXPECT_TRUE(r.acquire(a, 5, Type::kWriteExclusive));
    expect_notices(r.preempt(b, 5, 5, Type::kWriteExclusive),
                   ReservationNotice::kRegistrationPreempted, {a, c});
    EXPECT_TRUE(r.holds(b)) << "but not the host that preempts";
}

TEST_F(ReservationsTest, PreemptingARegistrantLeavesTheReservation) {
    for (const Type type : kAllTypes) {
        enroll_all();
        EXPECT_TRUE(r.acquire(a, 0xa, type));
        const auto done = r.preempt(b, 0xb, 0xc, Type::kWriteExclusive);
        expect_notices(done, ReservationNotice::kRegistrationPreempted, {c});
        EXPECT_FALSE(registered(c));
        EXPECT_EQ(r.type(), type) << "RTYPE is not used";
        EXPECT_TRUE(r.holds(a));
        EXPECT_TRUE(r.clear(b, 0xb));
    }
}

TEST_F(ReservationsTest, PreemptingWithoutAReservationOnlyUnregisters) {
    enroll_all();
    expect_notices(r.preempt(a, 0xa, 0xb, Type::kWriteExclusive),
                   ReservationNotice::kRegistrationPreempted, {b});
    EXPECT_EQ(r.type(), Type::kNone);
    EXPECT_TRUE(registered(a));
    EXPECT_FALSE(registered(b));
}

TEST_F(ReservationsTest, AHostThatPreemptsItsOwnKeyWithoutHoldingUnregistersItself) {
    enroll_all();
    const auto done = r.preempt(a, 0xa, 0xa, Type::kWriteExclusive);
    expect_none(done);
    EXPECT_TRUE((*done).preempted.empty()) << "its own commands are not aborted";
    EXPECT_FALSE(registered(a));
}

TEST_F(ReservationsTest, AKeyThatNobodyHasPreemptsNobody) {
    enroll_all();
    EXPECT_EQ(status_of(r.preempt(a, 0xa, 0xd, Type::kWriteExclusive)),
              StatusCode::kReservationConflict);
    for (const Type type : kAllTypes) {
        EXPECT_TRUE(r.acquire(a, 0xa, type));
        EXPECT_EQ(status_of(r.preempt(b, 0xb, 0xd, type)), StatusCode::kReservationConflict);
        EXPECT_TRUE(r.release(a, 0xa, type));
    }
    EXPECT_EQ(r.registrants().size(), 3u);
}

TEST_F(ReservationsTest, KeyZeroPreemptsAllOthersWhereAllHoldTheReservationAndIsWrongElsewhere) {
    for (const Type type : kAllTypes) {
        enroll_all();
        EXPECT_TRUE(r.acquire(a, 0xa, type));
        const auto done = r.preempt(b, 0xb, 0, Type::kWriteExclusive);
        if (type >= Type::kWriteExclusiveAllRegistrants) {
            expect_notices(done, ReservationNotice::kRegistrationPreempted, {a, c});
            EXPECT_EQ(r.registrants().size(), 1u);
            EXPECT_EQ(r.type(), Type::kWriteExclusive);
            EXPECT_TRUE(r.holds(b));
        } else {
            EXPECT_EQ(status_of(done), StatusCode::kInvalidField);
            EXPECT_EQ(r.registrants().size(), 3u);
            EXPECT_TRUE(r.holds(a));
        }
        EXPECT_TRUE(r.clear(b, 0xb));
    }
}

TEST_F(ReservationsTest, AReservationOfAllEndsWithTheLastOfThemPreempted) {
    EXPECT_TRUE(r.enroll(a, 5));
    EXPECT_TRUE(r.enroll(b, 5));
    EXPECT_TRUE(r.acquire(a, 5, Type::kWriteExclusiveAllRegistrants));
    expect_notices(r.preempt(a, 5, 5, Type::kWriteExclusive),
                   ReservationNotice::kRegistrationPreempted, {b});
    EXPECT_TRUE(r.registrants().empty());
    EXPECT_EQ(r.type(), Type::kNone);
}

TEST_F(ReservationsTest, ClearingTakesEverythingAndTellsTheOthers) {
    for (const Type type : kAllTypes) {
        enroll_all();
        EXPECT_TRUE(r.acquire(a, 0xa, type));
        expect_notices(r.clear(b, 0xb), ReservationNotice::kReservationPreempted, {a, c});
        EXPECT_TRUE(r.registrants().empty());
        EXPECT_EQ(r.type(), Type::kNone);
    }
}

TEST_F(ReservationsTest, TheGenerationCountsWhatTheSpecificationCounts) {
    std::uint32_t expected = 0;
    const auto counted = [&](const Result<Reservations::Changes>& done, bool counts) {
        EXPECT_TRUE(done);
        expected += counts ? 1 : 0;
        EXPECT_EQ(r.generation(), expected);
    };
    counted(r.enroll(a, 0xa), true);
    counted(r.enroll(a, 0xa), true);
    counted(r.replace(a, 0xa, 0xaa), true);
    counted(r.replace(b, std::nullopt, 0xb), true);
    counted(r.unregister(c, std::nullopt), true);
    counted(r.acquire(a, 0xaa, Type::kWriteExclusive), false);
    counted(r.release(a, 0xaa, Type::kWriteExclusive), false);
    counted(r.acquire(a, 0xaa, Type::kWriteExclusive), false);
    counted(r.preempt(b, 0xb, 0xaa, Type::kWriteExclusive), true);
    EXPECT_FALSE(r.enroll(b, 0xbb));
    EXPECT_FALSE(r.preempt(b, 0xb, 0xd, Type::kWriteExclusive));
    EXPECT_EQ(r.generation(), expected) << "failures do not count";
    counted(r.clear(b, 0xb), true);
    (void)r.forget(a);
    EXPECT_EQ(r.generation(), expected);
}

TEST_F(ReservationsTest, PowerLossSparesWhatPersists) {
    enroll_all();
    EXPECT_TRUE(r.acquire(a, 0xa, Type::kExclusiveAccess));
    r.set_persistent(true);
    r.power_loss();
    EXPECT_TRUE(r.holds(a));
    EXPECT_EQ(r.registrants().size(), 3u);
    EXPECT_EQ(r.generation(), 3u);
    r.set_persistent(false);
    r.power_loss();
    EXPECT_EQ(r.type(), Type::kNone);
    EXPECT_TRUE(r.registrants().empty());
    EXPECT_FALSE(r.persistent());
    EXPECT_TRUE(r.enroll(a, 0xaa)) << "with another key: nothing is left";
}

TEST_F(ReservationsTest, RegistrantsAreBoundedAndTheirPlacesCanBeTakenAgain) {
    for (unsigned n = 0; n < Reservations::kMaxRegistrants; ++n)
        ASSERT_TRUE(r.enroll(host_of(n), n));
    const auto over = r.enroll(host_of(999), 1);
    ASSERT_FALSE(over);
    EXPECT_EQ(over.error().code, StatusCode::kInternalError);
    EXPECT_FALSE(over.error().do_not_retry);
    EXPECT_FALSE(r.replace(host_of(999), std::nullopt, 1));
    EXPECT_TRUE(r.enroll(host_of(5), 5)) << "who is registered already needs no place";
    EXPECT_TRUE(r.unregister(host_of(5), 5));
    EXPECT_TRUE(r.enroll(host_of(999), 1));
}

TEST(ReservationLogTest, ReturnsTheOldestFirstAndTheEmptyPageAtTheEnd) {
    ReservationLog log;
    EXPECT_EQ(log.oldest().lpc, 0u);
    EXPECT_EQ(log.oldest().rnlpt, ReservationNotice::kEmpty);
    log.add(ReservationNotice::kReservationReleased, 7);
    log.add(ReservationNotice::kReservationPreempted, 8);
    EXPECT_EQ(log.oldest().lpc, 1u);
    EXPECT_EQ(log.oldest().rnlpt, ReservationNotice::kReservationReleased);
    EXPECT_EQ(log.oldest().nsid, 7u);
    EXPECT_EQ(log.oldest().nalp, 1);
    log.drop_oldest();
    EXPECT_EQ(log.oldest().lpc, 2u);
    EXPECT_EQ(log.oldest().nalp, 0);
    log.drop_oldest();
    EXPECT_TRUE(log.empty());
    EXPECT_EQ(log.oldest().lpc, 0u);
    log.drop_oldest();
    log.add(ReservationNotice::kRegistrationPreempted, 9);
    EXPECT_EQ(log.oldest().lpc, 3u) << "the count goes on";
    log.reset();
    log.add(ReservationNotice::kRegistrationPreempted, 9);
    EXPECT_EQ(log.oldest().lpc, 1u);
}

TEST(ReservationLogTest, ALostNotificationShowsInTheNumberOfTheLastPage) {
    ReservationLog log;
    for (std::uint32_t n = 1; n <= ReservationLog::kCapacity + 3; ++n)
        log.add(ReservationNotice::kReservationReleased, n);
    for (std::uint32_t n = 1; n < ReservationLog::kCapacity; ++n) {
        EXPECT_EQ(log.oldest().lpc, n);
        EXPECT_EQ(log.oldest().nalp, ReservationLog::kCapacity - n);
        log.drop_oldest();
    }
    EXPECT_EQ(log.oldest().lpc, ReservationLog::kCapacity + 3);
    EXPECT_EQ(log.oldest().nsid, ReservationLog::kCapacity) << "still the page it was";
}

TEST(ReservationLogTest, TheCountWrapsToOne) {
    ReservationLog log(~std::uint64_t{0} - 1);
    log.add(ReservationNotice::kReservationReleased, 1);
    EXPECT_EQ(log.oldest().lpc, ~std::uint64_t{0});
    log.drop_oldest();
    log.add(ReservationNotice::kReservationReleased, 1);
    EXPECT_EQ(log.oldest().lpc, 1u);
}

}  // namespace
}  // namespace nvme::test
