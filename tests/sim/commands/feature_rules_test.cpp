// SPDX-License-Identifier: Apache-2.0
// Which features there are, what they can do, and what is refused.
#include <map>

#include "tests/sim/commands/commands_fixture.h"

namespace nvme::test {
namespace {

using spec::FeatureId;
using spec::FeatureSelect;

class FeatureRules : public CommandsTest {
protected:
    using CommandsTest::CommandsTest;

    StatusCode set(FeatureId fid, std::uint32_t value, std::uint32_t nsid = 0, bool save = false) {
        return status(driver.admin(commands::set_features(fid, value, save, nsid)));
    }
    StatusCode get(FeatureId fid, std::uint32_t selector = 0, std::uint32_t nsid = 0) {
        return status(
            driver.admin(commands::get_features(fid, FeatureSelect::kCurrent, selector, nsid)));
    }
};

/// Bit 0 saveable, bit 1 namespace specific, bit 2 changeable.
const std::map<unsigned, std::uint32_t> kCapabilities = {
    {0x01, 5}, {0x02, 4}, {0x04, 5}, {0x05, 7}, {0x06, 5}, {0x07, 4},
    {0x08, 5}, {0x09, 5}, {0x0A, 5}, {0x0B, 5}, {0x0E, 4}, {0x16, 4},
    {0x19, 4}, {0x80, 4}, {0x81, 4}, {0x82, 6}, {0x83, 6}};

TEST_F(FeatureRules, CapabilitiesAndTheEffectsLogTellTheSameOfAll256Features) {
    simulate([this] {
        ASSERT_EQ(driver.bring_up(), DriverError::kNone);
        const auto log = log_page<spec::FeatureEffectsLog>(spec::LogId::kFeatureEffects);
        for (unsigned fid = 0; fid < 256; ++fid) {
            const Completion got = driver.get_features(static_cast<FeatureId>(fid),
                                                       FeatureSelect::kSupportedCapabilities);
            const auto known = kCapabilities.find(fid);
            using Effects = spec::FeatureEffects;
            const auto effects = Effects::from(log.fids[fid]);
            EXPECT_EQ(effects.get<Effects::Fsupp>(), got.ok()) << fid;
            if (known == kCapabilities.end()) {
                EXPECT_EQ(status(got), StatusCode::kInvalidField) << fid;
                EXPECT_EQ(set(static_cast<FeatureId>(fid), 0), StatusCode::kInvalidField) << fid;
                EXPECT_EQ(effects.raw, 0u) << fid;
                continue;
            }
            EXPECT_EQ(got.dw0, known->second) << fid;
            const bool of_namespace = (known->second & 2) != 0;
            EXPECT_EQ(effects.get<Effects::Fsp>(),
                      of_namespace ? spec::kScopeNamespace : spec::kScopeController)
                << fid;
        }
    });
}

/// With none, or all, of what parameters add.
ControllerParams optional_features(bool offered) {
    ControllerParams params;
    params.write_cache_bytes = offered ? 1 << 20 : 0;
    params.keep_alive_granularity = offered ? 1 : 0;
    params.autonomous_power_transitions = offered;
    return params;
}

class FeaturesByParameter : public FeatureRules {
protected:
    explicit FeaturesByParameter(bool offered) : FeatureRules(optional_features(offered)) {}

