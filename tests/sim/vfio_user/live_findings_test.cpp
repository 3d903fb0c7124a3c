// SPDX-License-Identifier: Apache-2.0
// What a server tells while it serves.
#include <nlohmann/json.hpp>

#include "tests/sim/vfio_user/serve_program.h"

namespace platform::vfio_user::test {
namespace {

class ServeLive : public ServeProgram {
protected:
    /// Rings the doorbell of a queue that is not there.
    static void ring(Machine& machine, int times = 1) {
        for (int i = 0; i < times; ++i)
            machine.client.write(RegionIndex::kBar0, 0x1000 + 8 * 9, 1, 4);
    }
    std::size_t count(const std::string& what) {
        const std::string log = read("log");
        std::size_t found = 0;
        for (auto at = log.find(what); at != std::string::npos; at = log.find(what, at + 1))
            ++found;
        return found;
    }
};

TEST_F(ServeLive, AFindingIsToldWhenItIsMade) {
    const pid_t pid = start({"--socket", "s"});
    ASSERT_TRUE(listens());
    Machine machine(path("s"));
    machine.bring_up();
    ring(machine);
    EXPECT_TRUE(waits_for([&] { return count("finding doorbell.no-queue at ") == 1; }))
        << read("log");
    EXPECT_NE(read("log").find("ms: "), std::string::npos) << "a time that people can read";
    EXPECT_NE(read("log").find(", queue 9, doorbell value 0x1\n"), std::string::npos)
        << read("log");
    EXPECT_EQ(stop(pid), 0);
}

// Nothing happens any more that simulated time would go on with.
TEST_F(ServeLive, WhatLastsTooLongIsToldAndTracedWhileItsClientIsSilent) {
    const pid_t pid = start({"--socket", "s", "--trace", "t"});
    ASSERT_TRUE(listens());
    Machine machine(path("s"));
    ASSERT_TRUE(machine.guest.enable());
    ASSERT_TRUE(machine.guest.create_io_queues(1)) << "MSI-X is not enabled";
    nvme::spec::SubmissionEntry flush{};
    flush.nsid = 1;
    machine.guest.submit(1, flush);
    EXPECT_TRUE(waits_for([&] { return count("finding interrupt.held at ") == 1; })) << read("log");
    EXPECT_TRUE(waits_for([&] {
        return read("t").find("rule=interrupt.held") != std::string::npos;
    })) << read("t");
    EXPECT_EQ(stop(pid), 0);
}

TEST_F(ServeLive, ADriverThatDoesItAgainAndAgainDoesNotFillTheTerminal) {
    const pid_t pid = start({"--socket", "s"});
    ASSERT_TRUE(listens());
    {
        Machine machine(path("s"));
        machine.bring_up();
        ring(machine, 150);
    }
    EXPECT_EQ(stop(pid), 0);
    EXPECT_EQ(count("finding doorbell.no-queue"), 5u) << read("log");
    EXPECT_EQ(count("finding doorbell.no-queue (100) at"), 1u);
    EXPECT_EQ(count("doorbell.no-queue (150): "), 1u) << "the summary";
}

TEST_F(ServeLive, JsonLinesAreForPrograms) {
    const pid_t pid = start({"--socket", "s", "--json_lines"});
    ASSERT_TRUE(waits_for([&] { return count("\n") == 1; }));
    {
        Machine machine(path("s"));
        machine.bring_up();
        ring(machine);
        EXPECT_TRUE(waits_for([&] { return count("\"doorbell.no-queue\"") == 1; }));
        ::kill(pid, SIGUSR1);
        EXPECT_TRUE(waits_for([&] { return count("\"status\":") == 1; }));
    }
    EXPECT_EQ(stop(pid), 0);
    std::istringstream lines(read("log"));
    std::vector<nlohmann::json> all;
    for (std::string line; std::getline(lines, line);) {
        auto object = nlohmann::json::parse(line);
        // That the driver has not asked for the number of queues.
        if (!object.value("hint", false)) all.push_back(std::move(object));
    }
    ASSERT_EQ(all.size(), 4u);
    EXPECT_EQ(all[0], (nlohmann::json{{"event", "listening"}, {"socket", "s"}}));
    EXPECT_EQ(all[1].at("event"), "finding");
    EXPECT_EQ(all[1].at("rule"), "doorbell.no-queue");
    EXPECT_EQ(all[1].at("queue"), 9);
    EXPECT_GT(all[1].at("ps"), 0);
    EXPECT_EQ(all[2].at("status").at("csts"), 1);
    EXPECT_EQ(all[3].at("event"), "end");
    EXPECT_EQ(all[3].at("lint").at("findings"), 1);
}

TEST_F(ServeLive, QuietTellsNothing) {
    const pid_t pid = start({"--socket", "s", "--quiet"});
    ASSERT_TRUE(waits_for([&] { return std::filesystem::exists(path("s")); }));
    {
        Machine machine(path("s"));
        machine.bring_up();
        ring(machine);
    }
    EXPECT_EQ(read("log"), "");
    ::kill(pid, SIGUSR1);
    EXPECT_TRUE(waits_for([&] { return count("s at ") == 1; })) << "who asks is answered";
    EXPECT_EQ(stop(pid), 0);
    EXPECT_EQ(count("doorbell.no-queue"), 0u) << read("log");
    EXPECT_EQ(exit_code(start({"--socket", "s", "--quiet", "--json_lines"})), 2);
    EXPECT_NE(read("log").find("quiet excludes json_lines"), std::string::npos);
}

TEST_F(ServeLive, ARunSaysHowItStandsWithItToo) {
    std::ofstream(path("j.fio")) << "[j]\nrw=randread\ntime_based=1\nruntime=10000\n";
    const pid_t pid = launch({"run", "--job", "j.fio"}, "log");
    ASSERT_TRUE(waits_for([&] { return !read("log").empty(); }));
    ::kill(pid, SIGUSR1);
    EXPECT_TRUE(waits_for([&] { return count("nvme0 at ") == 1 && count("  SQ 1: ") == 1; }))
        << read("log");
    ::kill(pid, SIGKILL);
    EXPECT_EQ(exit_code(pid), 128 + SIGKILL);
}

}  // namespace
}  // namespace platform::vfio_user::test
