// SPDX-License-Identifier: Apache-2.0
// What others recorded, replayed: what the controller is asked, and when, is what was recorded.
#include <algorithm>
#include <map>
#include <sstream>

#include "tests/sim/programs/program.h"
#include "tests/sim/programs/text_checks.h"

namespace nvme_vp::test {
namespace {

using nlohmann::json;
using Texts = std::vector<std::string>;

class ReplayRecording : public ProgramTest {
protected:
    /// A command of an I/O queue, as the event trace has it.
    struct Command {
        std::uint64_t rung_ps = 0;  ///< the doorbell
        std::string name;
        std::uint64_t queue = 0, nsid = 0, slba = 0, blocks = 0;
    };

    json replay(const std::string& file, const Texts& options = {}) {
        Texts arguments{"replay", file, "--report", "r.json", "--trace", "t.txt"};
        arguments.insert(arguments.end(), options.begin(), options.end());
        const Outcome run = nvme_vp(arguments);
        EXPECT_EQ(run.code, 0) << run.out << run.err;
        out_ = run.out;
        return read_json("r.json");
    }
    std::string refusal(const std::string& file, const Texts& options = {}) {
        Texts arguments{"replay", file};
        arguments.insert(arguments.end(), options.begin(), options.end());
        const Outcome run = nvme_vp(arguments);
        EXPECT_EQ(run.code, 2) << run.out;
        return run.err;
    }
    /// Of the last replay, in the order in which the controller fetched them.
    std::vector<Command> commands() const {
        std::vector<Command> all;
        std::map<std::uint64_t, std::uint64_t> rung;  // by queue
        std::istringstream lines{read("t.txt")};
        for (std::string line; std::getline(lines, line);) {
            const std::uint64_t ps = std::strtoull(line.c_str(), nullptr, 10);
            if (line.find(" doorbell queue=sq ") != std::string::npos)
                rung[value(line, " qid=")] = ps;
            if (line.find(" fetch sqid=") == std::string::npos || value(line, " sqid=") == 0)
                continue;
            const std::size_t name = line.find("name=\"") + 6;
            const std::uint64_t queue = value(line, " sqid=");
            all.push_back({rung[queue], line.substr(name, line.find('"', name) - name), queue,
                           value(line, " nsid="), value(line, " slba="),
                           (value(line, " cdw12=") & 0xffff) + 1});
        }
        return all;
    }
    /// Most commands that were between fetch and completion at a time, in the last replay.
    std::uint64_t most_in_flight() const {
        std::istringstream lines{read("t.txt")};
        std::uint64_t now = 0, most = 0;
        for (std::string line; std::getline(lines, line);) {
            const bool fetched = line.find(" fetch sqid=") != std::string::npos;
            const bool completed = line.find(" complete sqid=") != std::string::npos;
            if ((!fetched && !completed) || value(line, " sqid=") == 0) continue;
            now = fetched ? now + 1 : now - 1;
            most = std::max(most, now);
        }
        return most;
    }
    std::string out_;

private:
    static std::uint64_t value(const std::string& line, const std::string& label) {
        const std::size_t at = line.find(label);
        return at == std::string::npos
                   ? 0
                   : std::strtoull(line.c_str() + at + label.size(), nullptr, 0);
    }
};

/// 0, 60, 1060, 1061 us.
const std::string kMsr =
    "128166372003060000,web,0,Write,1048576,65536,5000\n"
    "128166372003060600,web,0,Read,0,4096,900\n"
    "128166372003070600,web,1,Read,8192,8192,700\n"
    "128166372003070610,web,0,Read,4096,512,800\n";

TEST_F(ReplayRecording, CommandsHaveTheAddressesAndTheTimesOfTheRecording) {
    write("web.csv", kMsr);
    const json report = replay("web.csv");
    const std::vector<Command> sent = commands();
    ASSERT_EQ(sent.size(), 4u);
    EXPECT_EQ(sent[0].name, "Write");
    EXPECT_EQ(sent[0].slba, 2048u);
    EXPECT_EQ(sent[0].blocks, 128u);
    EXPECT_EQ(sent[1].name, "Read");
    EXPECT_EQ(sent[2].nsid, 2u);
    EXPECT_EQ(sent[2].slba, 16u);
    EXPECT_EQ(sent[2].blocks, 16u);
    EXPECT_EQ(sent[3].nsid, 1u);
    EXPECT_EQ(sent[3].blocks, 1u);
    EXPECT_EQ(sent[1].rung_ps - sent[0].rung_ps, 60'000'000u);
    EXPECT_EQ(sent[2].rung_ps - sent[0].rung_ps, 1'060'000'000u);
    EXPECT_EQ(sent[3].rung_ps - sent[0].rung_ps, 1'061'000'000u);
    EXPECT_EQ(report["recording"]["format"], "msr");
    EXPECT_EQ(report["recording"]["duration_ps"], 1'061'000'000);
    EXPECT_EQ(report["recording"]["devices"][1]["name"], "web_1");
    EXPECT_EQ(report["recording"]["devices"][0]["end_bytes"], 1'114'112);
    EXPECT_EQ(report["recording"]["recorded"]["write"]["latency_ps"]["max"], 500'000'000);
    EXPECT_TRUE(has(out_, {"4 requests to 2 devices: traces of Microsoft Research Cambridge",
                           "\nrecorded  write "}));
}

TEST_F(ReplayRecording, TimesAreScaledAndPausesCut) {
    write("web.csv", kMsr);
    replay("web.csv", {"--replay_time_scale", "200"});
    EXPECT_EQ(commands()[3].rung_ps - commands()[0].rung_ps, 530'500'000u);
    replay("web.csv", {"--replay_gap_ns", "100000"});
    EXPECT_EQ(commands()[3].rung_ps - commands()[0].rung_ps, 161'000'000u);
    replay("web.csv", {"--replay_from_ns", "1000000", "--replay_to_ns", "1060500"});
    ASSERT_EQ(commands().size(), 1u);
    EXPECT_EQ(commands()[0].nsid, 2u) << "a device keeps its namespace in any stretch of time";
}

TEST_F(ReplayRecording, AClosedLoopKeepsTheDepth) {
    const std::string trace = project("traces/recordings/disksim.trace");
    for (const char* depth : {"1", "4", "16"}) {
        replay(trace, {"--pace", "asap", "--depth", depth});
        EXPECT_EQ(commands().size(), 36u);
        EXPECT_EQ(most_in_flight(), std::strtoull(depth, nullptr, 10));
    }
    // In the open loop the depth is a limit that this recording does not reach.
    json report = replay(trace, {"--depth", "16"});
    EXPECT_LT(most_in_flight(), 16u);
    EXPECT_EQ(report["recording"]["late"]["requests"], 0);
    report = replay(trace, {"--depth", "1", "--replay_time_scale", "10000"});
    EXPECT_EQ(most_in_flight(), 1u);
    EXPECT_GT(report["recording"]["late"]["requests"], 30);
    EXPECT_GT(report["recording"]["late"]["most_ps"], 1'000'000'000);
    EXPECT_TRUE(has(out_, " requests were sent later than recorded, by up to "));
}

TEST_F(ReplayRecording, RequestsAreDividedAmongQueuesAndNoneIsLost) {
    const std::string trace = project("traces/recordings/ftrace.txt");
    const json report = replay(trace, {"--replay_queues", "4", "--replay_queue_by", "cpu"});
    std::map<std::uint64_t, std::uint64_t> of_queue;
    for (const Command& command : commands()) ++of_queue[command.queue];
    EXPECT_EQ(of_queue.size(), 4u);
    ASSERT_EQ(report["streams"].size(), 4u);
    std::uint64_t all = 0;
    for (const json& stream : report["streams"]) {
        EXPECT_EQ(stream["commands"], of_queue[stream["queue"]]);
        all += stream["commands"].get<std::uint64_t>();
    }
    EXPECT_EQ(all, report["recording"]["requests"]);
    EXPECT_EQ(report["jobs"][0]["clones"], 4);
    // Each queue keeps the times of the one recording.
    const std::vector<Command> four = commands();
    replay(trace);
    std::vector<std::uint64_t> times[2];
    for (const Command& command : four) times[0].push_back(command.rung_ps - four[0].rung_ps);
    for (const Command& command : commands())
        times[1].push_back(command.rung_ps - commands()[0].rung_ps);
    std::sort(times[0].begin(), times[0].end());
    EXPECT_EQ(times[0], times[1]);
    EXPECT_TRUE(has(refusal(trace, {"--replay_queues", "40", "--set", "max_io_queues=8"}),
                    "need as many queues, but max_io_queues is 8"));
}

TEST_F(ReplayRecording, TheLastRequestsHaveTheirRecordedLatencies) {
    const json recorded = replay(project("traces/recordings/blkparse.txt"),
                                 {"--replay_first", "5"})["recording"]["recorded"];
    EXPECT_EQ(recorded["read"]["ios"], 1);
    EXPECT_EQ(recorded["write"]["ios"], 2);
    EXPECT_EQ(recorded["trim"]["ios"], 1);
}

TEST_F(ReplayRecording, EveryOperationIsReplayed) {
    const json io = replay(project("traces/recordings/spdk.json"))["jobs"][0]["io"];
    for (const char* name : {"read", "write", "flush", "zero"})
        EXPECT_GT(io[name]["ios"], 0) << name;
    EXPECT_GT(replay(project("traces/recordings/blkparse.txt"))["jobs"][0]["io"]["trim"]["ios"], 0);
    std::map<std::string, unsigned> names;
    for (const Command& command : commands()) ++names[command.name];
    EXPECT_EQ(names["Dataset Management"], 5u);
    EXPECT_EQ(names["Flush"], 5u);
}

TEST_F(ReplayRecording, AddressesAreMovedIntoASmallerNamespaceWhenAskedTo) {
    const std::string trace = project("traces/recordings/alibaba.csv");
    const Texts small{"--namespace", "ram:1M,lba=4096", "--replay_redirect", "1"};
    EXPECT_TRUE(has(refusal(trace, small),
                    {"alibaba.csv:1: ends at byte 8792797184, but namespace 1 has 1048576 bytes; "
                     "replay_beyond = wrap or scale moves it",
                     "... and 1 more"}));
    for (const char* beyond : {"wrap", "scale"}) {
        Texts options = small;
        options.insert(options.end(), {"--replay_beyond", beyond});
        const json report = replay(trace, options);
        EXPECT_GT(report["recording"]["moved"], 0);
        EXPECT_EQ(commands().size(), 36u);
        for (const Command& command : commands())
            EXPECT_LE((command.slba + command.blocks) * 4096, 1u << 20);
    }
}

TEST_F(ReplayRecording, WhatIsNotInWholeBlocksIsRoundedWhenAskedTo) {
    write("odd.trace", "0.0 0 1 3 1\n0.1 0 8 8 1\n");
    const Texts blocks{"--namespace", "ram:1M,lba=4096"};
    EXPECT_TRUE(has(refusal("odd.trace", blocks),
                    "odd.trace:1: offset 512 and length 1536 are not both multiples of the logical "
                    "block size 4096 of namespace 1; replay_align = 4096 rounds them"));
    const json report = replay("odd.trace", {blocks[0], blocks[1], "--replay_align", "4096"});
    EXPECT_EQ(report["recording"]["rounded"], 1);
    EXPECT_EQ(commands()[0].slba, 0u);
    EXPECT_EQ(commands()[0].blocks, 1u);
    const Texts coarse{"--namespace",     "ram:64M", "--replay_align",  "1073741824",
                       "--replay_beyond", "wrap",    "--replay_format", "alibaba"};
    EXPECT_TRUE(has(refusal("odd.trace", {"--namespace", "ram:64M", "--replay_align", "1073741824",
                                          "--replay_beyond", "wrap"}),
                    "odd.trace:1: is 1073741824 bytes long, but namespace 1 has 0 bytes in whole "
                    "units of replay_align that replay_beyond could move it into"));
    write("last.csv", "1,R,18446744073709551500,50,1\n");
    EXPECT_TRUE(has(refusal("last.csv", coarse),
                    "last.csv: has no requests: 1 times a request that ends beyond 2^64 - 1 bytes "
                    "when it is rounded"));
}

TEST_F(ReplayRecording, NoRequestIsLostWhenFilesCannotBeOpened) {
    const std::string file = shell_word(project("traces/recordings/nvme0n1.blktrace.0"));
    ASSERT_EQ(shell("for cpu in $(seq 0 39); do cp " + file + " disk.blktrace.$cpu; done").code, 0);
    const std::string replay = shell_word(NVME_VP) + " replay disk.blktrace.0 --replay_queues ";
    const Outcome many = shell("ulimit -n 200; " + replay + "16");
    EXPECT_EQ(many.code, 2) << many.out;
    EXPECT_TRUE(has(many.err, {"disk.blktrace.", ": cannot be read: Too many open files"}));
    EXPECT_EQ(shell("ulimit -n 200; " + replay + "2").code, 0);
    ASSERT_EQ(shell("ln -s nowhere disk.blktrace.40").code, 0);
    EXPECT_TRUE(has(refusal("disk.blktrace.0"),
                    "disk.blktrace.40: cannot be read: No such file or directory"));
}

/// The trace is a pipe: when its other end is opened, the recording has been scanned, and the run
/// cannot go on before somebody reads what it traces.
TEST_F(ReplayRecording, ARecordingThatChangesDuringTheRunIsAnErrorOfIt) {
    std::string text;
    for (int i = 0; i < 5000; ++i) text += "1,R,0,512," + std::to_string(i) + "\n";
    const std::pair<const char*, const char*> changes[]{
        {"truncate -s 30000 f.csv", " of 5000 requests were found again"},
        {"truncate -s 30000 f.csv; echo rubbish >>f.csv", " column; allowed: device_id,opcode"}};
    ASSERT_EQ(shell("mkfifo pipe").code, 0);
    for (const auto& [change, message] : changes) {
        write("f.csv", text);
        const Outcome run = shell("{ " + std::string{change} + "; cat; } <pipe >all & " +
                                  shell_word(NVME_VP) + " replay f.csv --trace pipe");
        EXPECT_EQ(run.code, 1) << run.err;
        EXPECT_TRUE(has(run.out, {"ERRORS: ", message}));
    }
}

TEST_F(ReplayRecording, WhatGzipHasCompressedIsReadAsItIs) {
    ASSERT_EQ(shell("gzip -c " + shell_word(project("traces/recordings/msr.csv")) +
                    " > msr.csv.gz && cat msr.csv.gz msr.csv.gz > twice.csv.gz && "
                    "head -c 400 msr.csv.gz > cut.csv.gz")
                  .code,
              0);
    const json packed = replay("msr.csv.gz");
    const json plain = replay(project("traces/recordings/msr.csv"));
    EXPECT_EQ(packed["jobs"], plain["jobs"]);
    EXPECT_EQ(replay("twice.csv.gz")["recording"]["requests"], 72);
    EXPECT_TRUE(has(refusal("cut.csv.gz"), "what is compressed in it, is damaged"));
}

TEST_F(ReplayRecording, ALineThatCannotBeUnderstoodIsRefusedOrCounted) {
    write("web.csv", kMsr + "128166372003070620,web,0,Write,0,4k,800\n" +
                         "128166372003070630,web,0,Read,0,0,800\n");
    EXPECT_TRUE(has(refusal("web.csv"),
                    "web.csv:5: Size = '4k' is no number that can be meant; allowed: 0 to "
                    "18446744073709551615; replay_damaged = skip leaves it out"));
    const json report = replay("web.csv", {"--replay_damaged", "skip"});
    EXPECT_EQ(report["recording"]["requests"], 4);
    EXPECT_EQ(report["recording"]["left_out"][0]["reason"], "what cannot be understood");
    EXPECT_EQ(report["recording"]["left_out"][1]["reason"], "a request of length 0");
    EXPECT_TRUE(has(out_, "web.csv: 1 times what cannot be understood"));
}

TEST_F(ReplayRecording, WhatCannotBeIsRefusedWithWhatIsAllowed) {
    write("rubbish", "a,b\n1,2\n");
    EXPECT_TRUE(has(refusal("rubbish"),
                    {"rubbish:1: 'a,b' begins no recording in a known format; allowed: iolog, ",
                     "replay_format names the format"}));
    EXPECT_TRUE(has(refusal("rubbish", {"--replay_format", "tencent"}),
                    "rubbish:1: has 2 columns; allowed: Timestamp,Offset,Size,IOType,VolumeID"));
    EXPECT_TRUE(has(refusal("rubbish", {"--replay_format", "csv"}),
                    "replay_format = \"csv\": must be one of iolog, "));
    EXPECT_TRUE(has(refusal("rubbish", {"--replay_time_scale", "0"}),
                    "--replay_time_scale = \"0\": must be 1 to 1000000"));
    EXPECT_TRUE(has(refusal("rubbish", {"--replay_align", "3"}), "must be a power of 2, or 0"));
    EXPECT_TRUE(
        has(refusal("rubbish", {"--replay_beyond", "clip"}), "must be refuse, wrap or scale"));
    const std::string trace = project("traces/recordings/alibaba.csv");
    EXPECT_TRUE(has(refusal(trace, {"--replay_device", "419 5", "--namespace", "ram:1M"}),
                    "uses 2 files or devices, but there are only 1 namespaces"));
    EXPECT_TRUE(has(refusal(trace, {"--replay_redirect", "7", "--namespace", "ram:1M"}),
                    "replay_redirect = 7: there is no such namespace"));
    EXPECT_TRUE(has(refusal(trace, {"--replay_device", "5"}),
                    "has no requests: 36 times a request of a device that is not in"));
    EXPECT_TRUE(has(refusal(trace, {"--set", "max_namespaces=1"}),
                    "needs 2 namespaces, but max_namespaces is 1"));
    ASSERT_EQ(shell("truncate -s 64M ro.img").code, 0);
    EXPECT_TRUE(has(refusal(project("traces/recordings/disksim.trace"),
                            {"--replay_redirect", "1", "--namespace", "file:ro.img,ro"}),
                    "disksim.trace:1: changes data, but namespace 1 is read-only"));
}

}  // namespace
}  // namespace nvme_vp::test
