// SPDX-License-Identifier: Apache-2.0
// nvme-trace on what nvme-vp has written: its numbers are those of the run.
#include <algorithm>
#include <map>
#include <utility>

#include "tests/sim/programs/text_checks.h"
#include "tests/sim/programs/trace_analysis.h"

namespace nvme_vp::test {
namespace {

using nlohmann::json;

// 32 dies on 8 channels, and reads that are all of what lies on the first.
TEST_F(TraceAnalysis, NamesTheDieThatAllReadsWaitFor) {
    std::string log = "fio version 2 iolog\nd add\nd open\n";
    for (unsigned i = 0; i < 300; ++i)
        log += "d read " + std::to_string(i * 7 % 60 * 32 * 65536) + " 4096\n";
    write("one.log", log + "d close\n");
    const Outcome outcome = nvme_vp({"replay", "one.log", "--pace", "asap", "--set", "media=nand",
                                     "--set", "ftl_precondition=sequential", "--trace_binary",
                                     "t.bin", "--trace_detail", "all"});
    ASSERT_EQ(outcome.code, 0) << outcome.err;
    const json made = report("t.bin");
    ASSERT_EQ(made["use"]["dies"].size(), 32u);
    EXPECT_EQ(made["use"]["channels"].size(), 8u);
    EXPECT_GT(made["use"]["dies"][0], 0.9);
    EXPECT_EQ(made["use"]["dies"][1], 0);
    EXPECT_TRUE(has(made["limits"].get<std::string>(),
                    "The load is not spread: die 0 of the flash is busy"))
        << made["limits"];
    EXPECT_TRUE(has(nvme_trace({"report", "t.bin"}).out, "\n  dies "));
}

TEST_F(TraceAnalysis, AgreesWithTheReportOfTheRun) {
    run({"--trace_detail", "all"});
    const json theirs = read_json("r.json");
    const json ours = report("t.bin");
    std::uint64_t count = 0;
    std::uint64_t bytes = 0;
    for (const json& opcode : theirs["served"]["opcodes"]) {
        const bool io = opcode["queue"] == "io";
        const json mine = group(ours, io ? "opcode" : "admin", opcode["name"]);
        expect_counted(mine, opcode);
        // Those of the run are of a histogram, within 1/64.
        const double p99 = opcode["latency_ps"]["p99"].get<double>();
        EXPECT_NEAR(mine["p99_ns"].get<double>() * 1e3, p99, p99 / 64);
        if (io) count += opcode["count"].get<std::uint64_t>();
        bytes += mine["bytes"].get<std::uint64_t>();
    }
    const json all = group(ours, "all", "I/O");
    EXPECT_EQ(all["count"], count);
    EXPECT_EQ(theirs["served"]["data"]["to_host"].get<std::uint64_t>() +
                  theirs["served"]["data"]["from_host"].get<std::uint64_t>(),
              bytes);
    EXPECT_EQ(group(ours, "queue", "1")["count"].get<std::uint64_t>() +
                  group(ours, "queue", "2")["count"].get<std::uint64_t>(),
              count);

    // What the queues say of their depth, and what commands say of their latency, fit together.
    EXPECT_LT(ours["little"]["holds_within"].get<double>(), 0.01);
    double stages = 0;
    for (const std::size_t s : {1, 2, 3, 4, 5}) stages += all["stage_mean_ns"][s].get<double>();
    EXPECT_NEAR(stages, all["mean_ns"].get<double>(), 0.1) << "no time is in no stage, or in two";
    const json phases = ours["phases"];
    const double length = phases[1]["end_ns"].get<double>() - phases[1]["begin_ns"].get<double>();
    EXPECT_NEAR(ours["little"]["iops"].get<double>(), static_cast<double>(count) / length * 1e9, 1);
    double over_time = 0;
    for (const json& iops : ours["series"]["iops"]) over_time += iops.get<double>();
    EXPECT_NEAR(over_time * ours["series"]["step_ns"].get<double>() / 1e9,
                static_cast<double>(count), 1e-3);
}

TEST_F(TraceAnalysis, IsTheSameOfTextAndBinary) {
    for (const char* detail : {"commands", "all"}) {
        run({"--trace_detail", detail});
        const json text = report("t.trace");
        json binary = report("t.bin");
        EXPECT_EQ(binary["meta"]["file"], "t.bin");
        binary["meta"]["file"] = "t.trace";
        EXPECT_TRUE(text == binary) << detail;
        EXPECT_GT(text["commands"]["count"], 3000);
        EXPECT_EQ(nvme_trace({"convert", "t.bin", "--to", "text", "-o", "back.trace"}).code, 0);
        EXPECT_TRUE(read("back.trace") == read("t.trace")) << detail;
        EXPECT_EQ(nvme_trace({"convert", "t.trace", "--to", "binary", "-o", "back.bin"}).code, 0);
        EXPECT_TRUE(read("back.bin") == read("t.bin")) << detail;
        EXPECT_LT(read("t.bin").size() * 8, read("t.trace").size());
    }
}

TEST_F(TraceAnalysis, TellsATerminal) {
    run({"--trace_detail", "all"});
    const Outcome stats = nvme_trace({"stats", "t.bin"});
    EXPECT_EQ(stats.code, 0);
    for (const char* text : {"3000 I/O", "IOPS", "latency: mean", "limit: "})
        EXPECT_TRUE(has(stats.out, text)) << stats.out;
    const Outcome report = nvme_trace({"report", "t.bin"});
    EXPECT_EQ(report.code, 0);
    for (const char* text : {"Little's law", "opcode Read", "mean of a stage", "sq 2   cq 2",
                             "phase: run begins", "slowest 1: ", "the host rings the doorbell"})
        EXPECT_TRUE(has(report.out, text)) << report.out;
    EXPECT_EQ(nvme_trace({"report", "t.bin", "-o", "x.txt"}).code, 0);
    EXPECT_EQ(read("x.txt"), report.out);
}

TEST_F(TraceAnalysis, FindsCommands) {
    run({"--trace_detail", "all"});
    const auto lines = [&](const std::string& expression) {
        const Outcome found = nvme_trace({"grep", "t.bin", expression, "--to", "csv"});
        EXPECT_EQ(found.err, "");
        return std::count(found.out.begin(), found.out.end(), '\n') - 1;
    };
    EXPECT_EQ(lines("queue != 0"), 3000);
    EXPECT_EQ(lines("opcode == Read") + lines("opcode == Write"), 3000);
    EXPECT_EQ(lines("queue == 1 && latency > 60us") + lines("queue == 1 && latency <= 60us"), 1500);
    EXPECT_EQ(nvme_trace({"grep", "t.bin", "latency > 10s"}).code, 1) << "nothing was found";
    const Outcome wrong = nvme_trace({"grep", "t.bin", "latency > 1"});
    EXPECT_EQ(wrong.code, 2);
    EXPECT_EQ(wrong.err,
              "nvme-trace: \"latency > 1\": column 12: latency is a time, and needs a unit: ns, "
              "us, ms or s\n");
}

TEST_F(TraceAnalysis, FailsATestWhenARunHasBecomeSlower) {
    run();
    EXPECT_EQ(shell("cp t.bin before.bin").code, 0);
    EXPECT_EQ(nvme_trace({"diff", "before.bin", "t.bin", "--max-shift", "0%"}).code, 0);
    write("slow.fio", "[r]\nrw=randread\nbs=4k\niodepth=1\nnumber_ios=200\nsize=4m\n");
    for (const std::string ns : {"50000", "60000"})
        ASSERT_EQ(nvme_vp({"run", "--job", "slow.fio", "--set", "media_read_ns=" + ns,
                           "--trace_binary", ns + ".bin"})
                      .code,
                  0);
    const Outcome slower = nvme_trace({"diff", "50000.bin", "60000.bin", "--max-shift", "5%"});
    EXPECT_EQ(slower.code, 1);
    EXPECT_TRUE(has(slower.out, "beyond")) << slower.out;
    EXPECT_TRUE(has(slower.out, "+10.0 us")) << slower.out;
    EXPECT_EQ(nvme_trace({"diff", "50000.bin", "60000.bin", "--max-shift", "30%"}).code, 0);
    const Outcome other = nvme_trace({"diff", "t.bin", "50000.bin"});
    EXPECT_EQ(other.code, 1);
    EXPECT_TRUE(has(other.out, "first divergence: ")) << other.out;
}

TEST_F(TraceAnalysis, ShowsPerfettoEveryCommandInALaneOfItsOwn) {
    run({"--trace_detail", "all"});
    ASSERT_EQ(nvme_trace({"convert", "t.bin", "--to", "perfetto", "-o", "p.json"}).code, 0);
    const json all = read_json("p.json")["traceEvents"];
    std::map<std::pair<int, int>, double> until;  // process and lane
    std::size_t reads_and_writes = 0;
    for (const json& event : all) {
        if (event["ph"] != "X" || !event.contains("args")) continue;
        reads_and_writes += event["name"] == "Read" || event["name"] == "Write" ? 1 : 0;
        double& busy = until[{event["pid"], event["tid"]}];
        EXPECT_GE(event["ts"].get<double>(), busy - 1e-5) << "overlaps the one before it";
        busy = event["ts"].get<double>() + event["dur"].get<double>();
    }
    EXPECT_EQ(reads_and_writes, 3000u);
}

TEST_F(TraceAnalysis, OfADamagedFileSaysWhatIsMissing) {
    run();
    const std::string bytes = read("t.bin");
    write("cut.bin", bytes.substr(0, bytes.size() / 2));
    const Outcome cut = nvme_trace({"stats", "cut.bin"});
    EXPECT_EQ(cut.code, 0);
    EXPECT_TRUE(has(cut.err, "nvme-trace: cut.bin: byte ")) << cut.err;
    EXPECT_TRUE(has(cut.err, "the file ends within the block that begins here")) << cut.err;
    const std::string text = read("t.trace");
    write("cut.trace", text.substr(0, text.find(" complete ", text.size() / 2)));
    const Outcome within = nvme_trace({"stats", "cut.trace"});
    EXPECT_EQ(within.code, 0);
    EXPECT_TRUE(has(within.err, "nvme-trace: cut.trace: line ")) << within.err;
    EXPECT_TRUE(has(within.err, ": the file ends within it: it was cut off")) << within.err;
    write("edited.trace", text.substr(0, text.size() / 2) + "\nnonsense\n");
    const Outcome edited = nvme_trace({"stats", "edited.trace"});
    EXPECT_EQ(edited.code, 0);
    EXPECT_TRUE(has(edited.err, "nvme-trace: edited.trace: line ")) << edited.err;
}

TEST_F(TraceAnalysis, FollowsATraceThatGrowsUntilItIsComplete) {
    run();
    const std::string bytes = read("t.bin");
    write("g.bin", "");
    // First less than says what it is. Ends by itself: the last block says that all is there.
    const Outcome live =
        shell("(head -c 3 t.bin > g.bin; sleep 0.2; head -c " + std::to_string(bytes.size() / 2) +
              " t.bin | tail -c +4 >> g.bin; sleep 0.3; tail -c +" +
              std::to_string(bytes.size() / 2 + 1) + " t.bin >> g.bin) & " +
              shell_word(NVME_TRACE) + " live g.bin --interval 0.1");
    EXPECT_EQ(live.code, 0) << live.err;
    EXPECT_EQ(live.err, "");
    const std::string last = live.out.substr(live.out.rfind("g.bin: "));
    EXPECT_TRUE(has(last, "3000 I/O commands so far, 0 errors")) << live.out;
    EXPECT_TRUE(has(live.out, "limit: ")) << live.out;

    for (const char* trace : {"t.bin", "t.trace"}) {
        const Outcome once = nvme_trace({"live", "--once", trace});
        EXPECT_EQ(once.code, 0) << once.err;
        EXPECT_TRUE(has(once.out, "3000 I/O commands so far, 0 errors")) << once.out;
    }
    write("half.bin", bytes.substr(0, bytes.size() / 2));
    EXPECT_EQ(nvme_trace({"live", "--once", "half.bin"}).err, "") << "there may be more";
}

TEST_F(TraceAnalysis, RefusesWhatItCannotDoInOneLine) {
    write("t.trace", "# nvme-tlm event trace, format 2: <time in ps> <event> <key>=<value>...\n");
    write("x", "hello\n");
    const struct {
        std::vector<std::string> arguments;
        const char* problem;
    } kCases[] = {
        {{}, "no command: must be report, stats, grep, diff, convert or live"},
        {{"reprot", "t.trace"},
         "\"reprot\" is not a command: must be report, stats, grep, diff, "
         "convert or live"},
        {{"report"}, "report needs one trace"},
        {{"diff", "t.trace"}, "diff needs two traces"},
        {{"stats", "none"}, "none: No such file or directory"},
        {{"stats", "."}, ".: is a directory, not an event trace"},
        {{"stats", "x"},
         "x: is no event trace: must be what nvme-vp --trace, --trace_binary or --vcd writes"},
        {{"report", "t.trace", "-o", "x.pdf"},
         "--output = \"x.pdf\": must end in .html, .json, .csv or .txt, or be -"},
        {{"report", "t.trace", "-o", "no/x.json"},
         "no/x.json: cannot write: No such file or directory"},
        {{"convert", "t.trace", "--to", "vcd"},
         "--to = \"vcd\": must be csv, sqlite, fio, blkparse, perfetto, text or binary"},
        {{"convert", "t.trace", "--to", "text"}, "convert --to text needs --output FILE"},
        {{"convert", "t.trace", "--to", "sqlite"}, "convert --to sqlite needs --output FILE"},
        {{"convert", "t.trace", "--to", "fio"}, "convert --to fio needs --output FILE"},
        {{"convert", "t.trace", "--to", "text", "-o", "t.trace"},
         "--output = \"t.trace\": is the trace itself"},
        {{"diff", "t.trace", "t.trace", "--max-shift", "much"},
         "--max-shift = \"much\": must be 0% to 1000000%"},
        {{"stats", "t.trace", "--max-shift", "5%"}, "--max-shift is for diff"},
        {{"stats", "t.trace", "--block-size", "100"},
         "--block-size = \"100\": must be 512 to 65536"},
        {{"live", "x"},
         "x: is no event trace: must be what nvme-vp --trace, --trace_binary or --vcd writes"},
        {{"live", "t.trace", "--interval", "0"}, "--interval = \"0\": must be 0.1 to 3600"},
        {{"stats", "t.trace", "--once"}, "--once is for live"},
        {{"stats", "t.trace", "--most-commands", "0"},
         "--most-commands = \"0\": must be 1 to 4000000000"},
        {{"stats", "t.trace", "--outptu", "x"},
         "unrecognised option '--outptu'; did you mean \"output\"?"},
    };
    for (const auto& c : kCases) {
        const Outcome outcome = nvme_trace(c.arguments);
        EXPECT_EQ(outcome.code, 2) << c.problem;
        EXPECT_EQ(outcome.err.substr(0, outcome.err.find('\n')),
                  std::string("nvme-trace: ") + c.problem);
        EXPECT_EQ(outcome.out, "");
    }
    EXPECT_EQ(nvme_trace({"stats", "t.trace"}).code, 0) << "an empty trace is one";
    EXPECT_EQ(nvme_trace({"--help"}).code, 0);
    EXPECT_TRUE(has(nvme_trace({"--help"}).out, "--max-shift"));
}

}  // namespace
}  // namespace nvme_vp::test
