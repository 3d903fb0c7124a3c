// SPDX-License-Identifier: Apache-2.0
// What jobs do, request by request. Stories of sequential patterns are those of fio 3.33, recorded
// with write_iolog on a file, or with ioengine=null where there are trims.
#include <gtest/gtest.h>

#include <map>
#include <set>
#include <string>
#include <vector>

#include "tests/unit/platform/workload_test_support.h"

namespace platform {
namespace {

using test::count_of;
using test::instance_of;
using test::kMiB;
using test::Runner;

/// "r0 w4 v0 f t8", offsets in KiB; where `lengths` is set also "+8".
std::string story(const std::string& keys, bool lengths = false) {
    Runner runner{instance_of(keys)};
    runner.run(1000);
    EXPECT_TRUE(runner.wrong.empty()) << runner.wrong.front();
    std::string result;
    for (const IoRequest& request : runner.issued) {
        if (!result.empty()) result += ' ';
        result += request.read_back ? 'v' : name_of(request.op).front();
        if (request.op == Op::kFlush) continue;
        result += std::to_string(request.offset / 1024);
        if (lengths) result += "+" + std::to_string(request.length / 1024);
    }
    return result;
}

TEST(JobStory, AGapIsLeftBehindEachRequestUntilTheEnd) {
    EXPECT_EQ(story("rw=read:8k\nsize=64k\n"), "r0 r12 r24 r36 r48 r60");
    // Where the gap reaches beyond the end, it goes on at the beginning.
    EXPECT_EQ(story("rw=write:8k\nsize=32k\n"), "w0 w12 w24 w0 w12 w24 w0 w12");
    EXPECT_EQ(story("rw=write:8k\nsize=32k\nloops=2\n"),
              "w0 w12 w24 w0 w12 w24 w0 w12 w24 w0 w12 w24 w0 w12 w24 w0");
}

TEST(JobStory, ANegativeStepGoesBackwards) {
    EXPECT_EQ(story("rw=read:-8k\nsize=64k\n"),
              "r0 r56 r52 r48 r44 r40 r36 r32 r28 r24 r20 r16 r12 r8 r4 r0");
}

TEST(JobStory, OfARandomRunOnlyTheFirstIsDrawn) {
    Runner runner{instance_of("rw=randread:4\nsize=1m\n")};
    runner.run();
    ASSERT_EQ(runner.issued.size(), 256u);
    std::size_t jumps = 0;
    for (std::size_t i = 1; i < 256; ++i) {
        const bool follows =
            runner.issued[i].offset == runner.issued[i - 1].offset + runner.issued[i - 1].length;
        EXPECT_TRUE(follows || i % 4 == 0 || runner.issued[i - 1].offset == kMiB - 4096) << i;
        jumps += follows ? 0 : 1;
    }
    EXPECT_GE(jumps, 60u);
}

TEST(JobStory, AnIdenticalRunStaysAtItsPlace) {
    Runner runner{instance_of("rw=randwrite:4\nrw_sequencer=identical\nsize=256k\n")};
    runner.run();
    ASSERT_EQ(runner.issued.size(), 64u);
    std::set<std::uint64_t> places;
    for (std::size_t i = 0; i < 64; ++i) {
        EXPECT_EQ(runner.issued[i].offset, runner.issued[i / 4 * 4].offset);
        places.insert(runner.issued[i].offset);
    }
    EXPECT_EQ(places.size(), 16u);
}

TEST(JobStory, APartOfARandomPatternIsSequential) {
    Runner runner{instance_of("rw=randread\npercentage_random=30\nsize=32m\n")};
    runner.run();
    std::size_t follows = 0;
    for (std::size_t i = 1; i < runner.issued.size(); ++i)
        follows += runner.issued[i].offset == runner.issued[i - 1].offset + 4096 ? 1 : 0;
    EXPECT_NEAR(static_cast<double>(follows) / static_cast<double>(runner.issued.size()), 0.7,
                0.02);
}

TEST(JobStory, ATrimComesBeforeEachWriteToTheSamePlace) {
    EXPECT_EQ(story("rw=trimwrite\nsize=16k\n"), "t0 w0 t4 w4 t8 w8 t12 w12");
    EXPECT_EQ(story("rw=trimwrite:4k\nsize=20k\n"), "t0 w0 t8 w8 t16 w16");
    Runner runner{instance_of("rw=randtrimwrite\nbssplit=4k/50:8k/50\nsize=64k\n")};
    runner.run();
    std::uint64_t written = 0;
    for (std::size_t i = 0; i < runner.issued.size(); i += 2) {
        EXPECT_EQ(runner.issued[i].op, Op::kTrim);
        ASSERT_EQ(runner.issued[i + 1].op, Op::kWrite);
        EXPECT_EQ(runner.issued[i].offset, runner.issued[i + 1].offset);
        EXPECT_EQ(runner.issued[i].length, runner.issued[i + 1].length);
        written += runner.issued[i + 1].length;
    }
    EXPECT_EQ(written, 65536u);
}

TEST(JobStory, AWriteBehindATrimIsVerifiedInItsOwnSize) {
    for (const char* keys :
         {"bs=4k,8k,12k\nsize=72k\n", "bs=4k,8k,12k\nsize=72k\nverify_backlog=2\n",
          "bs=8k\nsize=64k\nverify_interval=512\niodepth=4\n"}) {
        Runner runner{instance_of("rw=trimwrite\nverify=crc32c\n" + std::string{keys})};
        runner.run();
        EXPECT_TRUE(runner.wrong.empty()) << keys << runner.wrong.front();
        std::uint64_t written = 0;
        std::uint64_t read = 0;
        for (const IoRequest& request : runner.issued) {
            if (request.op == Op::kWrite) written += request.length;
            if (request.op == Op::kRead) read += request.length;
        }
        EXPECT_EQ(written, read) << keys;
    }
}

TEST(JobStory, ASizeThatIsNoMultipleOfTheBlockEndsBeforeIt) {
    EXPECT_EQ(story("rw=read\nsize=100k\nbs=8k\n"),
              "r0 r8 r16 r24 r32 r40 r48 r56 r64 r72 r80 r88");
    EXPECT_EQ(story("rw=write\nsize=18k\n"), "w0 w4 w8 w12");
    Runner runner{instance_of("rw=randread\nsize=100k\nbs=8k\n")};
    runner.run();
    EXPECT_EQ(runner.issued.size(), 12u);
}

// io_size used to be that of each loop, and less than a block more was never transferred.
TEST(JobStory, IoSizeTimesLoopsAreTransferredByWholePasses) {
    EXPECT_EQ(story("rw=write\nsize=16k\nio_size=10k\n"), "w0 w4 w8");
    EXPECT_EQ(story("rw=write\nsize=10k\nio_size=5k\n"), "w0 w4");
    EXPECT_EQ(story("rw=write\nsize=16k\nio_size=18k\n"), "w0 w4 w8 w12");
    EXPECT_EQ(story("rw=write\nsize=16k\nloops=2\nio_size=10k\n"), "w0 w4 w8 w12 w0");
    EXPECT_EQ(story("rw=write\nsize=16k\nloops=2\nio_size=24k\n"), "w0 w4 w8 w12 w0 w4 w8 w12");
    EXPECT_EQ(story("rw=read\nsize=16k\nloops=2\nio_size=24k\n"), "r0 r4 r8 r12 r0 r4 r8 r12");
    EXPECT_EQ(story("rw=write\nsize=16k\nloops=3\nnumber_ios=2\nio_size=8k\n"),
              "w0 w4 w8 w12 w0 w4");
    Runner runner{instance_of("rw=randwrite\nsize=16k\nio_size=22k\n")};
    runner.run();
    EXPECT_EQ(runner.issued.size(), 6u);
}

TEST(JobStory, APatternToVerifyIsVerifiedUnlessVerifySaysOtherwise) {
    const std::string job = "rw=write\nsize=8k\n";
    EXPECT_EQ(story(job + "verify_pattern=0xaa55\n"), "w0 w4 v0 v4");
    EXPECT_EQ(story(job + "verify_pattern=0xaa55\nverify=0\n"), "w0 w4");
    EXPECT_EQ(story(job + "verify=0\nverify_pattern=0xaa55\n"), "w0 w4");
    EXPECT_EQ(instance_of(job + "verify=meta\nverify_pattern=0xaa55\n").job.verify_kind,
              VerifyKind::kMeta);
    Runner runner{instance_of(job + "verify_pattern=0xaa55\n")};
    runner.run(2);
    runner.complete_one();
    EXPECT_EQ(runner.disk[0], 0xaa);
    EXPECT_EQ(runner.disk[1], 0x55);
}

TEST(JobStory, ABacklogIsReadBackAsSoonAsItIsFull) {
    EXPECT_EQ(story("rw=write\nsize=16k\nverify=crc32c\nverify_backlog=2\n"),
              "w0 w4 v0 v4 w8 w12 v8 v12");
    EXPECT_EQ(story("rw=write\nsize=20k\nverify=md5\nverify_backlog=2\n"),
              "w0 w4 v0 v4 w8 w12 v8 v12 w16 v16");
    EXPECT_EQ(story("rw=write\nsize=8k\nverify=md5\nverify_backlog=1\ndo_verify=0\n"), "w0 w4");
}

TEST(JobStory, StridedZonesAreVisitedOneAfterTheOther) {
    EXPECT_EQ(story("rw=write\nsize=16k\nbs=2k\nzonemode=strided\nzonesize=4k\nzoneskip=4k\n"),
              "w0 w2 w8 w10 w0 w2 w8 w10");
    EXPECT_EQ(story("rw=read\nsize=32k\nzonesize=8k\nzonerange=4k\nzoneskip=12k\n"),
              "r0 r0 r16 r16 r0 r0 r16 r16");
}

TEST(JobStory, SplitSizesHaveTheirShares) {
    Runner runner{instance_of("rw=read\nbssplit=4k/10:64k/50:32k/40\nio_size=400m\nsize=40m\n")};
    runner.run();
    std::map<std::uint32_t, double> count;
    for (const IoRequest& request : runner.issued) ++count[request.length];
    const double all = static_cast<double>(runner.issued.size());
    EXPECT_NEAR(count[4096] / all, 0.10, 0.01);
    EXPECT_NEAR(count[32768] / all, 0.40, 0.02);
    EXPECT_NEAR(count[65536] / all, 0.50, 0.02);
    std::uint64_t end = 0;
    for (const IoRequest& request : runner.issued) {
        EXPECT_EQ(request.offset, end == 40 * kMiB ? 0 : end);
        end = request.offset + request.length;
    }
}

TEST(JobStory, SizesOfARangeAreMultiplesOfTheSmallestOrTheLargest) {
    Runner runner{instance_of("rw=write\nbsrange=3k-7k\nsize=30m\n")};
    runner.run();
    std::map<std::uint32_t, std::size_t> count;
    for (const IoRequest& request : runner.issued) ++count[request.length / 1024];
    EXPECT_EQ(count.size(), 3u);  // 3, 6 and 7 KiB
    const double all = static_cast<double>(runner.issued.size());
    EXPECT_NEAR(static_cast<double>(count[3]) / all, 3.0 / 7, 0.03);
    EXPECT_NEAR(static_cast<double>(count[7]) / all, 1.0 / 7, 0.03);
}

TEST(JobStory, RandomRequestsOfSeveralSizesTouchEachBlockOnce) {
    for (const char* keys :
         {"rw=randread\nbssplit=4k/50:8k/50\nsize=1m\n", "rw=randrw\nbsrange=4k-64k\nsize=1m\n",
          "rw=randwrite\nbsrange=512-4k\nsize=1m\nverify=crc32c\n"}) {
        Runner runner{instance_of(keys)};
        runner.run();
        std::vector<int> touched(kMiB / 512);
        for (const IoRequest& request : runner.issued)
            for (std::uint64_t at = 0; at < request.length && !request.read_back; at += 512)
                ++touched[(request.offset + at) / 512];
        EXPECT_EQ(std::count(touched.begin(), touched.end(), 1), kMiB / 512) << keys;
        EXPECT_TRUE(runner.wrong.empty()) << keys;
    }
}

TEST(JobStory, RandomPlacesAreMultiplesOfBlockalign) {
    Runner runner{instance_of("rw=randread\nbs=4k\nblockalign=16k\nsize=1m\n")};
    runner.run();
    for (const IoRequest& request : runner.issued) EXPECT_EQ(request.offset % 16384, 0u);
    Runner fine{instance_of("rw=randread\nbs=4k\nblockalign=512\nnorandommap\nsize=64k\n")};
    fine.run();
    bool odd = false;
    for (const IoRequest& request : fine.issued) {
        odd = odd || request.offset % 4096 != 0;
        EXPECT_LE(request.offset + request.length, 65536u);
    }
    EXPECT_TRUE(odd);
}

TEST(JobStory, WritesOfASynchronousJobForceUnitAccess) {
    Runner runner{instance_of("rw=rw\nsync=1\nsize=64k\n")};
    runner.run();
    for (const IoRequest& request : runner.issued)
        EXPECT_EQ(request.force_unit_access, request.op == Op::kWrite);
}

}  // namespace
}  // namespace platform
