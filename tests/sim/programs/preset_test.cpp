// SPDX-License-Identifier: Apache-2.0
// Realistic drives, by name.
#include "platform/config/preset.h"

#include <algorithm>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "platform/config/program_config.h"

namespace platform::test {
namespace {

using Problems = std::vector<std::string>;

ProgramConfig read(const std::string& text, const std::string& chosen = "") {
    ProgramConfig config;
    config.run.preset = chosen;
    Problems problems;
    read_config_text(text, "c", config, problems);
    check_config(config, problems);
    EXPECT_EQ(problems, Problems{});
    return config;
}

TEST(Preset, EachIsWholeAndGood) {
    EXPECT_GE(presets().size(), 7u);
    for (const Preset& preset : presets()) {
        SCOPED_TRACE(preset.name);
        const auto json = nlohmann::json::parse(preset.text);
        EXPECT_FALSE(json.at("description").get<std::string>().empty());
        EXPECT_FALSE(json.at("sources").empty());
        EXPECT_FALSE(json.at("figures").empty());
        nvme::ControllerParams params;
        Problems problems;
        apply_preset(std::string{preset.name}, params, problems);
        EXPECT_EQ(problems, Problems{});
        EXPECT_EQ(validate(params), Problems{});
        EXPECT_EQ(params.media.model, media::Model::kNand);
        EXPECT_NE(presets_text().find(json.at("description").get<std::string>()),
                  std::string::npos);
    }
}

TEST(Preset, IsWhereADriveBeginsAndWhatElseIsSaidChangesIt) {
    nvme::ControllerParams slc;
    Problems problems;
    apply_preset("low_latency_slc", slc, problems);
    const ProgramConfig config = read(R"({"controller": {"nand_channels": 3},
                                          "preset": "low_latency_slc"})");
    const nvme::ControllerParams& params = config.first_controller().params;
    EXPECT_EQ(params.media.nand.channels, 3u);
    EXPECT_EQ(params.media.nand.read_lsb_ns, slc.media.nand.read_lsb_ns);
    EXPECT_NE(slc.media.nand.read_lsb_ns, nvme::ControllerParams{}.media.nand.read_lsb_ns);
}

TEST(Preset, IsThatOfEveryControllerOfEverySubsystem) {
    const ProgramConfig config = read(R"({"preset": "low_latency_slc", "subsystems": [
        {"namespaces": ["ram:1M"]},
        {"namespaces": ["ram:1M"], "controller": {"nand_channels": 2}}]})");
    for (const SubsystemSpec& subsystem : config.system)
        EXPECT_EQ(subsystem.controllers.front().params.media.model, media::Model::kNand);
    EXPECT_EQ(config.system[1].controllers.front().params.media.nand.channels, 2u);
    EXPECT_NE(config.system[0].controllers.front().params.media.nand.channels, 2u);
}

TEST(Preset, OfTheCommandLineTakesThePlaceOfThatOfTheFile) {
    const ProgramConfig config = read(R"({"preset": "low_latency_slc"})", "capacity_qlc");
    EXPECT_EQ(config.run.preset, "capacity_qlc");
    EXPECT_EQ(config.first_controller().params.media.nand.cell, media::Cell::kQlc);
}

TEST(Preset, AConfigurationThatIsWrittenIsReadBackTheSame) {
    const ProgramConfig config =
        read(R"({"preset": "low_latency_slc", "controller": {"nand_channels": 3}})");
    const std::string text = config_to_json(config).dump();
    EXPECT_EQ(config_to_json(read(text)).dump(), text);
}

TEST(Preset, OneThatDoesNotExistIsRefusedOnceWithTheNamesOfAll) {
    ProgramConfig config;
    Problems problems;
    read_config_text(R"({"preset": "fast", "subsystems": [{}, {}]})", "c", config, problems);
    ASSERT_EQ(problems.size(), 1u);
    EXPECT_EQ(problems[0].rfind("preset = \"fast\": must be one of capacity_qlc, ", 0), 0u)
        << problems[0];
}

}  // namespace
}  // namespace platform::test
