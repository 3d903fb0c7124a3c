// SPDX-License-Identifier: Apache-2.0
#include <regex>

#include <nlohmann/json.hpp>

#include "tests/sim/vfio_user/serve_program.h"

namespace platform::vfio_user::test {
namespace {

/// A driver's run against `serve --record`, and its replay without the driver.
class RecordedSession : public ServeProgram {
protected:
    /// Brings the controller up, writes and reads, and shuts down, as two clients one after
    /// another.
    void record(const std::vector<std::string>& options = {}) {
        std::vector<std::string> arguments{"--socket",  "s",       "--record",
                                           "recording", "--trace", "served.txt"};
        arguments.insert(arguments.end(), options.begin(), options.end());
        const pid_t pid = start(arguments);
        ASSERT_TRUE(listens()) << read("log");
        for (int client = 0; client < 2; ++client) {
            Machine machine(path("s"));
            machine.bring_up();
            NvmeGuest& guest = machine.guest;
            for (std::uint64_t lba = 0; lba < 40; lba += 8) {
                std::memset(guest.buffer(), static_cast<int>(0x40 + lba), 4096);
                ASSERT_TRUE(guest.write(lba, 8));
                ASSERT_TRUE(guest.read(lba / 2, 8));
            }
            ASSERT_TRUE(guest.read(1000, 8));
            ASSERT_TRUE(guest.shut_down());
        }
        ASSERT_EQ(stop(pid), 0) << read("log");
    }
    /// The exit code; what it says is in the file `replayed`.
    int replay(const std::vector<std::string>& options = {},
               const std::string& file = "recording") {
        std::vector<std::string> arguments{"replay", file};
        arguments.insert(arguments.end(), options.begin(), options.end());
        return exit_code(launch(arguments, "replayed"));
    }
    /// The lines of an event trace that tell of commands.
    std::vector<std::string> commands(const std::string& trace) {
        std::vector<std::string> lines;
        std::istringstream text(read(trace));
        for (std::string line; std::getline(text, line);)
            if (line.find(" fetch ") != line.npos || line.find(" complete ") != line.npos)
                lines.push_back(line);
        return lines;
    }
    void change(const std::string& what, const std::string& to) {
        std::string text = read("recording");
        const std::string changed =
            std::regex_replace(text, std::regex(what), to, std::regex_constants::format_first_only);
        ASSERT_NE(changed, text) << what;
        std::ofstream(path("changed")) << changed;
    }
};

TEST_F(RecordedSession, ReplaysWithTheSameCompletionsAtTheSameTimes) {
    record({"--namespace", "ram:8M"});
    EXPECT_EQ(replay({"--report", "r.json", "--trace", "replayed.txt"}), 0) << read("replayed");
    EXPECT_NE(read("replayed").find("did what was recorded, all at the recorded times"),
              std::string::npos)
        << read("replayed");
    const auto session = nlohmann::json::parse(read("r.json")).at("session");
    EXPECT_EQ(session.at("differences"), 0);
    EXPECT_GT(session.at("accesses"), 60);
    EXPECT_GT(session.at("dma_reads"), 20);
    EXPECT_GT(session.at("dma_writes"), 20);
    // To the controller the replay was the session itself.
    EXPECT_EQ(commands("served.txt"), commands("replayed.txt"));
    EXPECT_GT(commands("served.txt").size(), 50u);
}

// Between two clients the power is interrupted: what the health log says of it is in the recording,
// and what was in the cache has been completed before.
TEST_F(RecordedSession, ReplaysThatAMachineWasSwitchedOffAndTheNextOneOn) {
    const pid_t pid = start({"--socket", "s", "--record", "recording"});
    ASSERT_TRUE(listens());
    for (int client = 0; client < 2; ++client) {
        Machine machine(path("s"));
        machine.bring_up();
        ASSERT_TRUE(machine.guest.read(0, 8));
        ASSERT_TRUE(machine.guest.health_log());
        std::memset(machine.guest.buffer(), 0x77, 4096);
        ASSERT_TRUE(machine.guest.write(0, 8));  // never flushed, and no shutdown
    }
    ASSERT_EQ(stop(pid), 0);
    EXPECT_NE(read("recording").find(" power_cycle\n"), std::string::npos);
    EXPECT_EQ(replay(), 0) << read("replayed");
    std::string text = read("recording");
    const auto at = text.find(" power_cycle\n");
    text.erase(text.rfind('\n', at), text.find('\n', at) - text.rfind('\n', at));
    std::ofstream(path("changed")) << text;
    EXPECT_EQ(replay({}, "changed"), 1) << "the health log counts power cycles";
}

TEST_F(RecordedSession, MeetsTheSameFaultsAgain) {
    std::ofstream(path("c.json")) << R"({"faults": [
        {"action": "delay", "queues": "io", "probability_ppm": 500000, "delay_ns": 100000},
        {"action": "duplicate_interrupt", "every": 3},
        {"action": "expect", "queues": "io", "opcode": 1, "at_least": 10, "at_most": 10}]})";
    record({"--config", "c.json"});
    EXPECT_EQ(replay({"--report", "r.json", "--trace", "replayed.txt"}), 0) << read("replayed");
    EXPECT_EQ(commands("served.txt"), commands("replayed.txt"));
    const auto faults = nlohmann::json::parse(read("r.json")).at("faults");
    EXPECT_GT(faults.at(0).at("applied"), 5);
    EXPECT_EQ(faults.at(2).at("met"), true);
}

