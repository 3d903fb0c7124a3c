// SPDX-License-Identifier: Apache-2.0
#include "platform/workload/job_file.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>
#include <functional>
#include <sstream>
#include <string>

#include "platform/workload/default_job.h"
#include "platform/workload/job_options.h"
#include "platform/workload/random.h"

namespace platform {
namespace {

Job job_of(const std::string& keys) {
    const JobFile file = parse_job_file("[job]\n" + keys + "\n", "job.fio");
    for (const std::string& message : file.messages()) ADD_FAILURE() << message;
    return file.jobs.empty() ? Job{} : file.jobs.front();
}

/// The only message of a job with these keys; line 1 is the section header.
std::string message_of(const std::string& keys) {
    const JobFile file = parse_job_file("[job]\n" + keys + "\n", "job.fio");
    EXPECT_EQ(file.errors.size(), 1u) << keys;
    return file.errors.empty() ? "" : file.messages().front();
}

TEST(JobFile, AnEmptyJobHasFiosDefaults) {
    const Job job = job_of("");
    EXPECT_EQ(job.name, "job");
    EXPECT_EQ(job.pattern.name, "read");
    EXPECT_EQ(job.block_size, (PerDirection<std::uint32_t>{4096, 4096, 4096}));
    EXPECT_EQ(job.iodepth, 1u);
    EXPECT_EQ(job.numjobs, 1u);
    EXPECT_EQ(job.loops, 1u);
    EXPECT_EQ(job.read_percent, 50u);
    EXPECT_EQ(job.randseed, 0x89u);
    EXPECT_TRUE(job.do_verify);
    EXPECT_FALSE(job.verify);
    EXPECT_FALSE(job.size.set());
}

struct KeyCase {
    const char* text;
    std::function<bool(const Job&)> holds;
};

TEST(JobFile, EveryHonouredKeyReachesTheJob) {
    using Kind = Amount::Kind;
    const KeyCase cases[] = {
        {"name=other", [](const Job& j) { return j.name == "other"; }},
        {"description=some words", [](const Job& j) { return j.description == "some words"; }},
        {"rw=randrw", [](const Job& j) { return j.pattern.random && j.pattern.mixed(); }},
        {"readwrite=write", [](const Job& j) { return j.pattern.writes && !j.pattern.reads; }},
        {"rwmixread=70", [](const Job& j) { return j.read_percent == 70; }},
        {"rwmixwrite=70", [](const Job& j) { return j.read_percent == 30; }},
        {"bs=8k", [](const Job& j) { return j.block_size[2] == 8192; }},
        {"blocksize=8k", [](const Job& j) { return j.block_size[0] == 8192; }},
        {"size=1m", [](const Job& j) { return j.size.value == 1048576; }},
        {"size=20%", [](const Job& j) { return j.size.kind == Kind::kPercent; }},
        {"offset=4k", [](const Job& j) { return j.offset.value == 4096; }},
        {"offset=0%", [](const Job& j) { return j.offset.kind == Kind::kPercent; }},
        {"offset_increment=1m", [](const Job& j) { return j.offset_increment.value == 1048576; }},
        {"io_size=2m", [](const Job& j) { return j.io_size.value == 2097152; }},
        {"io_limit=50%", [](const Job& j) { return j.io_size.value == 50; }},
        {"number_ios=10k", [](const Job& j) { return j.number_ios == 10240; }},
        {"loops=3", [](const Job& j) { return j.loops == 3; }},
        {"iodepth=32", [](const Job& j) { return j.iodepth == 32; }},
        {"numjobs=4", [](const Job& j) { return j.numjobs == 4; }},
        {"rate_iops=100,200",
         [](const Job& j) {
             return j.rate_iops == PerDirection<std::uint64_t>{100, 200, 200};
         }},
        {"thinktime=10", [](const Job& j) { return j.thinktime == 10 * util::kPsPerUs; }},
        {"runtime=10", [](const Job& j) { return j.runtime == 10 * util::kPsPerS; }},
        {"timeout=5ms", [](const Job& j) { return j.runtime == 5 * util::kPsPerMs; }},
        {"runtime=1\ntime_based", [](const Job& j) { return j.time_based; }},
        {"fsync=32", [](const Job& j) { return j.fsync == 32; }},
        {"fdatasync=16", [](const Job& j) { return j.fdatasync == 16; }},
        {"end_fsync=1", [](const Job& j) { return j.end_fsync; }},
        {"verify=crc32c", [](const Job& j) { return j.verify; }},
        {"verify=crc32c\nverify=0", [](const Job& j) { return !j.verify; }},
        {"do_verify=0", [](const Job& j) { return !j.do_verify; }},
        {"verify_fatal=1", [](const Job& j) { return j.verify_fatal; }},
        {"norandommap", [](const Job& j) { return j.norandommap; }},
        {"randseed=42", [](const Job& j) { return j.randseed == 42; }},
        {"stonewall", [](const Job& j) { return j.stonewall; }},
        {"wait_for_previous=1", [](const Job& j) { return j.stonewall; }},
        {"stonewall=0", [](const Job& j) { return !j.stonewall; }},
        {"kb_base=1000\nsize=1k", [](const Job& j) { return j.size.value == 1000; }},
        {"size=1k\nkb_base=1000", [](const Job& j) { return j.size.value == 1000; }},
        {"rw=read:-8k", [](const Job& j) { return j.sequential_step == -8192; }},
        {"rw=write:1m", [](const Job& j) { return j.sequential_step == 1048576; }},
        {"rw=randread:8", [](const Job& j) { return j.random_run == 8; }},
        {"rw=randtrimwrite", [](const Job& j) { return j.pattern.trims_before_writes(); }},
        {"rw_sequencer=identical",
         [](const Job& j) { return j.sequencer == Job::Sequencer::kIdentical; }},
        {"percentage_sequential=30",
         [](const Job& j) {
             return j.random_percent == PerDirection<unsigned>{70, 70, 70};
         }},
        {"bsrange=4k-12k,512-1k",
         [](const Job& j) {
             return j.block_size[0] == 4096 && j.range_end[0] == 12288 && j.block_size[2] == 512 &&
                    j.largest_block(Op::kWrite) == 1024;
         }},
        {"bsrange=4k-12k\nbs=8k", [](const Job& j) { return j.largest_block() == 8192; }},
        {"bssplit=4k/10:64k/50:32k/40",
         [](const Job& j) { return j.block_size[1] == 4096 && j.split[1][1].percent == 50; }},
        {"bssplit=4k/50:1k/:32k/",
         [](const Job& j) { return j.split[0][1].percent == 25 && j.split[0][2].percent == 25; }},
        {"bssplit=2k/50:4k/50,4k/90:8k/10",
         [](const Job& j) { return j.block_size[0] == 2048 && j.block_size[1] == 4096; }},
        {"blockalign=8k", [](const Job& j) { return j.align[0] == 8192; }},
        {"random_distribution=zipf:1.2:0.5",
         [](const Job& j) {
             return j.distribution.kind == OffsetDistribution::Kind::kZipf &&
                    j.distribution.parameter == 1.2 && j.distribution.centre == 0.5;
         }},
        {"random_distribution=zoned:60/10:30/20:8/30:2/40",
         [](const Job& j) {
             const auto& zones = j.distribution.zones[0];
             return zones.size() == 4 && zones[3].access_percent == 2 && zones[3].size == 40;
         }},
        {"random_distribution=zoned:50/5:30/15:20/",
         [](const Job& j) { return j.distribution.zones[1][2].size == 80; }},
        {"random_distribution=zoned_abs:60/20G:40/1T",
         [](const Job& j) { return j.distribution.zones[2][1].size == std::uint64_t{1} << 40; }},
        {"rate=1m,500k",
         [](const Job& j) { return j.rate_bytes[0] == 1048576 && j.rate_bytes[2] == 512000; }},
        {"rate_process=poisson", [](const Job& j) { return j.poisson; }},
        {"flow=8\nflow_id=3", [](const Job& j) { return j.flow == 8 && j.flow_group == 3; }},
        {"startdelay=1-5s",
         [](const Job& j) {
             return j.start_delay == util::kPsPerS && j.start_delay_most == 5 * util::kPsPerS;
         }},
        {"ramp_time=2", [](const Job& j) { return j.ramp_time == 2 * util::kPsPerS; }},
        {"hipri\nqueue_priority=medium",
         [](const Job& j) { return j.polled && j.priority == Job::Priority::kMedium; }},
        {"enable_wrr=1\nwrr_priority=3",
         [](const Job& j) { return j.priority == Job::Priority::kLow; }},
        {"writefua=1", [](const Job& j) { return j.force_unit_access; }},
        {"iodepth_batch_submit=8", [](const Job& j) { return j.batch == 8; }},
        {"iodepth_batch_complete_min=4\niodepth_low=2",
         [](const Job& j) { return j.batch_done == 4 && j.depth_low == 2; }},
        {"thinktime_blocks=4\nthinktime_iotime=2",
         [](const Job& j) {
             return j.thinktime_blocks == 4 && j.thinktime_iotime == 2 * util::kPsPerS;
         }},
        {"size=0", [](const Job& j) { return !j.size.set(); }},
        {"io_size=0", [](const Job& j) { return !j.io_size.set(); }},
        {"verify=sha256", [](const Job& j) { return j.verify_kind == VerifyKind::kSha256; }},
        {"verify=crc32c-intel", [](const Job& j) { return j.verify_kind == VerifyKind::kCrc32c; }},
        {"verify_pattern=0xaa5\"x\"258",
         [](const Job& j) {
             return j.verify_pattern == std::vector<std::uint8_t>{0x0a, 0xa5, 'x', 2, 1};
         }},
        {"sync=dsync", [](const Job& j) { return j.force_unit_access; }},
        {"fsync_on_close=1", [](const Job& j) { return j.end_fsync; }},
        {"percentile_list=50:99:99.99",
         [](const Job& j) {
             return j.percentiles == std::vector<double>{50, 99, 99.99};
         }},
        {"write_bw_log\nwrite_lat_log=x\nwrite_iops_log=a/b",
         [](const Job& j) { return j.bw_log == "job" && j.lat_log == "x" && j.iops_log == "a/b"; }},
        {"exitall\nexit_what=all", [](const Job& j) { return j.exit_all; }},
        {"filename=/dev/nvme0n1",
         [](const Job& j) { return j.filenames == std::vector<std::string>{"/dev/nvme0n1"}; }},
    };
    for (const KeyCase& test : cases) EXPECT_TRUE(test.holds(job_of(test.text))) << test.text;
}

TEST(JobFile, EveryKeyOfTheTableIsAcceptedWithSomeValueAndRefusesAnEmptyOne) {
    for (const JobOption& option : job_options()) {
        bool accepted = false;
        for (const char* value : {"1", "0", "1024", "read", "crc32c", "random", "linear", "4k-8k",
                                  "sequential", "none", "issue", "group", "high", "inline"}) {
            Job job;
            accepted = accepted || !option.apply(job, value);
        }
        EXPECT_TRUE(accepted) << option.name;
        EXPECT_EQ(message_of(std::string{option.name} + "="),
                  "job.fio:2: " + std::string{option.name} +
                      ": needs a value; allowed: " + std::string{option.allowed});
    }
}

// They used to be errors, and so was direct=0.
TEST(JobFile, KeysThatMakeNoDifferenceAreAcceptedWithOneLineThatNamesThem) {
    const JobFile file = parse_job_file(
        "[global]\nioengine=libaio\ndirect=0\nthread\nrandrepeat=0\n[a]\ndirect=1\nbs=4k\n"
        "[b]\ncpus_allowed=0-7\n",
        "job.fio");
    ASSERT_TRUE(file.ok()) << file.messages().front();
    EXPECT_EQ(file.note(),
              "job.fio: make no difference here (docs/configuration.md says why): "
              "direct, thread, randrepeat, cpus_allowed");
    EXPECT_EQ(parse_job_file("[a]\nbs=4k\n", "job.fio").note(), "");
    for (const char* key :
         {"directory=/tmp", "filesize=1g", "log_compression=1", "random_generator=lfsr",
          "gtod_reduce=1", "continue_on_error=none", "continue_on_error=verify", "disk_util=0",
          "threads=1", "registerfiles", "io_submit_mode=offload", "hipri", "fixedbufs=1",
          "numa_cpu_nodes=0", "spdk_json_conf=x.conf", "refill_buffers", "prioclass=2",
          "ss=iops:10%", "ratemin=1k"})
        EXPECT_TRUE(job_of(key).options.size() == 1) << key;
}

TEST(JobFile, KeysThatWouldMakeADifferenceAreRefusedWithTheReason) {
    const struct {
        const char* keys;
        const char* why;
    } cases[] = {
        {"read_iolog=x.log", "`nvme-vp replay FILE`"},
        {"max_open_zones=3", "no namespace of the model is zoned"},
        {"zonemode=zbd", "no namespace is one"},
        {"fdp=1", "Flexible Data Placement"},
        {"pi_chk=GUARD", "protection information"},
        {"latency_target=5ms", "nvme-vp sweep"},
        {"exec_prerun=ls", "no other programs"},
        {"write_mode=zeroes", "one command each"},
        {"low_weight=8", "driver_wrr_weights"},
        {"bit_bucket_data_len=512", "all of their data"},
        {"readfua=1", "without Force Unit Access"},
        {"initial_zone_reset=1", "no namespace of the model is zoned"},
        {"ioengine=net", "moves data over a network"},
        {"ioengine=libhdfs", "on another host"},
        {"ioengine=cpuio", "uses no disk"},
        {"ioengine=falloc", "files, which a namespace has not"},
    };
    for (const auto& test : cases) {
        const std::string message = message_of(test.keys);
        EXPECT_NE(message.find(test.why), std::string::npos) << message;
        const std::string key{test.keys, std::string_view{test.keys}.find('=')};
        EXPECT_NE(message.find(key), std::string::npos) << message;
    }
}

TEST(JobFile, RefusedKeysThatAskForNothingMakeNoDifference) {
    for (const char* keys : {"fdp=0", "dataplacement=none", "write_mode=write", "max_open_zones=0",
                             "latency_percentile=100", "replay_time_scale=100", "trim_backlog=0"})
        EXPECT_EQ(parse_job_file("[j]\n" + std::string{keys} + "\n", "job.fio").ignored.size(), 1u)
            << keys;
    EXPECT_NE(message_of("write_mode=read").find("one command each"), std::string::npos);
    EXPECT_NE(message_of("fdp").find("Flexible Data Placement"), std::string::npos);
}

TEST(JobFile, WeightedRoundRobinNeedsAPriority) {
    const JobFile file = parse_job_file("[j]\nenable_wrr=1\n[k]\nenable_wrr=0\n", "job.fio");
    EXPECT_EQ(file.notes,
              std::vector<std::string>{
                  "job.fio:1: [j]: enable_wrr makes no difference without wrr_priority"});
    EXPECT_NE(message_of("wrr_priority=4").find("allowed: 0..3"), std::string::npos);
}

TEST(JobFile, WhatIsNotDoneSaysSo) {
    EXPECT_EQ(message_of("include other.fio"),
              "job.fio:2: include other.fio: other files are not read; allowed: their text in this "
              "place");
    EXPECT_NE(message_of("continue_on_error=all").find("a command that fails ends its job"),
              std::string::npos);
    EXPECT_EQ(job_of("zonesize=64k\nzoneskip=64k\nzonemode=none").zone_size, 0u);
    EXPECT_EQ(job_of("zonesize=64k\nzonemode=strided").zone_size, 65536u);
}

TEST(JobFile, AKeyIsInOneTableOnly) {
    for (const RefusedKey& refused : refused_keys()) {
        std::string name{refused.name};
        if (name.back() == '*') name.back() = 'x';
        EXPECT_EQ(find_job_option(name), nullptr) << name;
        EXPECT_NE(find_refused_key(name), nullptr) << name;
    }
    for (const JobOption& option : job_options()) {
        EXPECT_EQ(find_refused_key(option.name), nullptr) << option.name;
        EXPECT_EQ(find_job_option(option.name), &option) << option.name;
        EXPECT_TRUE(option.alias.empty() || find_job_option(option.alias) == &option);
    }
}

// The second line used to replace the first.
TEST(JobFile, FilenamesAddUpAsInFio) {
    using Names = std::vector<std::string>;
    EXPECT_EQ(job_of("filename=nvme0n1\nfilename=nvme0n2").filenames,
              (Names{"nvme0n1", "nvme0n2"}));
    EXPECT_EQ(job_of("filename=a:b\nfilename=c").filenames, (Names{"a", "b", "c"}));
    const JobFile file =
        parse_job_file("[global]\nfilename=a\n[j]\nfilename=b\n[k]\n[/dev/nvme0n1]\n", "job.fio");
    ASSERT_EQ(file.jobs.size(), 3u);
    EXPECT_EQ(file.jobs[0].filenames, (Names{"a", "b"}));
    EXPECT_EQ(file.jobs[1].filenames, Names{"a"});
    EXPECT_EQ(file.jobs[2].filenames, Names{"a"});
    EXPECT_EQ(message_of("filename=:"),
              "job.fio:2: filename=:: names nothing; allowed: names, separated by :");
    std::string many = "filename=a";
    for (int i = 0; i < 1024; ++i) many += ":a";
    EXPECT_NE(message_of(many).find("makes more than 1024 names"), std::string::npos);
    EXPECT_EQ(message_of("filename=0000:0a:00.0"),
              "job.fio:2: filename=0000:0a:00.0: is a PCI address, whose colons have to be "
              "escaped, as in 0000\\:00\\:01.0; allowed: names, separated by :");
}

TEST(JobFile, ASectionNamedAsADeviceRunsOnItIfItNamesNoFile) {
    const JobFile file =
        parse_job_file("[/dev/nvme0n2]\n[nvme0n2]\n[/dev/nvme0n1]\nfilename=nvme0n2\n", "job.fio");
    ASSERT_EQ(file.jobs.size(), 3u);
    EXPECT_EQ(file.jobs[0].filenames, std::vector<std::string>{"/dev/nvme0n2"});
    EXPECT_TRUE(file.jobs[1].filenames.empty());
    EXPECT_EQ(file.jobs[2].filenames, std::vector<std::string>{"nvme0n2"});
}

TEST(JobFile, ABlockSizeListFollowsFiosCommaRules) {
    using Sizes = PerDirection<std::uint32_t>;
    EXPECT_EQ(job_of("bs=256k").block_size, (Sizes{262144, 262144, 262144}));
    EXPECT_EQ(job_of("bs=8k,32k").block_size, (Sizes{8192, 32768, 32768}));
    EXPECT_EQ(job_of("bs=8k,32k,").block_size, (Sizes{8192, 32768, 4096}));
    EXPECT_EQ(job_of("bs=,8k").block_size, (Sizes{4096, 8192, 8192}));
    EXPECT_EQ(job_of("bs=,8k,").block_size, (Sizes{4096, 8192, 4096}));
    EXPECT_EQ(job_of("bs=1k,2k,8k").block_size, (Sizes{1024, 2048, 8192}));
    EXPECT_NE(message_of("bs=1k,2k,4k,8k").find("has more than three values"), std::string::npos);
    EXPECT_NE(message_of("bs=1k,x").find("is not a number"), std::string::npos);
}

TEST(JobFile, EveryPatternHasItsDirections) {
    const struct {
        const char* name;
        bool random, reads, writes, trims;
    } cases[] = {{"read", false, true, false, false},    {"write", false, false, true, false},
                 {"randread", true, true, false, false}, {"randwrite", true, false, true, false},
                 {"rw", false, true, true, false},       {"readwrite", false, true, true, false},
                 {"randrw", true, true, true, false},    {"trim", false, false, false, true},
                 {"randtrim", true, false, false, true}};
    for (const auto& test : cases) {
        const Pattern pattern = job_of(std::string{"rw="} + test.name).pattern;
        EXPECT_EQ(pattern.random, test.random) << test.name;
        EXPECT_EQ(pattern.reads, test.reads) << test.name;
        EXPECT_EQ(pattern.writes, test.writes) << test.name;
        EXPECT_EQ(pattern.trims, test.trims) << test.name;
    }
}

TEST(JobFile, ValuesOutOfRangeAreErrorsThatSayWhatIsAllowed) {
    EXPECT_EQ(message_of("iodepth=0"), "job.fio:2: iodepth=0: is out of range; allowed: 1..65534");
    EXPECT_EQ(message_of("rw=zigzag"),
              "job.fio:2: rw=zigzag: is not a supported pattern; allowed: read, write, randread, "
              "randwrite, rw (readwrite), randrw, trim, randtrim, trimwrite or randtrimwrite; "
              "random ones with `:N`, others with `:bytes` or `:-bytes`");
    for (const char* keys : {"rw=randread:0",
                             "rw=randread:-8",
                             "rw=read:x",
                             "rw_sequencer=any",
                             "percentage_random=101",
                             "bsrange=4k",
                             "bsrange=4k-x",
                             "bssplit=4k/60:8k/50",
                             "bssplit=0/100",
                             "random_distribution=zipf:1",
                             "random_distribution=zipf:-1",
                             "random_distribution=pareto:1",
                             "random_distribution=pareto:0",
                             "random_distribution=zoned:60/10:50/90",
                             "random_distribution=gauss",
                             "rate_process=uniform",
                             "startdelay=1-x",
                             "exit_what=none",
                             "verify=xxhash",
                             "verify_pattern=0x",
                             "verify_pattern=%o",
                             "verify_interval=100",
                             "percentile_list=1:101",
                             "percentile_list=x",
                             "sync=2",
                             "rwmixread=101",
                             "rwmixwrite=-1",
                             "bs=0",
                             "bs=2g",
                             "size=101%",
                             "size=0%",
                             "offset=101%",
                             "io_size=99999999999999g",
                             "loops=0",
                             "iodepth=4294967297",
                             "numjobs=0",
                             "numjobs=65536",
                             "rate_iops=fast",
                             "thinktime=1fn",
                             "runtime=1.5",
                             "time_based=2",
                             "fsync=x",
                             "fdatasync=",
                             "end_fsync=yes",
                             "do_verify=2",
                             "verify_fatal=2",
                             "norandommap=x",
                             "randseed=abc",
                             "stonewall=2",
                             "kb_base=1025",
                             "number_ios=18446744073709551616",
                             "iodepth",
                             "bs"}) {
        EXPECT_EQ(message_of(keys).rfind("job.fio:2: ", 0), 0u) << keys;
    }
}

TEST(JobFile, AnUnknownKeyNamesItsLineAndTheNearestKnownKey) {
    EXPECT_EQ(message_of("\n; comment\niodeph=4"),
              "job.fio:4: unknown or unsupported key 'iodeph'; did you mean 'iodepth'?");
    EXPECT_EQ(message_of("frobnicate=1"), "job.fio:2: unknown or unsupported key 'frobnicate'");
    EXPECT_EQ(message_of("blcksize=4k"),
              "job.fio:2: unknown or unsupported key 'blcksize'; did you mean 'blocksize'?");
    EXPECT_EQ(message_of("=4k"), "job.fio:2: unknown or unsupported key ''");
}

TEST(JobFile, AllErrorsAreReportedInTheOrderOfTheLines) {
    const JobFile file = parse_job_file(
        "[global]\nbs=x\n[a]\ntime_based\nrw=none\n[b\nfoo=1\n[c]\nsize=1q\n", "many.fio");
    std::vector<unsigned> lines;
    for (const JobFileError& error : file.errors) lines.push_back(error.line);
    EXPECT_EQ(lines, (std::vector<unsigned>{2, 3, 5, 6, 7, 9}));
    EXPECT_EQ(file.messages()[1],
              "many.fio:3: [a]: time_based needs a runtime; allowed: "
              "runtime=<time>");
    EXPECT_EQ(file.messages()[3],
              "many.fio:6: [b: is not a section header; allowed: [global] or "
              "[name of the job]");
}

TEST(JobFile, GlobalSectionsApplyToTheSectionsBelowThem) {
    const JobFile file = parse_job_file(
        "[global]\nbs=8k\n[a]\n[b]\nbs=16k\n[global]\nbs=32k\niodepth=4\n[c]\n", "job.fio");
    ASSERT_TRUE(file.ok());
    ASSERT_EQ(file.jobs.size(), 3u);
    EXPECT_EQ(file.jobs[0].block_size[0], 8192u);
    EXPECT_EQ(file.jobs[0].iodepth, 1u);
    EXPECT_EQ(file.jobs[1].block_size[0], 16384u);
    EXPECT_EQ(file.jobs[2].block_size[0], 32768u);
    EXPECT_EQ(file.jobs[2].iodepth, 4u);
    EXPECT_EQ(file.jobs[2].line, 9u);
}

TEST(JobFile, AStonewallStartsANewWave) {
    const JobFile file = parse_job_file(
        "[a]\nstonewall\n[b]\n[c]\nstonewall\n[d]\n[e]\nwait_for_previous\n", "job.fio");
    ASSERT_TRUE(file.ok());
    std::vector<unsigned> waves;
    for (const Job& job : file.jobs) waves.push_back(job.wave);
    EXPECT_EQ(waves, (std::vector<unsigned>{0, 0, 1, 1, 2}));
}

TEST(JobFile, CommentsBlanksAndLineEndsOfWindowsDoNotMatter) {
    const JobFile file = parse_job_file(
        "; first\r\n# second\r\n\r\n  [a job]  \r\n\t rw = write ; why\r\nbs=8k# x\r\nstonewall",
        "job.fio");
    ASSERT_TRUE(file.ok()) << file.messages().front();
    EXPECT_EQ(file.jobs[0].name, "a job");
    EXPECT_TRUE(file.jobs[0].pattern.writes);
    EXPECT_EQ(file.jobs[0].block_size[0], 8192u);
    EXPECT_TRUE(file.jobs[0].stonewall);
}

TEST(JobFile, AByteOrderMarkIsNoPartOfTheText) {
    const JobFile file = parse_job_file("\xef\xbb\xbf[a]\r\nbs=8k\r\n", "job.fio");
    ASSERT_TRUE(file.ok()) << file.messages().front();
    EXPECT_EQ(file.jobs[0].name, "a");
}

TEST(JobFile, VariablesOfTheEnvironmentAreReplaced) {
    ASSERT_EQ(setenv("NVME_TLM_TEST_DEPTH", "1", 1), 0);
    EXPECT_EQ(job_of("iodepth=${NVME_TLM_TEST_DEPTH}6").iodepth, 16u);
    EXPECT_EQ(job_of("name=${NVME_TLM_TEST_DEPTH}-${NVME_TLM_TEST_DEPTH}").name, "1-1");
    EXPECT_EQ(message_of("iodepth=${NVME_TLM_TEST_NONE}"),
              "job.fio:2: iodepth=${NVME_TLM_TEST_NONE}: the environment has no such variable; "
              "allowed: 1..65534");
    EXPECT_EQ(job_of("name=${").name, "${");
}

TEST(JobFile, AJobCanOnlyWaitForOneAboveIt) {
    EXPECT_TRUE(parse_job_file("[a]\n[b]\nwait_for=a\n", "job.fio").ok());
    EXPECT_EQ(parse_job_file("[a]\nwait_for=b\n[b]\n", "job.fio").messages(),
              std::vector<std::string>{
                  "job.fio:1: [a]: wait_for names no job above it; allowed: the name of one"});
    EXPECT_EQ(message_of("wait_for=job"),
              "job.fio:1: [job]: wait_for names no job above it; allowed: the name of one");
    EXPECT_EQ(message_of("verify=pattern"),
              "job.fio:1: [job]: verify=pattern needs a verify_pattern; allowed: "
              "verify_pattern=0xaa55");
}

TEST(JobFile, OptionsAreKeptAsTheyAreWritten) {
    const JobFile file = parse_job_file("[global]\nbs=4K\n[a]\nrw=read\nthread\n[b]\n", "job.fio");
    using Options = std::vector<std::pair<std::string, std::string>>;
    EXPECT_EQ(file.global_options, (Options{{"bs", "4K"}}));
    EXPECT_EQ(file.jobs[0].options, (Options{{"rw", "read"}, {"thread", ""}}));
    EXPECT_TRUE(file.jobs[1].options.empty());
}

TEST(JobFile, AFileWithoutAJobIsAnError) {
    for (const char* text : {"", "\n\n", "[global]\nbs=4k\n", "; only a comment"}) {
        const JobFile file = parse_job_file(text, "job.fio");
        ASSERT_EQ(file.errors.size(), 1u) << text;
        EXPECT_EQ(file.messages()[0], "job.fio:1: there is no job section; add one, such as [job]");
    }
    const JobFile early = parse_job_file("bs=4k\n[job]\n", "job.fio");
    ASSERT_EQ(early.errors.size(), 1u);
    EXPECT_EQ(early.messages()[0], "job.fio:1: bs=4k: stands before the first [section]");
}

TEST(JobFile, RandomBytesGiveErrorsAndNothingElse) {
    RandomStream random{1};
    const std::string_view likely = "[]=\n;%,kgmglobalbssizerw0123456789";
    for (int round = 0; round < 2000; ++round) {
        std::string text = round % 2 == 0 ? "[j]\n" : "";
        const std::uint64_t length = random.below(300);
        for (std::uint64_t i = 0; i < length; ++i) {
            const bool raw = random.below(4) == 0;
            text +=
                raw ? static_cast<char>(random.below(256)) : likely[random.below(likely.size())];
        }
        const JobFile file = parse_job_file(text, "random");
        for (const std::string& message : file.messages()) {
            EXPECT_EQ(message.rfind("random:", 0), 0u);
            EXPECT_LT(message.size(), 400u);
        }
    }
}

TEST(JobFile, TheDocumentationListsEveryKey) {
    const std::string table = job_options_markdown();
    for (const JobOption& option : job_options()) {
        EXPECT_NE(table.find(" `" + std::string{option.name} + "`"), std::string::npos);
    }
    for (const RefusedKey& refused : refused_keys())
        EXPECT_NE(table.find(" `" + std::string{refused.name} + "`"), std::string::npos);
    EXPECT_NE(table.find("| `direct`, `odirect`, `buffered`, "), std::string::npos);
}

TEST(JobFile, OptionsFromOutsideTakeThePlaceOfThoseOfEverySection) {
    const JobFile file =
        parse_job_file("[global]\niodepth=2\nbs=4k\n[a]\nrw=write\n[b]\niodepth=3\n", "x.fio",
                       " iodepth=8\tbs=16k ");
    ASSERT_TRUE(file.ok());
    ASSERT_EQ(file.jobs.size(), 2u);
    for (const Job& job : file.jobs) {
        EXPECT_EQ(job.iodepth, 8u);
        EXPECT_EQ(job.block_size[0], 16'384u);
    }
    EXPECT_EQ(file.jobs[0].pattern.name, "write");
    EXPECT_EQ(
        parse_job_file("[a]\n[b]\n", "x.fio", "iodepth=x dephts=1").messages(),
        (std::vector<std::string>{"x.fio: job_set: iodepth=x: is not a number; allowed: 1..65534",
                                  "x.fio: job_set: unknown or unsupported key 'dephts'"}));
}

TEST(JobFile, TheBuiltInJobIsTheOneInTraces) {
    std::ifstream stream{NVME_TLM_TRACES_DIR "/default.fio"};
    std::stringstream text;
    text << stream.rdbuf();
    EXPECT_EQ(text.str(), default_job_file());
    EXPECT_TRUE(parse_job_file(default_job_file(), "default.fio").ok());
}

}  // namespace
}  // namespace platform
