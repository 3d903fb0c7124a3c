// SPDX-License-Identifier: Apache-2.0
#include <array>
#include <cstdlib>

#include <nlohmann/json.hpp>

#include "tests/sim/vfio_user/serve_program.h"

namespace platform::vfio_user::test {
namespace {

TEST_F(ServeProgram, WhatAGuestWroteIsInTheImageAndEverythingElseIsTidy) {
    const pid_t pid = start({"--socket", "s", "--namespace", "file:disk.img,size=8M", "--trace",
                             "t.txt", "--vcd", "w.vcd", "--report", "r.json"});
    ASSERT_TRUE(listens());
    EXPECT_EQ(read("log"), "listening on s\n");
    {
        Machine machine(path("s"));
        machine.bring_up();
        NvmeGuest& guest = machine.guest;
        std::memcpy(guest.buffer(), "written by a guest", 18);
        ASSERT_TRUE(guest.write(2, 1));
        ASSERT_TRUE(guest.shut_down());
    }
    EXPECT_EQ(stop(pid), 0);
    EXPECT_FALSE(std::filesystem::exists(path("s")));
    EXPECT_EQ(read("disk.img").substr(1024, 18), "written by a guest");
    EXPECT_NE(read("t.txt").size(), 0u);
    EXPECT_NE(read("w.vcd").find("$enddefinitions"), std::string::npos);
    const auto report = nlohmann::json::parse(read("r.json"));
    EXPECT_EQ(report.at("command"), "serve");
    EXPECT_EQ(report.at("clients"), 1);
    EXPECT_EQ(report.at("shutdowns").at("normal"), 1);
    EXPECT_EQ(report.at("controller").at("host_write_commands"), 1);
}

// What the volatile write cache held was lost to the image, although nobody had taken its power.
TEST_F(ServeProgram, WritesThatNobodyFlushedAreInTheImageWhenTheClientHasLeft) {
    const pid_t pid = start({"--socket", "s", "--namespace", "file:disk.img,size=8M"});
    ASSERT_TRUE(listens());
    {
        Machine machine(path("s"));
        machine.bring_up();
        std::memcpy(machine.guest.buffer(), "of a machine that went", 22);
        ASSERT_TRUE(machine.guest.write(2, 1));
        EXPECT_NE(read("disk.img").substr(1024, 22), "of a machine that went")
            << "there is a cache, or this shows nothing";
    }
    {
        // The next one is served when all that is over.
        Machine machine(path("s"));
        EXPECT_EQ(read("disk.img").substr(1024, 22), "of a machine that went");
        machine.bring_up();
        ASSERT_TRUE(machine.guest.read(2, 1));
        EXPECT_EQ(std::memcmp(machine.guest.buffer(), "of a machine that went", 22), 0);
    }
    EXPECT_EQ(stop(pid), 0);
}

TEST_F(ServeProgram, WritesThatNobodyFlushedAreInTheImageWhenTheServerIsTerminated) {
    const pid_t pid = start({"--socket", "s", "--namespace", "file:a.img,size=8M", "--namespace",
                             "file:b.img,size=8M"});
    ASSERT_TRUE(listens());
    Machine machine(path("s"));
    machine.bring_up();
    std::memcpy(machine.guest.buffer(), "never flushed", 13);
    ASSERT_TRUE(machine.guest.write(2, 1));
    ASSERT_TRUE(machine.guest.write(9, 1, 2));
    EXPECT_EQ(stop(pid), 0);
    EXPECT_EQ(read("a.img").substr(1024, 13), "never flushed");
    EXPECT_EQ(read("b.img").substr(9 * 512, 13), "never flushed");
}

TEST_F(ServeProgram, AnImageThatDoesNotTakeWhatWasCachedIsNamedOnTheTerminal) {
    std::ofstream(path("c.json")) << R"({"faults": [
        {"action": "write_error", "nsid": 1, "lba": 2, "blocks": 1}]})";
    const pid_t pid =
        start({"--config", "c.json", "--socket", "s", "--namespace", "file:disk.img,size=8M"});
    ASSERT_TRUE(listens());
    {
        Machine machine(path("s"));
        machine.bring_up();
        ASSERT_TRUE(machine.guest.write(2, 1)) << "the cache takes it";
    }
    EXPECT_EQ(stop(pid), 0);
    EXPECT_NE(read("log").find("s: not all of what volatile write caches held could be written, "
                               "of namespace 1\n"),
              std::string::npos)
        << read("log");
}

