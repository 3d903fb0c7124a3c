// SPDX-License-Identifier: Apache-2.0
// Whose reservation it is, and how long: Host Identifier, resets, power loss, persistence.
#include <algorithm>
#include <functional>

#include "tests/sim/commands/reservation_fixture.h"

namespace nvme::test {
namespace {

using spec::FeatureId;
using spec::FeatureSelect;

class ReservationHosts : public ReservationTest {
protected:
    StatusCode set(HostDriver& driver, FeatureId fid, std::uint32_t nsid, std::uint32_t value,
                   bool save = false) {
        return status(driver.admin(commands::set_features(fid, value, save, nsid)));
    }
    Completion get(HostDriver& driver, FeatureId fid, std::uint32_t nsid,
                   FeatureSelect select = FeatureSelect::kCurrent) {
        return driver.admin(commands::get_features(fid, select, 0, nsid));
    }
    std::uint32_t value(HostDriver& driver, FeatureId fid, std::uint32_t nsid,
                        FeatureSelect select = FeatureSelect::kCurrent) {
        const Completion got = get(driver, fid, nsid, select);
        EXPECT_TRUE(got.ok()) << got;
        return got.dw0;
    }
    static constexpr auto kPersistence = FeatureId::kReservationPersistence;
    static constexpr auto kMask = FeatureId::kReservationNotificationMask;
};

TEST_F(ReservationHosts, AnIdentifierIsSetOnceUntilTheNextReset) {
    simulate([this] {
        bring_up(host_a);
        HostId id;
        ASSERT_TRUE(host_a.get_host_identifier(id).ok());
        EXPECT_EQ(id, HostId{}) << "the default is 0";
        EXPECT_TRUE(host_a.set_host_identifier(HostId{}).ok()) << "0 may be set while it is 0";
        ASSERT_TRUE(host_a.set_host_identifier(host_id(1)).ok());
        ASSERT_TRUE(host_a.get_host_identifier(id).ok());
        EXPECT_EQ(id, host_id(1));
        for (const HostId& again : {host_id(1), host_id(2), HostId{}})
            EXPECT_EQ(status(host_a.set_host_identifier(again)), StatusCode::kCommandSequenceError);
        ASSERT_TRUE(host_a.get_host_identifier(id).ok());
        EXPECT_EQ(id, host_id(1));
        bring_up(host_a);
        ASSERT_TRUE(host_a.get_host_identifier(id).ok());
        EXPECT_EQ(id, HostId{});
        EXPECT_TRUE(host_a.set_host_identifier(host_id(2)).ok());
    });
}

TEST_F(ReservationHosts, IdentifiersOfBothSizesDoNotGoTogether) {
    simulate([this] {
        bring_up(host_a);
        bring_up(host_b);
        const auto inconsistent = StatusCode::kHostIdentifierInconsistentFormat;
        ASSERT_TRUE(host_a.set_host_identifier(host_id(1), false).ok());
        EXPECT_EQ(status(host_b.set_host_identifier(host_id(2), true)), inconsistent);
        EXPECT_EQ(status(host_a.set_host_identifier(host_id(1), true)),
                  StatusCode::kCommandSequenceError)
            << "it is no other controller that uses the size";
        HostId id;
        EXPECT_EQ(status(host_a.get_host_identifier(id, true)), inconsistent);
        ASSERT_TRUE(host_a.get_host_identifier(id, false).ok());
        HostId first_half{};
        std::copy_n(host_id(1).begin(), 8, first_half.begin());
        EXPECT_EQ(id, first_half);
        ASSERT_TRUE(host_b.set_host_identifier(host_id(2), false).ok());
        // With the last short one gone, long ones may come.
        bring_up(host_a);
        EXPECT_EQ(status(host_a.set_host_identifier(host_id(1), true)), inconsistent);
        bring_up(host_b);
        EXPECT_TRUE(host_a.set_host_identifier(host_id(1), true).ok());
    });
}

TEST_F(ReservationHosts, AShortIdentifierMovesEightBytesAndNoMore) {
    simulate([this] {
        bring_up(host_a);
        const DmaBuffer buffer = host_a.allocate(4096);
        std::memset(buffer.data, 0xEE, 4096);
        auto entry = commands::get_features(FeatureId::kHostIdentifier);
        ASSERT_TRUE(host_a.admin(entry, buffer).ok());
        for (unsigned i = 0; i < 32; ++i)
            EXPECT_EQ(buffer.data[i], static_cast<std::byte>(i < 8 ? 0 : 0xEE)) << i;
        entry = commands::set_features(FeatureId::kHostIdentifier, 0);
        entry.prp1 = 1ull << 50;
        EXPECT_EQ(status(host_a.admin(entry)), StatusCode::kDataTransferError);
        entry.prp1 = 2;
        EXPECT_EQ(status(host_a.admin(entry)), StatusCode::kPrpOffsetInvalid);
    });
}

TEST_F(ReservationHosts, DefaultAndSavedIdentifierAreZero) {
    simulate([this] {
        bring_up(host_a);
        ASSERT_TRUE(host_a.set_host_identifier(host_id(1)).ok());
        for (const auto select : {FeatureSelect::kDefault, FeatureSelect::kSaved}) {
            HostId id = host_id(9);
            EXPECT_TRUE(
                host_a
                    .admin_read(commands::get_features(FeatureId::kHostIdentifier, select, 1),
                                id.data(), id.size())
                    .ok());
            EXPECT_EQ(id, HostId{});
        }
        const HostId id = host_id(2);
        EXPECT_EQ(status(host_a.admin_write(
                      commands::set_features(FeatureId::kHostIdentifier, 1, true), id.data(), 16)),
                  StatusCode::kFeatureNotSaveable);
    });
}

TEST_F(ReservationHosts, ResetsOfAllKindsKeepWhatANamedHostHas) {
    simulate([this] {
        bring_up_all();
        ASSERT_TRUE(host_a.reservation_register(1, 1).ok());
        ASSERT_TRUE(host_a.reservation_acquire(1, Type::kExclusiveAccess, 1).ok());
        const std::function<void()> resets[] = {
            [this] { ASSERT_EQ(host_a.disable(), DriverError::kNone); },
            [this] { ASSERT_EQ(host_a.function_level_reset(), DriverError::kNone); },
            [this] { host_a.fundamental_reset(); },
            [this] {
                ASSERT_EQ(host_a.subsystem_reset(), DriverError::kNone);
                host_b.forget_everything();
                host_c.forget_everything();
                bring_up(host_b);
                ASSERT_TRUE(host_b.set_host_identifier(host_id(2)).ok());
            }};
        for (const auto& reset : resets) {
            reset();
            const ReservationReport r = report(host_b);
            EXPECT_EQ(r.type, Type::kExclusiveAccess);
            ASSERT_EQ(r.controllers.size(), 1u);
            EXPECT_EQ(r.controllers[0].cntlid, spec::kNoController) << "nobody speaks for it now";
            EXPECT_EQ(r.controllers[0].host, host_id(1));
            EXPECT_TRUE(r.controllers[0].holder);
            bring_up(host_a);
            EXPECT_EQ(status(host_a.flush(1)), StatusCode::kReservationConflict)
                << "the host has not said yet who it is";
            ASSERT_TRUE(host_a.set_host_identifier(host_id(1)).ok());
            EXPECT_TRUE(host_a.flush(1).ok());
            EXPECT_EQ(registered(host_b), (std::vector<unsigned>{0}));
        }
    });
}

TEST_F(ReservationHosts, AReservationFollowsItsHostToAnotherController) {
    simulate([this] {
        bring_up_all();
        ASSERT_TRUE(host_a.reservation_register(1, 1).ok());
        ASSERT_TRUE(host_a.reservation_acquire(1, Type::kExclusiveAccess, 1).ok());
        ASSERT_EQ(host_a.disable(), DriverError::kNone);
        bring_up(host_c);
        ASSERT_TRUE(host_c.set_host_identifier(host_id(1)).ok());
        EXPECT_TRUE(verified_io(host_c, 1));
        EXPECT_TRUE(host_c.reservation_release(1, Type::kExclusiveAccess, 1).ok());
    });
}

TEST_F(ReservationHosts, HostsWithoutIdentifierAreDifferentHostsAndOthersAfterAReset) {
    simulate([this] {
        bring_up(host_a);
        bring_up(host_b);
        ASSERT_TRUE(host_a.reservation_register(1, 1).ok());
        ASSERT_TRUE(host_a.reservation_acquire(1, Type::kExclusiveAccess, 1).ok());
        EXPECT_TRUE(host_a.flush(1).ok());
        EXPECT_EQ(status(host_b.flush(1)), StatusCode::kReservationConflict);
        ASSERT_TRUE(host_b.reservation_register(1, 2).ok());
        EXPECT_EQ(registered(host_b), (std::vector<unsigned>{0, 1}));
        bring_up(host_a);
        EXPECT_EQ(report(host_b).type, Type::kNone) << "gone with its host";
        EXPECT_EQ(registered(host_b), (std::vector<unsigned>{1}));
        EXPECT_TRUE(host_b.flush(1).ok());
    });
}

TEST_F(ReservationHosts, WhatWasRegisteredBeforeTheIdentifierWasSetIsAnotherHosts) {
    simulate([this] {
        bring_up(host_a);
        ASSERT_TRUE(host_a.reservation_register(1, 1).ok());
        ASSERT_TRUE(host_a.reservation_acquire(1, Type::kExclusiveAccess, 1).ok());
        ASSERT_TRUE(host_a.set_host_identifier(host_id(1)).ok());
        EXPECT_EQ(status(host_a.flush(1)), StatusCode::kReservationConflict);
        EXPECT_EQ(status(host_a.reservation_release(1, Type::kExclusiveAccess, 1)),
                  StatusCode::kReservationConflict);
        const ReservationReport r = report(host_a);
        ASSERT_EQ(r.controllers.size(), 1u);
        EXPECT_EQ(r.controllers[0].cntlid, spec::kNoController);
        EXPECT_EQ(r.controllers[0].host, HostId{});
        bring_up(host_a);
        EXPECT_EQ(report(host_a).type, Type::kNone);
    });
}

TEST_F(ReservationHosts, PowerLossEndsReservationsUnlessTheyPersist) {
    simulate([this] {
        bring_up_all();
        ASSERT_TRUE(host_a.reservation_register(1, 1).ok());
        ASSERT_TRUE(host_a.reservation_register(2, 1, spec::ChangePtpl::kSet).ok());
        for (const std::uint32_t nsid : {1u, 2u})
            ASSERT_TRUE(host_a.reservation_acquire(nsid, Type::kWriteExclusive, 1).ok());
        EXPECT_FALSE(report(host_b, 1).persists);
        EXPECT_TRUE(report(host_b, 2).persists);
        power_cycle();
        bring_up_all();
        EXPECT_EQ(report(host_b, 1).type, Type::kNone);
        EXPECT_TRUE(registered(host_b, 1).empty());
        EXPECT_TRUE(host_b.flush(1).ok());
        EXPECT_EQ(report(host_b, 2).type, Type::kWriteExclusive);
        EXPECT_TRUE(report(host_b, 2).persists);
        EXPECT_EQ(registered(host_b, 2), (std::vector<unsigned>{0}));
        EXPECT_EQ(status(host_b.flush(2)), StatusCode::kReservationConflict);
        EXPECT_TRUE(host_a.flush(2).ok());
        ASSERT_TRUE(host_b.reservation_register(2, 2, spec::ChangePtpl::kClear).ok())
            << "any registration may change it";
        power_cycle();
        bring_up_all();
        EXPECT_TRUE(registered(host_b, 2).empty());
    });
}

TEST_F(ReservationHosts, AHostWithoutIdentifierLosesEvenWhatPersists) {
    simulate([this] {
        bring_up(host_a);
        ASSERT_TRUE(host_a.reservation_register(1, 1, spec::ChangePtpl::kSet).ok());
        power_cycle();
        bring_up(host_a);
        EXPECT_TRUE(registered(host_a).empty());
        EXPECT_TRUE(report(host_a).persists) << "the state of the namespace stays";
    });
}

TEST_F(ReservationHosts, PersistenceIsAFeatureOfTheNamespaceToo) {
    simulate([this] {
        bring_up_all();
        EXPECT_EQ(value(host_a, kPersistence, 1), 0u);
        EXPECT_EQ(set(host_a, kPersistence, 1, 1), StatusCode::kSuccess);
        EXPECT_EQ(value(host_b, kPersistence, 1), 1u) << "whichever controller is asked";
        EXPECT_EQ(value(host_b, kPersistence, 2), 0u);
        EXPECT_TRUE(report(host_c).persists);
        ASSERT_TRUE(host_c.reservation_register(1, 1, spec::ChangePtpl::kClear).ok());
        EXPECT_EQ(value(host_a, kPersistence, 1), 0u);
        EXPECT_EQ(set(host_a, kPersistence, spec::kNsidBroadcast, 0xFFFF'FFFF),
                  StatusCode::kSuccess);
        for (const std::uint32_t nsid : {1u, 2u}) EXPECT_EQ(value(host_a, kPersistence, nsid), 1u);
        EXPECT_EQ(value(host_a, kPersistence, 1, FeatureSelect::kDefault), 0u);
        EXPECT_EQ(set(host_a, kPersistence, 1, 0, true), StatusCode::kFeatureNotSaveable);
        EXPECT_EQ(status(get(host_a, kPersistence, spec::kNsidBroadcast)),
                  StatusCode::kInvalidField);
        for (const std::uint32_t nsid : {0u, 3u, 1025u}) {
            EXPECT_EQ(set(host_a, kPersistence, nsid, 0), no_namespace(nsid));
            EXPECT_EQ(status(get(host_a, kPersistence, nsid)), no_namespace(nsid));
        }
        bring_up(host_a);
        EXPECT_EQ(value(host_a, kPersistence, 1), 1u) << "resets do not touch it";
    });
}

TEST_F(ReservationHosts, TheNotificationMaskIsOfControllerAndNamespace) {
    simulate([this] {
        bring_up_all();
        EXPECT_EQ(set(host_a, kMask, 1, 0xFFFF'FFFF), StatusCode::kSuccess);
        EXPECT_EQ(value(host_a, kMask, 1), 0xEu) << "reserved bits read as 0";
        EXPECT_EQ(value(host_a, kMask, 2), 0u);
        EXPECT_EQ(value(host_b, kMask, 1), 0u);
        EXPECT_EQ(set(host_a, kMask, spec::kNsidBroadcast, 4), StatusCode::kSuccess);
        for (const std::uint32_t nsid : {1u, 2u}) EXPECT_EQ(value(host_a, kMask, nsid), 4u);
        for (const std::uint32_t nsid : {0u, 3u, 1025u, 0xFFFF'FFFEu}) {
            EXPECT_EQ(set(host_a, kMask, nsid, 0), StatusCode::kInvalidField) << nsid;
            EXPECT_EQ(status(get(host_a, kMask, nsid)), StatusCode::kInvalidField) << nsid;
        }
        EXPECT_EQ(status(get(host_a, kMask, spec::kNsidBroadcast)), StatusCode::kInvalidField);
        EXPECT_EQ(set(host_a, kMask, 1, 0, true), StatusCode::kFeatureNotSaveable);
        bring_up(host_a);
        EXPECT_EQ(value(host_a, kMask, 1), 0u);
    });
}

TEST_F(ReservationHosts, ANamespaceThatIsRemovedTakesItsReservationWithIt) {
    simulate([this] {
        bring_up_all();
        ASSERT_TRUE(host_a.reservation_register(1, 1, spec::ChangePtpl::kSet).ok());
        ASSERT_TRUE(host_a.reservation_acquire(1, Type::kExclusiveAccess, 1).ok());
        EXPECT_TRUE(a.remove_namespace(1));
        ReservationReport out;
        EXPECT_EQ(status(host_a.reservation_report(1, out)), StatusCode::kInvalidField);
        EXPECT_EQ(a.add_namespace({}, std::make_unique<media::RamStore>(16ull << 20)), "");
        EXPECT_EQ(report(host_b).type, Type::kNone);
        EXPECT_FALSE(report(host_b).persists);
        EXPECT_TRUE(verified_io(host_b, 1));
    });
}

TEST_F(ReservationHosts, NamesInventedWithoutEndFindAnEnd) {
    simulate([this] {
        bring_up(host_b);
        unsigned accepted = 0;
        Completion last;
        for (unsigned n = 1; n <= 140; ++n) {
            bring_up(host_a);
            HostId id{};
            id[0] = static_cast<std::uint8_t>(n);
            ASSERT_TRUE(host_a.set_host_identifier(id).ok());
            last = host_a.reservation_register(1, n);
            if (!last.ok()) break;
            ++accepted;
        }
        EXPECT_EQ(accepted, 128u);
        EXPECT_EQ(status(last), StatusCode::kInternalError);
        EXPECT_EQ(report(host_b).controllers.size(), 128u) << "more than one page of report";
        EXPECT_TRUE(verified_io(host_b, 1));
    });
}

}  // namespace
}  // namespace nvme::test
