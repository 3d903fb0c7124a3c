// SPDX-License-Identifier: Apache-2.0
#include "platform/workload/job_plan.h"

#include <gtest/gtest.h>

#include <set>
#include <string>

#include "platform/workload/default_job.h"
#include "tests/unit/platform/workload_test_support.h"

namespace platform {
namespace {

using test::kMiB;

JobPlan plan(const std::string& text, std::uint64_t capacity = 64 * kMiB,
             std::uint32_t block_bytes = 512) {
    const JobFile file = parse_job_file(text, "job.fio");
    for (const std::string& message : file.messages()) ADD_FAILURE() << message;
    return plan_jobs(file, capacity, block_bytes);
}

JobInstance only(const std::string& text) {
    const JobPlan result = plan(text);
    EXPECT_EQ(result.errors, std::vector<std::string>{});
    return result.instances.empty() ? JobInstance{} : result.instances.front();
}

std::string error_of(const std::string& text, std::uint32_t block_bytes = 512) {
    const JobPlan result = plan(text, 64 * kMiB, block_bytes);
    EXPECT_EQ(result.errors.size(), 1u) << text;
    return result.ok() ? "" : result.errors.front();
}

TEST(JobPlan, WithoutASizeTheRegionReachesToTheEndOfTheNamespace) {
    EXPECT_EQ(only("[j]\n").size, 64 * kMiB);
    EXPECT_EQ(only("[j]\noffset=1m\n").size, 63 * kMiB);
    EXPECT_EQ(only("[j]\noffset=1m\n").offset, kMiB);
}

// A write has the size of the trim before it, so this used to write beyond its buffer.
TEST(JobPlan, WhatIsTrimmedAndThenWrittenIsVerifiedInBlocksThatFitBoth) {
    const std::string job = "[j]\nrw=trimwrite\nsize=64k\nverify=crc32c\n";
    EXPECT_NE(error_of(job + "verify_interval=1g\n").find("verify: blocks of 1073741824 bytes"),
              std::string::npos);
    EXPECT_NE(error_of(job + "verify_interval=700\n").find("verify: blocks of 700 bytes"),
              std::string::npos);
    EXPECT_TRUE(plan(job + "verify_interval=2k\n").ok());
    EXPECT_NE(error_of(job + "[k]\nrw=trimwrite\nsize=64k\nverify=crc32c\n")
                  .find("run at the same time and share a region"),
              std::string::npos);
    EXPECT_TRUE(plan("[j]\nrw=trim\nsize=64k\nverify=crc32c\nverify_interval=700\n").ok());
}

TEST(JobPlan, AnEngineThatWaitsKeepsOneRequestInFlight) {
    for (const char* engine : {"sync", "psync", "vsync", "pvsync", "pvsync2", "mmap", "splice"}) {
        const std::string keys = "iodepth=32\nioengine=" + std::string{engine} + "\n";
        const JobFile file = parse_job_file("[global]\n" + keys + "[j]\n", "job.fio");
        EXPECT_EQ(file.jobs.front().iodepth, 1u) << engine;
        EXPECT_EQ(file.notes, (std::vector<std::string>{"job.fio:4: [j]: " + std::string{engine} +
                                                        " keeps one request in flight, as in "
                                                        "fio"}));
        EXPECT_EQ(only("[j]\n" + keys + "io_submit_mode=offload\n").job.iodepth, 32u) << engine;
        EXPECT_EQ(only("[j]\n" + keys + "ioengine=io_uring\n").job.iodepth, 32u) << engine;
    }
    EXPECT_EQ(only("[j]\niodepth=32\n").job.iodepth, 32u) << "without an engine it is not fio's";
    EXPECT_TRUE(parse_job_file("[j]\nioengine=psync\n", "job.fio").notes.empty());
}

// This used to end with std::bad_alloc.
TEST(JobPlan, AllJobsTogetherRememberNoMoreThanTheHostIsAskedFor) {
    const auto error_on_a_large_one = [](const std::string& keys) {
        const JobPlan result =
            plan_jobs(parse_job_file("[j]\n" + keys, "job.fio"), std::uint64_t{1} << 42, 512);
        EXPECT_EQ(result.errors.size(), 1u) << keys;
        return result.ok() ? "" : result.errors.front();
    };
    EXPECT_NE(error_on_a_large_one("rw=write\nverify=crc32c\nsize=512g\nnumjobs=8\n"
                                   "[k]\nrw=write\nverify=md5\nsize=4k\nstonewall\n")
                  .find("[j]: remembering touched and verified blocks needs 4096 MiB"),
              std::string::npos);
    EXPECT_EQ(error_on_a_large_one("rw=randread\nbsrange=512-4k\nsize=2t\nnumjobs=10\n"),
              "job.fio:1: [j]: remembering touched and verified blocks needs 5120 MiB, 4096 MiB "
              "are allowed: reduce size, numjobs or verify_backlog, or set norandommap");
    EXPECT_NE(error_on_a_large_one("rw=write\nverify=crc32c\nverify_backlog=1m\nsize=4k\n"
                                   "numjobs=1000\n")
                  .find("blocks needs 16000 MiB"),
              std::string::npos);
    EXPECT_TRUE(plan_jobs(parse_job_file("[j]\nrw=randread\nbsrange=512-4k\nsize=2t\nnumjobs=10\n"
                                         "norandommap\n",
                                         "job.fio"),
                          std::uint64_t{1} << 42, 512)
                    .ok());
}

TEST(JobPlan, AJobThatWaitsForAnotherDoesNotRunAtTheSameTime) {
    const std::string write = "[w]\nrw=write\nsize=1m\nverify=crc32c\ndo_verify=0\n";
    const std::string read = "rw=read\nsize=1m\nverify=crc32c\n";
    EXPECT_EQ(plan(write + "[r]\nwait_for=w\n" + read).errors, std::vector<std::string>{});
    EXPECT_EQ(plan(write + "[x]\nrw=read\nsize=4k\nwait_for=w\n[r]\nwait_for=x\n" + read).errors,
              std::vector<std::string>{});
    EXPECT_NE(error_of(write + "[x]\nrw=read\nsize=4k\n[r]\nwait_for=x\n" + read)
                  .find("'r' and 'w' run at the same time"),
              std::string::npos);
    EXPECT_NE(error_of(write + "[r]\nwait_for=w\n" + read + "[v]\nrw=write\nsize=4k\n")
                  .find("run at the same time"),
              std::string::npos);
}

TEST(JobPlan, PercentagesAreOfTheNamespaceAndOfTheSize) {
    const JobInstance instance = only("[j]\noffset=25%\nsize=50%\nio_size=50%\n");
    EXPECT_EQ(instance.offset, 16 * kMiB);
    EXPECT_EQ(instance.size, 32 * kMiB);
    EXPECT_EQ(instance.io_size, 16 * kMiB);
    EXPECT_EQ(only("[j]\noffset=50%\nsize=80%\n").size, 32 * kMiB) << "cut at the end, as fio does";
    EXPECT_EQ(only("[j]\noffset=33%\nbs=64k\n").offset % 65536, 0u);
    EXPECT_GE(only("[j]\noffset=33%\nbs=64k\n").offset, 64 * kMiB * 33 / 100);
}

TEST(JobPlan, ASizeInPercentOfEachCloneEndsWithTheNamespace) {
    const JobPlan result = plan("[j]\nsize=100%\nnumjobs=3\noffset_increment=16m\n");
    ASSERT_EQ(result.instances.size(), 3u);
    EXPECT_EQ(result.instances[0].size, 64 * kMiB);
    EXPECT_EQ(result.instances[2].size, 32 * kMiB);
}

// fio does not tell.
TEST(JobPlan, WhereSizesMayBeCutThatIsANoteOfEachJob) {
    const JobFile file = parse_job_file(
        "[j]\nsize=48m\nnumjobs=3\noffset_increment=16m\n[k]\nsize=64m\n[l]\nsize=1g\n", "job.fio");
    const JobPlan result =
        plan_jobs(file, std::vector<JobMedia>(3, {JobMedium{64 * kMiB, 512, 0, true}}));
    EXPECT_EQ(result.errors, std::vector<std::string>{});
    EXPECT_EQ(result.notes,
              (std::vector<std::string>{
                  "job.fio:1: [j]: the namespace ends after 33554432 bytes of its size",
                  "job.fio:7: [l]: the namespace ends after 67108864 bytes of its size"}));
    EXPECT_EQ(result.instances.at(2).size, 32 * kMiB);
    const JobFile beyond = parse_job_file("[j]\nsize=1m\noffset=64m\n", "job.fio");
    EXPECT_EQ(plan_jobs(beyond, {{JobMedium{64 * kMiB, 512, 0, true}}}).errors.size(), 1u);
}

TEST(JobPlan, SizesAreRoundedDownToBlocks) {
    EXPECT_EQ(only("[j]\nsize=18k\n").size, 16384u);
}

TEST(JobPlan, RegionsBeyondTheNamespaceAreErrors) {
    EXPECT_EQ(
        error_of("[j]\nsize=65m\n"),
        "job.fio:1: [j]: the region of 68157440 bytes of clone 0 ends beyond the namespace of "
        "67108864 bytes");
    EXPECT_EQ(error_of("[j]\noffset=64m\n"),
              "job.fio:1: [j]: offset 67108864 is beyond the namespace of 67108864 bytes");
    error_of("[j]\noffset=60m\nsize=8m\n");
    error_of("[j]\noffset=16383p\nsize=16383p\n");
    error_of("[j]\nsize=1m\noffset_increment=16383p\nnumjobs=3\n");
    error_of("[j]\nsize=16m\noffset_increment=16m\nnumjobs=5\n");
}

TEST(JobPlan, BlockSizesHaveToFitTheLogicalBlocksAndTheRegion) {
    EXPECT_EQ(error_of("[j]\nbs=513\n"),
              "job.fio:1: [j]: bs=513 is no multiple of the logical block size 512");
    error_of("[j]\nbs=512\n", 4096);
    error_of("[j]\noffset=512\n", 4096);
    error_of("[j]\noffset_increment=1000\n");
    EXPECT_EQ(error_of("[j]\nbs=64k\nsize=4k\n"),
              "job.fio:1: [j]: the region of 0 bytes is smaller than bs=65536");
    error_of("[j]\nrw=rw\nbs=4k,64k\nsize=32k\n");
    error_of("[j]\nio_size=512\n");
    EXPECT_TRUE(plan("[j]\nrw=read\nbs=4k,513\n").ok()) << "the write size is not used";
}

TEST(JobPlan, ClonesShareTheRegionUnlessOffsetIncrementSpreadsThem) {
    const JobPlan shared = plan("[j]\nsize=4m\nnumjobs=3\n");
    ASSERT_EQ(shared.instances.size(), 3u);
    EXPECT_EQ(shared.instances[2].offset, 0u);
    EXPECT_EQ(shared.instances[2].name, "j.2");
    const JobPlan spread = plan("[j]\nsize=4m\nnumjobs=3\noffset_increment=8m\n");
    ASSERT_EQ(spread.instances.size(), 3u);
    EXPECT_EQ(spread.instances[2].offset, 16 * kMiB);
    const JobPlan rest = plan("[j]\nnumjobs=2\noffset_increment=8m\n");
    ASSERT_EQ(rest.instances.size(), 2u);
    EXPECT_EQ(rest.instances[1].size, 56 * kMiB) << "to the end of the namespace";
}

TEST(JobPlan, ClonesThatVerifyTheirWritesGetRegionsOfTheirOwn) {
    const JobPlan sized = plan("[j]\nrw=randwrite\nverify=crc32c\nsize=4m\nnumjobs=3\n");
    ASSERT_EQ(sized.instances.size(), 3u);
    EXPECT_EQ(sized.instances[1].offset, 4 * kMiB);
    const JobPlan divided = plan("[j]\nrw=randwrite\nverify=crc32c\nnumjobs=4\n");
    ASSERT_EQ(divided.instances.size(), 4u);
    EXPECT_EQ(divided.instances[3].offset, 48 * kMiB);
    EXPECT_EQ(divided.instances[3].size, 16 * kMiB);
}

TEST(JobPlan, RegionsThatOneChecksWhileAnotherChangesThemAreErrors) {
    const std::string check = "[a]\nrw=randwrite\nverify=crc32c\nsize=4m\n";
    EXPECT_EQ(
        error_of(check + "[b]\nrw=write\noffset=3m\nsize=4m\n"),
        "job.fio:5: [b]: verify is impossible: 'b' and 'a' run at the same time and share a "
        "region, and at least one of them changes it; separate them with offset or stonewall");
    error_of(check + "[b]\nrw=trim\nsize=1m\n");
    error_of("[b]\nrw=trim\nsize=8m\n" + check);
    error_of(check + "[b]\nrw=read\nverify=crc32c\nsize=4m\n");
    error_of("[j]\nrw=write\nverify=crc32c\nsize=4m\nnumjobs=2\noffset_increment=2m\n");
    EXPECT_TRUE(plan(check + "[b]\nrw=write\noffset=4m\nsize=4m\n").ok());
    EXPECT_TRUE(plan(check + "[b]\nrw=write\nsize=4m\nstonewall\n").ok());
    EXPECT_TRUE(plan(check + "[b]\nrw=read\nsize=4m\n").ok()) << "reading alone harms nobody";
    EXPECT_TRUE(plan("[a]\nrw=write\n[b]\nrw=write\n").ok()) << "nobody checks";
}

TEST(JobPlan, EveryCloneOfEveryJobHasASeedOfItsOwn) {
    const JobPlan result = plan("[a]\nnumjobs=50\n[b]\nnumjobs=50\n[c]\nrandseed=7\nnumjobs=50\n");
    std::set<std::uint64_t> seeds;
    for (const JobInstance& instance : result.instances) seeds.insert(instance.seed);
    EXPECT_EQ(seeds.size(), 150u);
}

TEST(JobPlan, MoreClonesThanAControllerHasQueuePairsAreAnError) {
    EXPECT_EQ(error_of("[a]\nnumjobs=65535\n[b]\n"),
              "job.fio:3: [b]: all jobs together have more than 65535 clones");
}

TEST(JobPlan, VerifyOfMoreBlocksThanCanBeRememberedIsAnError) {
    const std::uint64_t huge = std::uint64_t{1} << 50;
    const JobPlan result = plan("[j]\nrw=write\nverify=crc32c\n", huge);
    ASSERT_EQ(result.errors.size(), 1u);
    EXPECT_TRUE(plan("[j]\nrw=read\nverify=crc32c\n", huge).ok()) << "reading remembers nothing";
    EXPECT_TRUE(plan("[j]\nrw=write\n", huge).ok());
}

TEST(JobPlan, AllJobsWithErrorsAreNamed) {
    EXPECT_EQ(plan("[a]\nsize=1t\n[b]\nbs=1\n[c]\n").errors.size(), 2u);
}

TEST(JobPlan, ANamespaceWithoutBytesHasRoomForNoJob) {
    EXPECT_FALSE(plan("[j]\n", 0).ok());
    EXPECT_FALSE(plan("[j]\nsize=50%\n", 512).ok());
}

TEST(JobPlan, TheBuiltInJobFitsANamespaceOf16MiB) {
    const JobFile file = parse_job_file(default_job_file(), "default.fio");
    EXPECT_TRUE(plan_jobs(file, 16 * kMiB, 512).ok());
    EXPECT_TRUE(plan_jobs(file, 16 * kMiB, 4096).ok());
    EXPECT_FALSE(plan_jobs(file, 8 * kMiB, 512).ok());
}

}  // namespace
}  // namespace platform