// Of a power cut in a fault plan the image tells as ever: nothing completes a cache without power.
TEST_F(ServeProgram, WhatAPowerCutTookDoesNotComeBackWhenTheClientLeaves) {
    std::ofstream(path("c.json")) << R"({"faults": [
        {"action": "power_cut", "queues": "io", "opcode": 2, "count": 1}]})";
    const pid_t pid =
        start({"--config", "c.json", "--socket", "s", "--namespace", "file:disk.img,size=8M"});
    ASSERT_TRUE(listens());
    {
        Machine machine(path("s"));
        machine.bring_up();
        std::memcpy(machine.guest.buffer(), "lost", 4);
        ASSERT_TRUE(machine.guest.write(2, 1));
        nvme::spec::SubmissionEntry entry{};
        entry.cdw0 = 2;
        entry.nsid = 1;
        entry.prp1 = machine.guest.buffer_address();
        machine.guest.submit(1, entry);
        while (machine.client.read(RegionIndex::kBar0, 0x1c, 4) != 0xffff'ffff) {
        }
    }
    EXPECT_EQ(stop(pid), 0);
    EXPECT_EQ(read("disk.img").substr(1024, 4), std::string(4, '\0'));
}

TEST_F(ServeProgram, AGuestMeetsTheFaultPlanAndTheReportSaysWhatHappened) {
    std::ofstream(path("c.json")) << R"({"faults": [
        {"name": "bad_write", "action": "complete", "queues": "io", "opcode": 1, "count": 1,
         "sct": 2, "sc": 128, "dnr": true},
        {"name": "no_flush", "action": "expect", "queues": "io", "opcode": 0, "at_least": 0,
         "at_most": 0},
        {"name": "a_read", "action": "expect", "queues": "io", "opcode": 2}]})";
    const pid_t pid = start({"--config", "c.json", "--socket", "s", "--report", "r.json"});
    ASSERT_TRUE(listens());
    {
        Machine machine(path("s"));
        machine.bring_up();
        NvmeGuest& guest = machine.guest;
        EXPECT_FALSE(guest.write(2, 1));
        EXPECT_TRUE(guest.write(2, 1));
        ASSERT_TRUE(guest.shut_down());
    }
    EXPECT_EQ(stop(pid), 1) << "no read came";
    const auto faults = nlohmann::json::parse(read("r.json")).at("faults");
    EXPECT_EQ(faults.at(0).at("applied"), 1);
    EXPECT_EQ(faults.at(1).at("met"), true);
    EXPECT_EQ(faults.at(2).at("met"), false);
    EXPECT_NE(read("log").find("a_read: expect, 0 matched"), std::string::npos);
}

TEST_F(ServeProgram, AServerThatIsKilledLeavesNothingInTheWayOfTheNext) {
    const pid_t first = start({"--socket", "s", "--doorbells", "mapped", "--pace", "realtime"});
    ASSERT_TRUE(listens());
    const pid_t second = start({"--socket", "s"}, "second");
    EXPECT_EQ(exit_code(second), 2);
    EXPECT_NE(read("second").find("another server"), std::string::npos);
    ::kill(first, SIGKILL);
    EXPECT_EQ(exit_code(first), 128 + SIGKILL);
    const pid_t third = start({"--socket", "s"}, "third");
    ASSERT_TRUE(listens("third"));
    {
        Client c(path("s"));
        EXPECT_TRUE(c.introduce());
        EXPECT_EQ(stop(third), 0);  // with a client
        EXPECT_TRUE(c.hung_up());
    }
}

/// While it is served: what a guest has done is in the trace soon after, without any more of it.
TEST_F(ServeProgram, ATraceIsFollowedWhileItIsWritten) {
    const pid_t pid = start(
        {"--socket", "s", "--namespace", "ram:8M", "--trace", "t.txt", "--trace_binary", "t.bin"});
    ASSERT_TRUE(listens());
    Machine machine(path("s"));
    machine.bring_up();
    ASSERT_TRUE(machine.guest.write(2, 1));
    ASSERT_TRUE(machine.guest.read(2, 1));
    for (const char* trace : {"t.txt", "t.bin"}) {
        const std::string command = std::string(NVME_TRACE) + " live --once " + path(trace) +
                                    " > " + path("screen") + " 2>&1";
        EXPECT_TRUE(waits_for([&] {
            return std::system(command.c_str()) == 0 &&
                   read("screen").find("; 2 I/O commands so far, 0 errors\n") != std::string::npos;
        })) << read("screen");
    }
    EXPECT_EQ(stop(pid), 0);
}

