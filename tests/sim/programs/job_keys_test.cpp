// SPDX-License-Identifier: Apache-2.0
// Keys of job files whose effect is between jobs, on the device, or in what is written.
#include "tests/sim/programs/program.h"
#include "tests/sim/programs/text_checks.h"

namespace nvme_vp::test {
namespace {

class JobKeys : public ProgramTest {
protected:
    /// Of a good run of this job file: its report.
    nlohmann::json report_of(const std::string& text,
                             const std::vector<std::string>& options = {}) {
        write("j.fio", text);
        std::vector<std::string> arguments{"run", "--job", "j.fio", "--report", "r.json"};
        arguments.insert(arguments.end(), options.begin(), options.end());
        const Outcome outcome = nvme_vp(arguments);
        EXPECT_EQ(outcome.code, 0) << outcome.out << outcome.err;
        told = outcome.out;
        return outcome.code == 0 ? read_json("r.json") : nlohmann::json{};
    }
    /// What fio would print.
    nlohmann::json fio_of(const std::string& text, const std::string& format = "json") {
        write("j.fio", text);
        const Outcome outcome = nvme_vp({"run", "--job", "j.fio", "--output-format", format});
        EXPECT_EQ(outcome.code, 0) << outcome.err;
        return nlohmann::json::parse(outcome.out, nullptr, false);
    }
    std::string told;
};

std::vector<std::string> lines_of(const std::string& text) {
    std::vector<std::string> lines;
    for (std::size_t at = 0; at < text.size();) {
        const std::size_t end = std::min(text.find('\n', at), text.size());
        lines.push_back(text.substr(at, end - at));
        at = end + 1;
    }
    return lines;
}

TEST_F(JobKeys, OneLineNamesTheKeysThatMakeNoDifference) {
    report_of(
        "[global]\nioengine=libaio\ndirect=1\nrandrepeat=0\n[a]\nrw=read\nsize=64k\nthread\n");
    EXPECT_TRUE(has(told,
                    "note: j.fio: make no difference here (docs/configuration.md says why): "
                    "direct, randrepeat, thread\n"));
}

TEST_F(JobKeys, WhatNobodyHasChosenIsAsLargeAsTheJobNeeds) {
    const auto report =
        report_of("[a]\nrw=read\nsize=100m\noffset=50m\nbs=1m\niodepth=256\nnumber_ios=300\n");
    EXPECT_EQ(report["device"]["namespaces"][0]["blocks"], 150 * 2048);
    EXPECT_EQ(report["device"]["max_queue_entries"], 512);
    EXPECT_TRUE(has(told, {"note: j.fio: the namespace has 150 MiB, as the job needs\n",
                           "note: j.fio: max_queue_entries is 512, as iodepth needs\n"}));
    const Outcome chosen = nvme_vp({"run", "--job", "j.fio", "--namespace", "ram:64M"});
    EXPECT_EQ(chosen.code, 0) << chosen.err;
    EXPECT_TRUE(has(chosen.out,
                    "note: j.fio:1: [a]: the namespace ends after 14680064 bytes of "
                    "its size\n"));
}

TEST_F(JobKeys, TheOnlyNamespaceIsTheDiskOfAnotherMachine) {
    for (const char* name : {"/dev/sda", "/dev/disk0", "/dev/nvme3n1", "Nvme1n1", "/dev/ng2n1",
                             "0000\\:04\\:00.0", "trtype=PCIe traddr=0000.04.00.0 ns=1",
                             R"(\\.\PhysicalDrive1)", "/dev/disk/by-id/nvme-disk_1", "/dev/null"}) {
        report_of("[a]\nrw=read\nsize=64k\nfilename=" + std::string{name} + "\n");
        EXPECT_TRUE(has(told, {"note: j.fio: no namespace is named ", "runs on nvme0n1"})) << name;
    }
    for (const char* name : {"/dev/nvme0n1p2", "nvme0n02", "${NVME_TLM_TEST_NONE}", "-",
                             "trtype=TCP traddr=10.0.0.1 ns=1", "/dev/sda:/dev/sdb"}) {
        write("j.fio", "[a]\nrw=read\nsize=64k\nfilename=" + std::string{name} + "\n");
        EXPECT_EQ(nvme_vp({"run", "--job", "j.fio"}).code, 2) << name;
    }
}

TEST_F(JobKeys, AJobBeginsWhenItsDelayHasPassedOrTheOtherHasEnded) {
    // 1000 requests at 10,000 per second take 99.9 ms and a little.
    const auto report = report_of(
        "[a]\nrw=read\nsize=4000k\nrate_iops=10000\n"
        "[b]\nrw=read\nsize=4k\nstartdelay=50ms\n"
        "[c]\nrw=read\nsize=4k\nwait_for=a\nstartdelay=50ms\n");
    const double ms = report["simulated_ps"].get<double>() / 1e9;
    EXPECT_GT(ms, 149.9);
    EXPECT_LT(ms, 151.0 + 1);
    EXPECT_EQ(report["streams"].size(), 3u);
    EXPECT_LT(report["streams"][2]["io"]["duration_ps"], 1'000'000'000u);
}

TEST_F(JobKeys, WhatCompletesInTheRampIsNotReported) {
    const auto report = report_of(
        "[a]\nrw=read\nsize=32m\nrate_iops=10000\nramp_time=100ms\nruntime=200ms\ntime_based\n");
    const auto& io = report["jobs"][0]["io"];
    EXPECT_NEAR(io["read"]["ios"].get<double>(), 2000, 1);
    EXPECT_NEAR(io["read"]["iops"].get<double>(), 10'000, 20);
    EXPECT_EQ(report["commands"], 3000);
}

TEST_F(JobKeys, AnEndIsThatOfTheOthersWhereTheJobSaysSo) {
    const std::string slow = "[slow]\nrw=read\nsize=4m\nrate_iops=1000\n";
    const std::string next = "[next]\nstonewall\nrw=read\nsize=4k\n";
    auto report = report_of("[a]\nrw=read\nsize=400k\nrate_iops=1000\nexitall\n" + slow + next);
    EXPECT_EQ(report["jobs"][0]["io"]["read"]["ios"], 100);
    EXPECT_NEAR(report["jobs"][1]["io"]["read"]["ios"].get<double>(), 100, 1);
    EXPECT_EQ(report["jobs"][2]["io"]["read"]["ios"], 1);
    report = report_of("[a]\nrw=read\nsize=400k\nrate_iops=1000\nexitall\nexit_what=all\n" + slow +
                       next);
    EXPECT_EQ(report["jobs"].size(), 2u);
}

TEST_F(JobKeys, FlowKeepsTheRatioOfJobsOnADevice) {
    const auto report = report_of(
        "[global]\nsize=16m\nruntime=10ms\ntime_based\niodepth=16\n"
        "[a]\nrw=randread\nflow=8\n[b]\nrw=write\nflow=1\n");
    const double reads = report["jobs"][0]["io"]["read"]["ios"];
    const double writes = report["jobs"][1]["io"]["write"]["ios"];
    EXPECT_GT(writes, 100);
    EXPECT_NEAR(reads / writes, 8, 0.2);
}

TEST_F(JobKeys, ADoorbellAnnouncesNoMoreThanABatch) {
    const std::string job = "[a]\nrw=read\nsize=256k\niodepth=16\n";
    const auto doorbells = [&](const std::string& keys) {
        report_of(job + keys, {"--trace", "t.txt"});
        std::vector<std::string> values;
        for (const std::string& line : lines_of(read("t.txt")))
            if (const std::size_t at = line.find("doorbell queue=sq qid=1 value=");
                at != std::string::npos && values.size() < 4)
                values.push_back(line.substr(at + 30, line.find(' ', at + 30) - at - 30));
        return values;
    };
    EXPECT_EQ(doorbells("").front(), "16");
    EXPECT_EQ(doorbells("iodepth_batch=4\n"), (std::vector<std::string>{"4", "8", "12", "16"}));
}

TEST_F(JobKeys, PrioritiesShareTheDeviceByTheirWeights) {
    const std::string jobs =
        "[global]\nrw=randread\nsize=16m\nruntime=5ms\ntime_based\niodepth=64\n"
        "[fast]\nqueue_priority=high\n[slow]\nqueue_priority=low\n";
    // A firmware that is slow to decode lets commands wait in their queues.
    const auto report =
        report_of(jobs, {"--set", "media=none", "--set", "firmware_per_command_ns=5000",
                         "--driver_wrr_weights", "4:2:1"});
    const double fast = report["jobs"][0]["io"]["read"]["ios"];
    const double slow = report["jobs"][1]["io"]["read"]["ios"];
    EXPECT_NEAR(fast / slow, 4, 1);
    EXPECT_EQ(nvme_vp({"run", "--driver_wrr_weights", "4:2"}).code, 2);
    EXPECT_EQ(nvme_vp({"run", "--driver_wrr_weights", "4:2:257"}).code, 2);
}

TEST_F(JobKeys, PolledQueuesShadowDoorbellsAndCoalescingAreWhatDriversAskFor) {
    const std::string job = "[a]\nrw=randread\nsize=1m\niodepth=8\n";
    const double plain = report_of(job)["simulated_ps"];
    const double late = report_of(
        job + "iodepth=1\n",
        {"--driver_coalesce_completions", "8", "--driver_coalesce_us", "200"})["simulated_ps"];
    EXPECT_GT(late, 256 * 200e6) << "each completion waits for others that do not come";
    EXPECT_LT(plain, 256 * 200e6);
    const auto polled = report_of(job + "hipri\n", {"--host_poll_ns", "3000", "--trace", "p.txt"});
    EXPECT_EQ(polled["jobs"][0]["io"]["read"]["ios"], 256);
    EXPECT_EQ(report_of(job, {"--driver_shadow_doorbells"})["jobs"][0]["io"]["read"]["ios"], 256);
    EXPECT_EQ(nvme_vp({"run", "--job", "j.fio", "--driver_shadow_doorbells", "--set",
                       "shadow_doorbells=false"})
                  .code,
              1);
    EXPECT_EQ(nvme_vp({"run", "--driver_coalesce_us", "150"}).code, 2);
}

TEST_F(JobKeys, EveryKindOfVerificationFindsAndNamesWhatTheMediaCorrupt) {
    write("f.json", R"({"job": "j.fio", "controller": {}, "faults": [
        {"name": "rot", "action": "flip_data", "queues": "io", "opcode": 2, "nth": 3, "count": 1,
         "set_offset": 1000, "set": "01"}]})");
    for (const char* kind : {"crc32c", "md5", "sha256", "pattern\nverify_pattern=0xaa55",
                             "meta\nverify_pattern=0xaa55"}) {
        write("j.fio", "[a]\nrw=write\nsize=64k\nverify=" + std::string{kind} + "\n");
        EXPECT_EQ(nvme_vp({"run", "--job", "j.fio"}).code, 0) << kind;
        const Outcome outcome = nvme_vp({"run", "--config", "f.json"});
        EXPECT_EQ(outcome.code, 1) << kind << outcome.err;
        EXPECT_TRUE(has(outcome.out, {"1 verification", "a: offset 8192: "})) << kind;
    }
}

TEST_F(JobKeys, LogsAreThoseOfFio) {
    report_of(
        "[a]\nrw=write\nsize=16k\nrate_iops=1000\nwrite_lat_log=x\nwrite_bw_log=x\n"
        "write_iops_log=x\nlog_offset=1\n"
        "[b]\nrw=rw\nsize=8m\nrate_iops=1000,500\nwrite_bw_log\nwrite_iops_log\nlog_avg_msec=100\n"
        "numjobs=2\n");
    EXPECT_EQ(lines_of(read("x_iops.1.log")),
              (std::vector<std::string>{"0, 1, 1, 4096, 0, 0", "1, 1, 1, 4096, 4096, 0",
                                        "2, 1, 1, 4096, 8192, 0", "3, 1, 1, 4096, 12288, 0"}));
    EXPECT_EQ(read("x_lat.1.log"), read("x_clat.1.log"));
    EXPECT_EQ(lines_of(read("x_bw.1.log")).size(), 4u);
    for (const char* name : {"b_bw.2.log", "b_iops.3.log"}) EXPECT_TRUE(exists(name)) << name;
    const std::vector<std::string> rates = lines_of(read("b_iops.2.log"));
    ASSERT_GT(rates.size(), 4u);
    EXPECT_EQ(rates[0], "100, 1000, 0, 0, 0");
    EXPECT_EQ(rates[1], "100, 500, 1, 0, 0");
    EXPECT_EQ(lines_of(read("b_bw.2.log"))[1], "100, 2000, 1, 0, 0");

    write("j.fio", "[a]\nrw=read\nsize=4k\nwrite_lat_log=missing/x\n");
    const Outcome outcome = nvme_vp({"run", "--job", "j.fio"});
    EXPECT_EQ(outcome.code, 1);
    EXPECT_TRUE(has(outcome.out, "the log \"missing/x_lat.1.log\" cannot be written"));
}

TEST_F(JobKeys, ResultsHaveTheFormOfFio) {
    const auto fio = fio_of(
        "[global]\nbs=4k\n[a]\nrw=randrw\nsize=1m\niodepth=4\npercentile_list=50:99\nend_fsync=1\n"
        "[b]\nstonewall\nrw=trim\nsize=64k\nnumjobs=2\ngroup_reporting\n");
    ASSERT_TRUE(fio.is_object());
    EXPECT_EQ(fio["global options"]["bs"], "4k");
    ASSERT_EQ(fio["jobs"].size(), 2u);
    const auto& a = fio["jobs"][0];
    EXPECT_EQ(a["jobname"], "a");
    EXPECT_EQ(a["job options"]["iodepth"], "4");
    EXPECT_EQ(a["read"]["total_ios"].get<int>() + a["write"]["total_ios"].get<int>(), 256);
    EXPECT_EQ(a["read"]["io_bytes"], a["read"]["total_ios"].get<int>() * 4096);
    const auto& percentiles = a["read"]["clat_ns"]["percentile"];
    EXPECT_EQ(percentiles.size(), 2u);
    EXPECT_TRUE(percentiles.contains("50.000000") && percentiles.contains("99.000000"));
    EXPECT_GT(a["read"]["clat_ns"]["stddev"], 0.0);
    EXPECT_EQ(a["read"]["clat_ns"]["N"], a["read"]["total_ios"]);
    EXPECT_EQ(a["sync"]["total_ios"], 1);
    EXPECT_EQ(a["iodepth_level"]["4"], 100.0);
    double below = 0;
    for (const char* unit : {"latency_ns", "latency_us", "latency_ms"})
        for (const auto& part : a[unit]) below += part.get<double>();
    EXPECT_NEAR(below, 100, 0.001);
    EXPECT_EQ(fio["jobs"][1]["groupid"], 1);
    EXPECT_EQ(fio["jobs"][1]["trim"]["total_ios"], 32);
    EXPECT_FALSE(a["read"]["clat_ns"].contains("bins"));

    const auto plus = fio_of("[a]\nrw=read\nsize=64k\n", "json+");
    std::uint64_t counted = 0;
    for (const auto& bin : plus["jobs"][0]["read"]["clat_ns"]["bins"])
        counted += bin.get<std::uint64_t>();
    EXPECT_EQ(counted, 16u);
    EXPECT_EQ(nvme_vp({"run", "--output-format=xml"}).code, 2);
    EXPECT_EQ(nvme_vp({"run", "--output-format=json", "--report", "-"}).code, 2);
}

TEST_F(JobKeys, GroupsAndReadsOfVerificationAreThoseOfFio) {
    const auto fio = fio_of(
        "[global]\nbs=4k\nrw=write\nsize=16k\ngroup_reporting\n[a]\nverify=crc32c\niodepth=3\n"
        "lat_percentiles=1\nwrite_iops_log=v\n[b]\noffset=1m\nnumjobs=2\n[unseen]\noffset=2m\n"
        "stats=0\n[c]\nnew_group\noffset=3m\n[d]\nstonewall\niodepth=5\n[e]\noffset=4m\n"
        "group_reporting=0\n");
    ASSERT_TRUE(fio.is_object());
    ASSERT_EQ(fio["jobs"].size(), 4u);
    const auto& a = fio["jobs"][0];
    EXPECT_EQ(a["jobname"], "a");
    EXPECT_EQ(a["write"]["total_ios"], 12) << "of a and b";
    EXPECT_EQ(a["read"]["total_ios"], 4);
    EXPECT_EQ(lines_of(read("v_iops.1.log")).size(), 8u);
    EXPECT_TRUE(a["write"]["lat_ns"].contains("percentile"));
    EXPECT_FALSE(fio["jobs"][1]["write"]["lat_ns"].contains("percentile"));
    EXPECT_EQ(a["iodepth_level"]["2"], 100.0);
    EXPECT_EQ(a["iodepth_submit"]["0"], 0.0);
    EXPECT_EQ(a["iodepth_submit"]["4"], 100.0);
    EXPECT_EQ(fio["jobs"][2]["iodepth_complete"]["8"], 100.0);
    for (unsigned i = 0; i < 4; ++i) {
        EXPECT_EQ(fio["jobs"][i]["jobname"], std::string(1, "acde"[i]));
        EXPECT_EQ(fio["jobs"][i]["groupid"], i < 3 ? i : 2u);
    }
    write("j.fio", "[a]\nrw=write\nsize=16k\nunified_rw_reporting=1\n");
    const Outcome outcome = nvme_vp({"run", "--job", "j.fio"});
    EXPECT_EQ(outcome.code, 2);
    EXPECT_TRUE(has(outcome.err, "unified_rw_reporting=1: reports keep reads, writes and trims"));
}

TEST_F(JobKeys, QueuesAndBuffersAreThoseThatTheJobNeeds) {
    const auto report = report_of("[a]\nrw=read\nsize=4k\nnumjobs=128\n");
    EXPECT_EQ(report["streams"].size(), 128u);
    EXPECT_TRUE(has(told, "note: j.fio: max_io_queues is 128, as numjobs needs\n"));
    const Outcome chosen = nvme_vp({"run", "--job", "j.fio", "--set", "max_io_queues=100"});
    EXPECT_EQ(chosen.code, 2);
    EXPECT_TRUE(has(chosen.err,
                    "128 jobs at a time need as many queues, but max_io_queues is 100: "
                    "reduce numjobs"));
    report_of("[a]\nrw=trim\nbs=32m\nsize=64m\niodepth=256\n");
}

TEST_F(JobKeys, AReplayNeedsNoMoreThanAlign) {
    write("x.log", "fio version 2 iolog\nf add\n\nf open\n\nf write 20723480 4000\nf close\n");
    EXPECT_EQ(nvme_vp({"replay", "x.log"}).code, 2);
    for (const std::vector<std::string>& align :
         {std::vector<std::string>{"--align"}, {"--align", "512"}, {"--align=4096"}}) {
        std::vector<std::string> arguments{"replay", "x.log"};
        arguments.insert(arguments.end(), align.begin(), align.end());
        EXPECT_EQ(nvme_vp(arguments).code, 0) << align.front();
    }
    EXPECT_EQ(nvme_vp({"replay", "--align", "x.log"}).code, 0);
}

}  // namespace
}  // namespace nvme_vp::test
