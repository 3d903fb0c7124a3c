// SPDX-License-Identifier: Apache-2.0
#include "platform/workload/job_file.h"

#include <gtest/gtest.h>

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
        {"filename=/dev/nvme0n1",
         [](const Job& j) { return j.filenames == std::vector<std::string>{"/dev/nvme0n1"}; }},
    };
    for (const KeyCase& test : cases) EXPECT_TRUE(test.holds(job_of(test.text))) << test.text;
}

TEST(JobFile, EveryKeyOfTheTableIsAcceptedWithSomeValueAndRefusesAnEmptyOne) {
    for (const JobOption& option : job_options()) {
        bool accepted = false;
        for (const char* value : {"1", "0", "1024", "read", "crc32c"}) {
            Job job;
            accepted = accepted || !option.apply(job, value);
        }
        EXPECT_TRUE(accepted) << option.name;
        EXPECT_EQ(message_of(std::string{option.name} + "="),
                  "job.fio:2: " + std::string{option.name} +
                      ": needs a value; allowed: " + std::string{option.allowed});
    }
}

TEST(JobFile, KeysThatMeanNothingHereAreAcceptedUnlessTheyContradict) {
    job_of(
        "ioengine=libaio\ndirect=1\nbuffered=0\nthread\ngroup_reporting\ninvalidate=1\n"
        "randrepeat=1\nrefill_buffers");
    EXPECT_EQ(message_of("direct=0"),
              "job.fio:2: direct=0: contradicts the simulation; allowed: 1");
    EXPECT_EQ(message_of("buffered=1"),
              "job.fio:2: buffered=1: contradicts the simulation; allowed: 0");
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
              "randwrite, rw (readwrite), randrw, trim or randtrim");
    for (const char* keys : {"rw=trimwrite",
                             "rw=randread:8",
                             "rwmixread=101",
                             "rwmixwrite=-1",
                             "bs=0",
                             "bs=2g",
                             "size=0",
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
                             "verify=md5",
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
    EXPECT_EQ(message_of("zonemode=zbd"), "job.fio:2: unknown or unsupported key 'zonemode'");
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
        EXPECT_NE(table.find("| `" + std::string{option.name} + "`"), std::string::npos);
        EXPECT_EQ(find_job_option(option.name), &option);
    }
    EXPECT_NE(table.find("| `direct` | 1 | 1 | accepted without effect: there is no page cache |"),
              std::string::npos);
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