TEST_F(ServeProgram, OfThreeThatStartAtOnceWhereOneHasDiedExactlyOneListens) {
    for (int round = 0; round < 4; ++round) {
        const std::string number = std::to_string(round);
        const pid_t dead = start({"--socket", "s", "--namespace", "ram:1M"}, "dead" + number);
        ASSERT_TRUE(listens("dead" + number));
        ::kill(dead, SIGKILL);
        EXPECT_EQ(exit_code(dead), 128 + SIGKILL);
        ASSERT_TRUE(std::filesystem::exists(path("s"))) << "its file is left";
        const std::array<std::string, 3> logs{"first" + number, "second" + number,
                                              "third" + number};
        std::array<pid_t, 3> pids{};
        for (std::size_t i = 0; i < 3; ++i)
            pids[i] = start({"--socket", "s", "--namespace", "ram:1M"}, logs[i]);
        ASSERT_TRUE(waits_for([&] {
            return std::all_of(logs.begin(), logs.end(),
                               [this](const std::string& log) { return !read(log).empty(); });
        }));
        int listening = 0;
        for (std::size_t i = 0; i < 3; ++i) {
            const bool this_one = read(logs[i]) == "listening on s\n";
            listening += this_one ? 1 : 0;
            if (this_one) {
                EXPECT_TRUE(Machine(path("s")).client.connected());
            }
            EXPECT_EQ(this_one ? stop(pids[i]) : exit_code(pids[i]), this_one ? 0 : 2)
                << read(logs[i]);
        }
        EXPECT_EQ(listening, 1) << "in round " << round;
    }
}

TEST_F(ServeProgram, WhatADriverDoesWrongIsToldAndCountsWhereTheUserIsStrict) {
    for (const bool strict : {false, true}) {
        std::vector<std::string> arguments{"--socket", "s",       "--report",
                                           "r.json",   "--trace", "t.txt"};
        if (strict) arguments.emplace_back("--strict");
        const std::string log = strict ? "strict" : "lenient";
        const pid_t pid = start(arguments, log);
        ASSERT_TRUE(listens(log));
        {
            Machine machine(path("s"));
            machine.bring_up();
            machine.client.write(RegionIndex::kBar0, 0x1000 + 8 * 9, 1, 4);  // no such queue
        }
        EXPECT_EQ(stop(pid), strict ? 1 : 0);
        EXPECT_NE(read(log).find("doorbell.no-queue (1): "), std::string::npos) << read(log);
        EXPECT_NE(read("t.txt").find(" lint rule=doorbell.no-queue qid=9 value=0x1 "),
                  std::string::npos);
        const auto report = nlohmann::json::parse(read("r.json"));
        const auto& opcodes = report.at("served").at("opcodes");
        EXPECT_EQ(opcodes.at(0).at("queue"), "admin");
        EXPECT_GT(opcodes.at(0).at("count"), 0);
        const auto& lint = report.at("lint");
        EXPECT_EQ(lint.at("findings"), 1);
        EXPECT_EQ(lint.at("rules").at(0).at("queue"), 9);
    }
}

TEST_F(ServeProgram, UsageErrorsAreListedAndNothingIsServed) {
    EXPECT_EQ(exit_code(start({})), 2);
    EXPECT_NE(read("log").find("serve needs --socket"), std::string::npos);
    EXPECT_EQ(exit_code(start({"--socket", "s", "--job", "x.fio"})), 2);
    EXPECT_NE(read("log").find("serve excludes job"), std::string::npos);
    EXPECT_EQ(exit_code(start({"--socket", "s", "--doorbells", "both"})), 2);
    EXPECT_NE(read("log").find("trapped or mapped"), std::string::npos);
    EXPECT_EQ(exit_code(start({"--socket", "no/such/folder"})), 2);
    EXPECT_FALSE(std::filesystem::exists(path("s")));
}

}  // namespace
}  // namespace platform::vfio_user::test
