// SPDX-License-Identifier: Apache-2.0
// What the options of a waveform choose.
#include "tests/sim/programs/program.h"
#include "tests/sim/programs/text_checks.h"

namespace nvme_vp::test {
namespace {

class Waveform : public ProgramTest {
protected:
    Waveform() { write("job.fio", "[a]\nrw=randread\nbs=4k\niodepth=4\nnumber_ios=40\nsize=1m\n"); }
    Outcome run(std::vector<std::string> options) {
        options.insert(options.begin(), {"run", "--job", "job.fio", "--vcd", "w.vcd"});
        return nvme_vp(options);
    }
};

TEST_F(Waveform, HasItsViewBesideIt) {
    ASSERT_EQ(run({}).code, 0);
    const std::string view = read("w.vcd.gtkw");
    EXPECT_TRUE(has(view, "[dumpfile] \"/nvme-tlm/w.vcd\"")) << "relative to where they are";
    EXPECT_TRUE(has(view, "nvme0.queues.io1.slots.s3.step[2:0]"));
    EXPECT_TRUE(has(read("w.vcd.filters/io_opcode.txt"), "02 Read"));
    EXPECT_FALSE(has(view, "[timestart] 0\n"));
    EXPECT_TRUE(has(read("w.vcd.sucl"), "\nvariable_add nvme0.queues.io1.slots.s3.step\n"));
    EXPECT_TRUE(has(read("w.vcd.filters/surfer/nvme_io_opcode.txt"), "\n2 Read\n"));
}

TEST_F(Waveform, HasTheSignalsThatWereChosen) {
    ASSERT_EQ(run({"--vcd_signals", "queues.1.sq.*,link"}).code, 0);
    const std::string wave = read("w.vcd");
    EXPECT_TRUE(has(wave, " tail [15:0]"));
    EXPECT_TRUE(has(wave, " up [15:0]"));
    EXPECT_FALSE(has(wave, " state "));
    EXPECT_FALSE(has(wave, "$scope module admin"));
    ASSERT_EQ(run({"--vcd_slots", "2"}).code, 0);
    EXPECT_TRUE(has(read("w.vcd"), "$scope module s1 "));
    EXPECT_FALSE(has(read("w.vcd"), "$scope module s2 "));
}

TEST_F(Waveform, HasEachDieAndChannelOfTheFlash) {
    ASSERT_EQ(run({"--set", "media=nand"}).code, 0);
    const std::string wave = read("w.vcd");
    EXPECT_TRUE(has(wave, " c7 $end"));
    EXPECT_TRUE(has(wave, " d31 [1:0] $end"));
    EXPECT_FALSE(has(wave, " d32 [1:0] $end"));
    EXPECT_TRUE(has(read("w.vcd.gtkw"), "+{die 31} nvme0.media.dies.d31[1:0]"));
    ASSERT_EQ(run({}).code, 0);
    EXPECT_FALSE(has(read("w.vcd"), "$scope module dies"));
}

TEST_F(Waveform, HasTheTimesThatWereChosen) {
    ASSERT_EQ(run({"--vcd_from_ns", "5000", "--vcd_to_ns", "20000"}).code, 0);
    const std::string wave = read("w.vcd");
    EXPECT_TRUE(has(wave, "$enddefinitions $end\n#5000000\n$dumpvars\n"));
    EXPECT_TRUE(has(wave, "#20000000\n$comment complete $end\n"));
}

TEST_F(Waveform, WaitsForItsTrigger) {
    write("c.json", R"({"faults": [{"name": "slow", "action": "delay_completion", "nth": 20,
                                    "queues": "io", "delay_ns": 50000}]})");
    ASSERT_EQ(run({"--config", "c.json", "--vcd_trigger", "slow", "--vcd_before_ns", "10000"}).code,
              0);
    const std::string wave = read("w.vcd");
    EXPECT_FALSE(has(wave, "has not happened"));
    EXPECT_FALSE(has(wave, "#0\n"));
    ASSERT_EQ(run({"--vcd_trigger", "error"}).code, 0);
    EXPECT_TRUE(has(read("w.vcd"), "$comment what was to trigger this file has not happened"));
}

TEST_F(Waveform, OptionsThatCannotBeMeantAreRefused) {
    const std::pair<std::vector<std::string>, const char*> kRefused[] = {
        {{"--vcd_signals", "state,queues.7"},
         "vcd_signals = \"queues.7\": there is no such signal"},
        {{"--vcd_trigger", "lnit"}, "vcd_trigger = \"lnit\": must be lint, fault, error, a rule"},
        {{"--vcd_trigger", "lint", "--lint", "false"}, "vcd_trigger = \"lint\": needs lint"},
        {{"--vcd_from_ns", "9", "--vcd_to_ns", "8"}, "vcd_to_ns = 8: must not be before"},
        {{"--vcd_slots", "1025"}, "vcd_slots"},
    };
    for (const auto& [options, message] : kRefused) {
        const Outcome outcome = run(options);
        EXPECT_EQ(outcome.code, 2) << message;
        EXPECT_TRUE(has(outcome.err, message)) << outcome.err;
    }
}

TEST_F(Waveform, ItsViewReplacesNoOtherOutput) {
    const Outcome outcome = run({"--trace", "w.vcd.gtkw"});
    EXPECT_EQ(outcome.code, 2);
    EXPECT_TRUE(has(outcome.err, "the same file as the view of vcd")) << outcome.err;
    EXPECT_EQ(run({"--trace", "w.vcd.sucl"}).code, 2);
}

// A waveform wants details of a run; the trace beside it is as short as ever.
TEST_F(Waveform, ChangesNothingOfTheTraceBesideIt) {
    ASSERT_EQ(nvme_vp({"run", "--job", "job.fio", "--trace", "alone.txt"}).code, 0);
    ASSERT_EQ(run({"--trace", "beside.txt"}).code, 0);
    EXPECT_TRUE(read("alone.txt") == read("beside.txt"));
}

TEST_F(Waveform, OfTwoRunsIsTheSame) {
    ASSERT_EQ(run({}).code, 0);
    const std::string first = read("w.vcd");
    const std::string view = read("w.vcd.gtkw");
    ASSERT_EQ(run({}).code, 0);
    EXPECT_TRUE(first == read("w.vcd"));
    EXPECT_TRUE(view == read("w.vcd.gtkw"));
}

}  // namespace
}  // namespace nvme_vp::test
