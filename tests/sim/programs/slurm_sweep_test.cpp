// SPDX-License-Identifier: Apache-2.0
// A sweep whose runs are tasks of Slurm: nvme-vp sweep --engine slurm. tests/slurm has a real one.
#include "tests/sim/programs/fake_slurm.h"
#include "tests/sim/programs/text_checks.h"

namespace nvme_vp::test {
namespace {

class SlurmSweep : public FakeSlurmTest {
protected:
    SlurmSweep() { write("j.fio", "[j]\nrw=randread\nbs=4k\nnumber_ios=100\nsize=1M\n"); }

    static std::vector<std::string> words(const std::string& over,
                                          const std::vector<std::string>& more = {}) {
        std::vector<std::string> all{"sweep", "--engine", "slurm", "--job",
                                     "j.fio", "--over",   over};
        all.insert(all.end(), more.begin(), more.end());
        return all;
    }
    Outcome sweep(const std::string& over, const std::vector<std::string>& more = {},
                  const std::string& variables = "") {
        return with_slurm(words(over, more), variables);
    }
    /// The same sweep on this machine has the same table.
    void expect_local_table(const std::string& over) {
        ASSERT_EQ(nvme_vp({"sweep", "--job", "j.fio", "--over", over, "--out", "local"}).code, 0);
        EXPECT_EQ(read("sweep/table.csv"), read("local/table.csv"));
    }
};

TEST_F(SlurmSweep, RunsEveryCombinationInArraysOfTheAllowedSize) {
    const Outcome outcome = sweep("depth=1,2,3 link_gen=3,4");
    EXPECT_EQ(outcome.code, 0) << outcome.err;
    EXPECT_EQ(outcome.err, "");
    expect_local_table("depth=1,2,3 link_gen=3,4");
    const auto submitted = lines("cluster/submissions");
    EXPECT_TRUE(lists(submitted, {"--array=0-3 ", "--array=0-1 "}));
    EXPECT_TRUE(has(submitted[1], {"--parsable", "--no-requeue", ".4 ", path("sweep"), NVME_VP}));
    EXPECT_EQ(shell("ls sweep/*.log; cat sweep/slurm.log").out, "sweep/slurm.log\n");
}

TEST_F(SlurmSweep, WithALimitOneArrayIsSubmittedAtATime) {
    EXPECT_EQ(sweep("depth=1,2,3,4,5", {"--parallel", "2"}).code, 0);
    EXPECT_TRUE(lists(lines("cluster/submissions"), {"--array=0-3%2 ", "--array=0%2 "}));
    expect_local_table("depth=1,2,3,4,5");
}

TEST_F(SlurmSweep, ALostTaskIsRunAgain) {
    write("cluster/lost", "1\n1\n2\n");
    EXPECT_EQ(sweep("depth=1,2,3,4").code, 0);
    EXPECT_TRUE(
        lists(lines("cluster/submissions"), {"--array=0-3 ", "--array=1-2 ", "--array=1 "}));
    expect_local_table("depth=1,2,3,4");
}

TEST_F(SlurmSweep, ATaskThatIsLostThreeTimesHasFailedAndTheOthersAreThere) {
    write("cluster/lost", "1\n1\n1\n1\n");
    const Outcome outcome = sweep("depth=1,2,3");
    EXPECT_EQ(outcome.code, 1);
    EXPECT_TRUE(has(outcome.out, "failed, see sweep/00001.log"));
    EXPECT_TRUE(has(read("sweep/00001.log"), {"lost this task 3 times", "slurm.log"}));
    EXPECT_EQ(lines("cluster/submissions").size(), 3u);
    EXPECT_EQ(lines("sweep/table.csv").size(), 4u);
    // Given again, it is tried again.
    shell("rm cluster/lost");
    EXPECT_EQ(sweep("depth=1,2,3").code, 0);
    EXPECT_TRUE(has(lines("cluster/submissions").back(), "--array=1 "));
    EXPECT_FALSE(exists("sweep/00001.log"));
}

TEST_F(SlurmSweep, ARunThatFailsKeepsWhatItSaid) {
    // The job has 1 MiB, which is less than a block of 2.
    EXPECT_EQ(sweep("bs=512,2m").code, 1);
    EXPECT_TRUE(has(read("sweep/00001.log"), "bs"));
    EXPECT_TRUE(has(read("sweep/slurm.log"), "point 1 failed, see "));
    EXPECT_EQ(lines("cluster/submissions").size(), 3u);
}

TEST_F(SlurmSweep, WhatSbatchRefusesIsToldAndTheSameCommandGoesOn) {
    write("cluster/refuse", "sbatch: error: invalid partition specified: none\n");
    const Outcome refused = sweep("depth=1,2");
    EXPECT_EQ(refused.code, 1);
    EXPECT_TRUE(has(refused.err, {"engine = \"slurm\": sbatch: error: invalid partition",
                                  "stopped: the same command goes on"}));
    EXPECT_TRUE(has(refused.out, "not run"));
    shell("rm cluster/refuse");
    EXPECT_EQ(sweep("depth=1,2").code, 0);
    expect_local_table("depth=1,2");
}

TEST_F(SlurmSweep, AQueueThatIsFullIsWaitedOut) {
    write("cluster/full", "");
    EXPECT_EQ(sweep("depth=1,2,3,4,5,6", {"--slurm_patience_s", "0"}).code, 0);
    EXPECT_EQ(lines("cluster/submissions").size(), 2u);
    expect_local_table("depth=1,2,3,4,5,6");
}

TEST_F(SlurmSweep, AControllerThatIsAwayIsWaitedForAndNothingIsDoubled) {
    write("cluster/down", "3");
    EXPECT_EQ(sweep("depth=1,2").code, 0);
    EXPECT_EQ(lines("cluster/submissions").size(), 1u);
    EXPECT_EQ(read("cluster/down"), "0\n");
    expect_local_table("depth=1,2");
}

TEST_F(SlurmSweep, PatienceEnds) {
    write("cluster/down", "1000000");
    const Outcome outcome = sweep("depth=1,2", {"--slurm_patience_s", "1"});
    EXPECT_EQ(outcome.code, 1);
    EXPECT_TRUE(has(outcome.err, {"squeue: slurm_load_jobs error: Unable to contact", "(for 1 s)",
                                  "stopped: the same command goes on"}));
    EXPECT_FALSE(exists("cluster/submissions"));
}

TEST_F(SlurmSweep, OneThatWasKilledFindsItsTasksAgain) {
    write("cluster/hold", "");
    const std::string start = command(words("depth=1,2,3"));
    shell(start +
          " & sweeping=$!; while [ ! -s cluster/queue ]; do sleep 0.1; done; "
          "kill -KILL $sweeping; wait $sweeping");
    shell("rm cluster/hold");
    EXPECT_EQ(sweep("depth=1,2,3").code, 0);
    EXPECT_EQ(lines("cluster/submissions").size(), 1u);
    expect_local_table("depth=1,2,3");
}

TEST_F(SlurmSweep, OneThatIsStoppedCancelsItsTasks) {
    write("cluster/hold", "");
    // Somebody else's job is nobody's business.
    write("cluster/noise", "77 0 nvme-vp-0123456789abcdef.0\n");
    const Outcome stopped =
        shell(command(words("depth=1,2,3")) +
              " & sweeping=$!; while [ ! -s cluster/queue ]; do sleep 0.1; done; "
              "kill -INT $sweeping; wait $sweeping");
    EXPECT_EQ(stopped.code, 1);
    EXPECT_TRUE(has(stopped.err, "stopped: the same command goes on"));
    EXPECT_EQ(read("cluster/cancelled"), "1\n");
    shell("rm cluster/hold");
    EXPECT_EQ(sweep("depth=1,2,3").code, 0);
    expect_local_table("depth=1,2,3");
}

TEST_F(SlurmSweep, WhatSqueueSaysBesideIsIgnored) {
    // What is appended to it is a line of ours: name and index fit, but for one thing.
    const std::string noise =
        "\n \n7\n7 \n7 0\n7 0 \nerror: something\n-7 0 NAME.0\n7 -1 NAME.0\n7 N/A NAME.0\n"
        "7 0 NAME\n7 0 NAME.\n7 0 NAME.x\n7 0 NAME.0x\n7 0 NAMEx.0\n7;rm 0 NAME.0\n"
        "7 99999999999999999999999 NAME.0\n7 18446744073709551615 NAME.18446744073709551615\n"
        "7 12 NAME.0\n7 0 NAME.100\n\x01\xff\x1b[2J\n";
    write("cluster/noise", noise + std::string(100'000, 'x') + std::string(3, '\0') + "\n");
    // The name is that of the directory, which can be chosen only while it is there.
    shell(
        "mkdir sweep; echo nvme-vp-0000000000000000 >sweep/slurm.name; "
        "sed -i s/NAME/nvme-vp-0000000000000000/ cluster/noise");
    EXPECT_EQ(sweep("depth=1,2,3").code, 0);
    EXPECT_EQ(lines("cluster/submissions").size(), 1u);
    EXPECT_TRUE(has(read("cluster/submissions"), "--job-name=nvme-vp-0000000000000000.0 "));
    expect_local_table("depth=1,2,3");
}

TEST_F(SlurmSweep, ASqueueWithoutEndIsEnded) {
    write("bin/squeue", "#!/bin/sh\nexec yes\n");
    const Outcome talks = sweep("depth=1,2", {"--slurm_patience_s", "0"});
    EXPECT_EQ(talks.code, 1);
    EXPECT_TRUE(has(talks.err, "squeue says too much (for 0 s)"));
    write("bin/squeue", "#!/bin/sh\ntouch \"$CLUSTER/asked\"\nexec sleep 10000\n");
    const Outcome hangs = shell(command(words("depth=1,2")) +
                                " & sweeping=$!; while [ ! -e cluster/asked ]; do sleep 0.1; done; "
                                "while kill -INT $sweeping; do sleep 0.1; done; wait $sweeping");
    EXPECT_EQ(hangs.code, 1);
    EXPECT_FALSE(exists("cluster/submissions"));
    EXPECT_TRUE(has(hangs.err, "stopped: the same command goes on"));
}

TEST_F(SlurmSweep, ANameThatIsNoneIsReplaced) {
    shell("mkdir sweep; echo '; rm -rf x' >sweep/slurm.name");
    EXPECT_EQ(sweep("depth=1").code, 0);
    EXPECT_EQ(read("sweep/slurm.name").substr(0, 8), "nvme-vp-");
}

TEST_F(SlurmSweep, NamesMayHaveWhatAShellTakesForSomethingElse) {
    const std::string name = "it's a \"%a\" $(x) \\ *";
    write(name + ".fio", read("j.fio"));
    const std::vector<std::string> rest{"--job", name + ".fio", "--over", "depth=1,2"};
    std::vector<std::string> words{"sweep", "--engine", "slurm", "--out", name};
    words.insert(words.end(), rest.begin(), rest.end());
    const Outcome outcome = with_slurm(words);
    EXPECT_EQ(outcome.code, 0) << outcome.err;
    EXPECT_EQ(lines(name + "/table.csv").size(), 3u);
}

TEST_F(SlurmSweep, TheUsersOwnFiltersDoNotBlindIt) {
    EXPECT_EQ(sweep("depth=1,2", {}, "SQUEUE_STATES=RUNNING SBATCH_WAIT=1").code, 0);
    EXPECT_EQ(lines("cluster/submissions").size(), 1u);
}

TEST_F(SlurmSweep, ASweepMayChangeItsEngine) {
    write("cluster/lost", "1\n1\n1\n");
    ASSERT_EQ(sweep("depth=1,2").code, 1);
    const Outcome local = nvme_vp({"sweep", "--job", "j.fio", "--over", "depth=1,2"});
    EXPECT_EQ(local.code, 0);
    EXPECT_TRUE(has(local.err, "1 of 2 combinations have been run before"));
}

TEST_F(SlurmSweep, WhatIsMissingIsToldBeforeAnythingIsMade) {
    for (const std::string tool : {"scontrol", "scancel", "squeue", "sbatch"}) {
        shell("rm bin/" + tool);
        const Outcome outcome = shell("PATH=bin " + shell_word(NVME_VP) +
                                      " sweep --engine slurm --job j.fio --over depth=1,2");
        EXPECT_EQ(outcome.code, 2);
        EXPECT_TRUE(has(outcome.err,
                        {"engine = \"slurm\": there is no " + tool + " in PATH", "slurm-client"}));
    }
    EXPECT_FALSE(exists("sweep"));
}

TEST_F(SlurmSweep, AClusterWithoutArraysIsRefused) {
    for (const std::string config : {"MaxArraySize = 0\n", "\n", "MaxArraySize\n",
                                     "MaxArraySize = 99999999999999999999999\n"}) {
        write("cluster/config", config);
        const Outcome outcome = sweep("depth=1,2");
        EXPECT_EQ(outcome.code, 2) << config;
        EXPECT_TRUE(has(outcome.err, "MaxArraySize, which scontrol shows, must be 1 or more"));
    }
    EXPECT_FALSE(exists("sweep"));
    EXPECT_EQ(sweep("depth=1", {"--engine", "pbs"}).code, 2);
}

class SweepPoint : public ProgramTest {
protected:
    SweepPoint() {
        write("j.fio", "[j]\nrw=randread\nbs=4k\nnumber_ios=100\nsize=1M\n");
        nvme_vp({"sweep", "--job", "j.fio", "--over", "depth=1,2"});
    }
};

TEST_F(SweepPoint, IsWhatTheSweepHasOfIt) {
    const auto jobs = read_json("sweep/00001.json").at("jobs");
    shell("rm sweep/00001.json");
    const Outcome outcome = nvme_vp({"point", "sweep", "1"});
    EXPECT_EQ(outcome.code, 0) << outcome.err;
    EXPECT_EQ(read_json("sweep/00001.json").at("jobs"), jobs);
    EXPECT_FALSE(exists("sweep/00001.log"));
    // One that is there is left alone.
    shell("touch -d 2001-01-01 sweep/00001.json");
    EXPECT_EQ(nvme_vp({"point", "sweep", "1"}).code, 0);
    EXPECT_TRUE(has(shell("ls -l --time-style=+%Y sweep/00001.json").out, "2001"));
}

TEST_F(SweepPoint, WhatCannotBeRunIsTold) {
    const std::vector<std::pair<std::vector<std::string>, std::string>> bad{
        {{"point"}, "point needs the directory of a sweep and a number"},
        {{"point", "sweep"}, "point needs the directory"},
        {{"point", "sweep", "x"}, "point needs the directory"},
        {{"point", "sweep", "1", "2"}, "point needs the directory"},
        {{"point", "sweep", "1", "--depth", "2"}, "point takes no options"},
        {{"point", "sweep", "2"}, "point 2: the sweep has points 0 to 1"},
        {{"point", ".", "0"}, "\".\" is not the directory of a sweep"},
        {{"point", "none", "0"}, "\"none\" is not the directory of a sweep"}};
    for (const auto& [words, problem] : bad) {
        const Outcome outcome = nvme_vp(words);
        EXPECT_EQ(outcome.code, 2) << problem;
        EXPECT_TRUE(has(outcome.err, problem));
    }
    for (const std::string text : {"", "{}", "[]", "7", "{\"over\":1}", "{\"over\":\"depth=1\"}"}) {
        write("sweep/sweep.json", text);
        EXPECT_EQ(nvme_vp({"point", "sweep", "0"}).code, 2) << text;
    }
}

TEST_F(SweepPoint, WithOtherFilesOrAnotherProgramNothingIsRun) {
    shell("rm sweep/00001.json");
    auto order = read_json("sweep/sweep.json");
    write("j.fio", "[j]\nrw=read\nsize=1M\n");
    EXPECT_TRUE(has(nvme_vp({"point", "sweep", "1"}).err, "another program, or with other files"));
    order["files"]["j.fio"] = read("j.fio");
    order["program"] = order["program"].get<std::uint32_t>() ^ 1;
    write("sweep/sweep.json", order.dump());
    EXPECT_EQ(nvme_vp({"point", "sweep", "1"}).code, 2);
    EXPECT_FALSE(exists("sweep/00001.json"));
}

}  // namespace
}  // namespace nvme_vp::test
