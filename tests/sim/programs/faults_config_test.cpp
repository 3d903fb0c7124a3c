// SPDX-License-Identifier: Apache-2.0
// Fault plans in configuration files: what is read, and what is refused with which words.
#include <nlohmann/json.hpp>

#include "platform/config/program_config.h"
#include "tests/sim/programs/text_checks.h"

namespace platform {
namespace {

using Problems = std::vector<std::string>;

Problems read_plan(const std::string& rules, ProgramConfig& config) {
    Problems problems;
    read_config_text("{\"faults\": " + rules + "}", "c", config, problems);
    return problems;
}
Problems problems_of(const std::string& rules) {
    ProgramConfig config;
    return read_plan(rules, config);
}

TEST(FaultConfig, EveryKindOfFieldIsRead) {
    ProgramConfig config;
    EXPECT_TRUE(
        lists(read_plan(R"([{"name": "a", "action": "rewrite_command", "queue": 1, "opcode": "0x02",
                       "nsid": 0, "lba": "1M", "blocks": 8, "match_offset": 62, "match": "0A fF",
                       "match_mask": "0f00", "nth": 3, "count": 1, "enabled": false,
                       "set_offset": 4, "set": "01020304"},
                      {"action": "power_cut", "at_ns": 5, "duration_ns": "1k"},
                      {"action": "dma_error", "dma": "prp_list", "cid": null}])",
                        config),
              {}));
    ASSERT_EQ(config.first_controller().faults.size(), 3u);
    const faults::Rule& a = config.first_controller().faults[0];
    EXPECT_EQ(a.name, "a");
    EXPECT_EQ(a.action, faults::Action::kRewriteCommand);
    EXPECT_EQ(a.queue, 1);
    EXPECT_EQ(a.opcode, 2);
    EXPECT_EQ(a.nsid, 0u);
    EXPECT_EQ(a.lba, 1u << 20);
    EXPECT_EQ(a.match, (faults::Bytes{0x0a, 0xff}));
    EXPECT_EQ(a.set, (faults::Bytes{1, 2, 3, 4}));
    EXPECT_FALSE(a.enabled);
    EXPECT_EQ(config.first_controller().faults[1].name, "rule_1");
    EXPECT_EQ(config.first_controller().faults[1].duration_ns, 1024u);
    EXPECT_EQ(config.first_controller().faults[1].at_ns, 5u);
    EXPECT_EQ(config.first_controller().faults[2].dma, faults::DmaAccess::kPrpList);
    EXPECT_FALSE(config.first_controller().faults[2].cid);
}

TEST(FaultConfig, ARuleWithoutNameGetsOneThatIsFree) {
    ProgramConfig config;
    EXPECT_TRUE(lists(read_plan(R"([{"action": "expect"}, {"action": "expect"},
                                    {"action": "expect", "name": "rule_0"}])",
                                config),
                      {}));
    ASSERT_EQ(config.first_controller().faults.size(), 3u);
    EXPECT_EQ(config.first_controller().faults[0].name, "rule_1");
    EXPECT_EQ(config.first_controller().faults[1].name, "rule_2");
    EXPECT_EQ(config.first_controller().faults[2].name, "rule_0");
}

