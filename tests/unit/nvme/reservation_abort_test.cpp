// SPDX-License-Identifier: Apache-2.0
// Preempt and Abort from both sides: what becomes of the victim's commands wherever they are, and
// how long the preempting command waits for them.
#include <gtest/gtest.h>

#include <cstdint>
#include <optional>

#include "tests/support/core_harness.h"
#include "tests/unit/nvme/reservations_support.h"

namespace nvme::test {
namespace {
using spec::AdminOpcode;
using spec::NvmOpcode;
using spec::StatusCode;
using Type = Reservations::Type;

/// The other host's controller, of which no more is there than what reservations need. Its one
/// command is inside a DMA whenever it is told to abort.
struct OtherPort final : SubsystemMember {
    HostIdentity identity = host_of(9);
    unsigned ended = 0;
    bool busy = false;
    std::uint16_t controller_id() const override { return 9; }
    const HostIdentity& host() const override { return identity; }
    void on_reservation_notice(std::uint32_t, spec::ReservationNotice) override {}
    void abort_commands(Namespace& ns) override {
        if (busy) ns.abort_begins();
    }
    void on_aborts_ended() override { ++ended; }
    void on_namespace_changed(std::uint32_t) override {}
    void on_subsystem_reset() override {}
    void on_power(bool) override {}
};

ControllerParams slow_media() {
    ControllerParams p = instant_params();
    p.media.model = media::Model::kFixed;
    p.media.fixed.read_ns = 1'000;
    return p;
}

/// Both hosts are registrants of namespace 1: ours with key 1, the other with key 9.
class ReservationAbortTest : public testing::Test {
protected:
    ReservationAbortTest() : h(slow_media()) {
        h.add_namespace(1, 1 << 20);
        h.add_namespace(2, 1 << 20);
        h.subsystem.attach(other);
        h.enable();
        q = h.create_queues(1, 16);
        data = h.alloc(1 << 16);
        EXPECT_TRUE(rules().enroll(ours(), 1));
        EXPECT_TRUE(rules().enroll(other.identity, 9));
    }
    ~ReservationAbortTest() override {
        h.memory.on_access = nullptr;
        h.subsystem.detach(other);
    }
    Namespace& ns() { return *h.subsystem.find(1); }
    Reservations& rules() { return ns().reservations(); }
    const HostIdentity& ours() { return h.controller->state().host; }

