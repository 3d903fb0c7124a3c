// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <cstddef>
#include <cstdint>
#include <functional>
#include <utility>

#include "tests/support/access_hook.h"
#include "tests/support/core_harness.h"

// Host memory that blocks: while an access waits, the host resets the controller, rings doorbells
// and deletes queues, and the other processes run.
namespace nvme::test {
namespace {
using spec::AdminOpcode;
using spec::Cc;
using spec::Csts;
using spec::NvmOpcode;
using spec::Shn;
using spec::Shst;
using spec::StatusCode;
namespace offset = spec::offset;

class ReentryTest : public testing::Test {
protected:
    ReentryTest() {
        h.add_namespace(1, 1 << 20);
        data = h.alloc(1 << 16);
        list = h.alloc(4096);
        for (std::uint64_t i = 0; i < 16; ++i) h.memory.put(list + 8 * i, data + 4096 * (i + 1));
        begin();
    }

    void begin() {
        h.enable();
        q = h.create_queues(1, 32);
    }
    /// Commands of every kind that moves data, on both queues, some with PRP lists.
    void submit_mixture() {
        h.push(q, io_command(NvmOpcode::kWrite, 1, 0, 32, data, list));
        h.push(q, io_command(NvmOpcode::kRead, 1, 0, 32, data, list));
        h.push(q, io_command(NvmOpcode::kCompare, 1, 0, 8, data));
        auto trim = io_command(NvmOpcode::kDatasetManagement, 1, 0, 1, data);
        trim.cdw10 = 3;
        trim.cdw11 = 4;
        h.push(q, trim);
        h.push(q, io_command(NvmOpcode::kFlush, 1));
        h.ring_tail(q);
        auto identify = admin_command(AdminOpcode::kIdentify);
        identify.prp1 = data + 512;
        identify.prp2 = data + 8192;
        identify.cdw10 = 1;
        h.push(h.admin_queue(), identify);
        h.ring_tail(h.admin_queue());
    }
    bool& at_access(std::size_t n, std::function<void()> action) {
        return access_hook.at(n, std::move(action));
    }
    /// For each access of the mixture: `action` in its midst, then nothing may reach the host, and
    /// the controller serves a new start.
    void sweep(const std::function<void()>& action) {
        for (std::size_t n = 1;; ++n) {
            const bool& done = at_access(n, [&] {
                action();
                h.memory.forget();
                h.interrupts.clear();
            });
            submit_mixture();
            h.settle();
            h.memory.on_access = nullptr;
            if (!done) {
                EXPECT_GT(n, 20u);
                return;
            }
            EXPECT_TRUE(h.memory.accesses().empty()) << "access " << n;
            EXPECT_TRUE(h.interrupts.empty()) << "access " << n;
            h.expect_service(1);
            h.disable();
            begin();
        }
    }
    CoreHarness h;
    HostQueue q;
    std::uint64_t data = 0, list = 0;
    AccessHook access_hook{h.memory};
};

TEST_F(ReentryTest, AFunctionResetInsideAnyAccessEndsEverything) {
    sweep([this] { h.controller->reset(ResetKind::kFunction); });
}

TEST_F(ReentryTest, ClearingEnInsideAnyAccessEndsEverything) {
    sweep([this] { h.write32(offset::kCc, 0); });
}

TEST_F(ReentryTest, ASubsystemResetInsideAnyAccessEndsEverything) {
    sweep([this] { h.write32(offset::kNssr, spec::kNssrReset); });
}

TEST_F(ReentryTest, APowerCutInsideAnyAccessEndsEverything) {
    sweep([this] {
        h.subsystem.set_power(false);
        h.subsystem.set_power(true);
    });
}

TEST_F(ReentryTest, TheResetWaitsForTheAccessToReturn) {
    const bool& done = at_access(5, [this] {
        h.write32(offset::kCc, 0);
        h.run_for(1000);
        EXPECT_TRUE(h.ready()) << "a process is still inside a step";
        h.write32(offset::kCc, CoreHarness::default_cc().raw);
        h.run_for(1000);
        h.memory.forget();
    });
    submit_mixture();
    h.settle();
    ASSERT_TRUE(done);
    EXPECT_EQ(h.memory.writes(), 0u);
    EXPECT_TRUE(h.ready()) << "enabled again once the access had returned";
    h.memory.on_access = nullptr;
    h.expect_service(1);
}

// Pre-fix, the fetch went on with batches of no entries, for ever.
TEST_F(ReentryTest, ABadDoorbellInsideAFetchEndsTheFetch) {
    auto no_limit = admin_command(AdminOpcode::kSetFeatures);
    no_limit.cdw10 = 0x01;  // Arbitration
    no_limit.cdw11 = 7;
    ASSERT_EQ(status_of(h.admin(no_limit)), StatusCode::kSuccess);
    for (int i = 0; i < 20; ++i) h.push(q, io_command(NvmOpcode::kFlush, 1));
    const bool& done = at_access(1, [this] { h.write32(offset::kDoorbells + 8, 0xffff); });
    h.ring_tail(q);
    h.settle();
    ASSERT_TRUE(done);
    unsigned completed = 0;
    while (h.poll(q)) ++completed;
    EXPECT_LE(completed, 8u);
    h.memory.on_access = nullptr;
    h.expect_service(1);
}

// Pre-fix, the doorbell was taken for one beyond the entries posted, and the queue stopped.
TEST_F(ReentryTest, EntriesMayBeAcknowledgedInsideTheirOwnWrite) {
    h.memory.on_access = [this](const FakeMemory::Access& a) {
        if (!a.write || a.gpa - q.cq_base >= q.cq_size * 16) return;
        EXPECT_TRUE(h.poll(q));
    };
    for (int lap = 0; lap < 10; ++lap) {
        for (int i = 0; i < 25; ++i) h.push(q, io_command(NvmOpcode::kFlush, 1));
        h.ring_tail(q);
        h.settle();
    }
    EXPECT_EQ(q.head, 250u % 32);
    EXPECT_EQ(h.controller->state().errors.count(), 0u);
}

// Pre-fix, a command that was moving its data did not count as executing.
TEST_F(ReentryTest, AShutdownWaitsForACommandInsideAnAccess) {
    for (std::size_t n = 1; n <= 6; ++n) {
        h.push(q, io_command(NvmOpcode::kWrite, 1, 0, 32, data, list));
        const bool& done = at_access(n, [this] {
            h.write32(offset::kCc, CoreHarness::default_cc().with<Cc::Shn>(Shn::kNormal).raw);
            h.run_for(1000);
        });
        bool complete_inside = false;
        auto hook = h.memory.on_access;
        h.memory.on_access = [&, hook](const FakeMemory::Access& a) {
            hook(a);
            const bool complete = h.csts().get<Csts::Shst>() == Shst::kComplete;
            // The fetch alone may be given up: its entry stays in the queue.
            complete_inside = complete_inside || (complete && n > 1);
        };
        h.ring_tail(q);
        h.settle();
        ASSERT_TRUE(done);
        EXPECT_FALSE(complete_inside) << "access " << n;
        EXPECT_EQ(h.csts().get<Csts::Shst>(), Shst::kComplete);
        EXPECT_EQ(h.poll(q).has_value(), n > 1);
        h.memory.on_access = nullptr;
        h.disable();
        begin();
    }
}

TEST_F(ReentryTest, AQueueMayBeDeletedInsideAnyAccessOfItsCommands) {
    for (std::size_t n = 1; n <= 30; ++n) {
        const bool& done = at_access(n, [this] {
            auto remove = admin_command(AdminOpcode::kDeleteIoSq);
            remove.cdw10 = 1;
            h.push(h.admin_queue(), remove);
            h.ring_tail(h.admin_queue());
            h.run_for(1000);
        });
        h.push(q, io_command(NvmOpcode::kWrite, 1, 0, 32, data, list));
        h.push(q, io_command(NvmOpcode::kRead, 1, 0, 32, data, list));
        for (int i = 0; i < 10; ++i) h.push(q, io_command(NvmOpcode::kFlush, 1));
        h.ring_tail(q);
        h.settle();
        if (!done) break;
        h.memory.on_access = nullptr;
        const auto cqe = h.poll(h.admin_queue());
        ASSERT_TRUE(cqe) << "access " << n;
        EXPECT_EQ(status_of(*cqe), StatusCode::kSuccess);
        const auto posted = h.memory.writes();
        h.settle();
        EXPECT_EQ(h.memory.writes(), posted);
        auto remove = admin_command(AdminOpcode::kDeleteIoCq);
        remove.cdw10 = 1;
        EXPECT_EQ(status_of(h.admin(remove)), StatusCode::kSuccess);
        q = h.create_queues(1, 32);
        h.write_and_verify(q, 1, static_cast<std::uint32_t>(n));
    }
}

TEST_F(ReentryTest, ANamespaceMayBeRemovedInsideAnyAccessOfItsCommands) {
    for (std::size_t n = 1;; ++n) {
        const bool& done = at_access(n, [this] { EXPECT_TRUE(h.subsystem.remove(1)); });
        submit_mixture();
        h.settle();
        h.memory.on_access = nullptr;
        unsigned completed = 0;
        while (h.poll(q)) ++completed;
        EXPECT_EQ(completed, 5u) << "access " << n;
        if (!done) break;
        EXPECT_TRUE(h.poll(h.admin_queue()));
        h.add_namespace(1, 1 << 20);
        h.disable();
        begin();
    }
}

TEST_F(ReentryTest, ANamespaceMayShrinkInsideAnyAccessOfItsCommands) {
    for (std::size_t n = 1;; ++n) {
        const bool& done = at_access(n, [this] { EXPECT_EQ(h.subsystem.resize(1, 512), ""); });
        submit_mixture();
        h.settle();
        h.memory.on_access = nullptr;
        unsigned completed = 0;
        while (h.poll(q)) ++completed;
        EXPECT_EQ(completed, 5u) << "access " << n;
        if (!done) break;
        EXPECT_EQ(h.subsystem.resize(1, 1 << 20), "");
        h.disable();
        begin();
    }
}

TEST_F(ReentryTest, BusMasterMayGoAndComeBackAroundAnyAccess) {
    for (std::size_t n = 1;; ++n) {
        const bool& done = at_access(n, [this] {
            h.set_bus_master(false);
            h.memory.forget();
        });
        submit_mixture();
        h.settle();
        h.memory.on_access = nullptr;
        if (!done) break;
        h.memory.forget();
        h.settle();
        EXPECT_TRUE(h.memory.accesses().empty()) << "access " << n;
        h.set_bus_master(true);
        h.settle();
        h.expect_service(1);
        h.disable();
        begin();
    }
}

// Pre-fix, the deletion was given up half way and never completed.
TEST(Deletion, CompletesThoughBusMasterGoesWhileAnAbortedCommandIsPosted) {
    ControllerParams p = instant_params();
    p.firmware_per_command_ns = 1000;
    CoreHarness h(p);
    h.add_namespace(1, 1 << 16);
    h.enable();
    HostQueue q = h.create_queues(1, 8);
    for (int i = 0; i < 3; ++i) h.push(q, io_command(NvmOpcode::kFlush, 1));
    h.ring_tail(q);
    h.run_for(0);  // fetched, not yet decoded
    auto remove = admin_command(AdminOpcode::kDeleteIoSq);
    remove.cdw10 = 1;
    h.push(h.admin_queue(), remove);
    h.ring_tail(h.admin_queue());
    h.memory.fail(q.cq_base, 4096);
    h.memory.on_access = [&](const FakeMemory::Access& a) {
        if (a.write && a.gpa - q.cq_base < 4096) h.set_bus_master(false);
    };
    h.settle();
    h.memory.on_access = nullptr;
    h.memory.heal();
    EXPECT_FALSE(h.poll(h.admin_queue()));
    h.set_bus_master(true);
    h.settle();
    const auto cqe = h.poll(h.admin_queue());
    ASSERT_TRUE(cqe);
    EXPECT_EQ(status_of(*cqe), StatusCode::kSuccess);
}

}  // namespace
}  // namespace nvme::test
