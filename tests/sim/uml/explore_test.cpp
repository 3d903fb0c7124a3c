// SPDX-License-Identifier: Apache-2.0
// nvme-vp explore with a kernel whose driver has a race that a run without perturbations never
// meets: it trusts that commands are completed in the order in which it has sent them.
#include <algorithm>

#include "tests/sim/programs/program.h"
#include "tests/sim/programs/text_checks.h"

namespace nvme_vp::test {
namespace {

class Explore : public ProgramTest {
protected:
    Outcome explore(const std::string& deed, const std::vector<std::string>& more = {}) {
        std::vector<std::string> words{"explore",  "--kernel", FAKE_KERNEL,
                                       "--append", deed,       "--guest_patience_s=600"};
        words.insert(words.end(), more.begin(), more.end());
        return nvme_vp(words);
    }
    /// The perturbations that are left, each as in a fault plan.
    nlohmann::json left(const std::string& folder = "explore") const {
        return read_json(folder + "/failure/config.json")["faults"];
    }
    std::string files_of(const std::string& folder) { return shell("ls " + folder).out; }
    /// The line with which a run is done again.
    static std::string command(const std::string& text) {
        const std::size_t begin = text.find("    /");
        return text.substr(begin + 4, text.find('\n', begin) - begin - 4);
    }
};

TEST_F(Explore, FindsARaceAndLeavesTheOnePerturbationThatMakesIt) {
    const Outcome outcome = explore("trusts_order");
    EXPECT_EQ(outcome.code, 1);
    EXPECT_EQ(outcome.err, "");
    EXPECT_TRUE(has(outcome.out, {" fails: the guest ends with 3\n", "1 of its ", "seen again by"}))
        << outcome.out;
    ASSERT_EQ(left().size(), 1u);
    EXPECT_TRUE(left()[0]["action"] == "delay" || left()[0]["action"] == "delay_completion");
    EXPECT_EQ(left()[0]["nth"].get<int>() % 2, 1) << "the first of a pair is the late one";
    EXPECT_TRUE(has(read("explore/failure/console.txt"), "is not the first one"));
    EXPECT_EQ(files_of("explore"), "failure\nplain\n");
}

TEST_F(Explore, WhatItLeavesIsReplayedToTheByte) {
    const Outcome outcome = explore("trusts_order");
    const Outcome again = shell(command(outcome.out));
    EXPECT_EQ(again.code, 3);
    EXPECT_EQ(read("again.console"), read("explore/failure/console.txt"));
    EXPECT_EQ(read("again.trace"), read("explore/failure/trace.txt"));
    EXPECT_TRUE(has(read("explore/failure/README"), command(outcome.out)));
}

TEST_F(Explore, FindsTheSameHoweverManyRunAtATime) {
    EXPECT_EQ(explore("trusts_order", {"--parallel=1", "--out=one"}).code, 1);
    EXPECT_EQ(explore("trusts_order", {"--parallel=5", "--out=five"}).code, 1);
    EXPECT_EQ(left("one"), left("five"));
    EXPECT_EQ(read("one/failure/trace.txt"), read("five/failure/trace.txt"));
}

TEST_F(Explore, BeginsWithTheSeedThatTheUserNames) {
    const Outcome first = explore("trusts_order", {"--out=first"});
    const std::string seed = first.out.substr(5, first.out.find(" fails") - 5);
    const Outcome alone = explore("trusts_order", {"--seed=" + seed, "--seeds=1", "--out=alone"});
    EXPECT_EQ(alone.code, 1);
    EXPECT_EQ(left("first"), left("alone"));
}

TEST_F(Explore, NoSeedMakesADriverFailThatTrustsNothing) {
    const Outcome outcome = explore("trusts_nothing", {"--seeds=7"});
    EXPECT_EQ(outcome.code, 0) << outcome.out << outcome.err;
    EXPECT_EQ(outcome.out, "none of 7 seeds fails\n");
    EXPECT_EQ(files_of("explore"), "plain\n");
}

TEST_F(Explore, ATextOnTheConsoleIsAFailureToo) {
    const Outcome outcome = explore("trusts_order", {"--fail_text=is not the first"});
    EXPECT_EQ(outcome.code, 1);
    EXPECT_TRUE(has(outcome.out, " fails: the console has \"is not the first\"\n"));
}

TEST_F(Explore, AGuestThatHangsIsAFailureToo) {
    const Outcome outcome = explore("hangs", {"--driver_timeout_ns=1000000000"});
    EXPECT_EQ(outcome.code, 1);
    // 10 times the 0.65 s of the run without perturbations, and 4 times the driver's time-out.
    EXPECT_TRUE(has(outcome.out, {" fails: the guest has not ended by 11s\n", "1 of its "}))
        << outcome.out;
    EXPECT_EQ(read_json("explore/failure/report.json")["guest_ended"], false);
}

TEST_F(Explore, AGuestHasToEndBeforeTheTimeThatTheUserSets) {
    const Outcome outcome = explore("ticks", {"--until=10000001ps"});
    EXPECT_EQ(outcome.code, 1);
    EXPECT_EQ(outcome.out,
              "fails without any perturbation: the guest has not ended by 10000001ps\n"
              "explore/plain has what it said\n");
}

TEST_F(Explore, AGuestThatWaitsForEverHasAnHourWithoutPerturbations) {
    const Outcome outcome = explore("for_ever");
    EXPECT_EQ(outcome.code, 1);
    EXPECT_TRUE(has(outcome.out, "the guest has not ended by 3600s\n")) << outcome.out;
}

TEST_F(Explore, APanicIsToldAsWhatItIs) {
    const Outcome outcome = explore("panics_later");
    EXPECT_EQ(outcome.code, 1);
    EXPECT_TRUE(has(outcome.out, " fails: the guest's kernel has panicked: a command is lost\n"))
        << outcome.out;
}

TEST_F(Explore, LeavesWhatFailsInTheSameWayNotInAnotherOne) {
    // What is drawn for seed 14 makes an early pair fail, and without that a late one.
    const Outcome outcome = explore("ends_by_number", {"--seeds=1", "--seed=14"});
    EXPECT_TRUE(has(outcome.out, {"seed 14 fails: the guest ends with 3\n",
                                  "the guest ends with 3, which is seen again by\n"}))
        << outcome.out;
}

TEST_F(Explore, TellsTheSameHoweverManyRunAtATime) {
    const Outcome one = explore("trusts_order", {"--parallel=1", "--out=a"});
    const Outcome five = explore("trusts_order", {"--parallel=5", "--out=b"});
    const auto begin = [](const std::string& text) { return text.substr(0, text.find("seen")); };
    EXPECT_EQ(begin(one.out), begin(five.out));
}

TEST_F(Explore, WhatARunRefusesIsNoFailureOfTheGuest) {
    const Outcome outcome = nvme_vp({"explore", "--kernel", "/etc/passwd"});
    EXPECT_EQ(outcome.code, 2);
    EXPECT_EQ(outcome.out, "");
    EXPECT_TRUE(has(outcome.err, "nvme-vp: /etc/passwd: cannot be started: Permission denied\n"));
    EXPECT_FALSE(exists("explore"));
}

TEST_F(Explore, AGuestMayEndWithTheExitCodeOfWrongUse) {
    EXPECT_TRUE(
        has(explore("ends_with_2").out, "fails without any perturbation: the guest ends with 2\n"));
}

TEST_F(Explore, TellsWhenTheGuestFailsWithoutAnyPerturbation) {
    const Outcome outcome = explore("init_exits");
    EXPECT_EQ(outcome.code, 1);
    EXPECT_EQ(outcome.out,
              "fails without any perturbation: the guest ends with 5\n"
              "explore/plain has what it said\n");
}

TEST_F(Explore, WhatTheLintFindsIsAFailureToo) {
    const Outcome outcome = explore("touches");
    EXPECT_EQ(outcome.code, 1);
    EXPECT_TRUE(has(outcome.out, "fails without any perturbation: the driver breaks pci."));
}

TEST_F(Explore, NeedsAKernel) {
    const Outcome outcome = nvme_vp({"explore"});
    EXPECT_EQ(outcome.code, 2);
    EXPECT_TRUE(has(outcome.err, "nvme-vp: explore needs --kernel LINUX\n"));
}

TEST_F(Explore, TheUsersOwnFaultsAreInEachRun) {
    write("c.json", R"({"faults": [{"name": "mine", "action": "delay", "queues": "admin",
                                    "delay_ns": 1000}]})");
    EXPECT_EQ(explore("trusts_order", {"--config=c.json"}).code, 1);
    ASSERT_GE(left().size(), 2u);
    EXPECT_EQ(left()[0]["name"], "mine");
}

