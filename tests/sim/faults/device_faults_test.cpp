// SPDX-License-Identifier: Apache-2.0
// Faults of the device itself: interrupts, registers, events, media, link and power.
#include "tests/sim/faults/fault_fixture.h"

namespace nvme::test {
namespace {

using Opcode = spec::NvmOpcode;

class DeviceFault : public FaultTest {
protected:
    using FaultTest::FaultTest;
    [[nodiscard]] std::uint64_t messages(unsigned vector) {
        return host.interrupts.count(driver.host_vector(vector));
    }
    /// Vector of I/O queue 1.
    static constexpr std::uint16_t kVector = 1;
};

TEST_F(DeviceFault, InterruptsAreLostDoubledAndLateByWhatTheRuleSays) {
    Rule lost = rule(Action::kLoseInterrupt), twice = rule(Action::kDuplicateInterrupt),
         late = rule(Action::kDelayInterrupt);
    lost.vector = twice.vector = late.vector = kVector;
    late.delay_ns = 700'000;
    lost.count = 1;
    twice.nth = late.nth = 1;
    twice.count = late.count = 1;
    for (const Rule& r : {lost, twice, late}) add(r);
    run([this] {
        bring_up();
        const auto after_a_flush = [this] {
            const std::uint64_t before = messages(kVector);
            (void)driver.submit(1, commands::flush(1), {}, {[](void*, const Completion&) {}, {}});
            sc_core::wait(500, sc_core::SC_US);
            const std::uint64_t now = messages(kVector) - before;
            EXPECT_EQ(driver.poll(1), 1u);
            return now;
        };
        EXPECT_EQ(after_a_flush(), 0u);
        EXPECT_EQ(after_a_flush(), 2u);
        const std::uint64_t before = messages(kVector);
        EXPECT_EQ(after_a_flush(), 0u);
        sc_core::wait(500, sc_core::SC_US);
        EXPECT_EQ(messages(kVector) - before, 1u);
        EXPECT_EQ(after_a_flush(), 1u);
    });
}

class PinFault : public FaultTest {
protected:
    PinFault()
        : FaultTest(
              [] {
                  ControllerParams p = fault_params();
                  p.intx = true;
                  return p;
              }(),
              [] {
                  platform::DriverOptions o = fault_driver();
                  o.interrupts = platform::InterruptMode::kIntx;
                  return o;
              }()) {}
};

TEST_F(PinFault, AnAssertionIsLostOrLateAndTheNextOneComes) {
    Rule lost = rule(Action::kLoseInterrupt), late = rule(Action::kDelayInterrupt);
    Rule twice = rule(Action::kDuplicateInterrupt), other = rule(Action::kLoseInterrupt);
    late.delay_ns = 700'000;
    lost.count = late.count = 1;
    other.vector = 1;
    for (Rule* r : {&lost, &late, &twice, &other}) r->enabled = false;
    lost.name = "lost", late.name = "late", twice.name = "twice", other.name = "other";
    for (const Rule& r : {lost, late, twice, other}) add(r);
    run([this] {
        bring_up();
        for (const char* name : {"lost", "late", "twice", "other"}) plan.set_enabled(name, true);
        const auto asserted = [this](double after_us) {
            (void)driver.submit(1, commands::flush(1), {}, {[](void*, const Completion&) {}, {}});
            sc_core::wait(after_us, sc_core::SC_US);
            const bool wire = host.interrupts.wire(0);
            EXPECT_NE(host.cpu.config_read<std::uint16_t>(0, 6) & 8, 0) << "the status bit";
            sc_core::wait(1, sc_core::SC_MS);
            const bool later = host.interrupts.wire(0);
            EXPECT_EQ(driver.poll(1), 1u);
            sc_core::wait(1, sc_core::SC_US);
            EXPECT_FALSE(host.interrupts.wire(0));
            return std::pair{wire, later};
        };
        EXPECT_EQ(asserted(500), (std::pair{false, false})) << "lost";
        EXPECT_EQ(asserted(500), (std::pair{false, true})) << "late";
        EXPECT_EQ(asserted(500), (std::pair{true, true}));
        EXPECT_EQ(plan.result("lost").applied, 1u);
        EXPECT_EQ(plan.result("late").applied, 1u);
        EXPECT_EQ(plan.result("twice").applied, 0u) << "a level cannot be asserted twice";
        EXPECT_EQ(plan.result("other").applied, 0u) << "it has no vector";
    });
}

TEST_F(PinFault, AHostThatLosesManyFindsEachCompletionAllTheSame) {
    Rule lost = rule(Action::kLoseInterrupt);
    lost.every = 5;
    add(lost);
    Rule late = rule(Action::kDelayInterrupt);
    late.every = 3;
    late.delay_ns = 40'000;
    add(late);
    run([this] {
        EXPECT_TRUE(recovery.start());
        work();
        verify_all();
    });
    EXPECT_GT(driver.missed_interrupts(), 0u);
    EXPECT_EQ(wrong_bytes, 0u);
    EXPECT_EQ(failed, 0u);
    EXPECT_EQ(driver.protocol_errors(), 0u);
}

TEST_F(DeviceFault, ASpuriousInterruptComesAtItsTimeAndAMaskedOneIsPending) {
    Rule at_time = rule(Action::kRaiseInterrupt);
    at_time.at_ns = 50'000'000;
    at_time.vector = 3;
    add(at_time);
    Rule beyond = rule(Action::kRaiseInterrupt);
    beyond.at_ns = 50'000'000;
    beyond.vector = 2047;  // the table has none
    add(beyond);
    run([this] {
        bring_up();
        EXPECT_EQ(messages(3), 0u);
        sc_core::wait(sc_core::sc_time(51, sc_core::SC_MS) - sc_core::sc_time_stamp());
        EXPECT_EQ(messages(3), 1u);
        ASSERT_FALSE(trace.interrupts.empty());
        EXPECT_EQ(trace.interrupts.back().ps, 50'000'000'000u);
        EXPECT_TRUE(driver.flush(1).ok());
    });
}

TEST_F(DeviceFault, CapabilitiesAndIdentifiersReadAsTheRuleSays) {
    Rule mqes = rule(Action::kOverrideMqes), vendor = rule(Action::kOverrideVendorId),
         device = rule(Action::kOverrideDeviceId);
    mqes.value = 15;
    vendor.value = 0x8086;
    device.value = 0x0953;
    for (const Rule& r : {mqes, vendor, device}) add(r);
    run([this] {
        bring_up(1, 64);
        EXPECT_EQ(driver.cap().get<spec::Cap::Mqes>(), 15u);
        EXPECT_EQ(driver.find_sq(1)->depth, 16u);
        EXPECT_TRUE(driver.cap().get<spec::Cap::Cqr>()) << "the rest of CAP is as it was";
        EXPECT_EQ(host.cpu.config_read<std::uint32_t>(0, 0), 0x0953'8086u);
        EXPECT_EQ(host.cpu.config_read<std::uint16_t>(0, 2), 0x0953u);
        EXPECT_EQ(driver.read32(0) & 0xffff, 15u);
        EXPECT_NE(driver.read32(4), 15u);
        plan.set_active(false);
        EXPECT_EQ(host.cpu.config_read<std::uint32_t>(0, 0), 0xb111'1414u);
        EXPECT_EQ(driver.read64(0) & 0xffff, 255u);
    });
}

TEST_F(DeviceFault, AQueueSizeThatCannotBeIsRefusedAndTheLargestIsNoProblem) {
    Rule none = rule(Action::kOverrideMqes), most = rule(Action::kOverrideMqes);
    none.value = 0;
    none.name = "none";
    most.value = 0xffff;
    add(most);
    add(none);  // behind it: what a later rule shows of a register counts
    run([this] {
        EXPECT_EQ(driver.bring_up(), DriverError::kUnsupported);
        plan.set_enabled("none", false);
        bring_up();
        EXPECT_EQ(driver.cap().get<spec::Cap::Mqes>(), 0xffffu);
        EXPECT_TRUE(driver.flush(1).ok());
    });
}

TEST_F(DeviceFault, ForgedRegistersKeepTheBitsThatTheMaskLeaves) {
    Rule r = rule(Action::kForgeRegister);
    r.offset = spec::offset::kVs;
    r.value = 0x00ff'0000;
    r.value_mask = 0x00ff'0000;
    add(r);
    run([this] {
        ASSERT_EQ(driver.bring_up(), DriverError::kNone);
        EXPECT_EQ(driver.read32(spec::offset::kVs), 0x00ff'0000u | (0x0002'0000u & ~0x00ff'0000u));
        EXPECT_EQ(driver.read32(spec::offset::kCsts) & 1, 1u);
    });
}

TEST_F(DeviceFault, AnyAsynchronousEventReachesTheHostThatWaitsForOne) {
    run([this] {
        bring_up();
        const Ticket first =
            driver.submit(0, commands::make(spec::AdminOpcode::kAsyncEventRequest));
        sc_core::wait(1, sc_core::SC_MS);
        Rule r = rule(Action::kAsyncEvent);
        r.event_type = 1;  // SMART / health
        r.event_info = 1;  // temperature
        r.event_log = 2;
        EXPECT_EQ(plan.inject(r), "");
        const Completion event = driver.wait(first);
        EXPECT_TRUE(event.ok());
        EXPECT_EQ(event.dw0, 0x0002'0101u);
        (void)log_page<spec::SmartLog>(spec::LogId::kSmartHealth);

        const Ticket second =
            driver.submit(0, commands::make(spec::AdminOpcode::kAsyncEventRequest));
        sc_core::wait(1, sc_core::SC_MS);
        Rule changed = rule(Action::kAsyncEvent);
        changed.event_nsid = 5;
        EXPECT_EQ(plan.inject(changed), "");
        EXPECT_EQ(driver.wait(second).dw0, 0x0004'0002u);
        EXPECT_EQ(log_page<spec::NamespaceList>(spec::LogId::kChangedNamespaceList).nsid[0], 5u);
    });
}

TEST_F(DeviceFault, ARemovedDeviceReadsAsAllOnesMovesNoDataAndCanComeBack) {
    run([this] {
        EXPECT_TRUE(recovery.start());
        work(1);
        const DmaBuffer buffer = pattern(4096, 3), before = pattern(4096, 3);
        const Ticket read = driver.submit(1, commands::read(1, 0, 8), {buffer.gpa, 4096});
        EXPECT_EQ(plan.inject(rule(Action::kRemove)), "");
        sc_core::wait(10, sc_core::SC_MS);
        EXPECT_FALSE(driver.done(read));
        EXPECT_TRUE(same(buffer, before, 4096));
        for (const std::uint32_t offset : {0u, 8u, 0x14u, 0x1cu})
            EXPECT_EQ(driver.read32(offset), 0xffff'ffffu);
        EXPECT_EQ(host.cpu.config_read<std::uint32_t>(0, 0), 0xffff'ffffu);
        EXPECT_EQ(driver.wait(read, {1, sc_core::SC_MS}).error, DriverError::kTimedOut);
        EXPECT_FALSE(recovery.start()) << "it is gone";
        EXPECT_EQ(driver.enumerate(), DriverError::kNoDevice);

        EXPECT_EQ(plan.inject(rule(Action::kInsert)), "");
        sc_core::wait(1, sc_core::SC_MS);
        EXPECT_TRUE(recovery.start());
        verify_all();
    });
    EXPECT_EQ(wrong_bytes, 0u);
    EXPECT_EQ(driver.protocol_errors(), 0u);
    EXPECT_EQ(controller.model().smart().unsafe_shutdowns.low, 1u);
}

TEST_F(DeviceFault, CommandsUnderWayToARemovedDeviceAreGivenUpNotAnsweredTwice) {
    add(once(Action::kRemove, Opcode::kWrite));
    run([this] {
        EXPECT_TRUE(recovery.start());
        work(1);
        EXPECT_FALSE(alive);
    });
    EXPECT_EQ(failed, 0u);
    EXPECT_EQ(driver.protocol_errors(), 0u);
    EXPECT_EQ(recovery.counters().timeouts, 1u);
}

TEST_F(DeviceFault, TheLinkStaysDownUntilItIsUpAndTheFunctionIsReset) {
    run([this] {
        bring_up();
        EXPECT_EQ(plan.inject(rule(Action::kLinkDown)), "");
        sc_core::wait(1, sc_core::SC_MS);
        EXPECT_EQ(driver.read32(spec::offset::kCsts), 0xffff'ffffu);
        EXPECT_EQ(plan.inject(rule(Action::kLinkUp)), "");
        sc_core::wait(1, sc_core::SC_MS);
        EXPECT_EQ(host.cpu.config_read<std::uint16_t>(0, 4) & 6, 0) << "Memory, Bus Master";
        EXPECT_TRUE(recovery.start());
        EXPECT_TRUE(driver.flush(1).ok());
    });
}

TEST_F(DeviceFault, BadBlocksAreReadAgainOnceTheyAreRewritten) {
    run([this] {
        EXPECT_TRUE(recovery.start());
        work(1);
        Rule r = rule(Action::kReadError);
        r.nsid = 1;
        r.lba = 7 * kSlotBlocks + 3;
        r.blocks = 2 * kSlotBlocks;
        r.until_rewritten = true;
        add(r);
        read_all();
        EXPECT_EQ(failed, 3u) << "slots 7, 8 and 9";
        EXPECT_EQ(last_failure, StatusCode::kUnrecoveredReadError);
        const auto log = log_page<spec::ErrorLogEntry>(spec::LogId::kErrorInformation);
        EXPECT_EQ(log.nsid, 1u);
        EXPECT_EQ(log_page<spec::SmartLog>(spec::LogId::kSmartHealth).media_errors.low, 3u);
        work(1);
        EXPECT_EQ(failed, 3u);
        verify_all();
    });
    EXPECT_EQ(wrong_bytes, 0u);
}

/// With the default write cache.
class CachedMediaFault : public DeviceFault {
protected:
    CachedMediaFault() : DeviceFault(ControllerParams{}) {}
};

// What the cache took fails when it is moved to the media, as in a drive; the data is not lost.
TEST_F(CachedMediaFault, AWriteThatTheCacheTookFailsAtTheFlushAndTheDataStaysReadable) {
    Rule r = rule(Action::kWriteError);
    r.lba = 8;
    r.count = 1;
    add(r);
    run([this] {
        bring_up();
        const DmaBuffer data = pattern(4096, 9), out = driver.allocate(4096);
        EXPECT_TRUE(driver.write(1, 8, 8, data).ok());
        const Completion flushed = driver.flush(1);
        EXPECT_EQ(status(flushed), StatusCode::kWriteFault);
        EXPECT_TRUE(driver.read(1, 8, 8, out).ok());
        EXPECT_TRUE(same(out, data, 4096));
        EXPECT_TRUE(driver.flush(1).ok()) << "the next one tries again";
        power_cycle();
        EXPECT_TRUE(driver.read(1, 8, 8, out).ok());
        EXPECT_TRUE(same(out, data, 4096));
        EXPECT_TRUE(driver.write(1, 8, 8, data, true).ok());
    });
}

TEST_F(CachedMediaFault, ForcedUnitAccessMeetsTheErrorAtOnceAndCachedContentIsReadWithout) {
    Rule write = rule(Action::kWriteError), read = rule(Action::kReadError);
    write.lba = 8;
    read.lba = 16;
    add(write);
    add(read);
    run([this] {
        bring_up();
        const DmaBuffer data = pattern(4096, 9), out = driver.allocate(4096);
        EXPECT_EQ(status(driver.write(1, 8, 8, data, true)), StatusCode::kWriteFault);
        EXPECT_EQ(status(driver.write_zeroes(1, 8, 1)), StatusCode::kWriteFault);
        EXPECT_EQ(status(driver.read(1, 16, 8, out)), StatusCode::kUnrecoveredReadError);
        EXPECT_EQ(status(driver.compare(1, 16, 8, out)), StatusCode::kUnrecoveredReadError);
        EXPECT_EQ(status(driver.verify(1, 16, 1)), StatusCode::kUnrecoveredReadError);
        EXPECT_TRUE(driver.write(1, 16, 8, data).ok());
        EXPECT_TRUE(driver.read(1, 16, 8, out).ok());
        EXPECT_TRUE(same(out, data, 4096));
    });
}

TEST_F(CachedMediaFault, APowerCutBetweenTwoWritesLosesWhatWasNotFlushedAndNothingElse) {
    Rule r = once(Action::kPowerCut, Opcode::kWrite, 3);
    r.duration_ns = 1'000'000;
    add(r);
    run([this] {
        bring_up();
        const DmaBuffer first = pattern(512, 1), second = pattern(512, 2),
                        out = driver.allocate(512);
        EXPECT_TRUE(driver.write(1, 0, 1, first).ok());
        EXPECT_TRUE(driver.flush(1).ok());
        EXPECT_TRUE(driver.write(1, 1, 1, second).ok());
        EXPECT_EQ(driver.write(1, 2, 1, second).error, DriverError::kTimedOut);
        driver.forget_everything();
        bring_up();
        EXPECT_TRUE(driver.read(1, 0, 1, out).ok());
        EXPECT_TRUE(same(out, first, 512));
        EXPECT_TRUE(driver.read(1, 1, 1, out).ok());
        EXPECT_TRUE(all_zero(out, 0, 512));
    });
}

TEST_F(DeviceFault, OtherNamespacesAndSecondRulesAreLeftAlone) {
    add_ram_namespace(2, 1 << 20, 4096);
    Rule r = rule(Action::kReadError);
    r.nsid = 2;
    r.lba = 1;
    add(r);
    run([this] {
        bring_up();
        const DmaBuffer out = driver.allocate(8192);
        EXPECT_TRUE(driver.read(1, 1, 1, out).ok());
        EXPECT_TRUE(driver.read(2, 0, 1, out).ok());
        EXPECT_EQ(status(driver.read(2, 0, 2, out)), StatusCode::kUnrecoveredReadError);
        EXPECT_TRUE(driver.read(2, 2, 1, out).ok());
    });
}

}  // namespace
}  // namespace nvme::test
