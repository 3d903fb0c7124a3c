// SPDX-License-Identifier: Apache-2.0
// nvme-vp uml with two kernels that are none, in one simulation.
#include "tests/sim/programs/program.h"

namespace nvme_vp::test {
namespace {

class UmlGuests : public ProgramTest {
protected:
    /// `deed` is that of both, with the number of the guest.
    Outcome run(const std::string& deed, const std::string& controllers = kOneEach,
                const std::string& console = "console%g") {
        write("two.json", R"({"subsystems": [{"controllers": [)" + controllers + "]}]}");
        return nvme_vp({"uml", "--kernel", FAKE_KERNEL, "--append", deed + "%g", "--config",
                        "two.json", "--console", console, "--report", "r.json"});
    }
    static constexpr const char* kOneEach = R"({"guest": 0}, {"guest": 1})";
};

TEST_F(UmlGuests, EndWithTheLastOfThemAndTheCodeOfTheFirstThatHasOne) {
    const Outcome outcome = run("pair");
    EXPECT_EQ(outcome.code, 5);
    EXPECT_EQ(outcome.err, "");
    EXPECT_EQ(read("console0"), "0 goes on\n");
    const auto report = read_json("r.json");
    EXPECT_EQ(report["simulated_ns"], 2000);
    EXPECT_EQ(report["guest_exit_code"], 5);
    EXPECT_EQ(report["guest_exit_codes"], nlohmann::json::parse("[0, 5]"));
}

TEST_F(UmlGuests, TellWhichOfThemHasPanicked) {
    const Outcome outcome = run("crash");
    EXPECT_EQ(outcome.code, 1);
    EXPECT_EQ(outcome.err, "nvme-vp: guest 1: the guest's kernel has panicked: no root\n");
    EXPECT_EQ(read_json("r.json")["simulated_ns"], 2000) << "the other one went on";
}

TEST_F(UmlGuests, EndTogetherWhenOneTalksNonsense) {
    const Outcome outcome = run("nonsense");
    EXPECT_EQ(outcome.code, 1);
    EXPECT_EQ(outcome.err, "nvme-vp: guest 1: the guest's calendar message 99 is not known\n");
    EXPECT_EQ(read_json("r.json")["simulated_ns"], 0);
}

TEST_F(UmlGuests, DoAnythingAtTheSameTimesAndTheSameAgain) {
    write("two.json", std::string{R"({"subsystems": [{"controllers": [)"} + kOneEach + "]}]}");
    for (const std::string name : {"a", "b"}) {
        const Outcome outcome =
            nvme_vp({"uml", "--kernel", FAKE_KERNEL, "--append", "anything", "--config", "two.json",
                     "--console", name + "%g", "--trace", name});
        EXPECT_EQ(outcome.code, 0) << outcome.err;
        for (const char* number : {"0", "1"}) EXPECT_EQ(read(name + number), "all said\n");
    }
    for (const std::string which : {".nvme0", ".nvme1"}) {
        EXPECT_GT(read("a" + which).size(), 10'000u);
        EXPECT_TRUE(read("a" + which) == read("b" + which)) << which;
    }
}

TEST_F(UmlGuests, HaveTheirNumbersInFrontOfTheirLinesOnStandardOutput) {
    const Outcome outcome = run("pair", kOneEach, "-");
    EXPECT_NE(outcome.out.find("[0] 0 goes on\n"), std::string::npos) << outcome.out;
    EXPECT_NE(outcome.out.find("[1] Kernel panic - not syncing: "), std::string::npos);
}

struct Wrong {
    const char* controllers;
    const char* console;
    const char* line;
};

TEST_F(UmlGuests, WhatCannotBeIsToldInOneLine) {
    const std::string nine = [] {
        std::string list = R"({"guest": 0})";
        for (int i = 0; i < 9; ++i) list += R"(, {"guest": 1})";
        return list;
    }();
    for (const Wrong& wrong :
         {Wrong{R"({"guest": 0}, {"guest": 2})", "c%g",
                "uml: guest 1 has 0 controllers, must have 1 to 8"},
          Wrong{nine.c_str(), "c%g", "uml: guest 1 has 9 controllers, must have 1 to 8"},
          Wrong{R"({"guest": 0}, {"guest": 16})", "c%g",
                "two.json: /subsystems/0/controllers/1/guest = 16: must be 0 to 15"},
          Wrong{kOneEach, "c",
                "console = \"c\": must have %g, the guest's number, for 2 guests"}}) {
        const Outcome outcome = run("pair", wrong.controllers, wrong.console);
        EXPECT_EQ(outcome.code, 2);
        EXPECT_EQ(outcome.err, std::string{"nvme-vp: "} + wrong.line + "\nTry: nvme-vp --help\n");
    }
}

TEST_F(UmlGuests, MayHaveKernelsOfTheirOwn) {
    write("two.json", R"({"subsystems": [{"controllers": [{"guest": 0}, {"guest": 1}]}]})");
    const Outcome outcome = nvme_vp({"uml", "--kernel", "linux%g", "--config", "two.json"});
    EXPECT_EQ(outcome.code, 2);
    EXPECT_EQ(outcome.err,
              "nvme-vp: linux0: cannot be read: No such file or directory\n"
              "nvme-vp: linux1: cannot be read: No such file or directory\n"
              "nvme-vp: 2 problems\nTry: nvme-vp --help\n");
}

}  // namespace
}  // namespace nvme_vp::test
