// SPDX-License-Identifier: Apache-2.0
#include <set>

#include "platform/config/config_schema.h"
#include "platform/config/nearest_name.h"
#include "platform/config/param_list.h"
#include "platform/config/program_config.h"
#include "tests/sim/programs/text_checks.h"

namespace platform {
namespace {

using Problems = std::vector<std::string>;

Problems problems_of(std::string_view text) {
    ProgramConfig config;
    Problems problems;
    read_config_text(text, "c", config, problems);
    return problems;
}

TEST(ConfigText, EveryParameterOfTheControllerCanBeSetByItsName) {
    nvme::ControllerParams defaults;
    for (const std::string_view name : names_of(parameters_of(defaults))) {
        const auto all = write_object(defaults);
        const std::string text = "{\"controller\": {\"" + std::string{name} +
                                 "\": " + all[std::string{name}].dump() + "}}";
        EXPECT_TRUE(lists(problems_of(text), {})) << text;
    }
}

TEST(ConfigText, ValuesReachTheParametersAndTextsWithUnitsAreNumbersToo) {
    ProgramConfig config;
    Problems problems;
    read_config_text(R"({"controller": {"mdts": 3, "vendor_id": "0x8086", "intx": true,
                         "media": "none", "write_cache_bytes": "16M", "serial_number": "S\u00e9"},
                         "depth": 7, "job": "a.fio",
                         "namespaces": ["ram:1M,nsid=2", {"store": "file", "path": "a,b",
                                        "lba_size": 4096, "read_only": true}]})",
                     "c", config, problems);
    EXPECT_TRUE(lists(problems, {}));
    EXPECT_EQ(config.first_controller().params.mdts, 3);
    EXPECT_EQ(config.first_controller().params.vendor_id, 0x8086);
    EXPECT_TRUE(config.first_controller().params.intx);
    EXPECT_EQ(config.first_controller().params.media.model, media::Model::kNone);
    EXPECT_EQ(config.first_controller().params.write_cache_bytes, 16u << 20);
    EXPECT_EQ(config.run.depth, 7);
    EXPECT_EQ(config.run.job, "a.fio");
    ASSERT_EQ(config.first_subsystem().namespaces.size(), 2u);
    EXPECT_EQ(config.first_subsystem().namespaces[0].nsid, 2u);
    EXPECT_EQ(config.first_subsystem().namespaces[1].path, "a,b");
    EXPECT_EQ(config.first_subsystem().namespaces[1].lba_size, 4096u);
    EXPECT_TRUE(config.first_subsystem().namespaces[1].read_only);
    check_config(config, problems);
    EXPECT_TRUE(lists(problems, {"printable ASCII"}));
    EXPECT_EQ(config.first_subsystem().namespaces[1].nsid, 1u);
}

TEST(ConfigText, IntegersAreCheckedAgainstRangeAndTypeWithoutWrapping) {
    for (const char* value : {"256", "11", "0", "-1", "1.5", "1e1", "18446744073709551617", "null",
                              "true", "[1]", "{}", "\"\"", "\"-1\"", "\"1x\""})
        EXPECT_TRUE(lists(problems_of("{\"controller\": {\"mdts\": " + std::string{value} + "}}"),
                          {"c: /controller/mdts = "}))
            << value;
}

TEST(ConfigText, AValueThatIsRefusedLeavesTheDefault) {
    ProgramConfig config;
    Problems problems;
    read_config_text(R"({"controller": {"mdts": 300}, "depth": 70000})", "c", config, problems);
    EXPECT_EQ(problems.size(), 2u);
    EXPECT_EQ(config.first_controller().params.mdts, nvme::ControllerParams{}.mdts);
    EXPECT_EQ(config.run.depth, RunOptions{}.depth);
}

