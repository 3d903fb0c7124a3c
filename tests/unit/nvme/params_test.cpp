// SPDX-License-Identifier: Apache-2.0
#include "models/nvme/params/params.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <limits>
#include <set>
#include <string>
#include <type_traits>
#include <vector>

namespace nvme::test {
namespace {

/// True when a problem names the parameter.
bool names(const std::vector<std::string>& problems, const std::string& name) {
    return std::any_of(problems.begin(), problems.end(),
                       [&](const std::string& p) { return p.rfind(name + " = ", 0) == 0; });
}

/// Sets each integer in turn to what `pick` makes of its range, and checks validate().
template <typename Check>
void for_each_integer(Check check) {
    std::vector<std::string> all;
    ControllerParams listing;
    ControllerParams::visit(
        listing, [&](const util::ParamInfo& info, auto&) { all.emplace_back(info.name); });
    for (const std::string& name : all) {
        ControllerParams p;
        ControllerParams::visit(p, [&](const util::ParamInfo& info, auto& field) {
            using T = std::decay_t<decltype(field)>;
            if constexpr (std::is_integral_v<T> && !std::is_same_v<T, bool>) {
                if (info.name != name) return;
                check(info, field, [&](T value) {
                    field = value;
                    return names(validate(p), name);
                });
            }
        });
    }
}

TEST(ControllerParams, TheDefaultsAreGood) {
    EXPECT_TRUE(validate(ControllerParams{}).empty());
}

TEST(ControllerParams, NamesAreUniqueAndEveryOneIsExplained) {
    std::set<std::string_view> seen;
    ControllerParams p;
    ControllerParams::visit(p, [&](const util::ParamInfo& info, auto&) {
        EXPECT_TRUE(seen.insert(info.name).second) << info.name;
        EXPECT_FALSE(info.doc.empty()) << info.name;
        EXPECT_LE(info.min, info.max) << info.name;
    });
    EXPECT_GT(seen.size(), 40u);
}

TEST(ControllerParams, DefaultsLieInTheirRanges) {
    for_each_integer([](const util::ParamInfo& info, auto field, auto) {
        EXPECT_GE(field, info.min) << info.name;
        EXPECT_LE(field, info.max) << info.name;
    });
}

TEST(ControllerParams, ValuesBeyondTheirRangeAreNamed) {
    for_each_integer([](const util::ParamInfo& info, auto field, auto refused) {
        using T = decltype(field);
        if (info.max < std::numeric_limits<T>::max()) {
            EXPECT_TRUE(refused(static_cast<T>(info.max + 1))) << info.name;
        }
        if (info.min > 0) {
            EXPECT_TRUE(refused(static_cast<T>(info.min - 1))) << info.name;
        }
    });
}

TEST(ControllerParams, TheEndsOfARangeAreAllowed) {
    // These have a rule beside their range, which their largest or smallest value breaks.
    const std::set<std::string_view> ruled{"enable_time_ns", "disable_time_ns",
                                           "warning_temperature", "ftl_unit_bytes"};
    for_each_integer([&](const util::ParamInfo& info, auto field, auto refused) {
        using T = decltype(field);
        if (info.name != "critical_temperature" && info.name != "nand_page_bytes") {
            EXPECT_FALSE(refused(static_cast<T>(info.min))) << info.name;
        }
        if (ruled.count(info.name) == 0) {
            EXPECT_FALSE(refused(static_cast<T>(info.max))) << info.name;
        }
    });
}

TEST(ControllerParams, CriticalTemperatureIsNotBelowTheWarningOne) {
    ControllerParams p;
    p.warning_temperature = p.critical_temperature = 400;
    EXPECT_TRUE(validate(p).empty());
    p.critical_temperature = 399;
    EXPECT_TRUE(names(validate(p), "critical_temperature"));
}

TEST(ControllerParams, PowerStatesThatCannotBeUnderstoodAreProblems) {
    ControllerParams p;
    p.power_states = "mp=9000;mp=100,nops,enlat=10,exlat=10";
    EXPECT_TRUE(validate(p).empty());
    p.power_states = "mp=9000;mp=100,sleepy;mp=200";
    EXPECT_EQ(validate(p).size(), 2u);
    EXPECT_TRUE(names(validate(p), "power_states"));
}

TEST(ControllerParams, ThermalManagementWantsStatesThatThereAreAndThresholdsThatAHostMaySet) {
    ControllerParams p;
    p.power_states = "mp=9000;mp=5000;mp=100,nops";
    p.hctm_light_temperature = 320;
    EXPECT_TRUE(validate(p).empty()) << "it is not offered";
    p.hctm_min_temperature = 310;
    p.hctm_max_temperature = 330;
    p.hctm_light_state = p.hctm_heavy_state = 1;
    p.hctm_heavy_temperature = 330;
    EXPECT_TRUE(validate(p).empty());
    p.hctm_heavy_temperature = 320;
    EXPECT_TRUE(names(validate(p), "hctm_heavy_temperature")) << "not above the other";
    p.hctm_heavy_temperature = 331;
    EXPECT_TRUE(names(validate(p), "hctm_heavy_temperature"));
    p.hctm_heavy_temperature = 0;
    p.hctm_light_state = 2;
    EXPECT_TRUE(names(validate(p), "hctm_light_state")) << "non-operational";
    p.hctm_light_state = 1;
    p.hctm_heavy_state = 3;
    EXPECT_TRUE(names(validate(p), "hctm_heavy_state")) << "there is none";
    p.hctm_heavy_state = 0;
    EXPECT_TRUE(names(validate(p), "hctm_heavy_state")) << "more power than the light one";
    p.hctm_heavy_state = 1;
    p.hctm_light_temperature = 0;
    p.hctm_max_temperature = 309;
    EXPECT_TRUE(names(validate(p), "hctm_max_temperature"));
}

TEST(ControllerParams, RangesFitTheirTypes) {
    for_each_integer([](const util::ParamInfo& info, auto field, auto) {
        EXPECT_LE(info.max, std::numeric_limits<decltype(field)>::max()) << info.name;
    });
}

TEST(ControllerParams, TextsHaveALimitAndArePrintable) {
    const auto refused = [](std::string ControllerParams::*field, const std::string& text) {
        ControllerParams p;
        p.*field = text;
        return !validate(p).empty();
    };
    using P = ControllerParams;
    EXPECT_FALSE(refused(&P::serial_number, std::string(20, 'x')));
    EXPECT_TRUE(refused(&P::serial_number, std::string(21, 'x')));
    EXPECT_FALSE(refused(&P::model_number, std::string(40, 'x')));
    EXPECT_TRUE(refused(&P::model_number, std::string(41, 'x')));
    EXPECT_FALSE(refused(&P::firmware_revision, std::string(8, 'x')));
    EXPECT_TRUE(refused(&P::firmware_revision, std::string(9, 'x')));
    EXPECT_FALSE(refused(&P::subsystem_nqn, "nqn." + std::string(219, 'x')));
    EXPECT_TRUE(refused(&P::subsystem_nqn, "nqn." + std::string(220, 'x')));
    EXPECT_TRUE(refused(&P::subsystem_nqn, "iqn.x"));
    EXPECT_FALSE(refused(&P::subsystem_nqn, ""));
    for (const char* bad : {"tab\t", "\n", "\x7f", "\xc3\xa4"})
        EXPECT_TRUE(refused(&P::model_number, bad));
    EXPECT_FALSE(refused(&P::serial_number, ""));
}

TEST(ControllerParams, LanesAndPayloadArePowersOfTwo) {
    for (unsigned lanes = 1; lanes <= 16; ++lanes) {
        ControllerParams p;
        p.link.lanes = static_cast<std::uint8_t>(lanes);
        EXPECT_EQ(names(validate(p), "link_lanes"), (lanes & (lanes - 1)) != 0) << lanes;
    }
    for (const std::uint32_t payload : {128u, 200u, 256u, 384u, 512u, 4096u}) {
        ControllerParams p;
        p.link.max_payload = payload;
        EXPECT_EQ(names(validate(p), "link_max_payload"), payload == 200 || payload == 384);
    }
}

TEST(ControllerParams, AControllerIsReadyWithinTheTimeItAnnounces) {
    for (const bool enable : {true, false}) {
        ControllerParams p;
        p.ready_timeout = 2;
        auto& time = enable ? p.enable_time_ns : p.disable_time_ns;
        time = 1'000'000'000;
        EXPECT_TRUE(validate(p).empty());
        ++time;
        EXPECT_EQ(validate(p).size(), 1u);
    }
}

TEST(ControllerParams, AValueThatBreaksTwoRulesIsComplainedOfOnce) {
    ControllerParams p;
    p.link.lanes = 0;
    p.media.fixed.units = 0;
    EXPECT_EQ(validate(p), (std::vector<std::string>{"media_units = 0: must be 1 to 4096",
                                                     "link_lanes = 0: must be 1 to 16"}));
}

TEST(ControllerParams, AGroupIsCheckedByItself) {
    SubsystemParams shared;
    shared.media.fixed.units = 4097;
    EXPECT_EQ(validate(shared).size(), 1u);
    EXPECT_TRUE(validate(PowerParams{}).empty());
    std::size_t in_group = 0;
    SubsystemParams::visit(shared, [&](const util::ParamInfo&, const auto&) { ++in_group; });
    EXPECT_EQ(subsystem_parameters().size(), in_group);
}

TEST(ControllerParams, AllProblemsAreReportedAtOnce) {
    ControllerParams p;
    p.max_queue_entries = 1;
    p.mdts = 0;
    p.subsystem_nqn = "wrong";
    p.link.lanes = 3;
    EXPECT_EQ(validate(p).size(), 4u);
}

}  // namespace
}  // namespace nvme::test
