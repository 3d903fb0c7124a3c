// SPDX-License-Identifier: Apache-2.0
#include <pty.h>
#include <sys/wait.h>
#include <unistd.h>

#include <map>
#include <string>

#include "tests/sim/programs/program.h"
#include "tests/sim/programs/text_checks.h"

namespace nvme_vp::test {
namespace {

using nlohmann::json;

class Run : public ProgramTest {
protected:
    /// The part of a report that has to be the same in every run.
    [[nodiscard]] std::string repeatable(const std::string& name) const {
        auto report = nlohmann::ordered_json::parse(read(name));
        report.erase("host");
        return report.dump(1);
    }

    /// Mean time of a read at depth 1.
    double mean_read_ns(const std::vector<std::string>& options) {
        write("r.fio", "[r]\nrw=randread\nbs=4k\nnumber_ios=50\n");
        std::vector<std::string> arguments{"run", "--job", "r.fio", "--report", "r.json"};
        arguments.insert(arguments.end(), options.begin(), options.end());
        const Outcome run = nvme_vp(arguments);
        EXPECT_EQ(run.code, 0) << run.out << run.err;
        return read_json("r.json")["jobs"][0]["io"]["read"]["latency_ps"]["mean"].get<double>() /
               1e3;
    }
};

TEST_F(Run, DefaultJobWritesVerifiesReadsAndReports) {
    const Outcome run = nvme_vp({"run", "--report", "report.json"});
    ASSERT_EQ(run.code, 0) << run.err;
    EXPECT_EQ(run.err, "");
    for (const char* text :
         {"nvme-tlm, serial 000001", "namespace 1: 64 MiB, 131072 blocks of 512 bytes", "IOPS",
          "p99.9", "random-write verify", "sequential-read", "commands per host second of CPU",
          "no errors"})
        EXPECT_TRUE(has(run.out, text));

    const json report = read_json("report.json");
    EXPECT_EQ(report["good"], true);
    EXPECT_EQ(report["device"]["model"], "nvme-tlm");
    EXPECT_EQ(report["device"]["namespaces"][0]["blocks"], 131072);
    ASSERT_EQ(report["jobs"].size(), 2u);
    const json& write = report["jobs"][0];
    EXPECT_EQ(write["io"]["write"]["ios"], 4096);
    EXPECT_EQ(write["io"]["write"]["bytes"], 16 << 20);
    EXPECT_EQ(write["io"]["flush"]["ios"], 1);
    EXPECT_EQ(write["verify"]["read"]["ios"], 4096);
    EXPECT_EQ(report["jobs"][1]["io"]["read"]["ios"], 128);
    EXPECT_EQ(report["streams"][0]["depth"], 32);
    EXPECT_EQ(report["errors"]["verification"], 0);
    EXPECT_EQ(report["commands"], 4096 + 1 + 4096 + 128);
    const json& served = report["served"];
    EXPECT_EQ(served["data"]["from_host"], 16 << 20);
    EXPECT_GE(served["data"]["to_host"], 2 * (16 << 20));
    std::map<std::string, json> io;
    for (const json& each : served["opcodes"])
        if (each["queue"] == "io") io[each["name"]] = each;
    ASSERT_EQ(io.size(), 3u);
    EXPECT_EQ(io["Write"]["count"], 4096);
    EXPECT_EQ(io["Read"]["count"], 4096 + 128);
    EXPECT_EQ(io["Flush"]["opcode"], 0);
    EXPECT_EQ(io["Flush"]["errors"], 0);
    EXPECT_LT(io["Read"]["latency_ps"]["min"], write["verify"]["read"]["latency_ps"]["min"])
        << "the host's part is not in it";
    EXPECT_GT(report["simulated_ps"], 0);
    EXPECT_GT(report["host"]["commands_per_cpu_second"], 0);
    EXPECT_EQ(report["configuration"]["controller"]["mdts"], 6);

    const json& latency = write["io"]["write"]["latency_ps"];
    EXPECT_GT(latency["min"], 0);
    const char* ascending[] = {"min", "p50", "p90", "p99", "p99.9", "max"};
    for (std::size_t i = 1; i < std::size(ascending); ++i)
        EXPECT_LE(latency[ascending[i - 1]], latency[ascending[i]]) << ascending[i];
}

TEST_F(Run, TheSameRunGivesTheSameReportTraceAndWaveform) {
    write("job.fio",
          "[global]\nsize=1m\n[a]\nrw=randrw\nbs=4k\niodepth=16\nnumjobs=2\nverify=crc32c\n"
          "[b]\nstonewall\nrw=randread\nbs=64k\niodepth=4\n");
    for (const std::string n : {"1", "2"})
        ASSERT_EQ(nvme_vp({"run", "--job", "job.fio", "--report", "r" + n, "--trace", "t" + n,
                           "--vcd", "w" + n + ".vcd"})
                      .code,
                  0);
    EXPECT_EQ(repeatable("r1"), repeatable("r2"));
    EXPECT_GT(read("t1").size(), 10'000u);
    EXPECT_TRUE(read("t1") == read("t2"));
    const std::string wave = read("w1.vcd");
    EXPECT_TRUE(has(wave, "$enddefinitions"));
    EXPECT_TRUE(wave == read("w2.vcd"));
}

TEST_F(Run, ADriveThatCollectsIsTheSameEveryTime) {
    write("job.fio", "[a]\nrw=randrw\nbs=4k\niodepth=32\nnumjobs=2\nnumber_ios=3000\nsize=64m\n");
    for (const std::string n : {"1", "2"})
        ASSERT_EQ(nvme_vp({"run", "--job", "job.fio", "--set", "media=nand", "--set",
                           "ftl_precondition=random", "--set", "nand_pages=8", "--set",
                           "write_cache_bytes=1M", "--report", "r" + n, "--trace", "t" + n,
                           "--trace_detail", "all"})
                      .code,
                  0);
    EXPECT_EQ(repeatable("r1"), repeatable("r2"));
    EXPECT_GT(read_json("r1").at("media").at("blocks_erased").get<unsigned>(), 0u);
    EXPECT_TRUE(read("t1") == read("t2"));
}

// All details of a queue: what is told, when, and in which order.
TEST_F(Run, IsTheSameWhenProcessesDoNotGoAheadOfTheKernel) {
    write("job.fio", "[a]\nrw=randrw\nbs=4k\niodepth=16\nnumber_ios=1500\nsize=16m\n");
    const auto trace = [this](const std::string& preset, const std::string& ahead) {
        const std::string file = "t-" + preset + "-" + ahead;
        EXPECT_EQ(nvme_vp({"run", "--job", "job.fio", "--preset", preset, "--set",
                           "run_ahead=" + ahead, "--trace", file, "--trace_detail", "all"})
                      .code,
                  0);
        return read(file);
    };
    for (const std::string preset : {"low_latency_slc", "datacenter_tlc_gen4"})
        EXPECT_TRUE(trace(preset, "true") == trace(preset, "false")) << preset;
}

// The next doorbell arrives at the picosecond at which a step is due: its entry was fetched when
// the step's media time had passed.
TEST_F(Run, FetchesAtOnceWhatWasRungForWhenAStepWasDue) {
    write("job.fio", "[a]\nrw=randread\nbs=4k\niodepth=2\nnumber_ios=200\nsize=4m\n");
    for (const std::string ahead : {"true", "false"})
        EXPECT_EQ(
            nvme_vp({"run", "--job", "job.fio", "--host_submit_ns", "100", "--set", "link_gen=0",
                     "--set", "link_latency_ns=0", "--set", "media_read_ns=1030", "--set",
                     "firmware_per_command_ns=150", "--set", "doorbell_to_fetch_ns=250", "--set",
                     "run_ahead=" + ahead, "--trace", "t-" + ahead})
                .code,
            0);
    EXPECT_TRUE(read("t-true") == read("t-false"));
}

TEST_F(Run, SaysWhatTheDriveHasConsumed) {
    write("job.fio", "[a]\nrw=randread\nbs=4k\niodepth=8\nnumber_ios=500\nsize=4m\n");
    const auto run = nvme_vp({"run", "--job", "job.fio", "--set",
                              "power_states=mp=9000,idlp=1000,actp=5000;mp=4000", "--report", "r"});
    ASSERT_EQ(run.code, 0);
    EXPECT_TRUE(has(run.out, "energy: ")) << run.out;
    EXPECT_TRUE(has(run.out, " W on average")) << run.out;
    const auto energy = read_json("r").at("energy");
    const auto& state = energy.at("states").at(0);
    const double joules =
        state.at("idle_ps").get<double>() * 1e-12 + state.at("active_ps").get<double>() * 5e-12;
    EXPECT_NEAR(state.at("joules").get<double>(), joules, 2e-9);
    EXPECT_NEAR(energy.at("joules").get<double>(), joules, 2e-9);
    EXPECT_EQ(energy.at("states").at(1).at("joules"), 0.0);
    EXPECT_GT(energy.at("mean_watts").get<double>(), 1.0);
    EXPECT_LT(energy.at("mean_watts").get<double>(), 5.0);
    ASSERT_EQ(nvme_vp({"run", "--job", "job.fio", "--report", "r"}).code, 0);
    EXPECT_TRUE(read_json("r").at("energy").is_null()) << "nobody has said what it consumes";
}

TEST_F(Run, SustainedWritesAreThrottledWhenTheDriveIsHot) {
    write("job.fio", "[a]\nrw=write\nbs=128k\niodepth=8\ntime_based\nruntime=300ms\nsize=16m\n");
    write("ssd.json", R"({"controller": {
        "media": "none", "shutdown_time_ns": 0, "temperature": 298,
        "thermal_resistance": 5000, "thermal_time_constant_ms": 10,
        "hctm_min_temperature": 300, "hctm_max_temperature": 360,
        "hctm_light_state": 1, "hctm_heavy_state": 1,
        "power_states": "mp=10000,idlp=600,actp=10000,wmax=400;mp=6000,idlp=600,actp=6000,wmax=100"
    }})");
    const auto kelvin = [this](const std::string& light) {
        EXPECT_EQ(nvme_vp({"run", "--config", "ssd.json", "--job", "job.fio", "--report", "r",
                           "--set", "hctm_light_temperature=" + light})
                      .code,
                  0);
        return read_json("r").at("energy").at("kelvin").get<unsigned>();
    };
    EXPECT_EQ(kelvin("0"), 348u) << "298 K + 5 K/W * 10 W";
    EXPECT_EQ(kelvin("326"), 328u) << "298 K + 5 K/W * 6 W";
}

TEST_F(Run, ObservationDoesNotChangeWhatIsObserved) {
    ASSERT_EQ(nvme_vp({"run", "--report", "plain.json"}).code, 0);
    ASSERT_EQ(nvme_vp({"run", "--report", "observed.json", "--trace", "t", "--vcd", "w.vcd"}).code,
              0);
    EXPECT_EQ(repeatable("plain.json"), repeatable("observed.json"));
}

TEST_F(Run, JobFilesRunSequentiallyAndConcurrentlyAsInFio) {
    write("job.fio",
          "[global]\nbs=4k\nnumber_ios=64\n"
          "[w]\nrw=randwrite\nsize=1m\nnumjobs=3\niodepth=4\nfsync=16\n"
          "[beside]\nrw=randread\noffset=8m\nsize=1m\n"
          "[t]\nstonewall\nrw=trim\nsize=1m\n");
    ASSERT_EQ(nvme_vp({"run", "--job", "job.fio", "--report", "r.json"}).code, 0);
    const json report = read_json("r.json");
    ASSERT_EQ(report["streams"].size(), 5u);
    std::vector<int> waves, queues;
    for (const json& stream : report["streams"]) {
        waves.push_back(stream["wave"]);
        queues.push_back(stream["queue"]);
    }
    EXPECT_EQ(waves, (std::vector<int>{0, 0, 0, 0, 1}));
    EXPECT_EQ(queues, (std::vector<int>{1, 2, 3, 4, 1}));
    ASSERT_EQ(report["jobs"].size(), 3u);
    EXPECT_EQ(report["jobs"][0]["clones"], 3);
    EXPECT_EQ(report["jobs"][0]["io"]["write"]["ios"], 3 * 64);
    EXPECT_GE(report["jobs"][0]["io"]["flush"]["ios"], 3 * 3);
    EXPECT_EQ(report["jobs"][2]["io"]["trim"]["ios"], 64);
}

TEST_F(Run, JobFilesOfTheProjectRun) {
    EXPECT_EQ(nvme_vp({"run", "--job", project("traces/default.fio")}).code, 0);
}

TEST_F(Run, RatesAndTimesAreSimulatedOnes) {
    write("job.fio", "[r]\nrw=randread\nbs=4k\nrate_iops=1000\nruntime=100ms\ntime_based\n");
    ASSERT_EQ(nvme_vp({"run", "--job", "job.fio", "--report", "r.json"}).code, 0);
    const json read = read_json("r.json")["jobs"][0]["io"]["read"];
    EXPECT_EQ(read["ios"], 100);
}

TEST_F(Run, RequestsLargerThanACommandAreSplitAndStillVerify) {
    write("job.fio", "[w]\nrw=write\nbs=1m\nsize=8m\niodepth=4\nverify=crc32c\n");
    ASSERT_EQ(nvme_vp({"run", "--job", "job.fio", "--report", "r.json", "--set", "mdts=2"}).code,
              0);
    const json report = read_json("r.json");
    EXPECT_EQ(report["jobs"][0]["io"]["write"]["ios"], 8);
    EXPECT_EQ(report["commands"], 2 * 8 * 64);  // of 16 KiB
}

TEST_F(Run, EveryWayOfLearningOfCompletionsWorks) {
    for (const std::vector<std::string>& options :
         {std::vector<std::string>{"--interrupts", "polled"},
          {"--interrupts", "intx", "--set", "intx=true"},
          {"--set", "msix_vectors=1"},
          {"--set", "media=none", "--set", "link_gen=0", "--set", "doorbell_to_fetch_ns=0", "--set",
           "firmware_per_command_ns=0"}}) {
        std::vector<std::string> arguments{"run"};
        arguments.insert(arguments.end(), options.begin(), options.end());
        const Outcome run = nvme_vp(arguments);
        EXPECT_EQ(run.code, 0) << run.out << run.err;
    }
    EXPECT_EQ(nvme_vp({"run", "--interrupts", "intx"}).code, 2);
}

TEST_F(Run, TheHostsOwnWorkTakesTheTimeThatItIsGiven) {
    const double free = mean_read_ns({});
    EXPECT_NEAR(mean_read_ns({"--host_interrupt_ns", "7000"}), free + 7'000, 1);
    EXPECT_NEAR(mean_read_ns({"--host", "realistic"}), free + 2'000, 300) << "and submission";
    EXPECT_NEAR(mean_read_ns({"--host", "realistic", "--host_interrupt_ns", "0"}), free, 300);
}

TEST_F(Run, ARealisticHostLearnsSoonerByPollingThanByInterrupts) {
    EXPECT_LT(mean_read_ns({"--host", "realistic", "--interrupts", "polled"}),
              mean_read_ns({"--host", "realistic"}) - 1'500);
}

TEST_F(Run, DataThatChangedOnDiskBetweenTwoRunsIsFound) {
    write("w.fio", "[w]\nrw=write\nbs=4k\nsize=256k\nverify=crc32c\n");
    write("r.fio", "[r]\nrw=read\nbs=4k\nsize=256k\nverify=crc32c\n");
    ASSERT_EQ(nvme_vp({"run", "--namespace", "file:disk.img,size=1M", "--job", "w.fio"}).code, 0);
    ASSERT_EQ(nvme_vp({"run", "--namespace", "file:disk.img", "--job", "r.fio"}).code, 0);
    ASSERT_EQ(shell("printf X | dd of=disk.img bs=1 seek=69999 conv=notrunc").code, 0);
    const Outcome run =
        nvme_vp({"run", "--namespace", "file:disk.img", "--job", "r.fio", "--report", "r.json"});
    EXPECT_EQ(run.code, 1);
    EXPECT_TRUE(has(run.out, {"ERRORS: 1 verification", "offset 69632"}));
    const json report = read_json("r.json");
    EXPECT_EQ(report["good"], false);
    EXPECT_EQ(report["errors"]["verification"], 1);
    EXPECT_EQ(report["jobs"][0]["io"]["read"]["ios"], 64);  // the rest was checked as well
}

TEST_F(Run, ReportToStandardOutputIsNothingButJson) {
    const Outcome run = nvme_vp({"run", "--report", "-"});
    ASSERT_EQ(run.code, 0);
    EXPECT_EQ(json::parse(run.out)["good"], true);
    EXPECT_TRUE(has(run.err, "no errors"));
}

TEST_F(Run, ProgressIsShownOnATerminalOnlyAndDisappears) {
    EXPECT_EQ(nvme_vp({"run"}).err, "");
    int terminal = -1;
    const pid_t child = ::forkpty(&terminal, nullptr, nullptr, nullptr);
    ASSERT_GE(child, 0);
    if (child == 0) {
        ::execl(NVME_VP, "nvme-vp", "run", nullptr);
        ::_exit(127);
    }
    std::string screen;
    char buffer[4096];
    for (ssize_t got; (got = ::read(terminal, buffer, sizeof(buffer))) > 0;)
        screen.append(buffer, static_cast<std::size_t>(got));
    ::close(terminal);
    int status = 0;
    ASSERT_EQ(::waitpid(child, &status, 0), child);
    EXPECT_EQ(status, 0);
    EXPECT_TRUE(has(screen, {"%  simulated ", " IOPS"}));
    // Whatever was shown last was removed before the table.
    const std::string after = screen.substr(screen.rfind("\r\033[K"));
    EXPECT_TRUE(has(after, {"no errors"}));
    EXPECT_FALSE(has(after, "%  simulated "));
}

TEST_F(Run, AnInterruptionEndsTheRunInGoodOrder) {
    write("long.fio", "[l]\nrw=randread\nbs=4k\nruntime=100000\ntime_based\n");
    // The listing of the device says that the signal will be handled.
    const Outcome run = shell(shell_word(NVME_VP) +
                              " run --job long.fio --report r.json >listing & pid=$!\n"
                              "until grep -q NGUID listing; do sleep 0.05; done\n"
                              "kill -INT $pid; wait $pid");
    EXPECT_EQ(run.code, 1) << run.err;
    EXPECT_TRUE(has(read("listing"), "interrupted before the end"));
    EXPECT_EQ(read_json("r.json")["errors"]["interrupted"], true);
    EXPECT_EQ(files(), (std::vector<std::string>{"listing", "long.fio", "r.json"}));
}

TEST_F(Run, ANamespaceThatKeepsNothingIsReadAndWrittenButNotVerified) {
    const Outcome read = nvme_vp({"run", "--namespace", "null:16T,lba=4096"});
    EXPECT_EQ(read.code, 0) << read.err;
    EXPECT_FALSE(has(read.out, "verify"));
    write("w.fio", "[w]\nrw=randwrite\nbs=4k\nnumber_ios=2000\niodepth=8\n");
    EXPECT_EQ(nvme_vp({"run", "--namespace", "null:16T,lba=4096", "--job", "w.fio", "--set",
                       "media=nand"})
                  .code,
              0);
    write("v.fio", "[v]\nrw=randwrite\nbs=4k\nverify=crc32c\nsize=1M\n");
    const Outcome verify = nvme_vp({"run", "--namespace", "null:16T", "--job", "v.fio"});
    EXPECT_EQ(verify.code, 2);
    EXPECT_TRUE(has(verify.err, "v.fio:1: [v]: verifies data, but namespace 1 keeps none"));
}

}  // namespace
}  // namespace nvme_vp::test
