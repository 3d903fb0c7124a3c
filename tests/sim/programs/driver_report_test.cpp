// SPDX-License-Identifier: Apache-2.0
// nvme-vp report and plan, on traces of the reference driver.
#include "tests/sim/programs/program.h"
#include "tests/sim/programs/text_checks.h"

namespace nvme_vp::test {
namespace {

using nlohmann::json;

class DriverReport : public ProgramTest {
protected:
    void run(std::vector<std::string> more = {}) {
        write("job.fio", "[w]\nrw=randrw\nbs=4k\nsize=4m\niodepth=8\n");
        std::vector<std::string> arguments{"run",     "--job",          "job.fio",
                                           "--trace", "t.trace",        "--trace_binary",
                                           "t.bin",   "--trace_detail", "all"};
        arguments.insert(arguments.end(), more.begin(), more.end());
        const Outcome outcome = nvme_vp(arguments);
        ASSERT_LE(outcome.code, 1) << outcome.err;
    }
    json report(const std::string& trace, int code = 0) {
        const Outcome outcome = nvme_vp({"report", trace, "-o", "d.json"});
        EXPECT_EQ(outcome.code, code) << outcome.err;
        return read_json("d.json");
    }
    static std::string verdict(const json& report, const std::string& id) {
        for (const char* list : {"initialization", "behaviours"})
            for (const json& item : report[list])
                if (item["id"] == id) return item["verdict"];
        ADD_FAILURE() << "there is no " << id;
        return {};
    }
};

TEST_F(DriverReport, TheReferenceDriverDoesNothingWrong) {
    run();
    const json made = report("t.bin");
    EXPECT_EQ(made["wrong"], 0);
    for (const json& item : made["initialization"])
        EXPECT_TRUE(item["verdict"] == "done" || item["verdict"] == "not needed" ||
                    item["id"] == "init.io-command-sets" || item["id"] == "init.events")
            << item;
    EXPECT_EQ(verdict(made, "queue.wrap"), "done");
    EXPECT_EQ(verdict(made, "shutdown.normal"), "done");
    EXPECT_EQ(made["figures"]["io_commands"], 1024);
    EXPECT_EQ(made["queues"][1]["most_in_flight"], 8);
    EXPECT_EQ(verdict(made, "fatal.reset"), "not exercised");
}

TEST_F(DriverReport, IsTheSameOfTextAndBinary) {
    run();
    json text = report("t.trace");
    const json binary = report("t.bin");
    text["meta"]["file"] = "t.bin";
    EXPECT_TRUE(text == binary);
}

TEST_F(DriverReport, OfALiveRunIsThatOfItsTrace) {
    run({"--driver_report", "live.json"});
    json live = read_json("live.json");
    EXPECT_EQ(live["meta"]["file"], "live.json");
    live["meta"]["file"] = "t.bin";
    // The trace has the findings of the lint, too.
    json traced = report("t.bin");
    live["meta"]["events"] = traced["meta"]["events"];
    EXPECT_TRUE(live == traced);
}

TEST_F(DriverReport, ComesInAllForms) {
    run();
    const Outcome text = nvme_vp({"report", "t.bin"});
    EXPECT_EQ(text.code, 0) << text.err;
    EXPECT_TRUE(has(text.out, {"0 done wrong", "init.ready", "commands that it never used"}));
    for (const char* name : {"d.xml", "d.html", "d.txt"})
        EXPECT_EQ(nvme_vp({"report", "t.bin", "-o", name}).code, 0) << name;
    EXPECT_EQ(read("d.txt"), text.out);
    EXPECT_TRUE(has(read("d.xml"), {"<testsuites name=\"t.bin\"", "name=\"driver.lint\""}));
    EXPECT_TRUE(has(read("d.html"), "<!DOCTYPE html>"));
}

TEST_F(DriverReport, ThePlanOfWhatIsMissingLoadsAndExercisesIt) {
    run();
    const Outcome plan = nvme_vp({"plan", "--missing", "t.bin", "-o", "plan.json"});
    ASSERT_EQ(plan.code, 0) << plan.err;
    const json faults = read_json("plan.json")["faults"];
    EXPECT_GT(faults.size(), 10u);
    // The driver of `run` gives up at the first error that has to be recovered from.
    json gentle = json::array();
    for (const json& rule : faults)
        if (rule["action"] == "async_event" || rule["action"] == "read_error" ||
            rule["action"] == "delay_ready")
            gentle.push_back(rule);
    write("gentle.json", json{{"faults", gentle}}.dump());
    ASSERT_EQ(nvme_vp({"run", "--config", "plan.json", "--dump-config"}).code, 0);
    run({"--config", "gentle.json"});
    const json made = report("t.bin");
    EXPECT_EQ(verdict(made, "error.read"), "done");
    EXPECT_EQ(verdict(made, "ready.slow"), "done");
    const Outcome less = nvme_vp({"plan", "--missing", "t.bin"});
    EXPECT_EQ(less.out.find("error.read"), std::string::npos) << less.out;
}

TEST_F(DriverReport, OfATraceThatWasCutOffTellsWhatIsThere) {
    run();
    const std::string bytes = read("t.bin");
    write("cut.bin", bytes.substr(0, bytes.size() / 2));
    const Outcome cut = nvme_vp({"report", "cut.bin"});
    EXPECT_EQ(cut.code, 0) << cut.err;
    EXPECT_TRUE(has(cut.err, "cut.bin: byte "));
    EXPECT_TRUE(has(cut.out, "note: byte "));
    for (std::size_t at = 1; at < 40; ++at) {
        std::string damaged = bytes;
        for (std::size_t i = at * 997; i < damaged.size(); i += 4099)
            damaged[i] = static_cast<char>(damaged[i] ^ 0x5a);
        write("damaged.bin", damaged);
        EXPECT_LE(nvme_vp({"report", "damaged.bin"}).code, 2);
    }
}

TEST_F(DriverReport, RefusesWhatItCannotDoInOneLine) {
    write("t.trace", "# nvme-tlm event trace, format 2: <time in ps> <event> <key>=<value>...\n");
    write("t.txt", read("t.trace"));
    write("x", "hello\n");
    const struct {
        std::vector<std::string> arguments;
        const char* problem;
    } kCases[] = {
        {{"report"}, "report needs one trace"},
        {{"plan", "t.trace"}, "plan needs --missing"},
        {{"report", "t.trace", "--missing"}, "--missing is for plan"},
        {{"report", "none"}, "none: No such file or directory"},
        {{"report", "t.txt", "-o", "t.txt"}, "--output = \"t.txt\": is the trace itself"},
        {{"report", "x"},
         "x: is no event trace: must be what nvme-vp --trace, --trace_binary or --vcd writes"},
        {{"report", "t.trace", "-o", "x.pdf"},
         "--output = \"x.pdf\": must end in .json, .xml, .html or .txt, or be -"},
        {{"plan", "--missing", "t.trace", "-o", "x.xml"},
         "--output = \"x.xml\": must end in .json, or be -"},
        {{"report", "t.trace", "-o", "no/x.json"},
         "no/x.json: cannot write: No such file or directory"},
        {{"report", "t.trace", "--lives", "0"}, "--lives = \"0\": must be N, N-M or N-, from 1 on"},
        {{"report", "t.trace", "--lives", "3-2"},
         "--lives = \"3-2\": must be N, N-M or N-, from 1 on"},
        {{"report", "t.trace", "--depth", "3"}, "--depth: report reads a trace, and runs nothing"},
        {{"run", "--lives", "2"}, "--lives is for report and plan"},
        {{"run", "--driver_report", "x.pdf"},
         "driver_report = \"x.pdf\": must end in .json, .xml, .html or .txt, or be -"},
        {{"run", "--driver_report", "no/x.xml"},
         "no/x.xml: cannot write: No such file or directory"},
    };
    for (const auto& c : kCases) {
        const Outcome outcome = nvme_vp(c.arguments);
        EXPECT_EQ(outcome.code, 2) << c.problem;
        EXPECT_EQ(outcome.err.substr(0, outcome.err.find('\n')),
                  std::string("nvme-vp: ") + c.problem);
        EXPECT_EQ(outcome.out, "");
    }
    EXPECT_EQ(nvme_vp({"report", "t.trace", "--lives", "2-"}).code, 0) << "an empty trace is one";
}

}  // namespace
}  // namespace nvme_vp::test