TEST(ConfigText, BrokenTextIsOneProblemWithItsPlace) {
    for (const char* text : {"", "{", "[1", "{\"a\" 1}", "\xff\xfe", "{\"a\": \"\xff\"}"})
        EXPECT_TRUE(lists(problems_of(text), {"c: parse error at line "})) << text;
    EXPECT_TRUE(lists(problems_of("7"), {"must be an object"}));
    EXPECT_TRUE(lists(problems_of("null"), {"must be an object"}));
    EXPECT_TRUE(lists(problems_of("{\"controller\": []}"), {"must be an object"}));
    EXPECT_TRUE(lists(problems_of("{\"namespaces\": {}}"), {"must be a list"}));
    EXPECT_EQ(problems_of(std::string(100'000, '[')).size(), 1u);
}

TEST(ConfigText, AKeyThatStandsTwiceIsAProblemAtEveryLevel) {
    EXPECT_TRUE(lists(problems_of(R"({"depth": 1, "depth": 2})"), {"twice"}));
    EXPECT_TRUE(lists(problems_of(R"({"controller": {"mdts": 1, "mdts": 1}})"), {"twice"}));
    EXPECT_TRUE(lists(problems_of(R"({"namespaces": [{"store": "ram", "size": 4096},
                                               {"store": "ram", "size": 4096}]})"),
                      {}));
}

TEST(ConfigText, ANullByteInAPathIsRefused) {
    EXPECT_TRUE(lists(problems_of(R"({"report": "good\u0000bad"})"), {"null byte"}));
}

TEST(ConfigSet, NamesAndValuesOfTheCommandLineAreChecked) {
    ProgramConfig config;
    Problems problems;
    for (const char* good :
         {"mdts=2", "intx=1", "media=none", "serial_number=a=b", "model_number="})
        set_controller_parameter(good, config, problems);
    EXPECT_TRUE(lists(problems, {}));
    EXPECT_EQ(config.first_controller().params.serial_number, "a=b");
    EXPECT_EQ(config.first_controller().params.model_number, "");
    for (const char* bad : {"mdts", "", "=", "mdts=", "mdts=many", "media=fast", "nothing=1"}) {
        Problems found;
        set_controller_parameter(bad, config, found);
        EXPECT_EQ(found.size(), 1u) << bad;
    }
}

TEST(ConfigCheck, RulesBetweenParametersAreReportedOnce) {
    ProgramConfig config;
    Problems problems;
    read_config_text(R"({"controller": {"link_lanes": 3, "mdts": 99}})", "c", config, problems);
    check_config(config, problems);
    EXPECT_TRUE(lists(problems, {"mdts = 99", "link_lanes = 3"}));
}

TEST(NamespaceText, ShortDescriptionsAreRead) {
    Problems problems;
    const NamespaceSpec ram = parse_namespace("ram:64M", "w", problems);
    EXPECT_EQ(ram.store, StoreKind::kRam);
    EXPECT_EQ(ram.size, 64u << 20);
    const NamespaceSpec file =
        parse_namespace("file:/a b/c=d.img,lba=4096,nsid=3,size=1g,ro", "w", problems);
    EXPECT_EQ(file.store, StoreKind::kFile);
    EXPECT_EQ(file.path, "/a b/c=d.img");
    EXPECT_EQ(file.lba_size, 4096u);
    EXPECT_EQ(file.nsid, 3u);
    EXPECT_EQ(file.size, 1u << 30);
    EXPECT_TRUE(file.read_only);
    EXPECT_TRUE(lists(problems, {}));
}

TEST(NamespaceText, DescriptionsThatMeanNothingAreRefused) {
    for (const char* text :
         {"", "ram", "ram:", "ram:0", "ram:511", "ram:-1", "ram:1M,", "ram:1M,ro", "ram:1M,lba=513",
          "ram:1M,lba=1024", "ram:1M,nsid=65537", "ram:1M,lba", "ram:1M,x=1", "file:", "file:,ro",
          "ram:99999999999999999999", ",,,"}) {
        Problems problems;
        (void)parse_namespace(text, "w", problems);
        EXPECT_FALSE(problems.empty()) << text;
    }
}

TEST(NamespaceNumbers, FreeOnesAreGivenInOrderAndDuplicatesAreFound) {
    std::vector<NamespaceSpec> specs(4);
    specs[1].nsid = 1;
    specs[3].nsid = 2;
    Problems problems;
    assign_nsids(specs, problems);
    EXPECT_TRUE(lists(problems, {}));
    EXPECT_EQ(specs[0].nsid, 3u);
    EXPECT_EQ(specs[2].nsid, 4u);
    specs[2].nsid = 1;
    assign_nsids(specs, problems);
    EXPECT_TRUE(lists(problems, {"nsid = 1"}));
}

TEST(NearestName, IsFoundForTyposOnly) {
    const std::vector<std::string_view> names{"mdts", "media", "max_io_queues"};
    EXPECT_EQ(nearest_name("mtds", names), "mdts");
    EXPECT_EQ(nearest_name("max_ioqueues", names), "max_io_queues");
    EXPECT_EQ(nearest_name("frobnicate", names), "");
    EXPECT_EQ(nearest_name("", names), "");
    EXPECT_EQ(nearest_name(std::string(1'000'000, 'x'), names), "");
}

TEST(CopyText, NamesTwoNamespaces) {
    std::uint32_t from = 0;
    std::uint32_t to = 0;
    EXPECT_TRUE(parse_copy("1:65536", from, to));
    EXPECT_EQ(from, 1u);
    EXPECT_EQ(to, 65536u);
    for (const char* text : {"", ":", "1", "1:", ":1", "0:1", "1:2:3", "a:b", "1:65537"})
        EXPECT_FALSE(parse_copy(text, from, to)) << text;
}

TEST(ConfigEvents, ReadBackToThemselvesInTheOrderOfTime) {
    ProgramConfig config;
    Problems problems;
    read_config_text(R"({"events": [{"at_ns": 9000, "action": "remove", "nsid": 2},
                                    {"at_ns": 100, "action": "add", "namespace": "ram:1M,nsid=2"},
                                    {"at_ns": 200, "action": "resize", "nsid": 2, "size": "2M"}]})",
                     "c", config, problems);
    check_timeline(config.first_subsystem().events, {1}, 1024, "", problems);
    EXPECT_TRUE(lists(problems, {}));
    ASSERT_EQ(config.first_subsystem().events.size(), 3u);
    EXPECT_EQ(config.first_subsystem().events[0].action, TimelineAction::kAdd);
    EXPECT_EQ(config.first_subsystem().events[1].size, 2u << 20);
    ProgramConfig again;
    read_config_text(config_to_json(config).dump(), "c", again, problems);
    EXPECT_TRUE(lists(problems, {}));
    EXPECT_EQ(write_timeline(again.first_subsystem().events),
              write_timeline(config.first_subsystem().events));
}

