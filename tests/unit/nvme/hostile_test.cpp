// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <cstdint>
#include <random>
#include <vector>

#include "models/nvme/commands/admin_command.h"
#include "models/nvme/commands/nvm_commands.h"
#include "tests/support/core_harness.h"
#include "tests/support/fault_board.h"

// A host that means harm. Whatever it writes, the controller neither crashes nor hangs, and serves
// a clean reset and a verified write afterwards. Seeds are fixed: a failure can be repeated.
namespace nvme::test {
namespace {
namespace offset = spec::offset;

class HostileTest : public testing::TestWithParam<unsigned> {
protected:
    HostileTest() {
        for (const std::uint32_t nsid : {1u, 2u, 16u}) h.add_namespace(nsid, 1 << 20);
        h.enable(64);
        for (std::uint16_t qid = 1; qid <= 3; ++qid)
            queues.push_back(h.create_queues(qid, 64, qid));
        for (int i = 0; i < 32; ++i) pages.push_back(h.alloc(4096));
        fill_pages();
    }
    std::uint64_t pick(std::uint64_t n) { return random() % n; }
    std::uint32_t word() { return static_cast<std::uint32_t>(random()); }

    /// A pointer that leads somewhere: aligned, off by a little, or anywhere at all.
    std::uint64_t pointer() {
        const std::uint64_t page = pages[pick(pages.size())];
        switch (pick(8)) {
            case 0:
                return random();
            case 1:
                return page + pick(4096);
            case 2:
                return page + 4096 - 8 * pick(4);
            default:
                return page;
        }
    }
    /// Pages hold pointers to pages: as PRP lists they lead on, and as ranges they are nonsense.
    void fill_pages() {
        for (const std::uint64_t page : pages)
            for (std::uint64_t at = 0; at < 4096; at += 8) h.memory.put(page + at, pointer());
    }
    /// Those that the controller knows.
    template <typename Find>
    static std::vector<std::uint8_t> opcodes(Find find) {
        std::vector<std::uint8_t> known;
        for (unsigned opcode = 0; opcode < 256; ++opcode)
            if (find(static_cast<std::uint8_t>(opcode)) != nullptr)
                known.push_back(static_cast<std::uint8_t>(opcode));
        return known;
    }
    spec::SubmissionEntry entry(bool admin) {
        static const auto kAdmin = opcodes([](std::uint8_t o) { return find_admin_command(o); });
        static const auto kIo = opcodes([](std::uint8_t o) { return find_nvm_command(o); });
        spec::SubmissionEntry sqe{};
        auto* words = reinterpret_cast<std::uint32_t*>(&sqe);
        for (unsigned i = 0; i < 16; ++i) {
            const std::uint64_t kind = pick(4);
            words[i] = kind == 0 ? word() : kind == 1 ? word() & 0xff : kind == 2 ? word() & 3 : 0;
        }
        if (pick(8) != 0)
            sqe.cdw0 = (admin ? kAdmin[pick(kAdmin.size())] : kIo[pick(kIo.size())]) |
                       static_cast<std::uint32_t>(pick(64)) << 16;
        if (pick(4) != 0) sqe.nsid = pick(2) != 0 ? 1 : static_cast<std::uint32_t>(pick(18));
        sqe.prp1 = pointer();
        sqe.prp2 = pointer();
        return sqe;
    }
    /// Fills a part of the queue with entries and announces them; takes what has completed.
    void flood(HostQueue& q, bool admin) {
        for (std::uint64_t n = 1 + pick(20); n-- > 0;) h.push(q, entry(admin));
        h.ring_tail(q, pick(3) * 1000);
        if (pick(4) == 0)
            h.run_for(pick(5000));
        else
            h.settle();
        while (pick(16) != 0 && h.poll(q)) {
        }
    }
    void expect_service() {
        h.memory.heal();
        // A host that named itself may have reserved the namespace for good.
        h.subsystem.remove(2);
        h.add_namespace(2, 1 << 20);
        h.expect_service(2);
    }
    CoreHarness h{[] {
        ControllerParams p = instant_params();
        p.doorbell_to_fetch_ns = p.firmware_per_command_ns = 1;
        p.media.model = media::Model::kFixed;
        p.max_inflight_per_sq = 16;
        return p;
    }()};
    std::mt19937_64 random{GetParam()};
    std::vector<HostQueue> queues;
    std::vector<std::uint64_t> pages;
};

TEST_P(HostileTest, RandomIoEntries) {
    for (unsigned round = 0; round < 300; ++round) flood(queues[pick(queues.size())], false);
    h.settle();
    expect_service();
}

TEST_P(HostileTest, RandomAdminEntries) {
    for (unsigned round = 0; round < 300; ++round) flood(h.admin_queue(), true);
    h.settle();
    expect_service();
}

TEST_P(HostileTest, RandomEntriesOnAllQueuesWithUnreachableMemory) {
    for (unsigned round = 0; round < 300; ++round) {
        if (pick(10) == 0) h.memory.fail(pages[pick(pages.size())], 4096);
        if (pick(20) == 0) h.memory.heal();
        if (pick(50) == 0) h.set_bus_master(pick(2) != 0);
        const std::uint64_t which = pick(queues.size() + 1);
        if (which == queues.size())
            flood(h.admin_queue(), true);
        else
            flood(queues[which], false);
        if (pick(20) == 0) fill_pages();
    }
    h.set_bus_master(true);
    h.settle();
    expect_service();
}

TEST_P(HostileTest, RandomRegisterAndDoorbellWrites) {
    constexpr std::uint32_t kBar = 64 * 1024;
    for (unsigned round = 0; round < 4000; ++round) {
        const unsigned size = pick(4) == 0 ? static_cast<unsigned>(pick(17)) : pick(2) != 0 ? 4 : 8;
        const std::uint64_t at = pick(3) == 0   ? pick(0x70)
                                 : pick(2) == 0 ? 0x1000 + 4 * pick(16)
                                                : pick(kBar);
        const std::uint64_t value = pick(3) == 0   ? random()
                                    : pick(2) == 0 ? pick(64)
                                                   : CoreHarness::default_cc().raw;
        (void)h.controller->read(at, size);
        (void)h.controller->write(at, size, value, h.clock.now() + pick(2) * pick(3000));
        if (pick(8) == 0) h.write32(offset::kNssr, spec::kNssrReset);
        if (pick(8) == 0) h.write32(offset::kCc, CoreHarness::default_cc().raw);
        if (pick(4) == 0) h.run_for(pick(1'000'000));
        if (pick(64) == 0) h.settle();
    }
    h.settle();
    expect_service();
}

TEST_P(HostileTest, RandomResetsInsideAccesses) {
    h.memory.on_access = [&](const FakeMemory::Access&) {
        if (pick(40) != 0) return;
        switch (pick(4)) {
            case 0:
                h.controller->reset(ResetKind::kFunction);
                break;
            case 1:
                h.write32(offset::kCc, 0);
                break;
            case 2:
                h.write32(offset::kDoorbells + 4 * static_cast<std::uint32_t>(pick(8)), word());
                break;
            default:
                h.run_for(pick(2000));
                break;
        }
    };
    for (unsigned round = 0; round < 200; ++round) {
        flood(queues[pick(queues.size())], false);
        flood(h.admin_queue(), true);
        if (h.ready()) continue;
        const auto hook = std::exchange(h.memory.on_access, nullptr);
        h.disable();
        h.enable(64);
        for (std::uint16_t qid = 1; qid <= 3; ++qid)
            queues[qid - 1u] = h.create_queues(qid, 64, qid);
        h.memory.on_access = hook;
    }
    h.memory.on_access = nullptr;
    h.settle();
    expect_service();
}

/// Rules at random; those that mean nothing are refused by the plan.
class HostileTestUnderFaults : public HostileTest {
protected:
    faults::Rule any_rule() {
        faults::Rule r;
        r.action = static_cast<faults::Action>(pick(util::EnumNames<faults::Action>::names.size()));
        const auto place = faults::place_of(r);
        if (place <= faults::Place::kCompletion && pick(2) != 0)
            r.queue = static_cast<std::uint16_t>(pick(4));
        if (pick(3) == 0) r.nth = 1 + pick(20), r.every = 1 + pick(20);
        if (pick(3) == 0) r.count = 1 + pick(3);
        if (pick(3) == 0) r.probability_ppm = static_cast<std::uint32_t>(pick(1'000'001));
        const std::uint32_t groups = faults::info_of(r.action).groups;
        if ((groups & faults::kDelayBy) != 0) r.delay_ns = 1 + pick(100'000);
        if ((groups & faults::kDuration) != 0) r.duration_ns = pick(2) * pick(100'000);
        if ((groups & faults::kSet) != 0)
            r.set.assign(1 + pick(8), static_cast<std::uint8_t>(word()));
        if ((groups & faults::kSetOffset) != 0) r.set_offset = static_cast<std::uint32_t>(pick(64));
        if ((groups & faults::kStatus) != 0)
            r.sct = static_cast<std::uint8_t>(pick(8)), r.sc = static_cast<std::uint8_t>(word());
        if ((groups & faults::kVector) != 0) r.vector = static_cast<std::uint16_t>(pick(10));
        if ((groups & faults::kDma) != 0) r.dma = static_cast<faults::DmaAccess>(pick(5));
        if ((groups & faults::kRewritten) != 0) r.until_rewritten = pick(2) != 0;
        if ((groups & faults::kAsync) != 0) {
            r.event_type = static_cast<std::uint8_t>(pick(8));
            r.event_info = static_cast<std::uint8_t>(word());
            if (pick(2) != 0) r.event_nsid = 1 + word() % 20;
        }
        if ((groups & faults::kHealthState) != 0) {
            r.health.temperature = static_cast<std::uint16_t>(1 + pick(400));
            r.health.available_spare = static_cast<std::uint8_t>(pick(101));
            r.health.media_read_only = pick(2) != 0;
        }
        return r;
    }
};

TEST_P(HostileTestUnderFaults, RandomEntriesMeetRandomFaults) {
    FaultBoard board(h);
    board.keeps_record = false;
    unsigned rules = 0;
    for (unsigned round = 0; round < 400; ++round) {
        if (pick(6) == 0 && board.plan.add(any_rule()).empty()) ++rules;
        if (pick(10) == 0)
            board.plan.set_enabled("rule_" + std::to_string(pick(rules + 1)), pick(2) != 0);
        if (pick(10) == 0) board.plan.release("rule_" + std::to_string(pick(rules + 1)));
        if (pick(30) == 0) board.plan.set_active(pick(4) != 0);
        const std::uint64_t which = pick(queues.size() + 1);
        if (which == queues.size())
            flood(h.admin_queue(), true);
        else
            flood(queues[which], false);
        if (pick(40) == 0) h.write32(offset::kCc, pick(2) != 0 ? 0 : CoreHarness::default_cc().raw);
        if (pick(40) == 0) h.subsystem.set_power(true);
        (void)h.controller->read_by_host(4 * pick(16), 4, h.controller->registers());
    }
    EXPECT_GT(rules, 20u);
    board.plan.set_active(false);
    EXPECT_EQ(h.subsystem.set_health({}), "");
    h.controller->reset(ResetKind::kFunction);
    h.subsystem.set_power(true);
    h.settle();
    expect_service();
}

INSTANTIATE_TEST_SUITE_P(Seeds, HostileTestUnderFaults, testing::Range(1u, 25u));
INSTANTIATE_TEST_SUITE_P(Seeds, HostileTest, testing::Values(1u, 2u, 3u, 20240611u));

}  // namespace
}  // namespace nvme::test
