// SPDX-License-Identifier: Apache-2.0

#include "tests/sim/programs/program.h"
#include "tests/sim/programs/text_checks.h"

namespace nvme_vp::test {
namespace {

using nlohmann::json;

class Replay : public ProgramTest {
protected:
    json replay(const std::string& file, const std::vector<std::string>& options = {}) {
        std::vector<std::string> arguments{"replay", file, "--report", "report.json"};
        arguments.insert(arguments.end(), options.begin(), options.end());
        const Outcome run = nvme_vp(arguments);
        EXPECT_EQ(run.code, 0) << run.out << run.err;
        return read_json("report.json");
    }
    std::string refusal(const std::string& text, const std::vector<std::string>& options = {}) {
        write("bad.iolog", text);
        std::vector<std::string> arguments{"replay", "bad.iolog"};
        arguments.insert(arguments.end(), options.begin(), options.end());
        const Outcome run = nvme_vp(arguments);
        EXPECT_EQ(run.code, 2) << run.out;
        return run.err;
    }
};

TEST_F(Replay, RecordedRequestsOfARealFioRunAreAllIssued) {
    // Counted in the recording: 51 reads, 45 writes and 9 data syncs.
    for (const char* name : {"traces/fio-randrw-v2.iolog", "traces/fio-randrw-v3.iolog"}) {
        const json io = replay(project(name))["jobs"][0]["io"];
        EXPECT_EQ(io["read"]["ios"], 51) << name;
        EXPECT_EQ(io["write"]["ios"], 45) << name;
        EXPECT_EQ(io["flush"]["ios"], 9) << name;
        EXPECT_EQ(io["read"]["bytes"], 51 * 4096) << name;
    }
}

TEST_F(Replay, RecordedTimesAreKeptUnlessSpeedIsAskedFor) {
    write("slow.iolog",
          "fio version 3 iolog\n0 a add\n0 a open\n1000 a read 0 4096\n9000 a read 4096 4096\n");
    const json recorded = replay("slow.iolog")["jobs"][0]["io"];
    EXPECT_GE(recorded["duration_ps"], 8'000'000'000);
    EXPECT_LT(recorded["duration_ps"], 9'000'000'000);
    const json fast = replay("slow.iolog", {"--pace", "asap"})["jobs"][0]["io"];
    EXPECT_LT(fast["duration_ps"], 1'000'000'000);
}

TEST_F(Replay, ALogThatJobsSharedAndThatWasAppendedToIsReplayedCompletely) {
    // It used to be refused at the second version line, and where the first job closed the file
    // that the others still used. Counted as fio counts when it replays the file.
    const Outcome run =
        nvme_vp({"replay", project("traces/fio-shared-v3.iolog"), "--report", "report.json"});
    ASSERT_EQ(run.code, 0) << run.err;
    EXPECT_TRUE(has(run.out, "fio-shared-v3.iolog: 18 times sync_file_range: makes no request"));
    const json io = read_json("report.json")["jobs"][0]["io"];
    EXPECT_EQ(io["read"]["ios"], 38);
    EXPECT_EQ(io["write"]["ios"], 58);
    EXPECT_EQ(io.count("flush"), 0u);
    // The recordings follow one another: 13.9 + 14.5 + 13.4 + 9.8 + 7.3 + 14.1 ms.
    EXPECT_GT(io["duration_ps"].get<std::uint64_t>(), 60'000'000'000u);
}

TEST_F(Replay, DepthLimitsWhatIsInFlight) {
    const std::string trace = project("traces/fio-randrw-v2.iolog");
    const json shallow = replay(trace, {"--depth", "1"})["jobs"][0]["io"];
    const json deep = replay(trace, {"--depth", "16"})["jobs"][0]["io"];
    EXPECT_GT(shallow["duration_ps"], deep["duration_ps"]);
}

TEST_F(Replay, EachFileOfTheTraceIsANamespaceInTheOrderOfTheTrace) {
    write("two.iolog",
          "fio version 2 iolog\nx add\nx open\ny add\ny open\nx write 0 4096\ny trim 0 4096\n"
          "y write 100663296 8192\nx sync 0 0\nx close\ny close\n");
    const json report = replay("two.iolog");
    ASSERT_EQ(report["device"]["namespaces"].size(), 2u);
    EXPECT_EQ(report["device"]["namespaces"][0]["blocks"], 131072);
    EXPECT_EQ(report["device"]["namespaces"][1]["blocks"], (100663296 + 8192) / 512);

    replay("two.iolog",
           {"--namespace", "file:x.img,size=128M", "--namespace", "file:y.img,size=128M"});
    EXPECT_EQ(shell("cmp -s -n 4096 x.img /dev/zero").code, 1);
    EXPECT_EQ(shell("cmp -s -n 4096 y.img /dev/zero").code, 0);
    EXPECT_EQ(shell("cmp -s -i 100663296:0 -n 8192 y.img /dev/zero").code, 1);
}

TEST_F(Replay, RecordedProbeOfAnUnmodifiedLinuxYieldsTheSameCompletions) {
    const Outcome run = nvme_vp({"replay", project("traces/linux-6.12-probe.session"), "--strict",
                                 "--report", "report.json"});
    EXPECT_EQ(run.code, 0) << run.out << run.err;
    EXPECT_TRUE(has(run.out, "the controller did what was recorded, all at the recorded times"));
    const json report = read_json("report.json");
    EXPECT_GT(report["session"]["accesses"], 1000);
    EXPECT_GT(report["session"]["messages"], 100);
    EXPECT_EQ(report["lint"]["findings"], 0);
    EXPECT_EQ(report["served"]["opcodes"][0]["name"], "Delete I/O Submission Queue");
}

TEST_F(Replay, TracesThatCannotBeReplayedAreRefusedWithTheirLine) {
    EXPECT_TRUE(has(refusal(""), "bad.iolog: is empty"));
    EXPECT_TRUE(has(refusal("hello\n"), "bad.iolog:1: "));
    EXPECT_TRUE(has(refusal("fio version 2 iolog\n"), "has no requests"));
    EXPECT_TRUE(has(refusal("fio version 2 iolog\na add\na open\na read 0\n"), "bad.iolog:4: "));
    EXPECT_TRUE(has(refusal("fio version 2 iolog\na add\na open\na read 0 4096\na read 100 4096\n"),
                    "bad.iolog:5: offset 100 and length 4096 are not both multiples of the logical "
                    "block size 512 of namespace 1"));
    EXPECT_TRUE(has(refusal("fio version 2 iolog\na add\na open\na read 1048576 512\n",
                            {"--namespace", "ram:1M"}),
                    "bad.iolog:4: ends at byte 1049088, but namespace 1 has 1048576 bytes"));
    EXPECT_TRUE(has(refusal("fio version 2 iolog\na add\na open\nb add\nb open\nb read 0 512\n",
                            {"--namespace", "ram:1M"}),
                    "uses 2 files"));
    EXPECT_TRUE(has(refusal("fio version 2 iolog\na add\na open\na write 0 4294966784\n"),
                    "MiB of host memory"));
    EXPECT_TRUE(
        has(refusal("fio version 2 iolog\na add\na open\na read 18446744073709551104 512\n"),
            "is no offset and length"));
    EXPECT_TRUE(
        has(refusal("fio version 2 iolog\na add\na open\na read 18446744073709550592 512\n"),
            "no address space"));
    EXPECT_EQ(nvme_vp({"replay", "missing.iolog"}).code, 2);
    EXPECT_EQ(nvme_vp({"replay", "."}).code, 2);
}

}  // namespace
}  // namespace nvme_vp::test