TEST(FaultConfig, WhatIsWrongIsNamedWithPlaceValueAndWhatIsAllowed) {
    for (const auto& [rules, problem] : {
             std::pair{"7", "c: /faults = 7: must be a list"},
             {"{}", "c: /faults = {}: must be a list"},
             {"[1]", "c: /faults/0 = 1: must be an object"},
             {"[{}]", "c: /faults/0/action: is missing: must be expect, drop"},
             {R"([{"action": "explode"}])", "c: /faults/0/action = \"explode\": must be expect"},
             {R"([{"action": "drop", "opcode": 256}])",
              "c: /faults/0/opcode = 256: must be 0 to 255"},
             {R"([{"action": "drop", "opcode": -1}])", "c: /faults/0/opcode = -1: must be"},
             {R"([{"action": "drop", "opcode": 1.5}])", "c: /faults/0/opcode = 1.5: must be"},
             {R"([{"action": "drop", "opcod": 1}])",
              "c: /faults/0/opcod: no such key; did you mean \"opcode\"?"},
             {R"([{"action": "drop", "match": "0g"}])",
              "c: /faults/0/match = \"0g\": must be bytes"},
             {R"([{"action": "drop", "match": "0"}])", "c: /faults/0/match = \"0\": must be bytes"},
             {R"([{"action": "drop", "match": 1}])", "c: /faults/0/match = 1: must be bytes"},
             {R"([{"action": "drop", "delay_ns": 5}])",
              "c: /faults/0/delay_ns = 5: means nothing for drop"},
             {R"([{"action": "delay"}])", "c: /faults/0/delay_ns: is missing"},
             {R"([{"action": "drop", "nth": 0}])", "c: /faults/0/nth = 0: must be 1 or more"},
             {R"([{"action": "drop", "name": "a b"}])",
              "c: /faults/0/name = \"a b\": must be up to"},
             {R"([{"action": "drop", "from_ns": 864000000000001}])",
              "c: /faults/0/from_ns = 864000000000001: must be"},
             {R"([{"name": "x", "action": "drop"}, {"name": "x", "action": "drop"}])",
              "c: /faults/1/name = \"x\": another rule has this name"},
             {R"([{"action": "drop", "action": "hold"}])", "stands twice"},
             {R"([{"action": "health"}])",
              "c: /faults/0/action = \"health\": needs at least one of temperature, "},
             {R"([{"action": "health", "temperature": null}])", "needs at least one of"},
             {R"([{"action": "health", "temperature": 0}])",
              "c: /faults/0/temperature = 0: must be 1 to 65535"},
             {R"([{"action": "health", "available_spare": 101}])",
              "c: /faults/0/available_spare = 101: must be 0 to 100"},
             {R"([{"action": "health", "media_read_only": 2}])",
              "c: /faults/0/media_read_only = 2: must be true or false"},
             {R"([{"action": "drop", "temperature": 300}])",
              "c: /faults/0/temperature = 300: means nothing for drop"},
         })
        EXPECT_TRUE(lists(problems_of(rules), {problem})) << rules;
    EXPECT_EQ(problems_of(R"([{"action": "drop", "nth": 0}, {"action": "x"}, {"sc": 300}])").size(),
              3u)
        << "all of them are listed";
    EXPECT_EQ(
        problems_of("[{\"action\": \"drop\", \"match\": \"" + std::string(20'000, '0') + "\"}]")
            .size(),
        1u);
    std::string many = "[";
    for (int i = 0; i < 1025; ++i) many += "{\"action\": \"drop\"},";
    many.back() = ']';
    EXPECT_TRUE(lists(problems_of(many), {"has 1025 entries, must be at most 1024"}));
}

TEST(FaultConfig, ADumpedPlanReadsBackAsTheSameAndShowsOnlyWhatWasSet) {
    ProgramConfig config;
    EXPECT_TRUE(lists(read_plan(R"([{"action": "complete", "sct": 2, "sc": 129, "lba": 5},
                                    {"action": "forge_register", "offset": 28, "value": 0},
                                    {"action": "health", "temperature": "350", "at_ns": 7,
                                     "media_read_only": false, "percentage_used": 0}])",
                                config),
                      {}));
    const auto dumped = config_to_json(config);
    EXPECT_EQ(dumped["faults"][0].dump(),
              R"({"name":"rule_0","action":"complete","lba":5,"sct":2,"sc":129})");
    EXPECT_EQ(dumped["faults"][2].dump(),
              R"({"name":"rule_2","action":"health","at_ns":7,"temperature":350,)"
              R"("percentage_used":0,"media_read_only":false})");
    ProgramConfig again;
    Problems problems;
    read_config_text(dumped.dump(), "again", again, problems);
    EXPECT_TRUE(lists(problems, {}));
    EXPECT_EQ(config_to_json(again), dumped);
}

}  // namespace
}  // namespace platform
