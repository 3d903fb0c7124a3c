// SPDX-License-Identifier: Apache-2.0
// Configurations of several controllers and subsystems.
#include <algorithm>
#include <tuple>

#include "platform/config/param_list.h"
#include "platform/config/program_config.h"
#include "tests/sim/programs/text_checks.h"

namespace platform {
namespace {

using Problems = std::vector<std::string>;

Problems problems_of(std::string_view text, ProgramConfig& config) {
    Problems problems;
    read_config_text(text, "c", config, problems);
    check_config(config, problems);
    return problems;
}
Problems problems_of(std::string_view text) {
    ProgramConfig config;
    return problems_of(text, config);
}

TEST(SystemConfig, WhatIsCloserToAControllerHasPriority) {
    ProgramConfig config;
    EXPECT_TRUE(lists(problems_of(R"({"controller": {"mdts": 2, "max_io_queues": 2},
        "subsystems": [
            {"controller": {"mdts": 3, "serial_number": "X"}, "namespaces": ["ram:1M", "ram:2M"],
             "controllers": [{"socket": "a"}, {"mdts": 4, "socket": "b"}]},
            {"events": [{"at_ns": 1, "action": "remove", "nsid": 1}]}]})",
                                  config),
                      {}));
    ASSERT_EQ(config.system.size(), 2u);
    ASSERT_EQ(config.system[0].controllers.size(), 2u);
    ASSERT_EQ(config.system[1].controllers.size(), 1u);
    const auto& [a, b] = std::tie(config.system[0].controllers[0], config.system[0].controllers[1]);
    const ControllerSpec& c = config.system[1].controllers[0];
    EXPECT_EQ(a.params.mdts, 3);
    EXPECT_EQ(b.params.mdts, 4);
    EXPECT_EQ(c.params.mdts, 2);
    EXPECT_EQ(b.params.max_io_queues, 2);
    EXPECT_EQ(b.params.serial_number, "X");
    EXPECT_EQ(b.socket, "b");
    EXPECT_EQ(config.system[0].namespaces[1].nsid, 2u);
    EXPECT_EQ(config.system[1].events.size(), 1u);
}

TEST(SystemConfig, ControllersAndSubsystemsAreToldApartWhereTheUserDoesNot) {
    ProgramConfig config;
    EXPECT_TRUE(lists(problems_of(R"({"subsystems": [{"controllers": [{}, {}]}, {}, {}, {}, {}, {},
                                                     {}, {}, {}, {"controllers": [{}]}]})",
                                  config),
                      {}));
    const auto params = [&](std::size_t s, std::size_t c) {
        return config.system[s].controllers[c].params;
    };
    const std::string first_nqn =
        "nqn.2014-08.org.nvmexpress:uuid:00000000-0000-4000-8000-000000000001";
    EXPECT_EQ(params(0, 0).subsystem_nqn, first_nqn);
    EXPECT_EQ(params(0, 0).serial_number, "000001");
    EXPECT_EQ(params(0, 1).subsystem_nqn, first_nqn);
    EXPECT_EQ(params(0, 1).controller_id, 1);
    EXPECT_EQ(params(9, 0).serial_number, "000010");
    EXPECT_EQ(params(9, 0).controller_id, 0);
    EXPECT_EQ(params(9, 0).subsystem_nqn,
              "nqn.2014-08.org.nvmexpress:uuid:00000000-0000-4000-8000-000000000010");
}

