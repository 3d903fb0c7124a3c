// SPDX-License-Identifier: Apache-2.0
#include "models/nvme/state/features.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <random>

namespace nvme::test {
namespace {
using spec::FeatureId;
using spec::FeatureSelect;
using spec::StatusCode;

class FeaturesTest : public testing::Test {
protected:
    static const FeatureInfo& info(FeatureId id) {
        return *find_feature(static_cast<std::uint8_t>(id));
    }
    std::uint32_t get(FeatureId id, FeatureSelect select = FeatureSelect::kCurrent,
                      std::uint32_t selector = 0, std::uint32_t nsid = 1) {
        const auto value = features.get(info(id), select, selector, nsid);
        EXPECT_TRUE(value);
        return value ? *value : ~0u;
    }
    StatusCode get_error(FeatureId id, FeatureSelect select, std::uint32_t selector = 0) {
        const auto value = features.get(info(id), select, selector, 1);
        return value ? StatusCode::kSuccess : value.error().code;
    }
    StatusCode set(FeatureId id, std::uint32_t value, bool save = false, std::uint32_t nsid = 1) {
        const auto done = features.set(info(id), value, nsid, save);
        return done ? StatusCode::kSuccess : done.error().code;
    }
    /// Temperature threshold as CDW11: THSEL, TMPSEL, TMPTH.
    static std::uint32_t threshold(std::uint32_t thsel, std::uint32_t tmpsel, std::uint32_t tmpth) {
        return thsel << 20 | tmpsel << 16 | tmpth;
    }
    ControllerParams params;
    Features features{params};
};

TEST_F(FeaturesTest, TheTableAscendsAndKnowsTheMandatoryFeatures) {
    unsigned previous = 0;
    for (const FeatureInfo& f : feature_table()) {
        EXPECT_GT(static_cast<unsigned>(f.id), previous);
        previous = static_cast<unsigned>(f.id);
        EXPECT_EQ(find_feature(static_cast<std::uint8_t>(f.id))->name, f.name);
    }
    for (const unsigned fid : {0x01u, 0x02u, 0x04u, 0x05u, 0x07u, 0x08u, 0x09u, 0x0au, 0x0bu})
        EXPECT_NE(find_feature(static_cast<std::uint8_t>(fid)), nullptr) << fid;
    for (const unsigned fid : {0x00u, 0x03u, 0x0cu, 0x0fu, 0x7fu, 0xc0u, 0xffu})
        EXPECT_EQ(features.find(static_cast<std::uint8_t>(fid)), nullptr) << fid;
}

TEST_F(FeaturesTest, CapabilitiesAreThoseOfTheTable) {
    for (const FeatureInfo& f : feature_table()) {
        const auto c = get(f.id, FeatureSelect::kSupportedCapabilities);
        EXPECT_EQ(c & 1, f.saveable ? 1u : 0u) << f.name;
        EXPECT_EQ(c >> 1 & 1, f.scope == FeatureInfo::Scope::kNamespace ? 1u : 0u) << f.name;
        EXPECT_EQ(c >> 2 & 1, f.changeable ? 1u : 0u) << f.name;
        EXPECT_EQ(c >> 3, 0u) << f.name;
    }
}

TEST_F(FeaturesTest, ReservedSelectorsAreRefused) {
    for (unsigned sel = 4; sel < 8; ++sel)
        EXPECT_EQ(get_error(FeatureId::kArbitration, static_cast<FeatureSelect>(sel)),
                  StatusCode::kInvalidField);
}

TEST_F(FeaturesTest, BeforeAnythingIsSetAllSelectorsGiveTheDefault) {
    for (const FeatureInfo& f : feature_table()) {
        if (f.data_bytes != 0) continue;
        const auto standard = get(f.id, FeatureSelect::kDefault);
        EXPECT_EQ(get(f.id, FeatureSelect::kCurrent), standard) << f.name;
        EXPECT_EQ(get(f.id, FeatureSelect::kSaved), standard) << f.name;
    }
}

TEST_F(FeaturesTest, DefaultsAreTheSpecifiedOnes) {
    EXPECT_EQ(get(FeatureId::kPowerManagement), 0u);
    EXPECT_EQ(get(FeatureId::kVolatileWriteCache), 1u);
    EXPECT_EQ(get(FeatureId::kNumberOfQueues), 63u << 16 | 63u);
    EXPECT_EQ(get(FeatureId::kInterruptCoalescing), 0u);
    EXPECT_EQ(get(FeatureId::kIoCommandSetProfile), 0u);
    EXPECT_EQ(get(FeatureId::kInterruptVectorConfig, FeatureSelect::kCurrent, 5), 5u);
}

TEST_F(FeaturesTest, ASetValueIsCurrentUntilAReset) {
    ASSERT_EQ(set(FeatureId::kInterruptCoalescing, 0x0a05), StatusCode::kSuccess);
    EXPECT_EQ(get(FeatureId::kInterruptCoalescing), 0x0a05u);
    EXPECT_EQ(get(FeatureId::kInterruptCoalescing, FeatureSelect::kSaved), 0u);
    EXPECT_EQ(get(FeatureId::kInterruptCoalescing, FeatureSelect::kDefault), 0u);
    features.reset();
    EXPECT_EQ(get(FeatureId::kInterruptCoalescing), 0u);
}

TEST_F(FeaturesTest, ASavedValueReturnsAfterAReset) {
    ASSERT_EQ(set(FeatureId::kInterruptCoalescing, 0x0a05, true), StatusCode::kSuccess);
    ASSERT_EQ(set(FeatureId::kInterruptCoalescing, 0x0101), StatusCode::kSuccess);
    EXPECT_EQ(get(FeatureId::kInterruptCoalescing), 0x0101u);
    EXPECT_EQ(get(FeatureId::kInterruptCoalescing, FeatureSelect::kSaved), 0x0a05u);
    EXPECT_EQ(get(FeatureId::kInterruptCoalescing, FeatureSelect::kDefault), 0u);
    features.reset();
    EXPECT_EQ(get(FeatureId::kInterruptCoalescing), 0x0a05u);
}

TEST_F(FeaturesTest, NamespaceFeaturesHaveAValueForEachNamespace) {
    ASSERT_EQ(set(FeatureId::kErrorRecovery, 7, false, 1), StatusCode::kSuccess);
    ASSERT_EQ(set(FeatureId::kErrorRecovery, 9, false, 2), StatusCode::kSuccess);
    EXPECT_EQ(get(FeatureId::kErrorRecovery, FeatureSelect::kCurrent, 0, 1), 7u);
    EXPECT_EQ(get(FeatureId::kErrorRecovery, FeatureSelect::kCurrent, 0, 2), 9u);
    EXPECT_EQ(get(FeatureId::kErrorRecovery, FeatureSelect::kCurrent, 0, 3), 0u);
}

TEST_F(FeaturesTest, ControllerFeaturesIgnoreTheNamespace) {
    ASSERT_EQ(set(FeatureId::kArbitration, 3, false, 1), StatusCode::kSuccess);
    EXPECT_EQ(get(FeatureId::kArbitration, FeatureSelect::kCurrent, 0, 2), 3u);
}

TEST_F(FeaturesTest, TemperatureThresholdsStandOnTheirOwn) {
    const auto at = [&](std::uint32_t thsel, std::uint32_t tmpsel) {
        return get(FeatureId::kTemperatureThreshold, FeatureSelect::kCurrent,
                   threshold(thsel, tmpsel, 0)) &
               0xffff;
    };
    EXPECT_EQ(at(0, 0), params.warning_temperature);
    EXPECT_EQ(at(0, 1), 0xffffu);
    EXPECT_EQ(at(1, 0), 0u);
    EXPECT_EQ(at(1, 1), 0u);
    ASSERT_EQ(set(FeatureId::kTemperatureThreshold, threshold(0, 0, 350)), StatusCode::kSuccess);
    ASSERT_EQ(set(FeatureId::kTemperatureThreshold, threshold(1, 1, 250)), StatusCode::kSuccess);
    EXPECT_EQ(at(0, 0), 350u);
    EXPECT_EQ(at(0, 1), 0xffffu);
    EXPECT_EQ(at(1, 0), 0u);
    EXPECT_EQ(at(1, 1), 250u);
}

TEST_F(FeaturesTest, OneSetMayNameAllTemperatureSensors) {
    ASSERT_EQ(set(FeatureId::kTemperatureThreshold, threshold(0, 15, 300)), StatusCode::kSuccess);
    for (const std::uint32_t sensor : {0u, 1u})
        EXPECT_EQ(
            get(FeatureId::kTemperatureThreshold, FeatureSelect::kCurrent, threshold(0, sensor, 0)),
            threshold(0, sensor, 300));
    EXPECT_EQ(get(FeatureId::kTemperatureThreshold, FeatureSelect::kCurrent, threshold(1, 0, 0)),
              threshold(1, 0, 0));
}

TEST_F(FeaturesTest, ThresholdsOfNoSensorAreRefused) {
    for (std::uint32_t sensor = 2; sensor < 15; ++sensor) {
        EXPECT_EQ(set(FeatureId::kTemperatureThreshold, threshold(0, sensor, 300)),
                  StatusCode::kInvalidField);
        EXPECT_EQ(get_error(FeatureId::kTemperatureThreshold, FeatureSelect::kCurrent,
                            threshold(0, sensor, 0)),
                  StatusCode::kInvalidField);
    }
    EXPECT_EQ(
        get_error(FeatureId::kTemperatureThreshold, FeatureSelect::kCurrent, threshold(0, 15, 0)),
        StatusCode::kInvalidField)
        << "all sensors is for Set Features";
    for (const std::uint32_t thsel : {2u, 3u})
        EXPECT_EQ(set(FeatureId::kTemperatureThreshold, threshold(thsel, 0, 300)),
                  StatusCode::kInvalidField);
}

TEST_F(FeaturesTest, InterruptVectorsAreConfiguredOneByOne) {
    ASSERT_EQ(set(FeatureId::kInterruptVectorConfig, 1u << 16 | 3), StatusCode::kSuccess);
    EXPECT_EQ(get(FeatureId::kInterruptVectorConfig, FeatureSelect::kCurrent, 3), 1u << 16 | 3);
    EXPECT_EQ(get(FeatureId::kInterruptVectorConfig, FeatureSelect::kCurrent, 4), 4u);
    const std::uint32_t last = params.msix_vectors - 1u;
    EXPECT_EQ(set(FeatureId::kInterruptVectorConfig, last), StatusCode::kSuccess);
    EXPECT_EQ(set(FeatureId::kInterruptVectorConfig, last + 1), StatusCode::kInvalidField);
    EXPECT_EQ(get_error(FeatureId::kInterruptVectorConfig, FeatureSelect::kCurrent, last + 1),
              StatusCode::kInvalidField);
}

TEST_F(FeaturesTest, ValuesThatDoNotExistAreRefusedAndChangeNothing) {
    EXPECT_EQ(set(FeatureId::kPowerManagement, 1), StatusCode::kInvalidField);
    EXPECT_EQ(get(FeatureId::kPowerManagement), 0u);
    EXPECT_EQ(set(FeatureId::kIoCommandSetProfile, 1),
              StatusCode::kIoCommandSetCombinationRejected);
    EXPECT_EQ(set(FeatureId::kIoCommandSetProfile, 0), StatusCode::kSuccess);
}

TEST_F(FeaturesTest, WithoutAWriteCacheTheFeatureIsNotThere) {
    params.write_cache_bytes = 0;
    Features none(params);
    EXPECT_EQ(none.find(static_cast<std::uint8_t>(FeatureId::kVolatileWriteCache)), nullptr);
    EXPECT_FALSE(none.write_cache_enabled());
}

TEST_F(FeaturesTest, WhatCommandsNeedFollowsTheFeatures) {
    EXPECT_TRUE(features.write_cache_enabled());
    ASSERT_EQ(set(FeatureId::kVolatileWriteCache, 0), StatusCode::kSuccess);
    EXPECT_FALSE(features.write_cache_enabled());
    features.reset();
    EXPECT_TRUE(features.write_cache_enabled());

    for (unsigned ab = 0; ab < 7; ++ab) {
        ASSERT_EQ(set(FeatureId::kArbitration, ab), StatusCode::kSuccess);
        EXPECT_EQ(features.arbitration_burst(), 1u << ab);
    }
    ASSERT_EQ(set(FeatureId::kArbitration, 7), StatusCode::kSuccess);
    EXPECT_EQ(features.arbitration_burst(), ~0u) << "no limit";

    ASSERT_EQ(set(FeatureId::kAsyncEventConfig, 0x101), StatusCode::kSuccess);
    EXPECT_EQ(features.async_event_config(), 0x101u);
}

TEST_F(FeaturesTest, HostBehaviorIsForgottenAtAReset) {
    features.host_behavior.acre = 1;
    features.reset();
    EXPECT_EQ(features.host_behavior.acre, 0u);
}

TEST_F(FeaturesTest, RandomCallsAreAnsweredAndKeepTheInvariants) {
    std::mt19937 random(99);
    const auto& table = feature_table();
    for (unsigned i = 0; i < 50'000; ++i) {
        const FeatureInfo& f = table[random() % table.size()];
        if (!features.has(f)) continue;
        const auto value = static_cast<std::uint32_t>(random());
        const auto nsid = static_cast<std::uint32_t>(random() % 4);
        const bool save = f.saveable && random() % 2 == 0;
        if (const auto done = features.set(f, value, nsid, save)) {
            const auto back = features.get(f, FeatureSelect::kCurrent, value, nsid);
            const bool all = f.id == FeatureId::kTemperatureThreshold && (value >> 16 & 0xf) == 15;
            if (!all) {
                ASSERT_TRUE(back);
                ASSERT_EQ(*back, value & f.defined);
            }
        }
        (void)features.get(f, static_cast<FeatureSelect>(random() % 8), value, nsid);
        if (random() % 1000 == 0) features.reset();
        ASSERT_GE(features.arbitration_burst(), 1u);
    }
}

}  // namespace
}  // namespace nvme::test
