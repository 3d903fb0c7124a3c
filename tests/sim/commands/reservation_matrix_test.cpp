// SPDX-License-Identifier: Apache-2.0
// Which commands a reservation lets through: every I/O command, cell by cell of the tables of the
// specification.
#include <functional>

#include "tests/sim/commands/reservation_fixture.h"

namespace nvme::test {
namespace {

class ReservationMatrix : public ReservationTest {
protected:
    enum class Role { kHolder, kRegistrant, kNonRegistrant };

    const DmaBuffer& buffer(HostDriver& driver) {
        DmaBuffer& memory = &driver == &host_a ? memory_a : memory_b;
        if (!memory) memory = driver.allocate(4096);
        std::memset(memory.data, 0, 4096);
        return memory;
    }
    /// Host A holds the reservation; B is what `role` says. Returns who sends the command.
    HostDriver& set_up(Type type, Role role) {
        wipe(host_a);
        EXPECT_TRUE(host_a.reservation_register(1, 0xA).ok());
        if (role == Role::kRegistrant) {
            EXPECT_TRUE(host_b.reservation_register(1, 0xB).ok());
        }
        EXPECT_TRUE(host_a.reservation_acquire(1, type, 0xA).ok());
        return role == Role::kHolder ? host_a : host_b;
    }
    DmaBuffer memory_a, memory_b;
};

// [NVM-1.0 5.5 Reservations] and [NVMe-Base-2.0 8.19 Reservations], Command Behavior in the
// Presence of a Reservation. A registrant of the last two types is a holder as well.
TEST_F(ReservationMatrix, EachCommandIsAllowedOrConflictsAsTheTablesSay) {
    struct Rights {
        Role role;
        const char* reads;  // A allowed, C conflict; the six types in their order
        const char* writes;
    };
    constexpr Rights kRights[] = {
        {Role::kHolder, "AAAAAA", "AAAAAA"},
        {Role::kRegistrant, "ACAAAA", "CCAAAA"},
        {Role::kNonRegistrant, "ACACAC", "CCCCCC"},
    };
    // On blocks 8 to 15, which hold zeroes.
    struct Row {
        const char* name;
        bool writes;
        std::function<Completion(HostDriver&)> send;
    };
    const Row rows[] = {
        {"Read", false, [&](HostDriver& d) { return d.read(1, 8, 8, buffer(d)); }},
        {"Compare", false, [&](HostDriver& d) { return d.compare(1, 8, 8, buffer(d)); }},
        {"Verify", false, [](HostDriver& d) { return d.verify(1, 8, 8); }},
        {"Write", true, [&](HostDriver& d) { return d.write(1, 8, 8, buffer(d)); }},
        {"Write Zeroes", true, [](HostDriver& d) { return d.write_zeroes(1, 8, 8); }},
        {"Dataset Management", true,
         [](HostDriver& d) {
             return d.dataset_management(1, {{0, 8, 8}});
         }},
        {"Flush", true, [](HostDriver& d) { return d.flush(1); }},
        {"Flush of all namespaces", true,
         [](HostDriver& d) { return d.flush(spec::kNsidBroadcast); }},
    };
    simulate([&] {
        bring_up_all();
        for (const Type type : kAllTypes)
            for (const Rights& rights : kRights) {
                HostDriver& sender = set_up(type, rights.role);
                const auto column = static_cast<std::size_t>(type) - 1;
                for (const Row& row : rows) {
                    const char cell = (row.writes ? rights.writes : rights.reads)[column];
                    const Completion done = row.send(sender);
                    EXPECT_EQ(status(done),
                              cell == 'A' ? StatusCode::kSuccess : StatusCode::kReservationConflict)
                        << row.name << ", type " << column + 1 << ", role "
                        << static_cast<int>(rights.role);
                    EXPECT_EQ(done.do_not_retry, cell == 'C') << row.name;
                }
            }
    });
}

// The Reservation commands themselves. Acquire by a registrant that is a holder, because all are,
// is the repetition of what it holds.
TEST_F(ReservationMatrix, ReservationCommandsAreAllowedOrConflictAsTheTableSays) {
    simulate([this] {
        bring_up_all();
        for (const Type type : kAllTypes) {
            const auto conflict = StatusCode::kReservationConflict, good = StatusCode::kSuccess;
            const auto where = [type] { return "type " + std::to_string(static_cast<int>(type)); };
            // Each starts anew: most of them change what holds.
            const auto outsider = [&]() -> HostDriver& {
                return set_up(type, Role::kNonRegistrant);
            };
            EXPECT_EQ(status(outsider().reservation_acquire(1, type, 0xB)), conflict) << where();
            EXPECT_EQ(status(outsider().reservation_preempt(1, type, 0xB, 0xA)), conflict)
                << where();
            EXPECT_EQ(status(outsider().reservation_preempt(1, type, 0xB, 0xA, true)), conflict)
                << where();
            EXPECT_EQ(status(outsider().reservation_release(1, type, 0xB)), conflict) << where();
            EXPECT_EQ(status(outsider().reservation_clear(1, 0xB)), conflict) << where();
            EXPECT_EQ(report(outsider()).type, type) << where();
            EXPECT_EQ(status(outsider().reservation_register(1, 0xB)), good) << where();

            const auto registrant = [&]() -> HostDriver& {
                return set_up(type, Role::kRegistrant);
            };
            EXPECT_EQ(status(registrant().reservation_acquire(1, type, 0xB)),
                      held_by_all(type) ? good : conflict)
                << where();
            EXPECT_EQ(status(registrant().reservation_preempt(1, type, 0xB, 0xA)), good) << where();
            EXPECT_EQ(status(registrant().reservation_preempt(1, type, 0xB, 0xA, true)), good)
                << where();
            EXPECT_EQ(status(registrant().reservation_release(1, type, 0xB)), good) << where();
            EXPECT_EQ(status(registrant().reservation_clear(1, 0xB)), good) << where();
            EXPECT_EQ(report(registrant()).type, type) << where();
            EXPECT_EQ(status(registrant().reservation_unregister(1, 0xB)), good) << where();
        }
    });
}

TEST_F(ReservationMatrix, AConflictIsFoundBeforeTheRestOfTheCommandIsLookedAt) {
    simulate([this] {
        bring_up_all();
        HostDriver& outsider = set_up(Type::kExclusiveAccess, Role::kNonRegistrant);
        auto beyond = commands::read(1, ~0ull, 8);
        beyond.prp1 = 3;
        EXPECT_EQ(status(outsider.execute(1, beyond)), StatusCode::kReservationConflict);
        EXPECT_EQ(status(outsider.execute(1, commands::read(7, 0, 8))), StatusCode::kInvalidField)
            << "but not before the namespace";
        EXPECT_EQ(status(host_a.execute(1, beyond)), StatusCode::kLbaOutOfRange);
    });
}

TEST_F(ReservationMatrix, AReservationIsOfOneNamespace) {
    simulate([this] {
        bring_up_all();
        HostDriver& outsider = set_up(Type::kExclusiveAccess, Role::kNonRegistrant);
        EXPECT_EQ(status(outsider.write(2, 8, 8, buffer(outsider))), StatusCode::kSuccess);
        EXPECT_EQ(status(outsider.flush(2)), StatusCode::kSuccess);
        EXPECT_EQ(report(outsider, 2).type, Type::kNone);
    });
}

TEST_F(ReservationMatrix, RefusedWritesChangeNothing) {
    simulate([this] {
        bring_up_all();
        const auto out = make_pattern(host_a, 4096, 1), in = host_a.allocate(4096);
        ASSERT_TRUE(host_a.write(1, 8, 8, out).ok());
        HostDriver& outsider = set_up(Type::kWriteExclusive, Role::kNonRegistrant);
        EXPECT_FALSE(outsider.write(1, 8, 8, buffer(outsider)).ok());
        EXPECT_FALSE(outsider.write_zeroes(1, 8, 8).ok());
        EXPECT_FALSE(outsider.dataset_management(1, {{0, 8, 8}}).ok());
        ASSERT_TRUE(host_a.read(1, 8, 8, in).ok());
        EXPECT_EQ(std::memcmp(out.data, in.data, 4096), 0);
    });
}

}  // namespace
}  // namespace nvme::test