TEST(SystemConfig, WhatIsWrongIsNamedWithItsPlaceAndOnce) {
    for (const auto& [text, problem] : {
             std::pair{R"({"subsystems": {}})", "c: /subsystems = {}: must be a list"},
             {R"({"subsystems": []})", "c: /subsystems = []: must be a list"},
             {R"({"subsystems": null})", "c: /subsystems = null: must be a list"},
             {R"({"subsystems": [7, {}]})", "c: /subsystems/0 = 7: must be an object"},
             {R"({"subsystems": [{"controler": {}}, {}]})",
              "c: /subsystems/0/controler: no such key; did you mean \"controller\"?"},
             {R"({"subsystems": [{"controllers": []}, {}]})",
              "c: /subsystems/0/controllers = []: must be a list"},
             {R"({"subsystems": [{"controllers": [{"mdts": 99}, {}]}]})",
              "c: /subsystems/0/controllers/0/mdts = 99: must be 1 to 10"},
             {R"({"subsystems": [{"controllers": [[], {}]}]})",
              "c: /subsystems/0/controllers/0 = []: must be an object"},
             {R"({"subsystems": [{"controller": {"mdts": 99}, "controllers": [{}, {}]}]})",
              "c: /subsystems/0/controller/mdts = 99: must be 1 to 10"},
             {R"({"subsystems": [{"controllers": [{"faults": 1}, {}]}]})",
              "c: /subsystems/0/controllers/0/faults = 1: must be a list"},
             {R"({"controller": {"mdts": 99}, "subsystems": [{}, {}]})",
              "c: /controller/mdts = 99: must be 1 to 10"},
             {R"({"namespaces": ["ram:1M"], "subsystems": [{}, {}]})",
              "c: /namespaces: must not stand beside subsystems"},
             {R"({"faults": [], "subsystems": [{}, {}]})",
              "c: /faults: must not stand beside subsystems"},
             {R"({"subsystems": [{}, {"namespaces": ["ram:1M,nsid=1", "ram:1M,nsid=1"]}]})",
              "subsystems/1: nsid = 1: two namespaces have this identifier"},
             {R"({"subsystems": [{}, {"namespaces": ["ram:1M,nsid=2000"]}]})",
              "subsystems/1: nsid = 2000: must be at most max_namespaces (1024)"},
             {R"({"subsystems": [{"controllers": [{}, {"link_lanes": 3}]}]})",
              "subsystems/0: controllers/1: link_lanes = 3: must be 1, 2, 4, 8 or 16"},
             {R"({"subsystems": [{"controllers": [{"controller_id": 1}, {}]}]})",
              "subsystems/0: controllers/1: controller_id = 1: another controller"},
             {R"({"subsystems": [{"controllers": [{}, {"model_number": "other"}]}]})",
              "subsystems/0: controllers/1: model_number = \"other\": must be the same for all"},
             {R"({"controller": {"subsystem_nqn": "nqn.x"}, "subsystems": [{}, {}]})",
              "subsystems/1: subsystem_nqn = \"nqn.x\": another subsystem"},
             {R"({"subsystems": [{}, {"controllers": [{},{},{},{},{},{},{},{},
                                                      {},{},{},{},{},{},{},{}]}]})",
              "subsystems: 17 controllers, must be at most 16"},
         })
        EXPECT_TRUE(lists(problems_of(text), {problem})) << text;
}

TEST(SystemConfig, ParametersOfTheCommandLineAreForEveryController) {
    ProgramConfig config;
    Problems problems =
        problems_of(R"({"subsystems": [{"controllers": [{"mdts": 4}, {}]}]})", config);
    set_controller_parameter("mdts=5", config, problems);
    EXPECT_TRUE(lists(problems, {}));
    EXPECT_EQ(config.system[0].controllers[0].params.mdts, 5);
    EXPECT_EQ(config.system[0].controllers[1].params.mdts, 5);
    set_controller_parameter("mdts=many", config, problems);
    EXPECT_EQ(problems.size(), 1u) << "not one for each controller";
}

TEST(SystemConfig, WhatIsWrittenIsReadBackTheSame) {
    for (const char* text : {R"({"subsystems": [{"namespaces": ["ram:1M"],
              "events": [{"at_ns": 1, "action": "resize", "nsid": 1, "size": "2M"}],
              "controllers": [{"socket": "a", "faults": [{"action": "drop", "opcode": 1}]},
                              {"socket": "b", "mdts": 3}]}, {}]})",
                             R"({"socket": "s", "subsystems": [{"namespaces": ["ram:1M"]}]})",
                             R"({"subsystems": [{"controllers": [{"socket": "s"}]}]})", "{}"}) {
        ProgramConfig config, again;
        EXPECT_TRUE(lists(problems_of(text, config), {})) << text;
        const auto written = config_to_json(config);
        EXPECT_TRUE(lists(problems_of(written.dump(), again), {})) << written.dump(1);
        EXPECT_EQ(config_to_json(again), written);
        EXPECT_EQ(again.first_controller().socket, config.first_controller().socket);
        EXPECT_EQ(again.first_controller().faults.size(), config.first_controller().faults.size());
    }
}

TEST(SystemConfig, EveryParameterOfASubsystemIsOneOfTheControllers) {
    nvme::ControllerParams params;
    const auto names = names_of(parameters_of(params));
    for (const std::string_view name : nvme::subsystem_parameters())
        EXPECT_EQ(std::count(names.begin(), names.end(), name), 1) << name;
}

}  // namespace
}  // namespace platform
