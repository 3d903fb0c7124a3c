// SPDX-License-Identifier: Apache-2.0
// nvme-trace on a waveform that nvme-vp has written: its numbers are those of the run.
#include <algorithm>
#include <sstream>

#include "tests/sim/programs/text_checks.h"
#include "tests/sim/programs/trace_analysis.h"

namespace nvme_vp::test {
namespace {

using nlohmann::json;

class WaveformAnalysis : public TraceAnalysis {
protected:
    /// Of each command what a trace and a waveform both know, in an order that both have.
    std::vector<std::string> commands(const std::string& trace) {
        EXPECT_EQ(nvme_trace({"convert", trace, "--to", "csv", "-o", "c.csv"}).code, 0);
        std::vector<std::string> lines;
        std::istringstream text(read("c.csv"));
        for (std::string line; std::getline(text, line);) {
            std::vector<std::string> columns(1);
            for (const char c : line) {
                if (c == ',')
                    columns.emplace_back();
                else
                    columns.back() += c;
            }
            std::string known = columns[9];  // fetched_ns
            for (const std::size_t i : {0, 1, 2, 4, 5, 6, 8, 10, 11, 12, 13, 14})
                known += "," + columns[i];
            lines.push_back(known);
        }
        std::sort(lines.begin(), lines.end());
        return lines;
    }
};

TEST_F(WaveformAnalysis, AgreesWithTheReportOfTheRun) {
    run({"--trace_detail", "all", "--vcd", "t.vcd"});
    const json theirs = read_json("r.json");
    const json ours = report("t.vcd");
    std::uint64_t count = 0;
    std::uint64_t bytes = 0;
    for (const json& opcode : theirs["served"]["opcodes"]) {
        const bool io = opcode["queue"] == "io";
        const json mine = group(ours, io ? "opcode" : "admin", opcode["name"]);
        expect_counted(mine, opcode);
        if (!io) continue;
        count += opcode["count"].get<std::uint64_t>();
        bytes += mine["bytes"].get<std::uint64_t>();
    }
    EXPECT_EQ(group(ours, "all", "I/O")["count"], count);
    EXPECT_EQ(bytes, count * 4096);
    const json trace = report("t.bin");
    EXPECT_NEAR(ours["little"]["mean_depth"].get<double>(),
                trace["little"]["mean_depth"].get<double>(), 1e-3);
    EXPECT_LT(ours["little"]["holds_within"].get<double>(), 0.01);
    EXPECT_NEAR(ours["use"]["media_accesses"].get<double>(),
                trace["use"]["media_accesses"].get<double>(), 0.01);
    for (std::size_t q = 0; q < 3; ++q)
        for (const char* fact : {"sqid", "size", "commands", "most_in_flight", "doorbells"})
            EXPECT_EQ(ours["queues"][q][fact], trace["queues"][q][fact]) << fact;
    EXPECT_TRUE(ours["queues"][1]["cqid"].is_null());
    EXPECT_TRUE(ours["use"]["link_up"].is_null());
}

TEST_F(WaveformAnalysis, HasEachCommandAsTheTraceHasIt) {
    run({"--trace_detail", "all", "--vcd", "t.vcd"});
    const auto theirs = commands("t.bin");
    EXPECT_EQ(theirs.size(), 3014u);
    EXPECT_TRUE(commands("t.vcd") == theirs);
    const Outcome found = nvme_trace({"grep", "t.vcd", "queue == 1 && latency > 60us"});
    EXPECT_EQ(found.code, 0) << found.err;
    EXPECT_EQ(std::count(found.out.begin(), found.out.end(), '\n'),
              std::count_if(theirs.begin(), theirs.end(), [](const std::string& line) {
                  std::istringstream columns(line);
                  std::string column, sqid;
                  for (int i = 0; i < 10 && std::getline(columns, column, ','); ++i)
                      if (i == 1) sqid = column;
                  return sqid == "1" && std::stod(column) > 60'000;
              }) + 1);
}

/// A host that takes no time takes several completions in the instant in which they are posted.
TEST_F(WaveformAnalysis, OfAHostThatTakesNoTimeIsTheSame) {
    write("j.fio", "[a]\nrw=randrw\nbs=4k\niodepth=8\nnumber_ios=2000\nsize=16m\n");
    const Outcome outcome = nvme_vp({"run", "--job", "j.fio", "--vcd", "t.vcd", "--trace_binary",
                                     "t.bin", "--trace_detail", "all"});
    ASSERT_EQ(outcome.code, 0) << outcome.err;
    EXPECT_TRUE(commands("t.vcd") == commands("t.bin"));
    EXPECT_EQ(nvme_trace({"grep", "t.vcd", "!completed"}).code, 1) << "none";
    const json ours = report("t.vcd");
    EXPECT_TRUE(has(ours["meta"]["note"].get<std::string>(), " commands have no status in it"));
    EXPECT_EQ(ours["use"]["most_media_accesses"], report("t.bin")["use"]["most_media_accesses"]);
}

TEST_F(WaveformAnalysis, OfPartOfARunIsThatPart) {
    run({"--trace_detail", "all", "--vcd", "t.vcd", "--vcd_from_ns", "2500000", "--vcd_to_ns",
         "3500000"});
    const auto all = commands("t.bin");
    const auto part = commands("t.vcd");
    EXPECT_GT(part.size(), 500u);
    EXPECT_LT(part.size(), 1500u);
    std::size_t same = 0;
    for (const std::string& line : part)
        same += std::find(all.begin(), all.end(), line) != all.end() ? 1 : 0;
    EXPECT_GE(same + 40, part.size()) << "but those in flight when it ends or begins";
    EXPECT_TRUE(has(report("t.vcd")["meta"]["note"].get<std::string>(),
                    "commands were in flight when the waveform began, and are left out"));
}

/// Each is a command of the run, or told to be missing.
TEST_F(WaveformAnalysis, CountsCommandsThatItDoesNotHold) {
    run({"--vcd", "t.vcd", "--vcd_slots", "2"});
    const json ours = report("t.vcd");
    const std::string note = ours["meta"]["note"];
    EXPECT_TRUE(has(note, " commands had no slot, and are known by queue")) << note;
    const std::size_t end = note.find(" commands are not in it");
    ASSERT_NE(end, note.npos) << note;
    const std::size_t begin = note.rfind("; ", end) + 2;
    const int seen =
        ours["queues"][1]["commands"].get<int>() + ours["queues"][2]["commands"].get<int>();
    EXPECT_EQ(seen + std::stoi(note.substr(begin, end - begin)), 3000);
    const int ended = group(ours, "all", "I/O")["count"];
    const std::string no_end = std::to_string(seen - ended) + " of these have no end in it";
    EXPECT_EQ(has(note, no_end), seen != ended) << note;
}

TEST_F(WaveformAnalysis, OfADamagedFileSaysWhatIsMissing) {
    run({"--vcd", "t.vcd"});
    const std::string text = read("t.vcd");
    write("cut.vcd", text.substr(0, text.size() / 2));
    const Outcome cut = nvme_trace({"stats", "cut.vcd"});
    EXPECT_EQ(cut.code, 0);
    EXPECT_TRUE(has(cut.err, "nvme-trace: cut.vcd: ")) << cut.err;
    EXPECT_TRUE(has(cut.out, "latency: mean")) << cut.out;
    write("line.vcd", text.substr(0, text.find('\n', text.size() / 2) + 1));
    const Outcome line = nvme_trace({"stats", "line.vcd"});
    EXPECT_TRUE(has(line.err, ": the file ends without saying that it is complete")) << line.err;
    EXPECT_TRUE(has(line.err, "nvme-trace: line.vcd: line ")) << line.err;
    write("edited.vcd", text.substr(0, text.size() / 2) + "\n#1\n");
    const Outcome edited = nvme_trace({"stats", "edited.vcd"});
    EXPECT_EQ(edited.code, 0);
    EXPECT_TRUE(has(edited.err, "nvme-trace: edited.vcd: line ")) << edited.err;
    EXPECT_TRUE(has(edited.err, ": time goes backwards")) << edited.err;
    EXPECT_TRUE(has(edited.out, "latency: mean")) << edited.out;
}

TEST_F(WaveformAnalysis, RefusesWhatItCannotDoInOneLine) {
    write("cpu.vcd",
          "$timescale 1ns $end\n$scope module cpu $end\n$var wire 1 ! clock $end\n"
          "$upscope $end\n$enddefinitions $end\n#0\n0!\n#5\n1!\n");
    const Outcome foreign = nvme_trace({"stats", "cpu.vcd"});
    EXPECT_EQ(foreign.code, 2);
    EXPECT_EQ(foreign.err,
              "nvme-trace: cpu.vcd: has no signal of commands of nvme-vp: must have "
              "queues.ioN.slots.sM.step, opcode and cid, or fetched.strobe, sqid, cid and opcode "
              "with completed.strobe, sqid and cid\n");
    write("half.vcd", "$scope module cpu $end\n");
    EXPECT_EQ(nvme_trace({"stats", "half.vcd"}).err,
              "nvme-trace: half.vcd: line 2: the file ends within its declarations\n");
    const Outcome events = nvme_trace({"convert", "cpu.vcd", "--to", "text", "-o", "x.trace"});
    EXPECT_EQ(events.code, 2);
    EXPECT_EQ(events.err, "nvme-trace: cpu.vcd: is a waveform, which holds signals, not events\n");
}

}  // namespace
}  // namespace nvme_vp::test
