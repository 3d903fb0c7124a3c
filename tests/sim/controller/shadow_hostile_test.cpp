// SPDX-License-Identifier: Apache-2.0
// Shadow doorbells of a host that errs, or means no good.
#include <random>
#include <vector>

#include "models/nvme/spec/logs.h"
#include "tests/sim/controller/shadow_fixture.h"

namespace nvme::test {
namespace {

namespace commands = platform::commands;
using platform::Completion;
using platform::DriverError;
using platform::ShadowedQueues;
using spec::StatusCode;

constexpr std::uint64_t kNowhere = 0xffff'ffff'0000'0000;

class ShadowHostile : public ShadowTest {
protected:
    using ShadowTest::ShadowTest;

    /// Accesses to the page fail from now on.
    void vanish(const platform::DmaBuffer& page) {
        probe.hook = [page](const DmaAccess& a, sc_core::sc_time&) {
            return a.touches(page.gpa, page.size) ? tlm::TLM_ADDRESS_ERROR_RESPONSE
                                                  : tlm::TLM_OK_RESPONSE;
        };
    }
    void expect_good_after_reset(std::uint16_t queues = 1) {
        probe.hook = nullptr;
        ASSERT_EQ(driver.enable(), DriverError::kNone);
        ASSERT_EQ(driver.create_io_queues(queues, 64), DriverError::kNone);
        EXPECT_TRUE(verified_io(driver, 99));
    }
};

TEST_F(ShadowHostile, BufferThatIsNotAPageIsRefusedAndTheOldOnesStay) {
    simulate([this] {
        bring_up();
        ASSERT_TRUE(driver.use_shadow_doorbells(ShadowedQueues::kIo).ok());
        const auto page = driver.allocate(8192);
        const std::pair<std::uint64_t, std::uint64_t> bad[] = {
            {page.gpa + 4, page.gpa},    {page.gpa, page.gpa + 4}, {page.gpa + 2048, page.gpa},
            {page.gpa, page.gpa + 4095}, {kNowhere, page.gpa},     {page.gpa, kNowhere},
            {~0ull << 12, page.gpa},     {page.gpa, ~0ull << 12},
        };
        for (const auto& [prp1, prp2] : bad) {
            const Completion completion = configure(prp1, prp2);
            EXPECT_EQ(completion.status, StatusCode::kInvalidField) << std::hex << prp1 << prp2;
            EXPECT_TRUE(completion.do_not_retry);
        }
        for (unsigned i = 0; i < 100; ++i) ASSERT_TRUE(driver.flush(1).ok());
    });
}

TEST_F(ShadowHostile, ValueThatIsNoneOfTheQueueIsAnErrorEventAndStopsThatQueueAlone) {
    simulate([this] {
        bring_up(2);
        set_up_by_hand();
        for (const std::uint32_t value : {64u, 0xffffu, 0x1234'8000u}) {
            const auto event = request_event();
            put(shadow, kTail1, value);
            ring(driver.sq_doorbell(1), 1);
            EXPECT_EQ(error_event(event), spec::AsyncErrorInfo::kInvalidDoorbellValue);
            spec::ErrorLogEntry entry{};
            commands::LogRequest request{spec::LogId::kErrorInformation};
            request.bytes = sizeof entry;
            ASSERT_TRUE(driver.get_log_page(request, &entry).ok());
            EXPECT_EQ(entry.sqid, 1);
            EXPECT_TRUE(verified_io(driver, value, 64, 32, 2));
            // Recreated, the queue works.
            ASSERT_TRUE(driver.delete_queue_pair(1).ok());
            ASSERT_TRUE(driver.create_queue_pair({1, 64, 0, 0, 1}).ok());
            EXPECT_TRUE(verified_io(driver, value, 64, 32, 1));
        }
    });
}

TEST_F(ShadowHostile, HeadPastTheTailIsAnErrorEventAndTheOtherQueuesGoOn) {
    simulate([this] {
        bring_up(2);
        set_up_by_hand();
        const auto event = request_event();
        put(shadow, kHead1, 7);  // nothing was ever posted
        ring(driver.cq_doorbell(1), 0);
        EXPECT_EQ(error_event(event), spec::AsyncErrorInfo::kInvalidDoorbellValue);
        EXPECT_TRUE(verified_io(driver, 1, 64, 32, 2));
    });
}

TEST_F(ShadowHostile, PagesThatVanishStopTheQueueThatNeedsThemWithAnErrorEvent) {
    simulate([this] {
        bring_up(2);
        ASSERT_TRUE(driver.delete_queue_pair(2).ok());
        for (int which = 0; which < 2; ++which) {
            set_up_by_hand();
            const auto event = request_event();
            put(shadow, kTail1, queue_flushes(1));
            vanish(which == 0 ? shadow : event_idx);
            ring(driver.sq_doorbell(1), driver.find_sq(1)->tail);
            EXPECT_EQ(error_event(event), spec::AsyncErrorInfo::kTransientInternalError);
            EXPECT_FALSE(driver.csts().get<spec::Csts::Cfs>());
            // The admin queue falls back to the doorbells of BAR 0, and can tell what happened.
            EXPECT_TRUE(driver.get_features(spec::FeatureId::kArbitration).ok());
            const Completion refused = driver.create_queue_pair({2, 8});
            EXPECT_EQ(refused.status, StatusCode::kDataTransferError);
            expect_good_after_reset(2);
            ASSERT_TRUE(driver.delete_queue_pair(2).ok());
        }
    });
}

TEST_F(ShadowHostile, PagesThatOverlapEachOtherOrTheQueuesHarmOnlyTheHost) {
    simulate([this] {
        bring_up();
        for (int layout = 0; layout < 6; ++layout) {
            const std::uint64_t sq = driver.find_sq(1)->memory.gpa;
            const std::uint64_t cq = driver.find_cq(1)->memory.gpa;
            const std::uint64_t asq = driver.find_sq(0)->memory.gpa;
            const std::uint64_t acq = driver.find_cq(0)->memory.gpa;
            const auto page = driver.allocate(4096);
            const std::pair<std::uint64_t, std::uint64_t> layouts[] = {
                {page.gpa, page.gpa}, {sq, page.gpa}, {cq, page.gpa},
                {page.gpa, cq},       {asq, acq},     {acq, asq},
            };
            (void)driver.submit(0, [&] {
                auto entry = commands::make(spec::AdminOpcode::kDoorbellBufferConfig);
                entry.prp1 = layouts[layout].first;
                entry.prp2 = layouts[layout].second;
                return entry;
            }());
            sc_core::wait(us(50));
            for (unsigned i = 0; i < 8; ++i) {
                queue_flushes(3);
                ring(driver.sq_doorbell(1), driver.find_sq(1)->tail);
                ring(driver.cq_doorbell(1), i);
                sc_core::wait(us(20));
            }
            driver.release(page);
            expect_good_after_reset();
        }
    });
}

TEST_F(ShadowHostile, RandomValuesAndDoorbellsHarmOnlyTheHost) {
    simulate([this] {
        bring_up(3, 16);
        std::mt19937_64 random(11);
        for (int round = 0; round < 12; ++round) {
            set_up_by_hand();
            for (int i = 0; i < 400; ++i) {
                const std::size_t doorbell = random() % 8;
                const bool small = random() % 2 == 0;
                const auto value = static_cast<std::uint32_t>(small ? random() % 17 : random());
                if (doorbell >= 2 || i > 390)
                    put(random() % 8 == 0 ? event_idx : shadow, doorbell, value);
                const bool ring_it = random() % 2 == 0;
                if (ring_it && doorbell >= 2)
                    ring(spec::offset::kDoorbells + static_cast<std::uint32_t>(4 * doorbell),
                         static_cast<std::uint32_t>(random() % 20));
                if (random() % 4 == 0)
                    sc_core::wait(static_cast<double>(random() % 3'000), sc_core::SC_NS);
            }
            driver.release(around);
            ASSERT_EQ(driver.enable(), DriverError::kNone);
            ASSERT_EQ(driver.create_io_queues(3, 16), DriverError::kNone);
            ASSERT_TRUE(verified_io(driver, 5, 64, 32, 3)) << round;
        }
    });
}

class ShadowCircle : public ShadowHostile {
protected:
    static ControllerParams params() {
        ControllerParams p;
        p.link.gen = 0;
        p.media.model = media::Model::kNone;
        p.doorbell_to_fetch_ns = p.firmware_per_command_ns = 0;
        return p;
    }
    ShadowCircle() : ShadowHostile(params()) {}
};

// Each Read brings the doorbell that announces the next, and the head that makes room for it.
TEST_F(ShadowCircle, CommandsThatAnnounceOneAnotherDoNotStopTheSimulatedTime) {
    simulate([this] {
        bring_up(1, 4);
        set_up_by_hand();
        const auto page = driver.allocate(4096);
        for (std::uint32_t block = 0; block < 4; ++block) {
            std::memset(page.data, 0, 512);
            put(page, kTail1, (block + 2) % 4);
            put(page, kHead1, block);
            ASSERT_TRUE(driver.write(1, block, 1, page).ok());
        }
        const auto sq = driver.find_sq(1)->memory;
        const std::uint32_t tail = driver.find_sq(1)->tail;
        for (std::uint32_t i = 0; i < 4; ++i) {
            auto entry = commands::read(1, i, 1);
            entry.prp1 = shadow.gpa;
            std::memcpy(sq.data + i * sizeof entry, &entry, sizeof entry);
        }
        trace.clear();
        put(shadow, kTail1, (tail + 1) % 4);
        ring(driver.sq_doorbell(1), (tail + 1) % 4);
        sc_core::wait(us(100));
        EXPECT_LE(trace.fetched.size(), 100'000u);
        expect_good_after_reset();
    });
}

class ShadowNotOffered : public ShadowTest {
protected:
    explicit ShadowNotOffered(bool by_choice = false)
        : ShadowTest([by_choice] {
              ControllerParams p;
              p.max_io_queues = by_choice ? 64 : 512;
              p.shadow_doorbells = !by_choice;
              return p;
          }()) {}

    void expect_none() {
        simulate([this] {
            bring_up();
            EXPECT_EQ(driver.controller().oacs, 1u << 4) << "Device Self-test alone";
            spec::CommandEffectsLog log{};
            commands::LogRequest request{spec::LogId::kCommandEffects};
            request.bytes = sizeof log;
            ASSERT_TRUE(driver.get_log_page(request, &log).ok());
            EXPECT_EQ(log.acs[0x7c], 0u);
            allocate_pages();
            EXPECT_EQ(configure(shadow.gpa, event_idx.gpa).status, StatusCode::kInvalidOpcode);
        });
    }
};

TEST_F(ShadowNotOffered, WhenTheDoorbellsWouldNotFitOnePage) {
    expect_none();
}

class ShadowTurnedOff : public ShadowNotOffered {
protected:
    ShadowTurnedOff() : ShadowNotOffered(true) {}
};

TEST_F(ShadowTurnedOff, WhenTheParameterSaysSo) {
    expect_none();
}

class ShadowLargest : public ShadowTest {
protected:
    ShadowLargest()
        : ShadowTest([] {
              ControllerParams p;
              p.max_io_queues = 511;
              p.msix_vectors = 2;
              return p;
          }()) {}
};

TEST_F(ShadowLargest, DoorbellsOf511QueuesFillThePagesAndNothingBeyond) {
    simulate([this] {
        ASSERT_EQ(driver.bring_up(), DriverError::kNone);
        allocate_pages(0x5a);
        ASSERT_TRUE(configure(shadow.gpa, event_idx.gpa).ok());
        ASSERT_TRUE(driver.create_queue_pair({511, 4, 0, 0, 1}).ok());
        put(shadow, 2 * 511, 1);
        (void)driver.submit(511, commands::flush(1), {}, {}, platform::Doorbell::kLater);
        ring(driver.sq_doorbell(511), 1);
        sc_core::wait(us(300));
        EXPECT_EQ(driver.poll(511), 1u);
        EXPECT_EQ(at(event_idx, 2 * 511), 1u);
        for (std::size_t i = 0; i < 4096; ++i) {
            ASSERT_EQ(around.data[i], std::byte{0x5a});
            ASSERT_EQ(around.data[3 * 4096 + i], std::byte{0x5a});
        }
    });
}

}  // namespace
}  // namespace nvme::test
