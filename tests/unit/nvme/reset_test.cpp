// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <cstdint>
#include <string>

#include "tests/support/core_harness.h"

// What each kind of reset resets and what it keeps. [NVMe-Base-2.0 3.7.2 Controller Level Reset]
namespace nvme::test {
namespace {
using spec::AdminOpcode;
using spec::Csts;
using spec::NvmOpcode;
using spec::StatusCode;
namespace offset = spec::offset;

std::string name_of(const testing::TestParamInfo<ResetKind>& info) {
    static const char* const kNames[] = {"Controller", "Function", "Conventional", "Subsystem",
                                         "PowerOff"};
    return kNames[static_cast<unsigned>(info.param)];
}

class ResetTest : public testing::TestWithParam<ResetKind> {
protected:
    ResetTest() {
        h.add_namespace(1, 1 << 20);
        h.enable();
        q = h.create_queues(1, 16, 2);
    }
    /// The reset as the host or the platform causes it, run to its end, with power again.
    void reset() {
        switch (GetParam()) {
            case ResetKind::kController:
                h.write32(offset::kCc, 0);
                break;
            case ResetKind::kSubsystem:
                h.write32(offset::kNssr, spec::kNssrReset);
                break;
            default:
                h.reset(GetParam());
                break;
        }
        h.settle();
        if (GetParam() == ResetKind::kPowerOff) h.subsystem.set_power(true);
        h.settle();
    }
    [[nodiscard]] bool keeps_admin_queue_properties() const {
        return GetParam() == ResetKind::kController;
    }
    std::uint32_t feature(std::uint32_t fid, std::uint32_t sel = 0) {
        auto get = admin_command(AdminOpcode::kGetFeatures);
        get.cdw10 = sel << 8 | fid;
        const auto cqe = h.admin(get);
        EXPECT_EQ(status_of(cqe), StatusCode::kSuccess);
        return cqe.dw0;
    }
    void set_feature(std::uint32_t fid, std::uint32_t value, bool save) {
        auto set = admin_command(AdminOpcode::kSetFeatures);
        set.cdw10 = (save ? 1u << 31 : 0) | fid;
        set.cdw11 = value;
        EXPECT_EQ(status_of(h.admin(set)), StatusCode::kSuccess);
    }
    CoreHarness h;
    HostQueue q;
};

TEST_P(ResetTest, PropertiesHaveTheirResetValues) {
    h.write32(offset::kIntms, 0xff);
    const auto aqa = h.read32(offset::kAqa), asq = h.read32(offset::kAsq);
    reset();
    EXPECT_EQ(h.read32(offset::kCc), 0u);
    EXPECT_EQ(h.read32(offset::kIntms), 0u);
    EXPECT_EQ(h.read32(offset::kAqa), keeps_admin_queue_properties() ? aqa : 0u);
    EXPECT_EQ(h.read32(offset::kAsq), keeps_admin_queue_properties() ? asq : 0u);
    const bool nssro = GetParam() == ResetKind::kSubsystem;
    EXPECT_EQ(h.csts().raw, Csts{}.with<Csts::Nssro>(nssro).raw);
    const bool takes_the_function = nssro || GetParam() == ResetKind::kPowerOff;
    EXPECT_EQ(h.conventional_resets, takes_the_function ? 1u : 0u);
}

TEST_P(ResetTest, NssroStaysUntilTheHostClearsItOrTheFunctionIsResetFromOutside) {
    h.write32(offset::kNssr, spec::kNssrReset);
    h.settle();
    ASSERT_TRUE(h.csts().get<Csts::Nssro>());
    h.enable();
    reset();
    const bool kept = GetParam() != ResetKind::kConventional && GetParam() != ResetKind::kPowerOff;
    EXPECT_EQ(h.csts().get<Csts::Nssro>(), kept);
    h.write32(offset::kCsts, 0x10);
    EXPECT_FALSE(h.csts().get<Csts::Nssro>());
}

TEST_P(ResetTest, QueuesAreGone) {
    reset();
    h.enable();
    auto remove = admin_command(AdminOpcode::kDeleteIoSq);
    remove.cdw10 = 1;
    EXPECT_EQ(status_of(h.admin(remove)), StatusCode::kInvalidQueueIdentifier);
    q = h.create_queues(1, 8);
    h.write_and_verify(q, 1, 5);
}

TEST_P(ResetTest, CommandsInFlightAndWaitingPostNothing) {
    for (int i = 0; i < 3; ++i)
        h.push(h.admin_queue(), admin_command(AdminOpcode::kAsyncEventRequest));
    h.ring_tail(h.admin_queue());
    h.settle();
    for (int i = 0; i < 10; ++i) h.push(q, io_command(NvmOpcode::kFlush, 1));
    h.ring_tail(q);
    h.memory.forget();
    h.interrupts.clear();
    reset();
    h.add_namespace(2, 4096);
    h.settle();
    EXPECT_EQ(h.memory.writes(), 0u);
    EXPECT_TRUE(h.interrupts.empty());
    h.enable();
    h.settle();
    EXPECT_EQ(h.memory.writes(), 0u) << "nothing of before comes back";
    EXPECT_FALSE(h.poll(h.admin_queue()));
}

TEST_P(ResetTest, FeaturesReturnToTheirSavedValues) {
    set_feature(0x08, 0x0102, true);
    set_feature(0x08, 0x0304, false);
    set_feature(0x01, 5, false);
    reset();
    h.enable();
    EXPECT_EQ(feature(0x08), 0x0102u);
    EXPECT_EQ(feature(0x08, 2), 0x0102u);
    EXPECT_EQ(feature(0x01), 0u);
}

TEST_P(ResetTest, TheGrantedNumberOfQueuesIsForgotten) {
    reset();
    h.enable();
    set_feature(0x07, 0, false);
    EXPECT_EQ(feature(0x07), 0u);
    reset();
    h.enable();
    EXPECT_EQ(feature(0x07), 3u << 16 | 3u);
    h.create_queues(4, 8);
}

TEST_P(ResetTest, TheErrorLogAndTheHealthLogLiveOn) {
    auto bad = admin_command(static_cast<AdminOpcode>(0xff));
    EXPECT_EQ(status_of(h.admin(bad)), StatusCode::kInvalidOpcode);
    h.write_and_verify(q, 1, 1);
    const auto before = h.controller->smart();
    reset();
    const auto after = h.controller->smart();
    EXPECT_EQ(after.error_log_entries.low, before.error_log_entries.low);
    EXPECT_EQ(after.host_write_commands.low, before.host_write_commands.low);
    const bool power = GetParam() == ResetKind::kPowerOff;
    EXPECT_EQ(after.power_cycles.low, before.power_cycles.low + (power ? 1 : 0));
    EXPECT_EQ(after.unsafe_shutdowns.low, before.unsafe_shutdowns.low + (power ? 1 : 0));
}

TEST_P(ResetTest, TheVolatileCacheLosesItsContentWithPowerOnly) {
    h.write_and_verify(q, 1, 9);
    std::uint32_t first = 0;
    reset();
    ASSERT_EQ(h.subsystem.find(1)->data().read(0, &first, sizeof first), media::IoStatus::kOk);
    EXPECT_EQ(first, GetParam() == ResetKind::kPowerOff ? 0u : 9u * 2654435761u);
}

TEST_P(ResetTest, AFatalStatusEndsWithIt) {
    h.memory.fail(h.admin_queue().sq_base, 4096);
    h.push(h.admin_queue(), admin_command(AdminOpcode::kAbort));
    h.ring_tail(h.admin_queue());
    h.settle();
    ASSERT_TRUE(h.fatal());
    h.memory.heal();
    reset();
    EXPECT_FALSE(h.fatal());
    h.expect_service(1);
}

TEST_P(ResetTest, TwoInARowAreAsGoodAsOne) {
    reset();
    reset();
    h.enable();
    reset();
    h.expect_service(1);
}

INSTANTIATE_TEST_SUITE_P(Kinds, ResetTest,
                         testing::Values(ResetKind::kController, ResetKind::kFunction,
                                         ResetKind::kConventional, ResetKind::kSubsystem,
                                         ResetKind::kPowerOff),
                         name_of);

TEST(PowerOff, NothingHappensUntilPowerReturns) {
    CoreHarness h;
    h.add_namespace(1, 1 << 16);
    h.subsystem.set_power(false);
    EXPECT_FALSE(h.controller->powered());
    h.start_enable();
    h.settle();
    EXPECT_FALSE(h.ready());
    h.subsystem.set_power(true);
    h.settle();
    EXPECT_TRUE(h.controller->powered());
    h.expect_service(1);
}

// Pre-fix, the level was still taken from the queues that the reset was about to take down.
TEST(PinInterrupt, FallsTheMomentAResetBegins) {
    ControllerParams p = instant_params();
    p.intx = true;
    for (const ResetKind kind : {ResetKind::kFunction, ResetKind::kConventional}) {
        CoreHarness h(p);
        h.enable();
        h.push(h.admin_queue(), admin_command(static_cast<AdminOpcode>(0xff)));
        h.ring_tail(h.admin_queue());
        h.settle();
        ASSERT_TRUE(h.controller->intx_level());
        h.write32(offset::kIntms, 1);
        EXPECT_FALSE(h.controller->intx_level());
        h.write32(offset::kIntmc, 1);
        EXPECT_TRUE(h.controller->intx_level());
        const unsigned updates = h.intx_updates;
        h.reset(kind);
        EXPECT_GT(h.intx_updates, updates);
        EXPECT_FALSE(h.controller->intx_level());
    }
}

}  // namespace
}  // namespace nvme::test