TEST_F(RecordedSession, BringsWhatTheImageHeldAndLeavesTheImageAlone) {
    {
        std::ofstream image(path("disk.img"), std::ios::binary);
        for (int i = 0; i < 8192; ++i) image << std::string(1024, static_cast<char>(i));
    }
    record({"--namespace", "file:disk.img", "--set", "write_cache_bytes=0"});
    std::filesystem::remove(path("disk.img"));
    EXPECT_EQ(replay(), 0) << read("replayed");
    EXPECT_FALSE(std::filesystem::exists(path("disk.img")));
}

TEST_F(RecordedSession, ReplaysMemoryThatWasReachedByMessages) {
    const pid_t pid = start({"--socket", "s", "--record", "recording"});
    ASSERT_TRUE(listens());
    {
        Machine machine(path("s"), Machine::Memory::kPrivate);
        machine.bring_up();
        NvmeGuest& guest = machine.guest;
        ASSERT_TRUE(guest.write(0, 8));
        ASSERT_TRUE(guest.shut_down());
    }
    ASSERT_EQ(stop(pid), 0);
    EXPECT_EQ(replay(), 0) << read("replayed");
}

TEST_F(RecordedSession, BringsNamespacesThatCameWhileItWentOn) {
    std::ofstream(path("c.json")) << R"({"namespaces": ["ram:8M"], "events":
        [{"at_ns": 1000000, "action": "add", "namespace": "ram:1M,nsid=2"},
         {"at_ns": 2000000, "action": "remove", "nsid": 2},
         {"at_ns": 3000000, "action": "add", "namespace": "ram:2M,nsid=2"}]})";
    record({"--config", "c.json"});
    std::filesystem::remove(path("c.json"));
    EXPECT_EQ(replay({"--report", "r.json"}), 0) << read("replayed");
    EXPECT_EQ(nlohmann::json::parse(read("r.json")).at("configuration").at("events").size(), 3u);
}

TEST_F(RecordedSession, ControllerThatActsOtherwiseIsFoundOut) {
    record({"--namespace", "ram:8M"});
    // A completion with another status, a property with another value, data with another sum.
    change("dma write ([0-9a-f]+) 16 [0-9a-f]+",
           "dma write $1 16 00000000000000000100010002000300");
    EXPECT_EQ(replay({}, "changed"), 1);
    EXPECT_NE(read("replayed").find("recorded: "), std::string::npos);
    change("bar0 read 1c 4 1", "bar0 read 1c 4 3");
    EXPECT_EQ(replay({}, "changed"), 1);
    change("crc32c [0-9a-f]+", "crc32c 1");
    EXPECT_EQ(replay({"--report", "r.json"}, "changed"), 1);
    EXPECT_EQ(nlohmann::json::parse(read("r.json")).at("session").at("differences"), 1);
    // One more write than the controller makes, and one fewer.
    change("(\\d+) dma write ([0-9a-f]+) 16 ", "$1 dma write 77770000 16 -\n$1 dma write $2 16 ");
    EXPECT_EQ(replay({}, "changed"), 1);
    EXPECT_NE(read("replayed").find("this never happens"), std::string::npos);
    change("\\d+ dma write [0-9a-f]+ 16 [^\\n]*\\n", "");
    EXPECT_EQ(replay({}, "changed"), 1);
    EXPECT_NE(read("replayed").find("not in the recording"), std::string::npos);
}

TEST_F(RecordedSession, OtherParametersShiftTimesButNotWhatHappens) {
    record({"--namespace", "ram:8M"});
    EXPECT_EQ(replay({"--set", "media_read_ns=900000"}), 0) << read("replayed");
    EXPECT_NE(read("replayed").find("earlier or later"), std::string::npos);
}

TEST_F(RecordedSession, UsageErrorsAreListed) {
    record({"--namespace", "ram:8M"});
    EXPECT_EQ(replay({"--namespace", "ram:8M"}), 2);
    EXPECT_NE(read("replayed").find("it has its own"), std::string::npos);
    EXPECT_EQ(replay({"--job", "x.fio"}), 2);
    EXPECT_EQ(replay({"--report", "recording"}), 2);
    EXPECT_NE(read("replayed").find("the same file"), std::string::npos);
    EXPECT_EQ(replay({"--record", "again"}), 2);
    EXPECT_EQ(exit_code(start({"--socket", "s", "--record", "no/such/folder"})), 2);
    EXPECT_NE(read("log").find("no/such/folder"), std::string::npos);
    std::ofstream(path("changed")) << "nvme-tlm session 1\nrubbish\n";
    EXPECT_EQ(replay({}, "changed"), 2);
    EXPECT_NE(read("replayed").find("changed:2: "), std::string::npos);
}

}  // namespace
}  // namespace platform::vfio_user::test