struct Usage {
    const char* name;
    std::vector<std::string> words;
    const char* line;
};
void PrintTo(const Usage& usage, std::ostream* to) {
    *to << usage.name;
}
class ExploreUsage : public Explore, public ::testing::WithParamInterface<Usage> {};

TEST_P(ExploreUsage, IsToldInOneLine) {
    shell("mkdir taken");
    const Outcome outcome = explore("good", GetParam().words);
    EXPECT_EQ(outcome.code, 2);
    EXPECT_EQ(outcome.out, "");
    EXPECT_EQ(outcome.err.rfind(std::string{"nvme-vp: "} + GetParam().line + "\n", 0), 0u)
        << outcome.err;
    EXPECT_FALSE(exists("explore"));
}
INSTANTIATE_TEST_SUITE_P(
    All, ExploreUsage,
    ::testing::Values(
        Usage{"out",
              {"--out", "taken"},
              "out = \"taken\": is there already: remove it, or choose another"},
        Usage{"out_nowhere",
              {"--out", "/proc/no/folder"},
              "out = \"/proc/no/folder\": No such file or directory"},
        Usage{"trace",
              {"--trace", "t"},
              "trace: explore has the reports in its directory, and nothing else"},
        Usage{"console", {"--console", "c"}, "console: explore has the consoles in its directory"},
        Usage{"lint", {"--lint=false"}, "lint = false: explore needs what it finds"},
        Usage{"ending",
              {"--until=1s", "--ending=power_cut"},
              "ending = \"power_cut\": explore judges how the guest ends by itself"},
        Usage{"image",
              {"--namespace", "file:disk,size=1M"},
              "namespace file:disk: many guests would write to it, explore needs ram, null or ,ro"},
        Usage{"seeds", {"--seeds", "0"}, "--seeds = \"0\": must be 1 to 1000000"},
        Usage{"perturbations",
              {"--perturbations", "513"},
              "--perturbations = \"513\": must be 1 to 512"},
        Usage{"job", {"--job", "x"}, "explore excludes job and copy: the guest has its own"}),
    [](const auto& usage) { return usage.param.name; });

}  // namespace
}  // namespace nvme_vp::test
