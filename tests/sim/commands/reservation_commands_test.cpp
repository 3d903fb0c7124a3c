// SPDX-License-Identifier: Apache-2.0
// Reservation Register, Report, Acquire and Release as a driver sees them.
#include <algorithm>

#include "tests/sim/commands/reservation_fixture.h"

namespace nvme::test {
namespace {

using spec::ReservationAcquireAction;
using spec::ReservationRegisterAction;
using spec::ReservationReleaseAction;

class ReservationCommands : public ReservationTest {
protected:
    Completion send(const spec::SubmissionEntry& entry, std::uint64_t first,
                    std::uint64_t second = 0) {
        const std::uint64_t keys[] = {first, second};
        return host_a.reservation_command(entry, keys, sizeof keys);
    }
    /// The first `bytes` of a report in a buffer of 0xEE, and whether the rest was left alone.
    std::vector<std::uint8_t> raw_report(std::uint64_t bytes, bool extended) {
        const DmaBuffer buffer = host_a.allocate(16384);
        std::memset(buffer.data, 0xEE, buffer.size);
        EXPECT_TRUE(
            host_a.execute(1, commands::reservation_report(1, bytes, extended), {buffer.gpa, 16384})
                .ok());
        const auto* from = reinterpret_cast<const std::uint8_t*>(buffer.data);
        std::vector<std::uint8_t> data(from, from + buffer.size);
        host_a.release(buffer);
        return data;
    }
};

TEST_F(ReservationCommands, CapabilitiesAreAnnounced) {
    simulate([this] {
        bring_up_all();
        const spec::IdentifyController& id = host_a.controller();
        using Oncs = spec::Oncs;
        EXPECT_TRUE(Oncs::from(id.oncs).get<Oncs::Reservations>());
        EXPECT_TRUE(spec::Ctratt::from(id.ctratt).get<spec::Ctratt::Hids>());
        EXPECT_EQ(id.cmic, 0x03) << "several ports, several controllers";
        spec::IdentifyNamespace ns;
        ASSERT_TRUE(host_b.identify_namespace(1, ns).ok());
        EXPECT_EQ(ns.nmic, 1) << "shared";
        EXPECT_EQ(ns.rescap, 0xFF) << "all types, persistence, IEKEY of today";
        spec::IdentifyNamespaceIndependent common;
        ASSERT_TRUE(host_b.identify(spec::Cns::kIndependentNamespace, 1, &common).ok());
        EXPECT_EQ(common.nmic, 1);
        EXPECT_EQ(common.rescap, 0xFF);
    });
}

TEST_F(ReservationCommands, ReportNamesEveryRegisteredControllerWithBothDataStructures) {
    simulate([this] {
        bring_up_all();
        ASSERT_TRUE(host_b.reservation_register(1, 0xB0B0).ok());
        ASSERT_TRUE(host_a.reservation_register(1, 0xA0A0'A0A0'A0A0'A0A0).ok());
        ASSERT_TRUE(
            host_b.reservation_acquire(1, Type::kExclusiveAccessRegistrantsOnly, 0xB0B0).ok());
        const ReservationReport r = report(host_c);
        EXPECT_EQ(r.generation, 2u);
        EXPECT_EQ(r.type, Type::kExclusiveAccessRegistrantsOnly);
        EXPECT_FALSE(r.persists);
        ASSERT_EQ(r.controllers.size(), 2u);
        EXPECT_EQ(r.controllers[0].cntlid, 1);
        EXPECT_TRUE(r.controllers[0].holder);
        EXPECT_EQ(r.controllers[0].host, host_id(2));
        EXPECT_EQ(r.controllers[0].key, 0xB0B0u);
        EXPECT_EQ(r.controllers[1].cntlid, 0);
        EXPECT_FALSE(r.controllers[1].holder);
        EXPECT_EQ(r.controllers[1].host, host_id(1));
        EXPECT_EQ(r.controllers[1].key, 0xA0A0'A0A0'A0A0'A0A0u);
    });
}

TEST_F(ReservationCommands, ShortIdentifiersAreReportedInTheShortStructure) {
    simulate([this] {
        HostId id{};
        std::fill_n(id.begin(), 8, 0x5A);
        bring_up(host_a);
        ASSERT_TRUE(host_a.set_host_identifier(id, false).ok());
        ASSERT_TRUE(host_a.reservation_register(1, 7).ok());
        ASSERT_TRUE(host_a.reservation_acquire(1, Type::kWriteExclusive, 7).ok());
        const ReservationReport r = report(host_a, 1, false);
        ASSERT_EQ(r.controllers.size(), 1u);
        EXPECT_EQ(r.controllers[0].host, id);
        EXPECT_EQ(r.controllers[0].key, 7u);
        EXPECT_TRUE(r.controllers[0].holder);
        ReservationReport other;
        EXPECT_EQ(status(host_a.reservation_report(1, other, true)),
                  StatusCode::kHostIdentifierInconsistentFormat);
    });
}

TEST_F(ReservationCommands, LongIdentifiersAreNotReportedInTheShortStructure) {
    simulate([this] {
        bring_up_all();
        ReservationReport other;
        EXPECT_EQ(status(host_a.reservation_report(1, other, false)),
                  StatusCode::kHostIdentifierInconsistentFormat);
    });
}

TEST_F(ReservationCommands, AHostWithoutIdentifierMayAskForEitherStructure) {
    simulate([this] {
        bring_up(host_a);
        ASSERT_TRUE(host_a.reservation_register(1, 7).ok());
        for (const bool extended : {false, true}) {
            const ReservationReport r = report(host_a, 1, extended);
            ASSERT_EQ(r.controllers.size(), 1u);
            EXPECT_EQ(r.controllers[0].host, HostId{});
            EXPECT_EQ(r.controllers[0].key, 7u);
        }
    });
}

TEST_F(ReservationCommands, AReportIsCutToTheBufferAndNeverLongerThanItIs) {
    simulate([this] {
        bring_up_all();
        for (HostDriver* driver : {&host_a, &host_b, &host_c})
            ASSERT_TRUE(driver->reservation_register(1, 0x11).ok());
        constexpr std::size_t kWhole = 64 + 3 * 64;
        const auto whole = raw_report(4096, true);
        EXPECT_EQ(whole[5], 3) << "registered controllers";
        EXPECT_TRUE(std::all_of(whole.begin() + kWhole, whole.end(), [](std::uint8_t byte) {
            return byte == 0xEE;
        })) << "no byte behind the report";
        for (std::uint64_t bytes = 4; bytes <= kWhole; bytes += 4) {
            const auto cut = raw_report(bytes, true);
            EXPECT_TRUE(
                std::equal(cut.begin(), cut.begin() + static_cast<long>(bytes), whole.begin()))
                << bytes;
            EXPECT_TRUE(std::all_of(cut.begin() + static_cast<long>(bytes), cut.end(),
                                    [](std::uint8_t byte) { return byte == 0xEE; }))
                << bytes;
        }
    });
}

TEST_F(ReservationCommands, ALengthBeyondMdtsIsRefused) {
    simulate([this] {
        bring_up_all();
        const std::uint64_t most = host_a.max_transfer_bytes();
        auto entry = commands::reservation_report(1, most, true);
        const DmaBuffer buffer = host_a.allocate(4096);
        EXPECT_TRUE(host_a.execute(1, entry, {buffer.gpa, 4096}).ok()) << "what is used is short";
        for (const std::uint32_t numd : {entry.cdw10 + 1, 0x7FFF'FFFFu, 0xFFFF'FFFFu}) {
            entry.cdw10 = numd;
            EXPECT_EQ(status(host_a.execute(1, entry, {buffer.gpa, 4096})),
                      StatusCode::kInvalidField)
                << numd;
        }
    });
}

TEST_F(ReservationCommands, ReservedValuesAreRefusedAndChangeNothing) {
    simulate([this] {
        bring_up_all();
        ASSERT_TRUE(host_a.reservation_register(1, 5).ok());
        ASSERT_TRUE(host_a.reservation_acquire(1, Type::kWriteExclusive, 5).ok());
        const auto before = report(host_a);
        const auto refused = [&](const spec::SubmissionEntry& entry) {
            EXPECT_EQ(status(send(entry, 5, 5)), StatusCode::kInvalidField) << entry.cdw10;
        };
        for (unsigned action = 3; action < 8; ++action) {
            refused(
                commands::reservation_register(1, static_cast<ReservationRegisterAction>(action)));
            refused(commands::reservation_acquire(1, static_cast<ReservationAcquireAction>(action),
                                                  Type::kWriteExclusive));
        }
        for (unsigned action = 2; action < 8; ++action)
            refused(commands::reservation_release(1, static_cast<ReservationReleaseAction>(action),
                                                  Type::kWriteExclusive));
        refused(commands::reservation_register(1, ReservationRegisterAction::kRegister, false,
                                               spec::ChangePtpl::kReserved));
        for (const unsigned type : {0u, 7u, 8u, 0x80u, 0xFFu}) {
            for (unsigned action = 0; action < 3; ++action)
                refused(commands::reservation_acquire(
                    1, static_cast<ReservationAcquireAction>(action), static_cast<Type>(type)));
            refused(commands::reservation_release(1, ReservationReleaseAction::kRelease,
                                                  static_cast<Type>(type)));
        }
        // IEKEY is of Register alone.
        for (unsigned action = 0; action < 3; ++action) {
            auto entry = commands::reservation_acquire(
                1, static_cast<ReservationAcquireAction>(action), Type::kWriteExclusive);
            entry.cdw10 |= 8;
            refused(entry);
        }
        for (unsigned action = 0; action < 2; ++action) {
            auto entry = commands::reservation_release(
                1, static_cast<ReservationReleaseAction>(action), Type::kWriteExclusive);
            entry.cdw10 |= 8;
            refused(entry);
        }
        const auto after = report(host_a);
        EXPECT_EQ(after.generation, before.generation);
        EXPECT_EQ(after.type, Type::kWriteExclusive);
        EXPECT_EQ(after.controllers.size(), 1u);
        // Reserved bits are ignored, and so is the type where nothing is released.
        auto clear = commands::reservation_release(1, ReservationReleaseAction::kClear,
                                                   static_cast<Type>(0xFF));
        clear.cdw10 |= 0xFFFF'00F0;
        EXPECT_EQ(status(send(clear, 5)), StatusCode::kSuccess);
    });
}

TEST_F(ReservationCommands, NamespaceAndPointersAreCheckedAsOfEveryCommand) {
    simulate([this] {
        bring_up_all();
        const spec::SubmissionEntry all[] = {
            commands::reservation_register(1, ReservationRegisterAction::kRegister),
            commands::reservation_acquire(1, ReservationAcquireAction::kAcquire,
                                          Type::kWriteExclusive),
            commands::reservation_release(1, ReservationReleaseAction::kClear),
            commands::reservation_report(1, 4096, true)};
        for (spec::SubmissionEntry entry : all) {
            entry.prp1 = 0x1002;
            EXPECT_EQ(status(host_a.execute(1, entry)), StatusCode::kPrpOffsetInvalid);
            entry.prp1 = 1ull << 50;
            EXPECT_EQ(status(host_a.execute(1, entry)), StatusCode::kDataTransferError);
            for (const std::uint32_t nsid : {0u, 3u, 1025u, spec::kNsidBroadcast}) {
                entry.nsid = nsid;
                EXPECT_EQ(status(host_a.execute(1, entry)), no_namespace(nsid)) << nsid;
            }
        }
        EXPECT_TRUE(report(host_a).controllers.empty());
        EXPECT_EQ(report(host_a).generation, 0u);
    });
}

TEST_F(ReservationCommands, KeysAreCheckedUnlessTheHostSaysOtherwise) {
    simulate([this] {
        bring_up_all();
        using Action = ReservationRegisterAction;
        const auto conflict = StatusCode::kReservationConflict;
        EXPECT_EQ(status(host_a.reservation_replace(1, 0, 6)), conflict) << "not registered";
        EXPECT_EQ(status(host_a.reservation_unregister(1, 0)), conflict);
        ASSERT_TRUE(send(commands::reservation_register(1, Action::kReplace, true), 999, 6).ok())
            << "IEKEY registers";
        EXPECT_EQ(status(host_a.reservation_register(1, 7)), conflict) << "has another key";
        EXPECT_EQ(status(send(commands::reservation_register(1, Action::kRegister, true), 6, 7)),
                  conflict)
            << "IEKEY is about the current key";
        EXPECT_EQ(status(host_a.reservation_register(1, 6)), StatusCode::kSuccess);
        EXPECT_EQ(status(host_a.reservation_replace(1, 5, 7)), conflict);
        EXPECT_EQ(status(host_a.reservation_replace(1, 6, 7)), StatusCode::kSuccess);
        EXPECT_EQ(status(host_a.reservation_acquire(1, Type::kWriteExclusive, 6)), conflict);
        EXPECT_EQ(status(host_a.reservation_acquire(1, Type::kWriteExclusive, 7)),
                  StatusCode::kSuccess);
        EXPECT_EQ(status(host_a.reservation_release(1, Type::kExclusiveAccess, 7)),
                  StatusCode::kInvalidField);
        EXPECT_EQ(status(host_a.reservation_unregister(1, 6)), conflict);
        EXPECT_TRUE(send(commands::reservation_register(1, Action::kUnregister, true), 999).ok());
        EXPECT_EQ(report(host_a).type, Type::kNone);
        EXPECT_TRUE(send(commands::reservation_register(1, Action::kUnregister, true), 0).ok())
            << "nothing there is no error then";
    });
}

TEST_F(ReservationCommands, ControllersOfOneHostShareRegistrationAndRights) {
    simulate([this] {
        bring_up(host_a);
        bring_up(host_b);
        bring_up(host_c);
        ASSERT_TRUE(host_a.set_host_identifier(host_id(1)).ok());
        ASSERT_TRUE(host_b.set_host_identifier(host_id(2)).ok());
        ASSERT_TRUE(host_c.set_host_identifier(host_id(1)).ok()) << "the same host again";
        ASSERT_TRUE(host_a.reservation_register(1, 1).ok());
        EXPECT_EQ(registered(host_a), (std::vector<unsigned>{0, 2}));
        ASSERT_TRUE(host_c.reservation_acquire(1, Type::kExclusiveAccess, 1).ok());
        for (const auto& entry : report(host_b).controllers) EXPECT_TRUE(entry.holder);
        EXPECT_TRUE(verified_io(host_a, 1));
        EXPECT_TRUE(verified_io(host_c, 2));
        EXPECT_EQ(status(host_b.flush(1)), StatusCode::kReservationConflict);
        ASSERT_TRUE(host_a.reservation_release(1, Type::kExclusiveAccess, 1).ok());
        EXPECT_TRUE(verified_io(host_b, 3));
    });
}

TEST_F(ReservationCommands, EveryQueueOfAControllerSeesTheSameReservation) {
    simulate([this] {
        bring_up_all();
        ASSERT_TRUE(host_a.reservation_register(1, 1, spec::ChangePtpl::kNoChange, 2).ok());
        ASSERT_TRUE(host_a.reservation_acquire(1, Type::kExclusiveAccess, 1, 1).ok());
        for (const std::uint16_t qid : {std::uint16_t{1}, std::uint16_t{2}}) {
            EXPECT_EQ(status(host_b.flush(1, qid)), StatusCode::kReservationConflict);
            EXPECT_TRUE(host_a.flush(1, qid).ok());
        }
    });
}

}  // namespace
}  // namespace nvme::test
