// SPDX-License-Identifier: Apache-2.0
// The volatile write cache: what a power cut may take, and what it may not.
#include "tests/sim/commands/commands_fixture.h"

namespace nvme::test {
namespace {

class VolatileWriteCache : public CommandsTest {
protected:
    VolatileWriteCache() { add_ram_namespace(2, 16ull << 20, 4096); }

    /// What `blocks` 8 blocks at `lba` hold.
    bool holds(std::uint32_t nsid, std::uint64_t lba, const DmaBuffer& data) {
        const DmaBuffer in = driver.allocate(4096);
        EXPECT_TRUE(driver.read(nsid, lba, 4096 / driver.block_bytes(nsid), in).ok());
        const bool equal = same(in, data, 4096);
        driver.release(in);
        return equal;
    }
    bool write(std::uint32_t nsid, std::uint64_t lba, const DmaBuffer& data, bool fua = false) {
        return driver.write(nsid, lba, 4096 / driver.block_bytes(nsid), data, fua).ok();
    }
    static spec::SubmissionEntry turn_off() {
        spec::SubmissionEntry off{};
        off.cdw0 = static_cast<std::uint8_t>(spec::AdminOpcode::kSetFeatures);
        off.cdw10 = static_cast<std::uint8_t>(spec::FeatureId::kVolatileWriteCache);
        return off;
    }
    bool enable_cache(bool on, bool save = false) {
        return driver.set_features(spec::FeatureId::kVolatileWriteCache, on ? 1 : 0, save).ok();
    }
};

TEST_F(VolatileWriteCache, ContentThatWasNotFlushedIsLostAtAPowerCut) {
    simulate([this] {
        bring_up();
        const DmaBuffer old = pattern(4096, 1), fresh = pattern(4096, 2);
        ASSERT_TRUE(write(1, 0, old));
        ASSERT_TRUE(driver.flush(1).ok());
        ASSERT_TRUE(write(1, 0, fresh));
        EXPECT_TRUE(holds(1, 0, fresh));
        power_cycle();
        EXPECT_TRUE(holds(1, 0, old));
    });
}

TEST_F(VolatileWriteCache, FlushedContentSurvivesAPowerCut) {
    simulate([this] {
        bring_up();
        const DmaBuffer data = pattern(4096, 3), zeroes = driver.allocate(4096);
        ASSERT_TRUE(write(1, 0, data));
        ASSERT_TRUE(write(2, 0, data));
        ASSERT_TRUE(driver.flush(1).ok());
        power_cycle();
        EXPECT_TRUE(holds(1, 0, data));
        EXPECT_TRUE(holds(2, 0, zeroes)) << "only namespace 1 was flushed";
    });
}

TEST_F(VolatileWriteCache, BroadcastFlushCoversEveryNamespace) {
    simulate([this] {
        bring_up();
        const DmaBuffer data = pattern(4096, 4);
        ASSERT_TRUE(write(1, 8, data));
        ASSERT_TRUE(write(2, 8, data));
        ASSERT_TRUE(driver.flush(spec::kNsidBroadcast).ok());
        power_cycle();
        EXPECT_TRUE(holds(1, 8, data));
        EXPECT_TRUE(holds(2, 8, data));
    });
}

TEST_F(VolatileWriteCache, ForcedWriteSurvivesAloneAndNewerThanWhatWasCached) {
    simulate([this] {
        bring_up();
        const DmaBuffer cached = pattern(4096, 5), forced = pattern(4096, 6);
        const DmaBuffer zeroes = driver.allocate(4096);
        ASSERT_TRUE(write(1, 0, cached));
        ASSERT_TRUE(write(1, 8, cached));
        ASSERT_TRUE(write(1, 0, forced, true));
        EXPECT_TRUE(holds(1, 0, forced));
        power_cycle();
        EXPECT_TRUE(holds(1, 0, forced));
        EXPECT_TRUE(holds(1, 8, zeroes));
    });
}

TEST_F(VolatileWriteCache, ForcedReadMakesDurableWhatItReturns) {
    simulate([this] {
        bring_up();
        const DmaBuffer data = pattern(4096, 7), in = driver.allocate(4096);
        ASSERT_TRUE(write(1, 0, data));
        ASSERT_TRUE(write(1, 8, data));
        ASSERT_TRUE(io(commands::read(1, 0, 8, true), in).ok());
        EXPECT_TRUE(same(in, data, 4096));
        spec::SubmissionEntry verify = commands::verify(1, 8, 8);
        verify.cdw12 |= 1u << 30;
        ASSERT_TRUE(io(verify).ok());
        power_cycle();
        EXPECT_TRUE(holds(1, 0, data));
        EXPECT_TRUE(holds(1, 8, data));
    });
}

TEST_F(VolatileWriteCache, DisabledCacheLosesNothingNotEvenWhatItHeldBefore) {
    simulate([this] {
        bring_up();
        const DmaBuffer before = pattern(4096, 8), during = pattern(4096, 9);
        const DmaBuffer after = pattern(4096, 10), zeroes = driver.allocate(4096);
        ASSERT_TRUE(write(1, 0, before));
        ASSERT_TRUE(enable_cache(false));
        ASSERT_TRUE(write(1, 8, during));
        ASSERT_TRUE(write(2, 8, during));
        ASSERT_TRUE(enable_cache(true));
        ASSERT_TRUE(write(1, 16, after));
        power_cycle();
        EXPECT_TRUE(holds(1, 0, before));
        EXPECT_TRUE(holds(1, 8, during));
        EXPECT_TRUE(holds(2, 8, during));
        EXPECT_TRUE(holds(1, 16, zeroes)) << "enabled again, it is volatile again";
    });
}

TEST_F(VolatileWriteCache, CacheThatIsSavedAsDisabledStaysSoForNewNamespacesToo) {
    simulate([this] {
        bring_up();
        ASSERT_TRUE(enable_cache(false, true));
        power_cycle();
        const DmaBuffer data = pattern(4096, 11);
        ASSERT_TRUE(write(1, 0, data));
        add_ram_namespace(3, 1 << 20, 512);
        ASSERT_TRUE(write(3, 0, data));
        power_cycle();
        EXPECT_TRUE(holds(1, 0, data));
        EXPECT_TRUE(holds(3, 0, data));
    });
}

TEST_F(VolatileWriteCache, NormalShutdownFlushesAndAControllerResetKeepsWhatIsCached) {
    simulate([this] {
        bring_up();
        const DmaBuffer first = pattern(4096, 12), second = pattern(4096, 13);
        ASSERT_TRUE(write(1, 0, first));
        ASSERT_EQ(driver.enable(), DriverError::kNone);
        ASSERT_EQ(driver.create_io_queues(1, 32), DriverError::kNone);
        EXPECT_TRUE(holds(1, 0, first)) << "no power was lost";
        ASSERT_TRUE(write(2, 0, second));
        ASSERT_EQ(driver.shutdown(), DriverError::kNone);
        power_cycle();
        EXPECT_TRUE(holds(1, 0, first));
        EXPECT_TRUE(holds(2, 0, second));
    });
}

ControllerParams tiny_cache() {
    ControllerParams params;
    params.write_cache_bytes = 16 << 10;
    return params;
}

class TinyWriteCache : public CommandsTest {
protected:
    TinyWriteCache() : CommandsTest(tiny_cache()) {}
};

TEST_F(TinyWriteCache, HoldsMoreThanItsSizeByMovingTheOldestDown) {
    simulate([this] {
        bring_up();
        const DmaBuffer out = pattern(256 << 10, 14), in = driver.allocate(256 << 10);
        ASSERT_TRUE(driver.write(1, 0, 512, out).ok());
        EXPECT_TRUE(driver.read(1, 0, 512, in).ok());
        EXPECT_TRUE(same(out, in, 256 << 10));
        power_cycle();
        EXPECT_TRUE(driver.read(1, 0, 512, in).ok());
        std::uint64_t lost = 0;
        for (std::uint64_t at = 0; at < 256 << 10; at += 512)
            if (std::memcmp(in.data + at, out.data + at, 512) != 0) lost += 512;
        EXPECT_LE(lost, 16u << 10);
        EXPECT_NE(lost, 0u);
    });
}

// It was turned off in no time, however much was dirty.
TEST_F(VolatileWriteCache, TurningItOffTakesAsLongAsAFlush) {
    simulate([this] {
        bring_up();
        const DmaBuffer data = driver.allocate(1 << 18);
        const auto dirty_a_mebibyte = [&] {
            for (std::uint64_t lba = 0; lba < 2048; lba += 512)
                ASSERT_TRUE(driver.write(1, lba, 512, data).ok());
        };
        const auto time_of = [](const auto& call) {
            const sc_core::sc_time begin = sc_core::sc_time_stamp();
            EXPECT_TRUE(call());
            return (sc_core::sc_time_stamp() - begin).to_seconds() * 1e6;
        };
        const double nothing = time_of([&] { return enable_cache(false); });
        ASSERT_TRUE(enable_cache(true));
        dirty_a_mebibyte();
        const double flush = time_of([&] { return driver.flush(1).ok(); });
        dirty_a_mebibyte();
        const double off = time_of([&] { return enable_cache(false); });
        EXPECT_GT(flush, 1'000) << "256 programs of 200 us, 32 at a time";
        EXPECT_NEAR(off, flush, 25) << "but for the ways of an admin command";
        EXPECT_LT(nothing, flush / 4);
        power_cycle();
        EXPECT_TRUE(holds(1, 0, data));
    });
}

TEST_F(VolatileWriteCache, AdminCommandsAreExecutedWhileItIsTurnedOff) {
    simulate([this] {
        bring_up();
        const DmaBuffer data = driver.allocate(1 << 18);
        ASSERT_TRUE(driver.write(1, 0, 512, data).ok());
        const Ticket slow = driver.submit(0, turn_off());
        spec::IdentifyController identify{};
        EXPECT_TRUE(driver.identify_controller(identify).ok());
        EXPECT_FALSE(driver.done(slow));
        EXPECT_TRUE(driver.wait(slow).ok());
        const Completion now = driver.get_features(spec::FeatureId::kVolatileWriteCache);
        EXPECT_EQ(now.dw0, 0u);
    });
}

// Many of them, none of which ends before a reset takes them all.
TEST_F(VolatileWriteCache, AResetForgetsCommandsThatTurnItOff) {
    simulate([this] {
        bring_up();
        const DmaBuffer data = driver.allocate(1 << 18);
        ASSERT_TRUE(driver.write(1, 0, 512, data).ok());
        for (int i = 0; i < 31; ++i) (void)driver.submit(0, turn_off(), {}, {}, Doorbell::kLater);
        driver.ring(0);
        sc_core::wait(400, sc_core::SC_US);
        EXPECT_EQ(driver.disable(), DriverError::kNone);
        EXPECT_EQ(driver.enable(), DriverError::kNone);
        spec::IdentifyController identify{};
        EXPECT_TRUE(driver.identify_controller(identify).ok());
    });
    EXPECT_EQ(driver.protocol_errors(), 0u);
}

}  // namespace
}  // namespace nvme::test
