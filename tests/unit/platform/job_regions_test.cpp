// SPDX-License-Identifier: Apache-2.0
// Jobs that work on several namespaces. The stories are those of fio 3.33 on as many files,
// recorded with write_iolog.
#include <gtest/gtest.h>

#include <map>
#include <string>
#include <vector>

#include "tests/unit/platform/workload_test_support.h"

namespace platform {
namespace {

using test::kMiB;

/// The first clone of the only job, on namespaces of these sizes.
std::vector<JobInstance> clone_of(const std::string& keys,
                                  const std::vector<std::uint64_t>& sizes) {
    const JobFile file = parse_job_file("[job]\n" + keys, "job.fio");
    for (const std::string& message : file.messages()) ADD_FAILURE() << message;
    JobMedia media;
    for (const std::uint64_t size : sizes)
        media.push_back({size, 512, static_cast<unsigned>(media.size())});
    const JobPlan plan = plan_jobs(file, {media});
    for (const std::string& message : plan.errors) ADD_FAILURE() << message;
    std::vector<JobInstance> clone;
    for (const JobInstance& instance : plan.instances)
        if (instance.clone == 0) clone.push_back(instance);
    return clone;
}

/// All requests, each completed at once: "a0 b0 ...", namespaces as letters, offsets in KiB.
std::vector<IoRequest> requests_of(IoGenerator& generator) {
    std::vector<IoRequest> requests;
    IoRequest request;
    while (requests.size() < 10'000 && generator.next(0, request) == IoGenerator::Step::kIssue) {
        requests.push_back(request);
        generator.complete(request, true, 0);
    }
    return requests;
}

std::string story(const std::string& keys, const std::vector<std::uint64_t>& sizes) {
    IoGenerator generator{clone_of(keys, sizes)};
    std::string result;
    for (const IoRequest& request : requests_of(generator)) {
        if (!result.empty()) result += ' ';
        if (request.op == Op::kFlush) result += 'f';
        if (request.read_back) result += 'v';
        result += static_cast<char>('a' + request.region);
        if (request.op != Op::kFlush) result += std::to_string(request.offset / 1024);
    }
    return result;
}

TEST(JobRegions, RequestsGoRoundTheNamespacesWhichShareTheSize) {
    EXPECT_EQ(story("rw=write\nsize=32k\n", {kMiB, kMiB}), "a0 b0 a4 b4 a8 b8 a12 b12");
    EXPECT_EQ(story("rw=write\nsize=48k\n", {kMiB, kMiB, kMiB}),
              "a0 b0 c0 a4 b4 c4 a8 b8 c8 a12 b12 c12");
    // What cannot be shared evenly is left out.
    EXPECT_EQ(story("rw=write\nsize=64k\n", {kMiB, kMiB, kMiB}),
              "a0 b0 c0 a4 b4 c4 a8 b8 c8 a12 b12 c12 a16 b16 c16");
}

// This used to trim one namespace and to write another, without end.
TEST(JobRegions, AWriteBehindATrimGoesToTheSameNamespace) {
    EXPECT_EQ(story("rw=trimwrite\nsize=16k\n", {kMiB, kMiB}), "a0 a0 b0 b0 a4 a4 b4 b4");
    EXPECT_EQ(story("rw=trimwrite\nsize=24k\n", {kMiB, kMiB, kMiB}),
              "a0 a0 b0 b0 c0 c0 a4 a4 b4 b4 c4 c4");
    EXPECT_EQ(story("rw=trimwrite\nsize=16k\nfsync=1\nverify=crc32c\n", {kMiB, kMiB}),
              "a0 a0 fb a4 a4 fb b0 b0 fb b4 b4 va0 va4 vb0 vb4");
}

TEST(JobRegions, AnOffsetHoldsInEachNamespace) {
    EXPECT_EQ(story("rw=write\nsize=32k\noffset=8k\n", {kMiB, kMiB}),
              "a8 b8 a12 b12 a16 b16 a20 b20");
}

TEST(JobRegions, MoreIoThanTheSizeStartsOverInEach) {
    EXPECT_EQ(story("rw=write\nsize=32k\nio_size=48k\n", {kMiB, kMiB}),
              "a0 b0 a4 b4 a8 b8 a12 b12 a0 b0 a4 b4");
}

TEST(JobRegions, AFlushTakesTheTurnOfARequest) {
    EXPECT_EQ(story("rw=write\nsize=32k\nfsync=2\n", {kMiB, kMiB}),
              "a0 b0 fa b4 a4 fb a8 b8 fa b12 a12");
    EXPECT_EQ(story("rw=write\nsize=32k\nfsync=1\n", {kMiB, kMiB}),
              "a0 fb a4 fb a8 fb a12 fb b0 fb b4 fb b8 fb b12");
}

TEST(JobRegions, EachNamespaceIsFlushedAtTheEndAndReadBackAfterTheOther) {
    EXPECT_EQ(story("rw=write\nsize=32k\nend_fsync=1\nverify=crc32c\n", {kMiB, kMiB}),
              "a0 b0 a4 b4 a8 b8 a12 b12 fa fb va0 va4 va8 va12 vb0 vb4 vb8 vb12");
}

TEST(JobRegions, WithoutASizeEachIsUsedToItsEndAndTheSmallerOneIsDoneFirst) {
    EXPECT_EQ(story("rw=write\n", {8192, 20480}), "a0 b0 a4 b4 b8 b12 b16");
    EXPECT_EQ(story("rw=write\nsize=50%\n", {16384, 32768}), "a0 b0 a4 b4 b8 b12");
}

TEST(JobRegions, RandomPatternsTouchEveryBlockOfEachOnce) {
    IoGenerator generator{
        clone_of("rw=randrw\nsize=1m\nverify=crc32c\ndo_verify=0\n", {kMiB, kMiB})};
    std::map<std::pair<unsigned, std::uint64_t>, int> touched;
    for (const IoRequest& request : requests_of(generator))
        ++touched[{request.region, request.offset}];
    EXPECT_EQ(touched.size(), 256u);
    for (const auto& [place, times] : touched) {
        EXPECT_EQ(times, 1);
        EXPECT_LT(place.second, kMiB / 2);
    }
}

TEST(JobRegions, TheDataOfEachNamespaceIsItsOwn) {
    IoGenerator generator{clone_of("rw=write\nsize=8k\nverify=crc32c\n", {kMiB, kMiB})};
    std::vector<std::vector<std::uint8_t>> disks(2, std::vector<std::uint8_t>(4096));
    IoRequest request;
    std::size_t wrong = 0;
    while (generator.next(0, request) == IoGenerator::Step::kIssue) {
        if (request.op == Op::kWrite)
            generator.fill(disks[request.region].data(), request);
        else if (generator.check(disks[1 - request.region].data(), request))
            ++wrong;
        generator.complete(request, true, 0);
    }
    EXPECT_NE(disks[0], disks[1]);
    EXPECT_EQ(wrong, 2u) << "the block of the other namespace passed for the own one";
}

TEST(JobRegions, ClonesAreSideBySideInEachNamespaceIfTheyVerify) {
    const JobFile file =
        parse_job_file("[j]\nrw=write\nverify=crc32c\nsize=64k\nnumjobs=2\n", "job.fio");
    const JobPlan plan = plan_jobs(file, {JobMedia{{kMiB, 512, 0}, {kMiB, 4096, 1}}});
    ASSERT_TRUE(plan.ok()) << plan.errors.front();
    ASSERT_EQ(plan.instances.size(), 4u);
    EXPECT_EQ(plan.instances[1].region, 1u);
    EXPECT_EQ(plan.instances[1].offset, 0u);
    EXPECT_EQ(plan.instances[3].offset, 32768u);
    EXPECT_EQ(plan.instances[3].size, 32768u);
    EXPECT_EQ(plan.instances[3].io_size, 65536u);
    EXPECT_EQ(plan.instances[3].name, "j.1");
}

TEST(JobRegions, WhatDoesNotFitOneOfTheNamespacesIsAnError) {
    const auto error_of = [](const std::string& keys) {
        const JobPlan plan = plan_jobs(parse_job_file("[j]\n" + keys, "job.fio"),
                                       {JobMedia{{kMiB, 512, 0}, {65536, 4096, 1}}});
        EXPECT_EQ(plan.errors.size(), 1u) << keys;
        return plan.ok() ? "" : plan.errors.front();
    };
    EXPECT_EQ(error_of("size=256k\n"),
              "job.fio:1: [j]: the region of 131072 bytes of clone 0 ends beyond the namespace of "
              "65536 bytes");
    EXPECT_EQ(error_of("bs=512\n"),
              "job.fio:1: [j]: bs=512 is no multiple of the logical block size 4096");
    EXPECT_EQ(error_of("size=4k\n"),
              "job.fio:1: [j]: the region of 0 bytes is smaller than bs=4096");
    const JobPlan many = plan_jobs(parse_job_file("[j]\nnumjobs=65535\n", "job.fio"),
                                   {JobMedia(3, JobMedium{kMiB, 512, 0})});
    EXPECT_EQ(many.errors.size(), 1u);
    EXPECT_TRUE(many.instances.empty());
}

}  // namespace
}  // namespace platform