TEST(ConfigEvents, MistakesAreAllListedWithTheirPlaces) {
    EXPECT_TRUE(lists(problems_of(R"({"events": 1})"), {"/events = 1: must be a list"}));
    EXPECT_TRUE(lists(problems_of(R"({"events": [{"at_ns": -1}, {"when": 1},
                                     {"action": "explode"}, {"namespace": "ram:1"}]})"),
                      {"/events/0/at_ns = -1", "/events/1/when: no such key",
                       "/events/2/action = \"explode\"", "/events/3/namespace"}));
    EXPECT_TRUE(lists(
        problems_of(R"({"events": [{"action": "add", "nsid": 2},
                                     {"action": "remove", "nsid": 2, "size": 3},
                                     {"action": "resize", "nsid": 2}]})"),
        {"/events/0/namespace: must be given with action = \"add\"", "/events/0/nsid: is not for",
         "/events/1/size: is not for", "/events/2/size: must be given"}));
}

TEST(ConfigEvents, NamespacesMustBeThereWhenSomethingHappensToThem) {
    ProgramConfig config;
    Problems problems;
    read_config_text(R"({"events": [{"at_ns": 1, "action": "remove", "nsid": 2},
                                    {"at_ns": 2, "action": "add", "namespace": "ram:1M,nsid=1"},
                                    {"at_ns": 3, "action": "add", "namespace": "ram:1M,nsid=9"},
                                    {"at_ns": 4, "action": "remove", "nsid": 1},
                                    {"at_ns": 5, "action": "resize", "nsid": 1, "size": 4096}]})",
                     "c", config, problems);
    check_timeline(config.first_subsystem().events, {1}, 8, "", problems);
    EXPECT_TRUE(lists(problems, {"at 1 ns: nsid = 2: there is no such namespace then",
                                 "at 2 ns: nsid = 1: there is such a namespace then",
                                 "at 3 ns: nsid = 9: must be 1 to max_namespaces (8)",
                                 "at 5 ns: nsid = 1: there is no such namespace then"}));
}

/// Calls `visit` with the schema of each object in a schema, and where it stands.
template <typename Visit>
void for_each_object(const nlohmann::ordered_json& schema, const std::string& where, Visit visit) {
    if (schema.contains("properties")) visit(schema, where);
    for (const auto& [key, value] : schema.items())
        if (value.is_structured()) for_each_object(value, where + "/" + key, visit);
}

TEST(ConfigSchema, DescribesEveryKeyWithADefaultThatTheReaderTakes) {
    std::set<std::string> places;
    for_each_object(
        config_schema(), "", [&](const nlohmann::ordered_json& object, const std::string& where) {
            places.insert(where);
            EXPECT_EQ(object["additionalProperties"], false) << where;
            for (const auto& [key, property] : object["properties"].items()) {
                if (!property.contains("default")) continue;
                EXPECT_FALSE(property["description"].get<std::string>().empty()) << where << key;
                const bool allowed = property.contains("enum") || property.contains("type") ||
                                     property.contains("anyOf");
                EXPECT_TRUE(allowed) << where << key;
            }
        });
    EXPECT_EQ(places,
              (std::set<std::string>{"", "/properties/subsystems/items",
                                     "/properties/subsystems/items/properties/controllers/items",
                                     "/$defs/controller", "/$defs/event", "/$defs/fault",
                                     "/$defs/namespace/anyOf/1"}));
    // What the schema gives as defaults is a configuration.
    const auto schema = config_schema();
    nlohmann::ordered_json config, controller;
    for (const auto& [key, property] : schema["properties"].items())
        if (property.contains("default")) config[key] = property["default"];
    for (const auto& [key, property] : schema["$defs"]["controller"]["properties"].items())
        controller[key] = property["default"];
    config["controller"] = controller;
    EXPECT_TRUE(schema["properties"]["subsystems"]["items"]["properties"]["controllers"]["items"]
                      ["properties"]
                          .contains("mdts"));
    EXPECT_TRUE(lists(problems_of(config.dump()), {}));
}

TEST(ConfigSchema, HasTheRangesOfTheReader) {
    const auto schema = config_schema();
    const auto& mdts = schema["$defs"]["controller"]["properties"]["mdts"]["anyOf"][0];
    EXPECT_EQ(mdts["minimum"], 1);
    EXPECT_EQ(mdts["maximum"], 10);
    EXPECT_EQ(schema["properties"]["doorbells"]["enum"],
              nlohmann::ordered_json::array({"trapped", "mapped"}));
}

}  // namespace
}  // namespace platform