    void expect_offered(FeatureId fid, bool offered) {
        using Effects = spec::FeatureEffects;
        const auto log = log_page<spec::FeatureEffectsLog>(spec::LogId::kFeatureEffects);
        const auto effects = Effects::from(log.fids[static_cast<unsigned>(fid)]);
        EXPECT_EQ(effects.get<Effects::Fsupp>(), offered) << static_cast<int>(fid);
        EXPECT_EQ(effects.raw != 0, offered) << static_cast<int>(fid);
        const auto expected = offered ? StatusCode::kSuccess : StatusCode::kInvalidField;
        const DmaBuffer data = driver.allocate(4096);
        for (unsigned select = 0; select < 4; ++select)
            EXPECT_EQ(status(driver.admin(
                          commands::get_features(fid, static_cast<FeatureSelect>(select)), data)),
                      expected)
                << static_cast<int>(fid) << " " << select;
        EXPECT_EQ(status(driver.admin(commands::set_features(fid, 0), data)), expected)
            << static_cast<int>(fid);
    }
    void expect_all(bool offered) {
        simulate([this, offered] {
            ASSERT_EQ(driver.bring_up(), DriverError::kNone);
            for (const FeatureId fid : {FeatureId::kVolatileWriteCache, FeatureId::kKeepAliveTimer,
                                        FeatureId::kAutonomousPowerStateTransition})
                expect_offered(fid, offered);
            EXPECT_EQ(driver.controller().vwc & 1, offered ? 1 : 0);
            EXPECT_EQ(driver.controller().kas, offered ? 1 : 0);
            EXPECT_EQ(driver.controller().apsta, offered ? 1 : 0);
        });
    }
};

struct WithoutOptionalFeatures : FeaturesByParameter {
    WithoutOptionalFeatures() : FeaturesByParameter(false) {}
};
struct WithOptionalFeatures : FeaturesByParameter {
    WithOptionalFeatures() : FeaturesByParameter(true) {}
};

// Pre-fix, a drive without write cache still listed Volatile Write Cache: nvme-cli showed it as
// supported, changeable and saveable, and every attempt to read or change it failed.
TEST_F(WithoutOptionalFeatures, NoCommandAndNoLogKnowsThem) {
    expect_all(false);
}

TEST_F(WithOptionalFeatures, EveryCommandAndTheLogKnowThem) {
    expect_all(true);
}

TEST_F(FeatureRules, SavingIsRefusedWhereTheFeatureCannotBeSaved) {
    simulate([this] {
        ASSERT_EQ(driver.bring_up(), DriverError::kNone);
        for (const auto& [fid, capabilities] : kCapabilities) {
            if ((capabilities & 1) != 0) continue;
            EXPECT_EQ(set(static_cast<FeatureId>(fid), 0, 0, true), StatusCode::kFeatureNotSaveable)
                << fid;
        }
    });
}

TEST_F(FeatureRules, ReservedSelectorsAreRefused) {
    simulate([this] {
        ASSERT_EQ(driver.bring_up(), DriverError::kNone);
        for (const auto& [fid, capabilities] : kCapabilities) {
            const std::uint32_t nsid = (capabilities & 2) != 0 ? 1 : 0;
            for (unsigned select = 4; select < 8; ++select)
                EXPECT_EQ(
                    status(driver.admin(commands::get_features(
                        static_cast<FeatureId>(fid), static_cast<FeatureSelect>(select), 0, nsid))),
                    StatusCode::kInvalidField)
                    << fid << " " << select;
        }
    });
}

TEST_F(FeatureRules, NamespaceIdentifierMustSuitTheFeature) {
    simulate([this] {
        ASSERT_EQ(driver.bring_up(), DriverError::kNone);
        const auto arbitration = FeatureId::kArbitration, recovery = FeatureId::kErrorRecovery;
        EXPECT_EQ(set(arbitration, 0, 1), StatusCode::kFeatureNotNamespaceSpecific);
        EXPECT_EQ(set(arbitration, 0, 1025), StatusCode::kInvalidNamespaceOrFormat);
        EXPECT_EQ(set(arbitration, 0, 2), StatusCode::kFeatureNotNamespaceSpecific) << "inactive";
        EXPECT_EQ(set(arbitration, 0, spec::kNsidBroadcast), StatusCode::kSuccess);
        for (const std::uint32_t nsid : {0u, 1u, 2u, spec::kNsidBroadcast})
            EXPECT_EQ(get(arbitration, 0, nsid), StatusCode::kSuccess) << nsid;
        for (const std::uint32_t nsid : {1025u, 0xFFFF'FFFEu})
            EXPECT_EQ(get(arbitration, 0, nsid), StatusCode::kInvalidNamespaceOrFormat) << nsid;
        for (const std::uint32_t nsid : {0u, 2u, 1024u, 1025u, 0xFFFF'FFFEu}) {
            EXPECT_EQ(set(recovery, 0, nsid), no_namespace(nsid)) << nsid;
            EXPECT_EQ(get(recovery, 0, nsid), no_namespace(nsid)) << nsid;
        }
        EXPECT_EQ(set(recovery, 0, spec::kNsidBroadcast), StatusCode::kSuccess);
        EXPECT_EQ(get(recovery, 0, spec::kNsidBroadcast), StatusCode::kInvalidNamespaceOrFormat);
    });
}

TEST_F(FeatureRules, ValueThatMeansNothingIsRefusedAndChangesNothing) {
    simulate([this] {
        ASSERT_EQ(driver.bring_up(), DriverError::kNone);
        EXPECT_EQ(set(FeatureId::kPowerManagement, 1), StatusCode::kInvalidField);
        EXPECT_EQ(set(FeatureId::kPowerManagement, 31), StatusCode::kInvalidField);
        EXPECT_EQ(driver.get_features(FeatureId::kPowerManagement).dw0, 0u);

        const auto threshold = FeatureId::kTemperatureThreshold;
        EXPECT_EQ(set(FeatureId::kKeepAliveTimer, 1), StatusCode::kInvalidField) << "KAS = 0";
        for (const std::uint32_t selector : {2u << 20, 3u << 20, 2u << 16, 8u << 16, 9u << 16}) {
            EXPECT_EQ(set(threshold, selector | 300), StatusCode::kInvalidField) << selector;
            EXPECT_EQ(get(threshold, selector), StatusCode::kInvalidField) << selector;
        }
        EXPECT_EQ(get(threshold, 15u << 16), StatusCode::kInvalidField) << "all can only be set";

        const std::uint32_t vectors = controller.params().msix_vectors;
        for (const std::uint32_t vector : {vectors, 0xFFFFu}) {
            EXPECT_EQ(set(FeatureId::kInterruptVectorConfig, vector), StatusCode::kInvalidField);
            EXPECT_EQ(get(FeatureId::kInterruptVectorConfig, vector), StatusCode::kInvalidField);
        }
        EXPECT_EQ(get(FeatureId::kInterruptVectorConfig, vectors - 1), StatusCode::kSuccess);

        EXPECT_EQ(set(FeatureId::kIoCommandSetProfile, 0), StatusCode::kSuccess);
        for (const std::uint32_t index : {1u, 511u})
            EXPECT_EQ(set(FeatureId::kIoCommandSetProfile, index),
                      StatusCode::kIoCommandSetCombinationRejected);
        EXPECT_EQ(driver.get_features(FeatureId::kIoCommandSetProfile).dw0, 0u);
    });
}

TEST_F(FeatureRules, InterruptVectorIsConfiguredForTheCompletionQueueThatUsesIt) {
    simulate([this] {
        ASSERT_EQ(driver.bring_up(), DriverError::kNone);
        const auto config = FeatureId::kInterruptVectorConfig;
        const std::uint32_t disabled = 1u << 16;
        EXPECT_EQ(set(config, disabled | 5), StatusCode::kInvalidField);
        ASSERT_TRUE(driver.create_cq({1, 16, 5}).ok());
        ASSERT_TRUE(driver.create_cq({2, 16, 6, false}).ok());
        EXPECT_EQ(set(config, disabled | 5), StatusCode::kSuccess);
        EXPECT_EQ(set(config, disabled | 6), StatusCode::kInvalidField) << "it does not interrupt";
        EXPECT_EQ(set(config, disabled | 0), StatusCode::kInvalidField) << "the admin queue's";
        ASSERT_TRUE(driver.create_cq({3, 16, 0}).ok());
        EXPECT_EQ(set(config, disabled | 0), StatusCode::kSuccess) << "and now an I/O queue's";
        ASSERT_TRUE(driver.delete_cq(1).ok());
        EXPECT_EQ(set(config, 5), StatusCode::kInvalidField);
        EXPECT_EQ(driver.get_features(config, FeatureSelect::kCurrent, 5).dw0, disabled | 5);
        EXPECT_EQ(driver.get_features(config, FeatureSelect::kCurrent, 6).dw0, 6u);
    });
}

TEST_F(FeatureRules, DataOfAFeatureFollowsTheRulesForPointers) {
    simulate([this] {
        ASSERT_EQ(driver.bring_up(), DriverError::kNone);
        spec::SubmissionEntry entry = commands::get_features(FeatureId::kTimestamp);
        entry.prp1 = 0x1002;
        EXPECT_EQ(status(driver.admin(entry)), StatusCode::kPrpOffsetInvalid);
        entry.prp1 = 1ull << 50;
        EXPECT_EQ(status(driver.admin(entry)), StatusCode::kDataTransferError);
        entry = commands::set_features(FeatureId::kHostBehaviorSupport, 0);
        entry.prp1 = 1ull << 50;
        EXPECT_EQ(status(driver.admin(entry)), StatusCode::kDataTransferError);
        EXPECT_FALSE(driver.csts().get<spec::Csts::Cfs>());
    });
}

}  // namespace
}  // namespace nvme::test
