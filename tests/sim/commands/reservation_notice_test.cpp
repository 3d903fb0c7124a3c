// SPDX-License-Identifier: Apache-2.0
// What other hosts hear of a reservation: Reservation Notification log, events, masks.
#include "tests/sim/commands/reservation_fixture.h"

namespace nvme::test {
namespace {

class ReservationNotices : public ReservationTest {
protected:
    /// All three registered on namespace 1 with keys 1, 2, 3.
    void register_all() {
        bring_up_all();
        std::uint64_t key = 0;
        for (HostDriver* driver : {&host_a, &host_b, &host_c})
            ASSERT_TRUE(driver->reservation_register(1, ++key).ok());
    }
    static Ticket event_request(HostDriver& driver) {
        return driver.submit(0, commands::make(spec::AdminOpcode::kAsyncEventRequest));
    }
    static bool arrives(HostDriver& driver, const Ticket& ticket) {
        sc_core::wait(us(100));
        driver.poll(0);
        return driver.done(ticket);
    }
    static void expect_event(HostDriver& driver, const Ticket& ticket) {
        using Dw0 = spec::AsyncEventDw0;
        const Completion completion = driver.wait(ticket, us(1000));
        ASSERT_TRUE(completion.ok()) << completion;
        EXPECT_EQ(completion.dw0,
                  Dw0{}
                      .with<Dw0::EventType>(spec::AsyncEventType::kIoCommandSpecific)
                      .with<Dw0::LogPageId>(0x80)
                      .raw);
    }
    static void mask(HostDriver& driver, std::uint32_t bits) {
        EXPECT_TRUE(driver
                        .admin(commands::set_features(spec::FeatureId::kReservationNotificationMask,
                                                      bits, false, 1))
                        .ok());
    }
    static constexpr auto kPreempted = ReservationNotice::kRegistrationPreempted;
    static constexpr auto kReleased = ReservationNotice::kReservationReleased;
    static constexpr auto kCleared = ReservationNotice::kReservationPreempted;
};

TEST_F(ReservationNotices, EachTypeReachesTheHostsThatItConcerns) {
    simulate([this] {
        register_all();
        ASSERT_TRUE(host_a.reservation_acquire(1, Type::kWriteExclusiveRegistrantsOnly, 1).ok());
        ASSERT_TRUE(host_a.reservation_release(1, Type::kWriteExclusiveRegistrantsOnly, 1).ok());
        EXPECT_EQ(notices(host_a), Notices{}) << "not the one that does it";
        EXPECT_EQ(notices(host_b), Notices{kReleased});
        EXPECT_EQ(notices(host_c), Notices{kReleased});
        ASSERT_TRUE(host_a.reservation_acquire(1, Type::kExclusiveAccess, 1).ok());
        ASSERT_TRUE(host_b.reservation_preempt(1, Type::kWriteExclusive, 2, 1).ok());
        EXPECT_EQ(notices(host_a), Notices{kPreempted});
        EXPECT_EQ(notices(host_b), Notices{});
        EXPECT_EQ(notices(host_c), Notices{kReleased}) << "the type has changed";
        ASSERT_TRUE(host_c.reservation_clear(1, 3).ok());
        EXPECT_EQ(notices(host_a), Notices{}) << "registered no more";
        EXPECT_EQ(notices(host_b), Notices{kCleared});
        EXPECT_EQ(notices(host_c), Notices{});
    });
}

TEST_F(ReservationNotices, AReleaseIsToldForTheTypesThatGiveRegistrantsRights) {
    simulate([this] {
        register_all();
        for (const Type type : kAllTypes) {
            ASSERT_TRUE(host_a.reservation_acquire(1, type, 1).ok());
            ASSERT_TRUE(host_a.reservation_release(1, type, 1).ok());
            const bool told = type >= Type::kWriteExclusiveRegistrantsOnly;
            EXPECT_EQ(notices(host_b), told ? Notices{kReleased} : Notices{});
        }
    });
}

TEST_F(ReservationNotices, AHolderThatUnregistersOrIsResetReleases) {
    simulate([this] {
        register_all();
        ASSERT_TRUE(host_a.reservation_acquire(1, Type::kExclusiveAccessRegistrantsOnly, 1).ok());
        ASSERT_TRUE(host_a.reservation_unregister(1, 1).ok());
        EXPECT_EQ(notices(host_b), Notices{kReleased});
        // Without a Host Identifier a reset is the end of the host.
        bring_up(host_a);
        ASSERT_TRUE(host_a.reservation_register(1, 1).ok());
        ASSERT_TRUE(host_a.reservation_acquire(1, Type::kExclusiveAccessRegistrantsOnly, 1).ok());
        ASSERT_EQ(host_a.disable(), DriverError::kNone);
        EXPECT_EQ(notices(host_b), Notices{kReleased});
        EXPECT_EQ(report(host_b).type, Type::kNone);
    });
}

TEST_F(ReservationNotices, AllControllersOfAHostAreTold) {
    simulate([this] {
        bring_up(host_a);
        bring_up(host_b);
        bring_up(host_c);
        ASSERT_TRUE(host_a.set_host_identifier(host_id(1)).ok());
        ASSERT_TRUE(host_b.set_host_identifier(host_id(2)).ok());
        ASSERT_TRUE(host_c.set_host_identifier(host_id(2)).ok());
        ASSERT_TRUE(host_a.reservation_register(1, 1).ok());
        ASSERT_TRUE(host_b.reservation_register(1, 2).ok());
        ASSERT_TRUE(host_a.reservation_preempt(1, Type::kWriteExclusive, 1, 2).ok());
        EXPECT_EQ(notices(host_b), Notices{kPreempted});
        EXPECT_EQ(notices(host_c), Notices{kPreempted});
    });
}

TEST_F(ReservationNotices, PagesComeOldestFirstWithTheirNamespaceAndNumber) {
    simulate([this] {
        register_all();
        ASSERT_TRUE(host_a.reservation_register(2, 1).ok());
        ASSERT_TRUE(host_b.reservation_register(2, 2).ok());
        ASSERT_TRUE(host_a.reservation_preempt(2, Type::kWriteExclusive, 1, 2).ok());
        ASSERT_TRUE(host_a.reservation_clear(1, 1).ok());
        const auto first = notification(host_b);
        EXPECT_EQ(first.lpc, 1u);
        EXPECT_EQ(first.rnlpt, kPreempted);
        EXPECT_EQ(first.nsid, 2u);
        EXPECT_EQ(first.nalp, 1) << "one more";
        const auto second = notification(host_b, true);
        EXPECT_EQ(second.lpc, 2u);
        EXPECT_EQ(second.rnlpt, kCleared);
        EXPECT_EQ(second.nsid, 1u);
        EXPECT_EQ(second.nalp, 0);
        const auto none = notification(host_b);
        const spec::ReservationNotificationLog empty{};
        EXPECT_EQ(std::memcmp(&none, &empty, sizeof none), 0);
        bring_up(host_b);
        ASSERT_TRUE(host_b.reservation_register(1, 2).ok());
        ASSERT_TRUE(host_a.reservation_register(1, 1).ok());
        ASSERT_TRUE(host_a.reservation_clear(1, 1).ok());
        EXPECT_EQ(notification(host_b).lpc, 1u) << "a reset starts the count again";
    });
}

TEST_F(ReservationNotices, APageThatCouldNotBeDeliveredIsNotLost) {
    simulate([this] {
        register_all();
        ASSERT_TRUE(host_a.reservation_clear(1, 1).ok());
        commands::LogRequest request{spec::LogId::kReservationNotification};
        request.bytes = 64;
        auto entry = commands::get_log_page(request);
        entry.prp1 = 1ull << 50;
        EXPECT_EQ(status(host_b.admin(entry)), StatusCode::kDataTransferError);
        EXPECT_EQ(notification(host_b).lpc, 1u);
    });
}

TEST_F(ReservationNotices, AnEventAnnouncesThemUntilTheLogIsRead) {
    simulate([this] {
        register_all();
        const Ticket first = event_request(host_b), second = event_request(host_b);
        EXPECT_FALSE(arrives(host_b, first));
        ASSERT_TRUE(host_a.reservation_preempt(1, Type::kWriteExclusive, 1, 2).ok());
        expect_event(host_b, first);
        ASSERT_TRUE(host_b.reservation_register(1, 2).ok());
        ASSERT_TRUE(host_a.reservation_clear(1, 1).ok());
        EXPECT_FALSE(arrives(host_b, second)) << "the host knows, and has not looked yet";
        EXPECT_EQ(notification(host_b, true).rnlpt, kPreempted);
        EXPECT_FALSE(arrives(host_b, second)) << "the event is retained";
        EXPECT_EQ(notification(host_b).rnlpt, kCleared);
        EXPECT_FALSE(arrives(host_b, second)) << "there is nothing more";
        ASSERT_TRUE(host_b.reservation_register(1, 2).ok());
        ASSERT_TRUE(host_a.reservation_register(1, 1).ok());
        ASSERT_TRUE(host_a.reservation_clear(1, 1).ok());
        expect_event(host_b, second);
    });
}

TEST_F(ReservationNotices, AHostThatReadsOnePageHearsOfThoseBehindIt) {
    simulate([this] {
        register_all();
        const Ticket first = event_request(host_b), second = event_request(host_b);
        ASSERT_TRUE(host_a.reservation_preempt(1, Type::kWriteExclusive, 1, 2).ok());
        ASSERT_TRUE(host_b.reservation_register(1, 2).ok());
        ASSERT_TRUE(host_a.reservation_clear(1, 1).ok());
        expect_event(host_b, first);
        EXPECT_EQ(notification(host_b).rnlpt, kPreempted);
        expect_event(host_b, second);
        EXPECT_EQ(notices(host_b), Notices{kCleared});
    });
}

TEST_F(ReservationNotices, AMaskedTypeLeavesNeitherPageNorEvent) {
    simulate([this] {
        register_all();
        const Ticket event = event_request(host_b);
        mask(host_b, 1u << static_cast<unsigned>(kCleared));
        ASSERT_TRUE(host_a.reservation_clear(1, 1).ok());
        EXPECT_FALSE(arrives(host_b, event));
        EXPECT_EQ(notices(host_b), Notices{});
        EXPECT_EQ(notices(host_c), Notices{kCleared}) << "which masks nothing";
        for (HostDriver* driver : {&host_a, &host_b})
            ASSERT_TRUE(driver->reservation_register(1, 9).ok());
        ASSERT_TRUE(host_a.reservation_acquire(1, Type::kWriteExclusiveAllRegistrants, 9).ok());
        mask(host_b, 1u << static_cast<unsigned>(kPreempted));
        ASSERT_TRUE(host_a.reservation_release(1, Type::kWriteExclusiveAllRegistrants, 9).ok());
        EXPECT_EQ(notices(host_b), Notices{kReleased});
        mask(host_b, 1u << static_cast<unsigned>(kReleased));
        ASSERT_TRUE(host_a.reservation_acquire(1, Type::kWriteExclusiveAllRegistrants, 9).ok());
        ASSERT_TRUE(host_a.reservation_release(1, Type::kWriteExclusiveAllRegistrants, 9).ok());
        ASSERT_TRUE(host_a.reservation_replace(1, 9, 8).ok());
        ASSERT_TRUE(host_a.reservation_preempt(1, Type::kWriteExclusive, 8, 9).ok());
        EXPECT_EQ(notices(host_b), Notices{kPreempted});
    });
}

TEST_F(ReservationNotices, ALogThatNobodyReadsKeepsTheOldestAndCountsTheRest) {
    simulate([this] {
        register_all();
        for (unsigned n = 0; n < 100; ++n) {
            ASSERT_TRUE(host_a.reservation_acquire(1, Type::kWriteExclusiveAllRegistrants, 1).ok());
            ASSERT_TRUE(host_a.reservation_release(1, Type::kWriteExclusiveAllRegistrants, 1).ok());
        }
        std::uint64_t last = 0, pages = 0;
        for (;;) {
            const auto page = notification(host_b);
            if (page.lpc == 0) break;
            EXPECT_TRUE(++pages == 64 || page.lpc == pages) << pages;
            last = page.lpc;
        }
        EXPECT_EQ(pages, 64u);
        EXPECT_EQ(last, 100u) << "36 were lost";
    });
}

}  // namespace
}  // namespace nvme::test
