// SPDX-License-Identifier: Apache-2.0
// nvme-vp uml with kernels that are none: whatever they do, there is one line that says what, and
// the files are complete.
#include "tests/sim/programs/program.h"

namespace nvme_vp::test {
namespace {

class UmlProgram : public ProgramTest {
protected:
    Outcome run(const std::string& deed, const std::vector<std::string>& more = {},
                const std::string& console = "console") {
        // Short only for those that say nothing: a busy machine takes its time to start a process.
        const bool silent = deed == "silent" || deed == "spins" || deed == "half";
        std::vector<std::string> words{
            "uml",   "--kernel",           FAKE_KERNEL,        "--append", deed,    "--trace",
            "trace", "--report",           "r.json",           "--vcd",    "v.vcd", "--console",
            console, "--guest_patience_s", silent ? "1" : "60"};
        words.insert(words.end(), more.begin(), more.end());
        return nvme_vp(words);
    }
    void expect_complete_files() {
        EXPECT_EQ(read_json("r.json")["command"], "uml");
        EXPECT_TRUE(exists("trace"));
        EXPECT_NE(read("v.vcd").find("$enddefinitions"), std::string::npos);
    }
};

TEST_F(UmlProgram, EndsWithItsKernel) {
    const Outcome outcome = run("good");
    EXPECT_EQ(outcome.code, 0) << outcome.err;
    EXPECT_EQ(outcome.err, "");
    EXPECT_EQ(read("console"), "all is well\n");
    expect_complete_files();
}

TEST_F(UmlProgram, HasTheExitCodeOfTheGuestsInit) {
    const Outcome outcome = run("init_exits");
    EXPECT_EQ(outcome.code, 5);
    EXPECT_EQ(outcome.err, "");
    EXPECT_EQ(read_json("r.json")["guest_exit_code"], 5);
    EXPECT_EQ(read_json("r.json")["guest_ended"], true);
}

TEST_F(UmlProgram, PassesAConsoleOnToStandardOutput) {
    const Outcome outcome = run("much", {}, "-");
    EXPECT_EQ(outcome.code, 0) << outcome.err;
    EXPECT_TRUE(outcome.out == std::string(1'000'000, 'x')) << outcome.out.size();
}

TEST_F(UmlProgram, EndsAtATime) {
    const Outcome outcome = run("ticks", {"--until", "10ms"});
    EXPECT_EQ(outcome.code, 0) << outcome.err;
    EXPECT_EQ(read_json("r.json")["simulated_ns"], 10'000'000);
    EXPECT_EQ(read_json("r.json")["guest_ended"], false);
    expect_complete_files();
}

TEST_F(UmlProgram, EndsByAPowerCut) {
    const Outcome outcome = run("ticks", {"--until", "10000001ns", "--ending", "power_cut"});
    EXPECT_EQ(outcome.code, 0) << outcome.err;
    EXPECT_EQ(read_json("r.json")["simulated_ns"], 10'000'001);
    EXPECT_NE(read("trace").find("reset kind=power_off"), std::string::npos);
}

TEST_F(UmlProgram, SurvivesAnyAccesses) {
    const Outcome outcome = run("anything");
    EXPECT_EQ(outcome.code, 0) << outcome.err;
    EXPECT_EQ(read("console"), "all said\n");
    expect_complete_files();
}

// Ignored until the program listens: who asks too early ends nothing.
TEST_F(UmlProgram, LosesItsPatienceAlsoWhileSomebodyAsksHowItStands) {
    const Outcome outcome = shell("trap '' USR1; '" NVME_VP "' uml --kernel '" FAKE_KERNEL
                                  "' --append spins --console c --guest_patience_s 1 & "
                                  "while kill -USR1 $! 2>>not_there; do sleep 0.01; done; wait $!");
    EXPECT_EQ(outcome.code, 1);
    EXPECT_EQ(outcome.err.rfind("nvme-vp: the guest has not asked for time for 1 s", 0), 0u)
        << outcome.err;
}

struct Bad {
    const char* deed;
    const char* line;
};
void PrintTo(const Bad& bad, std::ostream* to) {
    *to << bad.deed;
}
class BadKernel : public UmlProgram, public ::testing::WithParamInterface<Bad> {};

TEST_P(BadKernel, IsToldInOneLine) {
    const Outcome outcome = run(GetParam().deed);
    EXPECT_EQ(outcome.code, 1);
    EXPECT_EQ(outcome.err, std::string{"nvme-vp: "} + GetParam().line + "\n");
    expect_complete_files();
}
INSTANTIATE_TEST_SUITE_P(
    All, BadKernel,
    ::testing::Values(
        Bad{"silent",
            "the guest has not asked for time for 1 s: something in it runs in a loop, which takes "
            "no simulated time"},
        Bad{"spins",
            "the guest has not asked for time for 1 s: something in it runs in a loop, which takes "
            "no simulated time"},
        Bad{"aborts", "the guest's kernel was ended by signal 6"},
        Bad{"panics", "the guest's kernel has panicked: no root"},
        Bad{"no_start", "the guest's calendar message 4 comes before the first"},
        Bad{"unknown_op", "the guest's calendar message 99 is not known"},
        Bad{"answers_nothing", "the guest's calendar message 0 answers nothing"},
        Bad{"into_the_past", "the guest's calendar message 2 asks for a time that has passed"},
        Bad{"runs_ahead", "the guest's calendar message 5 goes further than was allowed"},
        Bad{"half", "the guest leaves a message incomplete"},
        Bad{"no_message", "the guest sends what is no vhost-user message"},
        Bad{"unknown_request", "the guest's vhost-user request 77 is not known here"},
        Bad{"bad_queue", "the guest's queue of commands makes no sense"},
        Bad{"for_ever", "the guest waits for an interrupt, and nothing is left to happen"}),
    [](const auto& bad) { return bad.param.deed; });

}  // namespace
}  // namespace nvme_vp::test
