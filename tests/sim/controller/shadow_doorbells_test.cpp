// SPDX-License-Identifier: Apache-2.0
// Shadow doorbells as a host uses them that does what the specification tells it to, or what
// drivers do. [NVMe-Base-2.0 5.8 Doorbell Buffer Config command]
#include <functional>
#include <iterator>
#include <random>

#include "models/nvme/spec/logs.h"
#include "tests/sim/controller/random_io.h"
#include "tests/sim/controller/shadow_fixture.h"

namespace nvme::test {
namespace {

namespace commands = platform::commands;
using platform::DriverError;
using platform::RingRule;
using platform::ShadowedQueues;
using spec::StatusCode;

class ShadowDoorbells : public ShadowTest {
protected:
    using ShadowTest::ShadowTest;
};

TEST_F(ShadowDoorbells, ControllerOffersThemAndAcceptsTheBuffers) {
    simulate([this] {
        bring_up();
        const auto oacs = spec::Oacs::from(driver.controller().oacs);
        EXPECT_TRUE(oacs.get<spec::Oacs::DoorbellBufferConfig>());
        set_up_by_hand();
        EXPECT_TRUE(verified_io(driver, 1));
    });
}

TEST_F(ShadowDoorbells, EntryIsConsumedThatTheShadowAnnouncesAndEventIdxFollows) {
    simulate([this] {
        bring_up();
        set_up_by_hand();
        put(shadow, kTail1, queue_flushes(1));
        ring(driver.sq_doorbell(1), 1);  // EventIdx said 0: the host has to
        sc_core::wait(us(300));
        EXPECT_EQ(trace.completed.back().sqid, 1);
        EXPECT_EQ(at(event_idx, kTail1), 1u);

        // Two entries, but the doorbell says only that there is something new: an old value.
        put(shadow, kTail1, queue_flushes(2));
        trace.clear();
        ring(driver.sq_doorbell(1), 1);
        sc_core::wait(us(300));
        EXPECT_EQ(trace.completed.size(), 2u);
        EXPECT_EQ(at(event_idx, kTail1), 3u);
    });
}

TEST_F(ShadowDoorbells, EntryThatComesWhileAnotherIsFetchedNeedsNoDoorbell) {
    simulate([this] {
        bring_up();
        set_up_by_hand();
        put(shadow, kTail1, queue_flushes(1));
        ring(driver.sq_doorbell(1), 1);
        sc_core::wait(ns(300));  // the shadow is read, and the entry on its way
        EXPECT_EQ(at(event_idx, kTail1), 0u) << "no doorbell is asked for yet";
        put(shadow, kTail1, queue_flushes(1));
        sc_core::wait(us(300));
        EXPECT_EQ(trace.completed.back().sqid, 1);
        EXPECT_EQ(driver.poll(1), 2u);
        EXPECT_EQ(at(event_idx, kTail1), 2u);
    });
}

TEST_F(ShadowDoorbells, QueuesInUseBeforeAndQueuesMadeAfterwardsWorkAlike) {
    simulate([this] {
        bring_up(3);
        ASSERT_TRUE(driver.delete_queue_pair(3).ok());
        for (unsigned i = 0; i < 21; ++i) ASSERT_TRUE(driver.flush(1, 1).ok());
        ASSERT_TRUE(driver.use_shadow_doorbells(ShadowedQueues::kIo).ok());
        const auto& pages = driver.shadows();
        EXPECT_EQ(pages.shadow_value(kTail1), 21u) << "the doorbells go on where they are";
        EXPECT_EQ(pages.shadow_value(kHead1), 21u);
        EXPECT_EQ(pages.event_value(kTail1), 21u);
        for (unsigned i = 0; i < 200; ++i) ASSERT_TRUE(driver.flush(1, 1 + i % 2).ok());

        platform::QueuePairOptions third;
        third.qid = 3;
        third.depth = 5;
        third.vector = 3;
        for (int round = 0; round < 3; ++round) {  // anew each time: from 0
            ASSERT_TRUE(driver.create_queue_pair(third).ok());
            EXPECT_EQ(pages.shadow_value(6), 0u);
            EXPECT_EQ(pages.event_value(6), 0u);
            for (unsigned i = 0; i < 22; ++i) ASSERT_TRUE(driver.flush(1, 3).ok());
            ASSERT_TRUE(driver.delete_queue_pair(3).ok());
        }
        EXPECT_TRUE(verified_io(driver, 3, 64, 32, 2));
    });
    EXPECT_EQ(driver.protocol_errors(), 0u);
}

TEST_F(ShadowDoorbells, HostThatRingsTheRealDoorbellsOnlyIsServedAndFindsThemInTheShadow) {
    simulate([this] {
        bring_up();
        set_up_by_hand();  // the driver does not know: all that follows goes to BAR 0
        for (unsigned i = 0; i < 150; ++i) ASSERT_TRUE(driver.flush(1).ok());
        ASSERT_TRUE(driver.get_features(spec::FeatureId::kArbitration).ok());
        sc_core::wait(us(10));
        EXPECT_EQ(at(shadow, kTail1), driver.find_sq(1)->tail);
        EXPECT_EQ(at(shadow, kHead1), driver.find_cq(1)->head);
        EXPECT_EQ(at(shadow, 0), driver.find_sq(0)->tail) << "the admin queue is among them";
        EXPECT_EQ(at(shadow, 1), driver.find_cq(0)->head);
        EXPECT_EQ(at(event_idx, kTail1), driver.find_sq(1)->tail);
    });
    EXPECT_EQ(driver.missed_interrupts(), 0u);
}

TEST_F(ShadowDoorbells, NothingIsWrittenBesideTheDoorbellsOfTheQueuesThatWereGranted) {
    simulate([this] {
        bring_up(3);
        allocate_pages(0x5a);
        ASSERT_TRUE(configure(shadow.gpa, event_idx.gpa).ok());
        ASSERT_TRUE(verified_io(driver, 1, 64, 32, 2));
        const std::size_t used = 2 * (1 + 3) * 4;
        for (std::size_t i = 0; i < around.size; ++i) {
            const bool doorbell = i % 4096 < used && i / 4096 >= 1 && i / 4096 <= 2;
            ASSERT_TRUE(doorbell || around.data[i] == std::byte{0x5a}) << i;
        }
    });
}

TEST_F(ShadowDoorbells, EveryResetGivesThePagesBackToTheHost) {
    simulate([this] {
        const std::function<DriverError()> resets[] = {
            [this] { return driver.disable(); },
            [this] { return driver.function_level_reset(); },
            [this] { return driver.subsystem_reset(); },
            [this] {
                driver.fundamental_reset();
                return DriverError::kNone;
            },
        };
        bring_up();
        for (std::size_t kind = 0; kind < std::size(resets); ++kind) {
            set_up_by_hand();
            ASSERT_TRUE(driver.flush(1).ok());
            ASSERT_EQ(resets[kind](), DriverError::kNone);
            std::memset(around.data, 0xa5, around.size);
            probe.log.clear();
            bring_up();
            ASSERT_TRUE(verified_io(driver, 7));
            EXPECT_EQ(accesses(true, around) + accesses(false, around), 0u) << kind;
            for (std::size_t i = 0; i < around.size; ++i)
                ASSERT_EQ(around.data[i], std::byte{0xa5}) << kind;
        }
    });
}

TEST_F(ShadowDoorbells, SecondCommandMovesThemToOtherPages) {
    simulate([this] {
        bring_up();
        ASSERT_TRUE(driver.use_shadow_doorbells(ShadowedQueues::kIo).ok());
        for (unsigned i = 0; i < 10; ++i) ASSERT_TRUE(driver.flush(1).ok());
        const auto old = driver.shadows().shadow();
        const auto keep = driver.allocate(4096);  // what is released next is not handed out again
        ASSERT_TRUE(driver.use_shadow_doorbells(ShadowedQueues::kAll).ok());
        std::memset(old.data, 0xee, old.size);
        for (unsigned i = 0; i < 100; ++i) ASSERT_TRUE(driver.flush(1).ok());
        EXPECT_EQ(old.data[4 * kTail1], std::byte{0xee});
        driver.release(keep);
    });
}

TEST_F(ShadowDoorbells, LookAtTheShadowTakesTheTimeOfALinkRead) {
    simulate([this] {
        bring_up();
        set_up_by_hand();
        put(shadow, kTail1, queue_flushes(1));
        ring(driver.sq_doorbell(1), 1);
        sc_core::wait(us(300));
        // From now on the shadow counts, and the link is idle.
        put(shadow, kTail1, queue_flushes(1));
        trace.clear();
        pcie::LinkParams idle;
        pcie::Link link(idle);
        const std::uint64_t t = now_ps();
        ring(driver.sq_doorbell(1), 2);
        sc_core::wait(us(300));
        const std::uint64_t looked = t + (idle.latency_ns + 100) * util::kPsPerNs;
        EXPECT_EQ(trace.fetched.at(0).ps, link.read(looked, 4));
    });
}

struct Style {
    ShadowedQueues which;
    RingRule rule;
};

class ShadowStress : public ShadowTest {
protected:
    static platform::DriverOptions options(const Style& style) {
        platform::DriverOptions o;
        o.shadowed = style.which;
        o.ring_rule = style.rule;
        return o;
    }
    explicit ShadowStress(const Style& style = {ShadowedQueues::kIo, RingRule::kModulo65536},
                          const ControllerParams& params = {})
        : ShadowTest(params, options(style)) {}

