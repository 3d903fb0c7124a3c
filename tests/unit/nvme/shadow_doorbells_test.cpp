// SPDX-License-Identifier: Apache-2.0
// Shadow doorbells while host memory blocks: the host acts inside each access of the controller.
#include <gtest/gtest.h>

#include <cstddef>
#include <cstdint>
#include <functional>
#include <utility>

#include "tests/support/access_hook.h"
#include "tests/support/core_harness.h"

namespace nvme::test {
namespace {
using spec::AdminOpcode;
using spec::NvmOpcode;
using spec::StatusCode;
namespace offset = spec::offset;

class ShadowReentry : public testing::Test {
protected:
    static constexpr std::size_t kTail = 2, kHead = 3;

    explicit ShadowReentry(std::uint32_t entries = 8) : entries_(entries) {
        h.add_namespace(1, 1 << 20);
        pages = h.alloc(3 * 4096) / 4096 * 4096 + 4096;
        begin();
    }

    void begin() {
        h.enable();
        q = h.create_queues(1, entries_);
        for (std::uint64_t i = 0; i < 2048; ++i) h.memory.put(pages + 4 * i, std::uint32_t{0});
        auto config = admin_command(AdminOpcode::kDoorbellBufferConfig);
        config.prp1 = pages;
        config.prp2 = pages + 4096;
        ASSERT_EQ(status_of(h.admin(config)), StatusCode::kSuccess);
    }
    /// As Linux does it.
    void move(std::size_t doorbell, std::uint32_t value) {
        const auto old = h.memory.get<std::uint32_t>(pages + 4 * doorbell);
        h.memory.put(pages + 4 * doorbell, value);
        const auto event = h.memory.get<std::uint32_t>(pages + 4096 + 4 * doorbell);
        const auto past_event = static_cast<std::uint16_t>(value - event - 1);
        if (past_event >= static_cast<std::uint16_t>(value - old)) return;
        h.write32(offset::kDoorbells + static_cast<std::uint32_t>(4 * doorbell), value);
    }
    void submit() {
        h.push(q, io_command(NvmOpcode::kFlush, 1));
        move(kTail, q.tail);
        ++submitted;
    }
    void reap() {
        bool any = false;
        while (h.poll(q, false)) {
            ++completed;
            any = true;
        }
        if (any) move(kHead, q.head);
    }
    bool& at_access(std::size_t n, std::function<void()> action) {
        return access_hook.at(n, std::move(action));
    }
    void settle() {
        h.settle();
        h.memory.on_access = nullptr;
    }

    CoreHarness h;
    HostQueue q;
    std::uint64_t pages = 0;
    unsigned submitted = 0, completed = 0;
    AccessHook access_hook{h.memory};

private:
    std::uint32_t entries_;
};

TEST_F(ShadowReentry, CommandThatIsSubmittedInsideAnyAccessIsNotForgotten) {
    for (std::size_t n = 1; n <= 25; ++n) {
        at_access(n, [this] { submit(); });
        submit();
        submit();
        settle();
        reap();
        EXPECT_EQ(completed, submitted) << "access " << n;
    }
}

class ShadowReentrySmall : public ShadowReentry {
protected:
    ShadowReentrySmall() : ShadowReentry(2) {}
};

// The completion queue has room for one entry: every completion waits for the head to move.
TEST_F(ShadowReentrySmall, HeadThatMovesInsideAnyAccessIsNotForgotten) {
    for (std::size_t n = 1; n <= 25; ++n) {
        at_access(n, [this] { reap(); });
        for (int i = 0; i < 3; ++i) {
            submit();
            h.settle();
        }
        settle();
        reap();
        h.settle();
        for (int i = 0; i < 3 && completed < submitted; ++i) {
            reap();
            h.settle();
        }
        EXPECT_EQ(completed, submitted) << "access " << n;
    }
}

TEST_F(ShadowReentry, ResetInsideAnyAccessLeavesThePagesAlone) {
    for (std::size_t n = 1;; ++n) {
        const bool& done = at_access(n, [this] {
            h.controller->reset(ResetKind::kFunction);
            h.memory.forget();
        });
        submit();
        submit();
        h.settle();
        if (!done) break;
        EXPECT_TRUE(h.memory.accesses().empty()) << "access " << n;
        h.memory.on_access = nullptr;
        h.expect_service(1);
        for (const FakeMemory::Access& a : h.memory.accesses())
            EXPECT_FALSE(a.gpa + a.len > pages && a.gpa < pages + 8192) << "access " << n;
        h.disable();
        begin();
    }
}

TEST_F(ShadowReentry, QueuesMayBeDeletedAndTheBuffersMovedInsideAnyAccess) {
    for (std::size_t n = 1; n <= 30; ++n) {
        const bool& done = at_access(n, [this] {
            auto config = admin_command(AdminOpcode::kDoorbellBufferConfig);
            config.prp1 = pages;
            config.prp2 = pages + 4096;
            h.push(h.admin_queue(), config);
            for (const auto opcode : {AdminOpcode::kDeleteIoSq, AdminOpcode::kDeleteIoCq}) {
                auto remove = admin_command(opcode);
                remove.cdw10 = 1;
                h.push(h.admin_queue(), remove);
            }
            h.ring_tail(h.admin_queue());
            h.run_for(5'000'000);
        });
        submit();
        submit();
        h.write32(offset::kDoorbells + 12, q.head);  // a look at the head, too
        settle();
        if (!done) break;
        h.expect_service(1);
        h.disable();
        begin();
    }
}

TEST_F(ShadowReentry, BusMasterMayGoAndComeBackAroundAnyAccess) {
    for (std::size_t n = 1;; ++n) {
        const bool& done = at_access(n, [this] { h.set_bus_master(false); });
        submit();
        submit();
        settle();
        if (!done) break;
        h.set_bus_master(true);
        h.settle();
        reap();
        h.settle();
        EXPECT_EQ(h.controller->state().errors.count(), 0u) << "access " << n;
        EXPECT_EQ(completed, submitted) << "access " << n;
    }
}

}  // namespace
}  // namespace nvme::test
