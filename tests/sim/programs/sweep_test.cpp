// SPDX-License-Identifier: Apache-2.0
// A job at all combinations of parameters: nvme-vp sweep.
#include "tests/sim/programs/program.h"
#include "tests/sim/programs/text_checks.h"

namespace nvme_vp::test {
namespace {

class Sweep : public ProgramTest {
protected:
    Sweep() { write("j.fio", "[j]\nrw=randread\nbs=4k\nnumber_ios=200\nsize=1M\n"); }

    Outcome sweep(const std::string& over, std::vector<std::string> more = {}) {
        more.insert(more.begin(), {"sweep", "--job", "j.fio", "--over", over});
        return nvme_vp(more);
    }
    [[nodiscard]] std::vector<std::string> lines(const std::string& name) const {
        std::vector<std::string> all;
        std::istringstream text(read(name));
        for (std::string line; std::getline(text, line);) all.push_back(line);
        return all;
    }
};

TEST_F(Sweep, RunsEveryCombinationAndMakesOneTable) {
    const Outcome outcome = sweep("media_read_ns=10000,40000 depth=1,4 interrupts=msix,polled");
    EXPECT_EQ(outcome.code, 0) << outcome.err;
    const std::vector<std::string> table = lines("sweep/table.csv");
    ASSERT_EQ(table.size(), 9u);
    EXPECT_EQ(table[0],
              "media_read_ns,depth,interrupts,job,op,IOPS,MiB/s,mean_us,p50_us,p99_us,p99.9_us,"
              "max_us,write_amplification");
    EXPECT_EQ(table[1].rfind("10000,1,msix,j,read,", 0), 0u) << table[1];
    EXPECT_EQ(table[2].rfind("10000,1,polled,j,read,", 0), 0u) << table[2];
    EXPECT_EQ(table[8].rfind("40000,4,polled,j,read,", 0), 0u) << table[8];
    EXPECT_TRUE(has(outcome.out, {"media_read_ns", "polled", "IOPS"}));
    // What a point says is what a run says.
    ASSERT_EQ(nvme_vp({"run", "--job", "j.fio", "--set", "media_read_ns=40000", "--job_set",
                       "iodepth=4", "--report", "one.json"})
                  .code,
              0);
    const auto alone = read_json("one.json").at("jobs");
    EXPECT_EQ(read_json("sweep/00006.json").at("jobs"), alone);
}

TEST_F(Sweep, WhatHasBeenRunIsNotRunAgain) {
    ASSERT_EQ(sweep("depth=1,2,3").code, 0);
    const std::string table = read("sweep/table.csv");
    ASSERT_EQ(shell("rm sweep/00001.json && touch -d 2001-01-01 sweep/00002.json").code, 0);
    const Outcome again = sweep("depth=1,2,3");
    EXPECT_EQ(again.code, 0);
    EXPECT_TRUE(has(again.err, "2 of 3 combinations have been run before"));
    EXPECT_EQ(read("sweep/table.csv"), table);
    EXPECT_TRUE(has(shell("ls -l --time-style=+%Y sweep/00002.json").out, "2001"));
}

TEST_F(Sweep, ADirectoryHoldsOneSweep) {
    ASSERT_EQ(sweep("depth=1", {"--out", "here"}).code, 0);
    const std::string table = read("here/table.csv");
    const Outcome other = sweep("depth=2", {"--out", "here"});
    EXPECT_EQ(other.code, 2);
    EXPECT_TRUE(has(other.err, "out = \"here\": holds another sweep"));
    EXPECT_EQ(read("here/table.csv"), table);
    // Another job in the file of the same name is another sweep.
    write("j.fio", "[j]\nrw=read\nbs=4k\nnumber_ios=10\nsize=1M\n");
    EXPECT_EQ(sweep("depth=1", {"--out", "here"}).code, 2);
    EXPECT_EQ(sweep("depth=1", {"--out", "there", "--parallel", "1"}).code, 0);
}

TEST_F(Sweep, WhatCannotBeRunIsToldBeforeAnythingRuns) {
    const std::vector<std::pair<std::string, std::string>> bad{
        {"", "sweep needs --over"},
        {"depth", "over: depth: must be NAME=VALUE"},
        {"depth=", "over: depth=: must be NAME=VALUE"},
        {"dephts=1", "did you mean \"depth\""},
        {"depth=1 depth=2", "over: depth=2: stands there twice"},
        {"depth=1 iodepth=2", "over: iodepth=2: stands there twice"},
        {"report=a,b", "neither the controller, nor run, nor a job has \"report\""},
        {"link_gen=3,9", "over: link_gen=9: --set link_gen = \"9\": must be"},
        {"depth=1,x bs=4k", "over: depth=x bs=4k: "},
        {"preset=none_such", "preset = \"none_such\": must be one of"},
        {"mdts=1,2,3,4,5 depth=1,2,3,4,5,6,7,8,9 bs=1,2,3,4,5,6,7,8,9 randseed=1,2,3,4,5,6,7,8,9 "
         "size=1,2,3,4,5,6,7,8,9 number_ios=1,2,3,4,5,6,7,8,9",
         "more than 100000 combinations"}};
    for (const auto& [over, problem] : bad) {
        const Outcome outcome = sweep(over);
        EXPECT_EQ(outcome.code, 2) << over;
        EXPECT_EQ(outcome.out, "") << over;
        EXPECT_TRUE(has(outcome.err, problem)) << over;
    }
    EXPECT_EQ(sweep("depth=1", {"--report", "x"}).code, 2);
    EXPECT_EQ(nvme_vp({"sweep", "--over", "depth=1", "--job", "none.fio"}).code, 2);
    EXPECT_EQ(sweep("depth=1", {"--out", "j.fio"}).code, 2);
    EXPECT_FALSE(exists("sweep"));
}

TEST_F(Sweep, ACombinationThatFailsIsNamedAndTheOthersAreThere) {
    // The job has 1 MiB, which is less than a block of 2.
    const Outcome outcome = sweep("bs=512,2m");
    EXPECT_EQ(outcome.code, 1);
    EXPECT_TRUE(has(outcome.out, "failed, see sweep/00001.log"));
    EXPECT_NE(read("sweep/00001.log"), "");
    EXPECT_EQ(lines("sweep/table.csv").size(), 3u);
    EXPECT_FALSE(exists("sweep/00000.log"));
}

TEST_F(Sweep, AnInterruptedOneGoesOnAndLeavesNothingBehind) {
    // The first two are short; the third goes on until it is killed.
    write("j.fio", "[j]\nrw=randread\nbs=4k\nsize=1M\nloops=1\n");
    const std::string words =
        shell_word(NVME_VP) + " sweep --job j.fio --parallel 1 --over 'loops=1,2,100000000'";
    const Outcome stopped =
        shell(words +
              " & sweeping=$!; while [ ! -e sweep/00001.json ]; do sleep 0.1; done; "
              "while [ ! -e sweep/00002.log ]; do sleep 0.1; done; "
              "kill -INT $sweeping; wait $sweeping");
    EXPECT_EQ(stopped.code, 1);
    EXPECT_TRUE(has(stopped.err, "stopped: the same command goes on"));
    EXPECT_EQ(lines("sweep/table.csv").size(), 4u);
    EXPECT_TRUE(has(stopped.out, "not run"));
    EXPECT_EQ(shell("ls sweep").out, "00000.json\n00001.json\nplot.gp\nsweep.json\ntable.csv\n");
    // One that somebody else goes on with meanwhile is left to them.
    const Outcome second = shell(words +
                                 " & first=$!; while [ ! -e sweep/00002.log ]; do sleep "
                                 "0.1; done; " +
                                 words + "; code=$?; kill -TERM $first; wait $first; exit $code");
    EXPECT_EQ(second.code, 2);
    EXPECT_TRUE(has(second.err, {"2 of 3 combinations have been run before",
                                 "out = \"sweep\": a sweep is going on there"}));
}

// It used to wait for ever, or to fall over a process that was not its own.
TEST_F(Sweep, WhoeverStartsItMayHaveOtherChildrenAndNoInterestInTheirEnd) {
    const std::string words = shell_word(NVME_VP) + " sweep --job j.fio --over depth=1,2";
    EXPECT_EQ(shell("sh -c " + shell_word("sleep 0.2 & exec " + words)).code, 0);
    EXPECT_EQ(shell("trap '' CHLD; " + words + " --out other").code, 0);
}

TEST_F(Sweep, AJobThatIsVariedIsPartOfWhatWasRun) {
    write("a.fio", "[a]\nrw=read\nnumber_ios=10\nsize=1M\n");
    write("b.fio", "[b]\nrw=read\nnumber_ios=10\nsize=1M\n");
    ASSERT_EQ(nvme_vp({"sweep", "--over", "job=a.fio,b.fio"}).code, 0);
    write("b.fio", "[b]\nrw=randwrite\nnumber_ios=10\nsize=1M\n");
    EXPECT_EQ(nvme_vp({"sweep", "--over", "job=a.fio,b.fio"}).code, 2);
}

}  // namespace
}  // namespace nvme_vp::test