    /// Random commands with random pauses, so that the driver meets each state of the controller.
    void stress(std::uint16_t queues, std::uint32_t depth) {
        bring_up(queues, depth);
        ASSERT_TRUE(driver.shadows());
        const std::uint64_t rung = driver.doorbells_rung();
        std::mt19937_64 random(depth);
        unsigned sent = 0;
        std::uint64_t done = 0;
        const platform::OnCompletion count{[](void* n, const platform::Completion& c) {
                                               EXPECT_TRUE(c.ok()) << c;
                                               ++*static_cast<std::uint64_t*>(n);
                                           },
                                           &done};
        while (sent < 3'000) {
            const auto qid = static_cast<std::uint16_t>(1 + random() % queues);
            const auto entry = random() % 4 == 0 ? commands::flush(1)
                                                 : commands::write_zeroes(1, random() % 64, 1);
            if (driver.submit(qid, entry, {}, count).error == DriverError::kNone) ++sent;
            if (random() % 3 == 0)
                sc_core::wait(static_cast<double>(random() % 2'000), sc_core::SC_NS);
            if (random() % 16 == 0) (void)driver.poll(qid);
            ASSERT_TRUE(random() % 64 != 0 ||
                        driver.get_features(spec::FeatureId::kArbitration).ok());
        }
        for (std::uint16_t qid = 1; qid <= queues; ++qid)
            while (driver.find_sq(qid)->in_flight != 0) ASSERT_NE(driver.wait_any(qid), 0u) << qid;
        EXPECT_EQ(done, sent);
        if (depth < 16) return;  // small queues run full and empty, and are rung each time
        EXPECT_LT(driver.doorbells_rung() - rung, 2 * sent);
        RandomIo io(driver, depth, queues);
        EXPECT_TRUE(io.run(200));
        EXPECT_EQ(driver.shutdown(), DriverError::kNone);
    }
    ~ShadowStress() override {
        EXPECT_EQ(driver.protocol_errors(), 0u);
        EXPECT_EQ(driver.missed_interrupts(), 0u);
    }
};

TEST_F(ShadowStress, NoCommandIsForgottenWithADriverLikeLinux) {
    simulate([this] { stress(3, 32); });
}

TEST_F(ShadowStress, NoCommandIsForgottenInTheSmallestQueues) {
    simulate([this] { stress(2, 3); });
}

TEST_F(ShadowStress, NoCommandIsForgottenWhenEveryAccessWaits) {
    simulate([this] {
        slow_down(us(1));
        stress(3, 16);
    });
}

class ShadowStressByTheBook : public ShadowStress {
protected:
    ShadowStressByTheBook() : ShadowStress({ShadowedQueues::kAll, RingRule::kModuloDepth}) {}
};

TEST_F(ShadowStressByTheBook, NoCommandIsForgottenNotEvenOfTheAdminQueue) {
    simulate([this] { stress(3, 17); });
}

TEST_F(ShadowStressByTheBook, NoCommandIsForgottenWhenEveryAccessWaits) {
    simulate([this] {
        slow_down(us(1));
        stress(2, 4);
    });
}

class ShadowStressWithoutLatency : public ShadowStress {
protected:
    static ControllerParams instant() {
        ControllerParams p;
        p.link.gen = 0;
        p.media.model = media::Model::kNone;
        p.doorbell_to_fetch_ns = p.firmware_per_command_ns = p.admin_command_ns = 0;
        return p;
    }
    ShadowStressWithoutLatency()
        : ShadowStress({ShadowedQueues::kAll, RingRule::kModulo65536}, instant()) {}
};

TEST_F(ShadowStressWithoutLatency, NoCommandIsForgotten) {
    simulate([this] { stress(4, 8); });
}

class ShadowIntx : public ShadowTest {
protected:
    static ControllerParams params() {
        ControllerParams p;
        p.intx = true;
        return p;
    }
    static platform::DriverOptions options() {
        platform::DriverOptions o;
        o.interrupts = platform::InterruptMode::kIntx;
        o.shadowed = ShadowedQueues::kIo;
        return o;
    }
    ShadowIntx() : ShadowTest(params(), options()) {}
};

TEST_F(ShadowIntx, WireFallsWhenTheHostHasMovedTheHead) {
    simulate([this] {
        bring_up(2);
        ASSERT_TRUE(driver.shadows());
        RandomIo io(driver, 4, 2);
        EXPECT_TRUE(io.run(300));
        sc_core::wait(us(10));
        EXPECT_FALSE(host.interrupts.wire(0));
    });
    EXPECT_EQ(driver.protocol_errors(), 0u);
    EXPECT_EQ(driver.missed_interrupts(), 0u);
}

}  // namespace
}  // namespace nvme::test
