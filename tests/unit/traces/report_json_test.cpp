// SPDX-License-Identifier: Apache-2.0
#include "traces/analysis/report_json.h"

#include <cstring>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "tests/unit/traces/made_trace.h"
#include "traces/analysis/analyser.h"
#include "traces/analysis/csv.h"

namespace analysis {
namespace {

Analysis a_read() {
    Analyser analyser;
    MadeTrace trace(analyser);
    trace.bring_up();
    trace.read(10'000, 3, 1);
    return analyser.finish();
}

/// What a column in base 64 holds.
template <typename T>
std::vector<T> column(const nlohmann::json& text) {
    const std::string digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    std::string bytes;
    std::uint32_t bits = 0;
    unsigned count = 0;
    for (const char c : text.get<std::string>()) {
        if (c == '=') break;
        bits = bits << 6 | static_cast<std::uint32_t>(digits.find(c));
        if ((count += 6) >= 8) bytes += static_cast<char>(bits >> (count -= 8));
    }
    std::vector<T> values(bytes.size() / sizeof(T));
    std::memcpy(values.data(), bytes.data(), values.size() * sizeof(T));
    return values;
}

TEST(ReportJson, HoldsTheCommandsAsColumns) {
    const auto root = nlohmann::json::parse(report_json(a_read()));
    EXPECT_EQ(root["format"], 1);
    const auto& commands = root["commands"];
    EXPECT_EQ(commands["count"], 3);
    EXPECT_EQ(column<std::uint16_t>(commands["sqid"]), (std::vector<std::uint16_t>{0, 0, 1}));
    EXPECT_EQ(column<std::uint8_t>(commands["opcode"]), (std::vector<std::uint8_t>{5, 1, 2}));
    EXPECT_EQ(column<std::uint32_t>(commands["bytes"]), (std::vector<std::uint32_t>{0, 0, 4096}));
    EXPECT_EQ(column<double>(commands["begin_ns"])[2], 10'000);
    EXPECT_EQ(column<double>(commands["end_ns"])[2], 17'650);
    ASSERT_EQ(commands["stage_ns"].size(), kStages);
    EXPECT_EQ(column<float>(commands["stage_ns"][3])[2], 5000);
    EXPECT_EQ(column<float>(commands["stage_ns"][3])[0], -1);
}

TEST(ReportJson, HasEveryMemberThatThePageReads) {
    const auto root = nlohmann::json::parse(report_json(a_read()));
    for (const char* key :
         {"meta", "stages", "queues", "commands", "opcodes", "statuses", "groups", "series",
          "marks", "limits", "use", "little", "slowest", "findings", "phases"})
        EXPECT_TRUE(root.contains(key)) << key;
    EXPECT_EQ(root["opcodes"]["io"]["2"], "Read");
    EXPECT_EQ(root["statuses"]["0"], "Successful Completion");
    EXPECT_EQ(root["queues"][1]["sqid"], 1);
    EXPECT_EQ(root["groups"][0]["by"], "all");
    EXPECT_EQ(root["groups"][0]["p99_ns"], 7550.0);
    EXPECT_EQ(root["series"]["t_ns"].size(), root["series"]["iops"].size());
}

TEST(ReportJson, HasTheUseOfEachDieAndChannel) {
    Analysis analysis = a_read();
    analysis.use.dies = {0.5, 0.25};
    analysis.use.channels = {0.125};
    const auto use = nlohmann::json::parse(report_json(analysis))["use"];
    EXPECT_EQ(use["dies"], (nlohmann::json{0.5, 0.25}));
    EXPECT_EQ(use["channels"], nlohmann::json::array({0.125}));
}

TEST(ReportJson, IsValidWhateverTheTextsAre) {
    Analysis analysis = a_read();
    analysis.file = "\xff</script>\"\n";
    analysis.marks.push_back({5, "fault", std::string("\0\x80", 2)});
    EXPECT_TRUE(nlohmann::json::accept(report_json(analysis)));
    EXPECT_TRUE(nlohmann::json::accept(report_json(Analysis{})));
}

TEST(CommandsCsv, HasALineForEachCommand) {
    const std::string text = commands_csv(a_read());
    EXPECT_NE(text.find("\n1,3,0x2,Read,1,0,8,4096,0x0,10100.000,17650.000,7550.000,100.000,"
                        "300.000,200.000,5000.000,2000.000,50.000,350.000,1000.000\n"),
              std::string::npos)
        << text;
}

}  // namespace
}  // namespace analysis