    /// The other host preempts us, as its controller's command would do it.
    void preempt_us() {
        const auto done = rules().preempt(other.identity, 9, 1, Type::kExclusiveAccess);
        ASSERT_TRUE(done);
        h.subsystem.for_each_port([&](HostPort& port) {
            if (port.host() == ours()) port.abort_commands(ns());
        });
    }
    /// We preempt the other host, by a command.
    std::uint16_t push_preempt_and_abort() {
        h.memory.put(data, spec::ReservationAcquireData{1, 9});
        auto sqe = io_command(NvmOpcode::kReservationAcquire, 1, 0, 1, data);
        using C = spec::ReservationAcquireCdw10;
        sqe.cdw10 = C{}.with<C::Racqa>(spec::ReservationAcquireAction::kPreemptAndAbort)
                        .with<C::Rtype>(Type::kWriteExclusive)
                        .raw;
        return h.push(q, sqe);
    }
    std::optional<StatusCode> next_status() {
        const auto cqe = h.poll(q);
        if (!cqe) return std::nullopt;
        return nvme::test::status_of(*cqe);
    }
    OtherPort other;
    CoreHarness h;
    HostQueue q;
    std::uint64_t data = 0;
};

TEST_F(ReservationAbortTest, CommandsOfTheNamespaceEndAbortedAndOthersGoOn) {
    h.push(q, io_command(NvmOpcode::kRead, 1, 0, 1, data));
    h.push(q, io_command(NvmOpcode::kRead, 2, 0, 1, data + 4096));
    h.push(q, io_command(NvmOpcode::kRead, 1, 8, 1, data + 8192));
    h.ring_tail(q);
    h.run_for(1);  // all three are with the media
    h.memory.forget();
    preempt_us();
    EXPECT_FALSE(ns().aborting()) << "none is inside a DMA";
    h.settle();
    EXPECT_EQ(next_status(), StatusCode::kAbortedPreemptAndAbort);
    EXPECT_EQ(next_status(), StatusCode::kAbortedPreemptAndAbort);
    EXPECT_EQ(next_status(), StatusCode::kSuccess);
    EXPECT_FALSE(next_status());
    for (const auto& access : h.memory.accesses())
        EXPECT_FALSE(access.gpa == data || access.gpa == data + 8192) << "no data is delivered";
}

TEST_F(ReservationAbortTest, ACommandInsideADmaEndsAbortedAfterIt) {
    EXPECT_TRUE(rules().acquire(ours(), 1, Type::kWriteExclusive));
    bool called = false;
    h.memory.on_access = [&](const FakeMemory::Access& access) {
        if (called || access.gpa != data) return;
        called = true;
        preempt_us();
        EXPECT_TRUE(ns().aborting());
        EXPECT_EQ(other.ended, 0u);
    };
    h.push(q, io_command(NvmOpcode::kWrite, 1, 0, 8, data));
    h.ring_tail(q);
    h.settle();
    EXPECT_TRUE(called);
    EXPECT_EQ(next_status(), StatusCode::kAbortedPreemptAndAbort);
    EXPECT_FALSE(ns().aborting());
    EXPECT_EQ(other.ended, 1u) << "who waits for it is told";
    h.memory.on_access = nullptr;
    EXPECT_EQ(nvme::test::status_of(h.execute(q, io_command(NvmOpcode::kRead, 1, 0, 1, data))),
              StatusCode::kReservationConflict);
}

TEST_F(ReservationAbortTest, AResetInsideThatDmaDoesNotLeaveTheOtherHostWaiting) {
    bool called = false;
    h.memory.on_access = [&](const FakeMemory::Access& access) {
        if (called || access.gpa != data) return;
        called = true;
        preempt_us();
        h.controller->reset(ResetKind::kFunction);
    };
    h.push(q, io_command(NvmOpcode::kWrite, 1, 0, 8, data));
    h.ring_tail(q);
    h.settle();
    h.memory.on_access = nullptr;
    EXPECT_TRUE(called);
    EXPECT_FALSE(ns().aborting());
    EXPECT_EQ(other.ended, 1u);
    EXPECT_TRUE(rules().clear(other.identity, 9));
    h.expect_service(1);
}

TEST_F(ReservationAbortTest, AControllerThatMayNotSendDoesNotHoldThePreemptingHostUp) {
    h.push(q, io_command(NvmOpcode::kRead, 1, 0, 1, data));
    h.ring_tail(q);
    h.run_for(1);
    h.set_bus_master(false);
    preempt_us();
    EXPECT_FALSE(ns().aborting());
    h.settle();
    EXPECT_FALSE(next_status());
    h.set_bus_master(true);
    h.settle();
    EXPECT_EQ(next_status(), StatusCode::kAbortedPreemptAndAbort);
}

TEST_F(ReservationAbortTest, ThePreemptingCommandWaitsUntilTheLastVictimHasEnded) {
    other.busy = true;
    push_preempt_and_abort();
    h.push(q, io_command(NvmOpcode::kRead, 1, 0, 1, data + 4096));
    h.ring_tail(q);
    h.settle();
    EXPECT_EQ(rules().registrants().size(), 1u) << "it has acted";
    EXPECT_EQ(next_status(), StatusCode::kSuccess) << "the read overtakes it";
    EXPECT_FALSE(next_status());
    ns().abort_ended();
    h.subsystem.for_each_port([](HostPort& port) { port.on_aborts_ended(); });
    h.settle();
    EXPECT_EQ(next_status(), StatusCode::kSuccess);
}

TEST_F(ReservationAbortTest, AnEndThatIsNotTheLastOneLetsItWaitOn) {
    other.busy = true;
    ns().abort_begins();
    push_preempt_and_abort();
    h.ring_tail(q);
    h.settle();
    ns().abort_ended();
    h.subsystem.for_each_port([](HostPort& port) { port.on_aborts_ended(); });
    h.settle();
    EXPECT_FALSE(next_status());
    ns().abort_ended();
    h.subsystem.for_each_port([](HostPort& port) { port.on_aborts_ended(); });
    h.settle();
    EXPECT_EQ(next_status(), StatusCode::kSuccess);
}

TEST_F(ReservationAbortTest, AWaitingPreemptionCanBeAborted) {
    other.busy = true;
    const std::uint16_t cid = push_preempt_and_abort();
    h.ring_tail(q);
    h.settle();
    auto abort = admin_command(AdminOpcode::kAbort);
    abort.cdw10 = 1u | static_cast<std::uint32_t>(cid) << 16;
    const auto answer = h.admin(abort);
    EXPECT_EQ(nvme::test::status_of(answer), StatusCode::kSuccess);
    EXPECT_EQ(answer.dw0, 0u) << "aborted";
    EXPECT_EQ(next_status(), StatusCode::kAbortRequested);
    ns().abort_ended();
    h.subsystem.for_each_port([](HostPort& port) { port.on_aborts_ended(); });
    h.settle();
    EXPECT_FALSE(next_status());
}

TEST_F(ReservationAbortTest, AWaitingPreemptionIsForgottenWithItsQueueAndByAReset) {
    other.busy = true;
    push_preempt_and_abort();
    h.ring_tail(q);
    h.settle();
    auto remove = admin_command(AdminOpcode::kDeleteIoSq);
    remove.cdw10 = 1;
    EXPECT_EQ(nvme::test::status_of(h.admin(remove)), StatusCode::kSuccess);
    EXPECT_EQ(next_status(), StatusCode::kAbortedSqDeletion);
    h.disable();
    ns().abort_ended();
    h.subsystem.for_each_port([](HostPort& port) { port.on_aborts_ended(); });
    h.settle();
    h.expect_service(2);
}

}  // namespace
}  // namespace nvme::test
