// SPDX-License-Identifier: Apache-2.0
// Fault plans of nvme-vp run: what the report says, and the exit code.
#include "tests/sim/programs/program.h"
#include "tests/sim/programs/text_checks.h"

namespace nvme_vp::test {
namespace {

using nlohmann::json;

class RunWithFaults : public ProgramTest {
protected:
    Outcome run(const std::string& rules) {
        write("job.fio", "[w]\nrw=write\nbs=4k\nsize=256k\niodepth=4\nverify=crc32c\n");
        write("c.json", "{\"job\": \"job.fio\", \"faults\": " + rules + "}");
        return nvme_vp({"run", "--config", "c.json", "--report", "r.json", "--trace", "t"});
    }
};

TEST_F(RunWithFaults, ExpectationsThatAreMetAreReportedAndGood) {
    const Outcome good = run(R"([{"name": "writes", "action": "expect", "queues": "io",
                                  "opcode": 1, "at_least": 64, "at_most": 64},
                                 {"name": "no_compare", "action": "expect", "queues": "io",
                                  "opcode": 5, "at_least": 0, "at_most": 0}])");
    EXPECT_EQ(good.code, 0) << good.out << good.err;
    EXPECT_TRUE(has(good.out, "fault plan: writes: expect, 64 matched"));
    const json faults = read_json("r.json")["faults"];
    ASSERT_EQ(faults.size(), 2u);
    EXPECT_EQ(faults[0]["matched"], 64);
    EXPECT_EQ(faults[0]["met"], true);
    EXPECT_EQ(faults[1]["at_most"], 0);
}

TEST_F(RunWithFaults, AnExpectationThatIsNotMetIsExitCodeOne) {
    const Outcome bad = run(R"([{"name": "no_writes", "action": "expect", "queues": "io",
                                 "opcode": 1, "at_least": 0, "at_most": 0}])");
    EXPECT_EQ(bad.code, 1);
    EXPECT_TRUE(
        has(bad.out, "no_writes: expect, 64 matched, expected at least 0 and at most 0: NOT MET"));
    const json report = read_json("r.json");
    EXPECT_EQ(report["good"], false);
    EXPECT_EQ(report["errors"]["commands"], 0);
    EXPECT_EQ(report["faults"][0]["met"], false);
}

TEST_F(RunWithFaults, DelaysAreHarmlessAndErrorsAreFound) {
    const Outcome slow = run(R"([{"action": "delay", "queues": "io", "every": 7,
                                  "delay_ns": 1000000}])");
    EXPECT_EQ(slow.code, 0) << slow.out;
    EXPECT_GT(read_json("r.json")["faults"][0]["applied"], 10);
    EXPECT_TRUE(has(read("t"), " fault rule=rule_0 action=delay sqid=1 cid="));
    const Outcome flipped = run(R"([{"action": "flip_data", "queues": "io", "opcode": 2, "nth": 9,
                                     "count": 1, "set_offset": 100, "set": "01"}])");
    EXPECT_EQ(flipped.code, 1);
    EXPECT_EQ(read_json("r.json")["errors"]["verification"], 1);
    const Outcome failed = run(R"([{"action": "complete", "queues": "io", "nth": 5, "count": 1,
                                    "sct": 2, "sc": 128, "dnr": true}])");
    EXPECT_EQ(failed.code, 1);
    EXPECT_EQ(read_json("r.json")["errors"]["commands"], 1);
}

TEST_F(RunWithFaults, ABadPlanIsRefusedBeforeAnythingIsSimulated) {
    const Outcome bad = run(R"([{"action": "drop", "delay_ns": 1}, {"action": "delay"}])");
    EXPECT_EQ(bad.code, 2);
    EXPECT_TRUE(has(bad.err, {"/faults/0/delay_ns = 1: means nothing for drop",
                              "/faults/1/delay_ns: is missing", "2 problems"}));
    EXPECT_FALSE(exists("r.json"));
}

TEST_F(RunWithFaults, TheExampleOfTheDocumentationIsAGoodConfiguration) {
    const std::string text = shell("cat " + shell_word(project("docs/faults.md"))).out;
    const std::size_t begin = text.find("\n    {\n"), end = text.find("\n    }\n", begin);
    ASSERT_NE(end, std::string::npos);
    write("c.json", text.substr(begin, end + 6 - begin));
    const Outcome dumped = nvme_vp({"run", "--config", "c.json", "--dump-config"});
    EXPECT_EQ(dumped.code, 0) << dumped.err;
    EXPECT_EQ(json::parse(dumped.out)["faults"].size(), 5u);
}

TEST_F(RunWithFaults, TheSamePlanGivesTheSameRun) {
    const std::string plan = R"([{"action": "delay", "queues": "io", "probability_ppm": 200000,
                                  "delay_ns": 50000, "seed": 3}])";
    EXPECT_EQ(run(plan).code, 0);
    const std::string first = read("t");
    EXPECT_EQ(run(plan).code, 0);
    EXPECT_TRUE(first == read("t"));
    EXPECT_TRUE(has(first, "action=delay"));
}

}  // namespace
}  // namespace nvme_vp::test
