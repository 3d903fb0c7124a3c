// SPDX-License-Identifier: Apache-2.0
// Simulated time ends after 2^64 ps, about 213 days. What asks for more used to spin, or to end as
// if all were well, because sums of times wrapped around.
#include "tests/sim/programs/program.h"
#include "tests/sim/programs/text_checks.h"

namespace nvme_vp::test {
namespace {

constexpr const char* kSaid = "the end of simulated time (2^64 ps, about 213 days) comes before";

class EndOfTime : public ProgramTest {
protected:
    Outcome run_job(const std::string& text) {
        write("job.fio", "[j]\nrw=read\nbs=4k\n" + text);
        return nvme_vp({"run", "--job", "job.fio", "--report", "r.json"});
    }
};

TEST_F(EndOfTime, AJobThatThinksForMonthsIsDoneAtOnceWhenTheySuffice) {
    const Outcome run = run_job("thinktime=100d\nnumber_ios=3\n");
    EXPECT_EQ(run.code, 0) << run.out << run.err;
    EXPECT_EQ(read_json("r.json")["jobs"][0]["io"]["read"]["ios"], 3);
    EXPECT_GE(read_json("r.json")["simulated_ps"], 17'280'000'000'000'000'000u);
}

TEST_F(EndOfTime, AJobThatGoesOnBeyondItFailsWithOneLineThatSaysSo) {
    for (const char* job :
         {"thinktime=120d\nnumber_ios=3\n", "thinktime=1d\nnumber_ios=400\n",
          "thinktime=1d\nsize=4k\nloops=400\n",
          "thinktime=213d\nnumber_ios=2\n[k]\nrw=randread\nbs=4k\nthinktime=100d\nnumber_ios=9\n",
          "fsync=1\nthinktime=150d\nrw=write\nnumber_ios=9\n"}) {
        const Outcome run = run_job(job);
        EXPECT_EQ(run.code, 1) << job << run.out << run.err;
        EXPECT_TRUE(has(run.out, kSaid)) << job;
        EXPECT_EQ(read_json("r.json")["good"], false) << job;
    }
}

TEST_F(EndOfTime, ALogWithATimeShortlyBeforeItFailsAndOneBeyondItIsRefused) {
    const std::string log = "fio version 3 iolog\n0 a add\n0 a open\n0 a read 0 4096\n";
    write("late.log", log + "18446744073700 a read 0 4096\n18446744073709 a close\n");
    const Outcome late = nvme_vp({"replay", "late.log"});
    EXPECT_EQ(late.code, 1) << late.out << late.err;
    EXPECT_TRUE(has(late.out, kSaid));
    write("good.log", log + "18000000000000 a read 0 4096\n18000000000000 a close\n");
    EXPECT_EQ(nvme_vp({"replay", "good.log"}).code, 0);
    write("never.log", log + "18446744073710 a read 0 4096\n");
    const Outcome never = nvme_vp({"replay", "never.log"});
    EXPECT_EQ(never.code, 2);
    EXPECT_TRUE(has(never.err, "never.log:5: '18446744073710' is no time in microseconds"));
    write("waits.log",
          "fio version 2 iolog\na add\na open\na wait 10000000000000 0\n"
          "a read 0 4096\na wait 10000000000000 0\n");
    EXPECT_EQ(nvme_vp({"replay", "waits.log"}).code, 2);
}

TEST_F(EndOfTime, ASessionOfWhichTheTimesLieBehindItIsNotCalledReplayed) {
    ASSERT_EQ(
        shell("head -2 " + shell_word(project("traces/linux-6.12-probe.session")) + " > s").code,
        0);
    write("late.session", read("s") + "18446744073709551615 bar0 read 0 4 0\n");
    const Outcome run = nvme_vp({"replay", "late.session"});
    EXPECT_EQ(run.code, 1) << run.out << run.err;
    EXPECT_TRUE(has(run.err, kSaid));
    EXPECT_TRUE(has(run.out, "the end of the recording was not reached"));
}

TEST_F(EndOfTime, FaultsAndEventsOfTenDaysAndThePatienceOfTheDriverAreNotUpset) {
    write("c.json", R"({"faults": [{"action": "delay", "opcode": 2, "queues": "io", "nth": 3,
                                    "delay_ns": 864000000000000},
                                   {"action": "hold_completion", "opcode": 2, "queues": "io",
                                    "nth": 4, "at_ns": 864000000000000},
                                   {"action": "link_down", "at_ns": 864000000000000,
                                    "duration_ns": 864000000000000}],
                        "events": [{"at_ns": 1000000000000000, "action": "remove", "nsid": 1}]})");
    write("j.fio", "[j]\nrw=read\nbs=4k\nnumber_ios=9\n");
    const Outcome run = nvme_vp({"run", "--config", "c.json", "--job", "j.fio"});
    EXPECT_EQ(run.code, 1) << run.out << run.err;
    EXPECT_TRUE(has(run.out, "no completion within 10.0s of simulated time"));
}

}  // namespace
}  // namespace nvme_vp::test
