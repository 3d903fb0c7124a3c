// SPDX-License-Identifier: Apache-2.0
#include "platform/workload/workload_generator.h"

#include <gtest/gtest.h>

#include <map>
#include <set>
#include <string>
#include <vector>

#include "platform/workload/random.h"
#include "tests/unit/platform/workload_test_support.h"

namespace platform {
namespace {

using test::count_of;
using test::instance_of;
using test::Runner;

/// The requests of a job in fio's terms: "r0 w4 f t8", offsets in KiB, read-back as "v".
std::string story(const std::string& keys) {
    Runner runner{instance_of(keys)};
    runner.run(1000);
    std::string result;
    for (const IoRequest& request : runner.issued) {
        if (!result.empty()) result += ' ';
        result += request.read_back ? 'v' : name_of(request.op).front();
        if (request.op != Op::kFlush) result += std::to_string(request.offset / 1024);
    }
    return result;
}

TEST(IoGenerator, SequentialPatternsWalkThroughTheRegionOnce) {
    EXPECT_EQ(story("rw=read\nsize=16k\n"), "r0 r4 r8 r12");
    EXPECT_EQ(story("rw=write\nsize=16k\noffset=64k\n"), "w64 w68 w72 w76");
    EXPECT_EQ(story("rw=trim\nsize=16k\nbs=8k\n"), "t0 t8");
}

// The expected stories of the next tests are those of fio 3.33, recorded with write_iolog.

TEST(IoGenerator, MoreIoThanTheRegionHoldsStartsOver) {
    EXPECT_EQ(story("rw=write\nsize=16k\nio_size=32k\n"), "w0 w4 w8 w12 w0 w4 w8 w12");
}

TEST(IoGenerator, LoopsRepeatTheJobWithItsReadBack) {
    EXPECT_EQ(story("rw=write\nsize=8k\nloops=2\nverify=crc32c\n"), "w0 w4 v0 v4 w0 w4 v0 v4");
}

TEST(IoGenerator, FsyncFlushesBeforeTheNextRequestAndNotAtTheEnd) {
    EXPECT_EQ(story("rw=write\nsize=32k\nfsync=4\n"), "w0 w4 w8 w12 f w16 w20 w24 w28");
    EXPECT_EQ(story("rw=write\nsize=64k\nfsync=2\nnumber_ios=4\n"), "w0 w4 f w8 w12");
    EXPECT_EQ(story("rw=write\nsize=20k\nfdatasync=2\nfsync=4\n"), "w0 w4 f w8 w12 f w16");
}

TEST(IoGenerator, EndFsyncFlushesAfterTheWritesAndBeforeTheReadBack) {
    EXPECT_EQ(story("rw=write\nsize=16k\nend_fsync=1\n"), "w0 w4 w8 w12 f");
    EXPECT_EQ(story("rw=write\nsize=8k\nend_fsync=1\nverify=crc32c\n"), "w0 w4 f v0 v4");
    EXPECT_EQ(story("rw=read\nsize=8k\nend_fsync=1\n"), "r0 r4");
}

TEST(IoGenerator, TheEndFlushIsIssuedWhenEveryWriteHasCompleted) {
    IoGenerator generator{instance_of("rw=write\nsize=8k\nend_fsync=1\niodepth=8\n")};
    IoRequest first;
    IoRequest second;
    IoRequest flush;
    ASSERT_EQ(generator.next(0, first), IoGenerator::Step::kIssue);
    ASSERT_EQ(generator.next(0, second), IoGenerator::Step::kIssue);
    EXPECT_EQ(generator.next(0, flush), IoGenerator::Step::kWait);
    generator.complete(second, true, 0);
    EXPECT_EQ(generator.next(0, flush), IoGenerator::Step::kWait);
    generator.complete(first, true, 0);
    ASSERT_EQ(generator.next(0, flush), IoGenerator::Step::kIssue);
    EXPECT_EQ(flush.op, Op::kFlush);
    EXPECT_EQ(generator.next(0, first), IoGenerator::Step::kWait);
    generator.complete(flush, true, 0);
    EXPECT_EQ(generator.next(0, first), IoGenerator::Step::kDone);
    EXPECT_EQ(generator.next(0, first), IoGenerator::Step::kDone);
}

TEST(IoGenerator, RandomPatternsTouchEveryBlockOnceInARepeatableOrder) {
    for (const char* pattern : {"randread", "randwrite", "randrw", "randtrim"}) {
        Runner runner{instance_of(std::string{"size=1m\niodepth=8\nrw="} + pattern + "\n")};
        runner.run();
        ASSERT_EQ(runner.issued.size(), 256u) << pattern;
        std::set<std::uint64_t> offsets;
        for (const IoRequest& request : runner.issued) {
            offsets.insert(request.offset);
            EXPECT_EQ(request.offset % 4096, 0u);
            EXPECT_LT(request.offset, 1u << 20);
        }
        EXPECT_EQ(offsets.size(), 256u) << pattern;
    }
}

TEST(IoGenerator, TheSecondPassOverARandomRegionHasAnotherOrder) {
    Runner runner{instance_of("rw=randread\nsize=1m\nio_size=2m\n")};
    runner.run();
    ASSERT_EQ(runner.issued.size(), 512u);
    std::set<std::uint64_t> second;
    std::size_t same_place = 0;
    for (std::size_t i = 0; i < 256; ++i) {
        second.insert(runner.issued[256 + i].offset);
        same_place += runner.issued[i].offset == runner.issued[256 + i].offset ? 1 : 0;
    }
    EXPECT_EQ(second.size(), 256u);
    EXPECT_LT(same_place, 20u);
}

TEST(IoGenerator, WithoutARandomMapBlocksRepeat) {
    Runner runner{instance_of("rw=randread\nsize=1m\nnorandommap\n")};
    runner.run();
    std::set<std::uint64_t> offsets;
    for (const IoRequest& request : runner.issued) offsets.insert(request.offset);
    EXPECT_EQ(runner.issued.size(), 256u);
    EXPECT_LT(offsets.size(), 200u);  // 1 - 1/e of 256 are expected
    EXPECT_GT(offsets.size(), 130u);
}

TEST(IoGenerator, TheMixHasTheWantedShareOfReads) {
    for (const unsigned percent : {0u, 1u, 30u, 50u, 70u, 100u}) {
        Runner runner{instance_of("rw=randrw\nsize=40m\nrwmixread=" + std::to_string(percent) +
                                  "\nnumber_ios=10000\n")};
        runner.run();
        ASSERT_EQ(runner.issued.size(), 10'000u);
        EXPECT_NEAR(static_cast<double>(count_of(runner.issued, Op::kRead)), percent * 100.0, 200.0)
            << percent;
    }
}

TEST(IoGenerator, SequentialMixesHaveOnePositionPerDirection) {
    Runner runner{instance_of("rw=rw\nsize=64k\nbs=4k,8k\n")};
    runner.run();
    std::map<Op, std::uint64_t> position;
    std::uint64_t bytes = 0;
    for (const IoRequest& request : runner.issued) {
        EXPECT_EQ(request.offset, position[request.op]);
        EXPECT_EQ(request.length, request.op == Op::kRead ? 4096u : 8192u);
        position[request.op] += request.length;
        bytes += request.length;
    }
    EXPECT_GE(bytes, 65536u - 4096u);
    EXPECT_LE(bytes, 65536u + 4096u);
}

// number_ios used to be the limit of all loops together; fio's is that many times loops.
TEST(IoGenerator, NumberIosTimesLoopsIsTheLimitOfAllLoops) {
    EXPECT_EQ(story("rw=write\nsize=16k\nloops=3\nnumber_ios=2\n"), "w0 w4 w8 w12 w0 w4");
    EXPECT_EQ(story("rw=write\nsize=16k\nloops=2\nnumber_ios=6\n"), "w0 w4 w8 w12 w0 w4 w8 w12");
    EXPECT_EQ(story("rw=write\nsize=16k\nio_size=64k\nnumber_ios=6\n"), "w0 w4 w8 w12 w0 w4");
    Runner runner{instance_of("rw=read\nsize=4m\nnumber_ios=100\nloops=3\n")};
    runner.run();
    EXPECT_EQ(runner.issued.size(), 300u);
}

TEST(IoGenerator, NumberIosCountsReadBackButNoFlushes) {
    EXPECT_EQ(story("rw=write\nsize=16k\nloops=2\nnumber_ios=3\nverify=crc32c\n"),
              "w0 w4 w8 w12 v0 v4 v8 v12");
    EXPECT_EQ(story("rw=write\nsize=16k\nloops=2\nnumber_ios=5\nverify=crc32c\n"),
              "w0 w4 w8 w12 v0 v4 v8 v12 w0 w4 v0 v4 v8 v12");
    EXPECT_EQ(story("rw=write\nsize=64k\nfsync=2\nnumber_ios=4\n"), "w0 w4 f w8 w12");
}

TEST(IoGenerator, TheReadBackCoversExactlyWhatWasWritten) {
    Runner runner{instance_of("rw=randwrite\nsize=1m\nnumber_ios=50\nverify=crc32c\niodepth=8\n")};
    runner.run();
    std::set<std::uint64_t> written;
    std::set<std::uint64_t> read;
    for (const IoRequest& request : runner.issued) {
        (request.read_back ? read : written).insert(request.offset);
        EXPECT_EQ(request.read_back, request.op == Op::kRead);
        EXPECT_EQ(request.verify, request.op == Op::kRead);
    }
    EXPECT_EQ(written.size(), 50u);
    EXPECT_EQ(read, written);
}

TEST(IoGenerator, TheReadBackOfAMixedJobWithDifferentSizesCoversWhatWasWritten) {
    Runner runner{instance_of("rw=rw\nsize=256k\nbs=4k,12k\nverify=crc32c\n")};
    runner.run();
    std::set<std::uint64_t> written;
    std::set<std::uint64_t> read;
    for (const IoRequest& request : runner.issued) {
        for (std::uint64_t at = 0; at < request.length; at += 4096) {
            if (request.op == Op::kWrite) written.insert(request.offset + at);
            if (request.read_back) read.insert(request.offset + at);
        }
    }
    EXPECT_EQ(read, written);
    EXPECT_FALSE(written.empty());
}

TEST(IoGenerator, ThinktimePausesAfterEachCompletion) {
    Runner runner{instance_of("rw=write\nsize=16k\nthinktime=10ms\niodepth=8\n")};
    runner.latency = 3 * util::kPsPerMs;
    runner.run();
    EXPECT_EQ(runner.max_in_flight, 1u);
    ASSERT_EQ(runner.issue_times.size(), 4u);
    for (std::size_t i = 0; i < 4; ++i) EXPECT_EQ(runner.issue_times[i], i * 13 * util::kPsPerMs);
}

TEST(IoGenerator, RuntimeEndsTheJobInSimulatedTime) {
    Runner runner{instance_of("rw=randread\nsize=64m\nruntime=1ms\n")};
    runner.latency = 10 * util::kPsPerUs;
    runner.run();
    EXPECT_EQ(runner.issued.size(), 100u);
}

TEST(IoGenerator, ATimeBasedJobStartsOverUntilItsTimeIsUpAndStillReadsBack) {
    Runner runner{instance_of("rw=write\nsize=8k\nruntime=50us\ntime_based\nverify=crc32c\n")};
    runner.latency = 10 * util::kPsPerUs;
    runner.run();
    std::string kinds;
    for (const IoRequest& request : runner.issued) kinds += request.read_back ? 'v' : 'w';
    EXPECT_EQ(kinds, "wwvvwvv");
}

TEST(IoGenerator, ARequestThatMayOnlyBeIssuedAfterTheRuntimeIsNotIssued) {
    Runner runner{instance_of("rw=write\nsize=8k\nruntime=1s\ntime_based\nrate_iops=10\n")};
    runner.run();
    EXPECT_EQ(runner.issued.size(), 10u);
}

TEST(IoGenerator, AHugeThinktimeDoesNotOverflow) {
    Runner runner{instance_of("rw=write\nsize=8k\nthinktime=213d\n")};
    runner.latency = 1'000'000 * util::kPsPerS;
    runner.run();
    EXPECT_EQ(runner.issued.size(), 2u);
    EXPECT_EQ(runner.issued[1].not_before, util::kNever);
}

TEST(IoGenerator, TheSameInstanceGivesTheSameRequestsAndAnotherSeedOthers) {
    const auto offsets = [](const std::string& keys) {
        Runner runner{instance_of("rw=randrw\nsize=1m\niodepth=4\n" + keys)};
        runner.run();
        std::vector<std::pair<Op, std::uint64_t>> result;
        for (const IoRequest& r : runner.issued) result.emplace_back(r.op, r.offset);
        return result;
    };
    EXPECT_EQ(offsets(""), offsets(""));
    EXPECT_EQ(offsets(""), offsets("randseed=0x89\n"));
    EXPECT_NE(offsets(""), offsets("randseed=1\n"));
}

TEST(IoGenerator, SequenceNumbersCountAllRequests) {
    Runner runner{instance_of("rw=randrw\nsize=64k\nfsync=2\nverify=crc32c\n")};
    runner.run();
    for (std::size_t i = 0; i < runner.issued.size(); ++i) {
        EXPECT_EQ(runner.issued[i].sequence, i);
    }
}

TEST(IoGenerator, WritesWithoutVerifyHaveDataThatDiffersFromWriteToWrite) {
    IoGenerator generator{instance_of("rw=write\nsize=8k\n")};
    IoRequest first;
    IoRequest second;
    ASSERT_EQ(generator.next(0, first), IoGenerator::Step::kIssue);
    ASSERT_EQ(generator.next(0, second), IoGenerator::Step::kIssue);
    std::vector<std::uint8_t> a(4096);
    std::vector<std::uint8_t> b(4096);
    generator.fill(a.data(), first);
    generator.fill(b.data(), second);
    EXPECT_NE(a, b);
    generator.fill(b.data(), first);
    EXPECT_EQ(a, b);
}

TEST(IoGenerator, ProgressGrowsFromZeroToOne) {
    for (const char* keys : {"rw=write\nsize=1m\n", "rw=randwrite\nsize=1m\nverify=crc32c\n",
                             "rw=read\nsize=1m\nloops=3\n", "rw=read\nnumber_ios=100\n",
                             "rw=read\nruntime=100us\ntime_based\n"}) {
        Runner runner{instance_of(keys)};
        runner.latency = util::kPsPerUs;
        EXPECT_DOUBLE_EQ(runner.generator.progress(0), 0.0);
        double last = 0.0;
        for (std::size_t limit = 10; last < 1.0 && limit < 10'000; limit += 10) {
            runner.run(limit);
            const double progress = runner.generator.progress(runner.now);
            EXPECT_GE(progress, last) << keys;
            EXPECT_LE(progress, 1.0) << keys;
            last = progress;
        }
        EXPECT_DOUBLE_EQ(last, 1.0) << keys;
    }
}

/// A job of random keys that plan_jobs() accepts on 64 MiB.
std::string random_keys(RandomStream& random) {
    const auto pick = [&random](std::initializer_list<const char*> choices) {
        return std::string{choices.begin()[random.below(choices.size())]};
    };
    return "rw=" + pick({"read", "write", "randread", "randwrite", "rw", "randrw", "randtrim"}) +
           "\nbs=" + pick({"512", "4k", "1k,1536", "12k,8k"}) +
           "\nsize=" + pick({"24k", "100k", "64k", "1m"}) +
           "\noffset=" + pick({"0", "512", "33%"}) + "\niodepth=" + pick({"1", "3", "64"}) +
           "\nloops=" + pick({"1", "2"}) + pick({"", "\nio_size=300k", "\nio_size=50%"}) +
           pick({"", "\nnorandommap"}) + pick({"", "\nverify=crc32c"}) +
           pick({"", "\nend_fsync=1", "\nfsync=3"}) + pick({"", "\nnumber_ios=77"}) +
           pick({"", "\nrate_iops=1000"}) + pick({"", "\nthinktime=5us"}) +
           pick({"", "\nruntime=1ms\ntime_based", "\nruntime=90us"}) +
           "\nrandseed=" + std::to_string(random.below(1000)) + "\n";
}

TEST(IoGenerator, JobsOfAllKindsStayInTheirRegionAndTheirDepthEndAndVerify) {
    RandomStream random{77};
    for (int round = 0; round < 150; ++round) {
        const std::string keys = random_keys(random);
        const JobInstance instance = instance_of(keys);
        Runner runner{instance};
        runner.latency = util::kPsPerUs;
        // A job that only reads would find what nobody wrote.
        const bool has_written = instance.job.pattern.writes;
        runner.run(30'000);
        EXPECT_LT(runner.issued.size(), 30'000u) << "does not end:\n" << keys;
        EXPECT_EQ(runner.in_flight(), 0u) << keys;
        EXPECT_LE(runner.max_in_flight, instance.job.iodepth) << keys;
        EXPECT_TRUE(!has_written || runner.wrong.empty()) << runner.wrong.front() << "\n" << keys;
        for (const IoRequest& request : runner.issued) {
            if (request.op == Op::kFlush) continue;
            EXPECT_GT(request.length, 0u);
            EXPECT_EQ(request.length % 512, 0u);
            EXPECT_GE(request.offset, instance.offset) << keys;
            EXPECT_LE(request.offset + request.length, instance.offset + instance.size) << keys;
        }
    }
}

}  // namespace
}  // namespace platform
