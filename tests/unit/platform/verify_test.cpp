// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <cstring>
#include <set>
#include <string>
#include <vector>

#include "platform/workload/crc32c.h"
#include "platform/workload/random.h"
#include "platform/workload/verify_block.h"
#include "platform/workload/workload_generator.h"
#include "tests/unit/platform/workload_test_support.h"

namespace platform {
namespace {

using test::instance_of;
using test::Runner;

TEST(Crc32c, GivesThePublishedCheckValues) {
    EXPECT_EQ(crc32c("123456789", 9), 0xe3069283u);
    const std::vector<unsigned char> zeros(32, 0);
    EXPECT_EQ(crc32c(zeros.data(), zeros.size()), 0x8a9136aau);  // RFC 3720 B.4
    EXPECT_EQ(crc32c(nullptr, 0), 0u);
}

TEST(Crc32c, TheInstructionAndThePortableCodeAgreeForEveryLengthAndAlignment) {
    std::vector<unsigned char> data(300);
    fill_random(data.data(), data.size(), 1);
    for (std::size_t start = 0; start < 9; ++start) {
        for (std::size_t length = 0; start + length <= data.size(); ++length) {
            ASSERT_EQ(crc32c(data.data() + start, length),
                      crc32c_portable(data.data() + start, length));
        }
    }
}

TEST(VerifyBlock, EverySingleFlippedBitIsFound) {
    for (const std::uint32_t length : {512u, 4096u}) {
        std::vector<std::uint8_t> block(length);
        make_verify_block(block.data(), length, 8192, 3, 0x1234);
        ASSERT_TRUE(check_verify_block(block.data(), length, 8192).header);
        for (std::size_t bit = 0; bit < length * 8; ++bit) {
            block[bit / 8] ^= static_cast<std::uint8_t>(1u << (bit % 8));
            ASSERT_FALSE(check_verify_block(block.data(), length, 8192).header) << bit;
            block[bit / 8] ^= static_cast<std::uint8_t>(1u << (bit % 8));
        }
    }
}

TEST(VerifyBlock, ABlockAtTheWrongPlaceNamesBothPlaces) {
    std::vector<std::uint8_t> block(512);
    make_verify_block(block.data(), 512, 8192, 3, 4);
    EXPECT_EQ(check_verify_block(block.data(), 512, 4096).problem,
              "offset 4096: holds the block that belongs to offset 8192");
}

TEST(VerifyBlock, ZerosAndShortBuffersAreNoBlocks) {
    const std::vector<std::uint8_t> zeros(4096);
    EXPECT_EQ(check_verify_block(zeros.data(), 4096, 0).problem,
              "offset 0: no verification header (magic 0000000000000000, expected "
              "5946564d4c54564e)");
    EXPECT_FALSE(check_verify_block(zeros.data(), 511, 0).header);
    EXPECT_FALSE(check_verify_block(zeros.data(), 0, 0).header);
}

TEST(VerifyBlock, AHeaderThatPromisesMoreThanThereIsIsNotFollowed) {
    std::vector<std::uint8_t> block(4096);
    make_verify_block(block.data(), 4096, 0, 1, 1);
    EXPECT_NE(check_verify_block(block.data(), 512, 0).problem.find("a length of 4096 bytes"),
              std::string::npos);
    for (const std::uint32_t length : {0u, 1u, 511u, 0xffff'ffffu}) {
        std::memcpy(block.data() + offsetof(VerifyHeader, length), &length, sizeof(length));
        EXPECT_FALSE(check_verify_block(block.data(), 4096, 0).header) << length;
    }
}

TEST(VerifyBlock, DataDiffersByPlaceByWriteAndByJob) {
    const auto block = [](std::uint64_t offset, std::uint64_t sequence, std::uint64_t tag) {
        std::vector<std::uint8_t> bytes(512);
        make_verify_block(bytes.data(), 512, offset, sequence, tag);
        return std::vector<std::uint8_t>(bytes.begin() + sizeof(VerifyHeader), bytes.end());
    };
    EXPECT_EQ(block(0, 1, 2), block(0, 1, 2));
    EXPECT_NE(block(0, 1, 2), block(512, 1, 2));
    EXPECT_NE(block(0, 1, 2), block(0, 2, 2));
    EXPECT_NE(block(0, 1, 2), block(0, 1, 3));
}

TEST(Digests, GiveThePublishedCheckValues) {
    const auto digest_of = [](VerifyKind kind, const std::string& text) {
        unsigned char digest[kMaxDigest] = {};
        make_digest(kind, text.data(), text.size(), digest);
        std::string hex;
        for (std::size_t i = 0; i < digest_bytes(kind); ++i) {
            constexpr char digits[] = "0123456789abcdef";
            hex += digits[digest[i] >> 4];
            hex += digits[digest[i] & 15];
        }
        return hex;
    };
    // Of checksums, the least significant byte is first.
    EXPECT_EQ(digest_of(VerifyKind::kCrc7, "123456789"), "75");
    EXPECT_EQ(digest_of(VerifyKind::kCrc16, "123456789"), "3dbb");
    EXPECT_EQ(digest_of(VerifyKind::kCrc32, "123456789"), "2639f4cb");
    EXPECT_EQ(digest_of(VerifyKind::kCrc64, "123456789"), "fa3919dfbbc95d99");  // CRC-64/XZ
    EXPECT_EQ(digest_of(VerifyKind::kMd5, "abc"), "900150983cd24fb0d6963f7d28e17f72");
    EXPECT_EQ(digest_of(VerifyKind::kSha1, "abc"), "a9993e364706816aba3e25717850c26c9cd0d89d");
    EXPECT_EQ(digest_of(VerifyKind::kSha256, "abc"),
              "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    EXPECT_EQ(digest_of(VerifyKind::kSha256, ""),
              "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    EXPECT_EQ(
        digest_of(VerifyKind::kSha256, "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq"),
        "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1");
    EXPECT_EQ(digest_of(VerifyKind::kSha256, std::string(1'000'000, 'a')),
              "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
}

TEST(VerifyBlock, EveryKindWithADigestFindsEverySingleFlippedBit) {
    for (const char* kind : {"crc7", "crc16", "crc32", "crc64", "md5", "sha1", "sha256"}) {
        const VerifyFormat format{*verify_kind_of(kind), {}};
        std::vector<std::uint8_t> block(512);
        make_verify_block(block.data(), 512, 8192, 3, 0x1234, format);
        ASSERT_TRUE(check_verify_block(block.data(), 512, 8192, format).header) << kind;
        for (std::size_t bit = 0; bit < 512 * 8; ++bit) {
            block[bit / 8] ^= static_cast<std::uint8_t>(1u << (bit % 8));
            ASSERT_FALSE(check_verify_block(block.data(), 512, 8192, format).header)
                << kind << " " << bit;
            block[bit / 8] ^= static_cast<std::uint8_t>(1u << (bit % 8));
        }
        block[511] ^= 1;
        EXPECT_EQ(check_verify_block(block.data(), 512, 8192, format).problem,
                  "offset 8192: the " + std::string{kind} + " of the data is not the stored one");
        EXPECT_EQ(check_verify_block(block.data(), 512, 8192).problem,
                  "offset 8192: holds a block of another kind: verify=" + std::string{kind});
    }
}

TEST(VerifyBlock, MetaChecksWhoseBlockItIsAndThePatternIfThereIsOne) {
    std::vector<std::uint8_t> block(512);
    const VerifyFormat meta{VerifyKind::kMeta, {}};
    make_verify_block(block.data(), 512, 8192, 3, 0x1234, meta);
    block[300] ^= 1;
    EXPECT_TRUE(check_verify_block(block.data(), 512, 8192, meta).header);
    block[20] ^= 1;
    EXPECT_FALSE(check_verify_block(block.data(), 512, 8192, meta).header);
    const VerifyFormat filled{VerifyKind::kMeta, {0xaa, 0x55, 0x5a, 0xa5}};
    make_verify_block(block.data(), 512, 8192, 3, 0x1234, filled);
    EXPECT_EQ(block[300], 0xaa);
    EXPECT_TRUE(check_verify_block(block.data(), 512, 8192, filled).header);
    block[301] = 0x54;
    EXPECT_EQ(check_verify_block(block.data(), 512, 8192, filled).problem,
              "offset 8192: byte 301 of the block is 54, the pattern has 55");
}

/// Runs a job to its end with a disk that `spoil` changes between the writes and the read-back.
template <typename Spoil>
std::vector<std::string> findings(const std::string& keys, std::size_t writes, Spoil spoil) {
    Runner runner{instance_of(keys)};
    runner.run(writes);
    while (runner.in_flight() > 0) runner.complete_one();
    spoil(runner.disk);
    runner.run();
    return runner.wrong;
}

constexpr char kWriteJob[] = "rw=randwrite\nsize=64k\nverify=crc32c\niodepth=4\n";

TEST(Verification, AnHonestDiskIsFoundHonest) {
    EXPECT_TRUE(findings(kWriteJob, 16, [](auto&) {}).empty());
}

TEST(Verification, AFlippedBitIsReportedWithItsBlock) {
    const auto wrong = findings(kWriteJob, 16, [](auto& disk) { disk[8192 + 100] ^= 1; });
    ASSERT_EQ(wrong.size(), 1u);
    EXPECT_EQ(wrong[0].rfind("offset 8192: checksum ", 0), 0u) << wrong[0];
}

TEST(Verification, ACorruptedBlockIsFoundAndNamedByEveryKind) {
    const struct {
        const char* kind;
        const char* found;
    } cases[] = {{"crc32c", "offset 8192: checksum "},
                 {"md5", "offset 8192: the md5 of the data is not the stored one"},
                 {"sha256", "offset 8192: the sha256 of the data is not the stored one"},
                 {"pattern\nverify_pattern=0x5a",
                  "offset 8192: byte 100 of the block is 5b, the "
                  "pattern has 5a"},
                 {"meta\nverify_pattern=0x5a",
                  "offset 8192: byte 100 of the block is 5b, the "
                  "pattern has 5a"}};
    for (const auto& test : cases) {
        const std::string keys =
            "rw=randwrite\nsize=64k\niodepth=4\nverify=" + std::string{test.kind} + "\n";
        EXPECT_TRUE(findings(keys, 16, [](auto&) {}).empty()) << test.kind;
        const auto wrong = findings(keys, 16, [](auto& disk) { disk[8192 + 100] ^= 1; });
        ASSERT_EQ(wrong.size(), 1u) << test.kind;
        EXPECT_EQ(wrong[0].rfind(test.found, 0), 0u) << wrong[0];
    }
    EXPECT_TRUE(findings("rw=write\nsize=64k\nverify=null\n", 16, [](auto& disk) {
                    std::fill(disk.begin(), disk.end(), 0);
                }).empty());
}

TEST(Verification, AnotherJobChecksIntervalsOfAPattern) {
    const std::string keys =
        "size=1m\nverify=meta\nverify_pattern=0xaa555aa5\nverify_interval=512\n";
    Runner writer{instance_of("rw=write\nbs=64k\ndo_verify=0\n" + keys)};
    writer.run();
    Runner reader{instance_of("rw=read\nbs=128k\n" + keys)};
    reader.disk = writer.disk;
    reader.disk[200'000] ^= 1;
    reader.run();
    ASSERT_EQ(reader.wrong.size(), 1u);
    EXPECT_EQ(reader.wrong[0], "offset 199680: byte 320 of the block is ab, the pattern has aa");
}

TEST(Verification, TwoSwappedBlocksAreBothReported) {
    const auto wrong = findings(kWriteJob, 16, [](auto& disk) {
        std::swap_ranges(disk.begin(), disk.begin() + 4096, disk.begin() + 4096);
    });
    ASSERT_EQ(wrong.size(), 2u);
    EXPECT_EQ(wrong[0], "offset 0: holds the block that belongs to offset 4096");
    EXPECT_EQ(wrong[1], "offset 4096: holds the block that belongs to offset 0");
}

TEST(Verification, AWriteThatWasLostAfterAnEarlierOneIsReportedAsStale) {
    Runner runner{instance_of("rw=write\nsize=16k\nloops=2\nverify=crc32c\n")};
    runner.run(4);
    while (runner.in_flight() > 0) runner.complete_one();
    const std::vector<std::uint8_t> old(runner.disk.begin(), runner.disk.begin() + 4096);
    runner.run(4 + 4 + 4);
    while (runner.in_flight() > 0) runner.complete_one();
    ASSERT_TRUE(runner.wrong.empty());
    std::copy(old.begin(), old.end(), runner.disk.begin());
    runner.run();
    ASSERT_EQ(runner.wrong.size(), 1u);
    EXPECT_EQ(runner.wrong[0],
              "offset 0: is stale: it holds the data of request 0, a later one overwrote it");
}

TEST(Verification, DataOfAnotherJobIsReported) {
    Runner other{instance_of("rw=write\nsize=16k\nverify=crc32c\nrandseed=5\n")};
    other.run();
    const auto wrong =
        findings("rw=write\nsize=16k\nverify=crc32c\n", 4, [&](auto& disk) { disk = other.disk; });
    ASSERT_EQ(wrong.size(), 4u);
    EXPECT_EQ(wrong[0], "offset 0: holds data that another job wrote");
}

TEST(Verification, AReadingJobChecksWhatAnEarlierJobWroteInOtherSizes) {
    Runner writer{instance_of("rw=randwrite\nbs=4k\nsize=1m\nverify=crc32c\n")};
    writer.run();
    Runner reader{instance_of("rw=read\nbs=128k\nsize=1m\nverify=crc32c\n")};
    reader.disk = writer.disk;
    reader.run();
    EXPECT_EQ(reader.issued.size(), 8u);
    EXPECT_TRUE(reader.wrong.empty());
    Runner suspicious{instance_of("rw=read\nbs=128k\nsize=1m\nverify=crc32c\n")};
    suspicious.disk = writer.disk;
    suspicious.disk[200'000] ^= 0x80;
    suspicious.run();
    ASSERT_EQ(suspicious.wrong.size(), 1u);
    EXPECT_EQ(suspicious.wrong[0].rfind("offset 196608: checksum", 0), 0u);
}

TEST(Verification, AReadingJobReportsWhatNobodyWrote) {
    Runner reader{instance_of("rw=randread\nsize=16k\nverify=crc32c\n")};
    reader.run();
    EXPECT_EQ(reader.wrong.size(), 4u);
}

TEST(Verification, AMixedJobChecksItsReadsAgainstWhatItWroteBefore) {
    Runner runner{
        instance_of("rw=randrw\nnorandommap\nsize=64k\nio_size=8m\niodepth=16\n"
                    "verify=crc32c\nbs=8k,4k\n")};
    runner.run();
    EXPECT_TRUE(runner.wrong.empty()) << runner.wrong.front();
    EXPECT_GT(test::count_of(runner.issued, Op::kRead), 500u);
}

TEST(Verification, RequestsThatOverlapAWriteAreNeverInFlightTogether) {
    const JobInstance instance =
        instance_of("rw=randrw\nnorandommap\nsize=32k\nio_size=1m\niodepth=8\nverify=crc32c\n");
    IoGenerator generator{instance};
    std::deque<IoRequest> in_flight;
    std::size_t held_back = 0;
    for (;;) {
        IoRequest request;
        const auto step = generator.next(0, request);
        if (step == IoGenerator::Step::kDone) break;
        if (step == IoGenerator::Step::kIssue) {
            for (const IoRequest& other : in_flight) {
                const bool overlap = other.offset == request.offset;
                const bool changes = other.op == Op::kWrite || request.op == Op::kWrite;
                ASSERT_FALSE(overlap && changes);
            }
            in_flight.push_back(request);
        } else {
            ++held_back;
        }
        if (step == IoGenerator::Step::kWait || in_flight.size() == 8) {
            ASSERT_FALSE(in_flight.empty());
            generator.complete(in_flight.front(), true, 0);
            in_flight.pop_front();
        }
    }
    EXPECT_GT(held_back, 10u) << "with 8 blocks and depth 8 there must have been conflicts";
}

TEST(Verification, BlocksOfAFailedWriteAreNotReadBack) {
    IoGenerator generator{instance_of("rw=write\nsize=16k\nverify=crc32c\n")};
    std::vector<std::uint64_t> read_back;
    IoRequest request;
    while (generator.next(0, request) == IoGenerator::Step::kIssue) {
        if (request.read_back) read_back.push_back(request.offset);
        generator.complete(request, request.op == Op::kRead || request.offset != 4096, 0);
    }
    EXPECT_EQ(read_back, (std::vector<std::uint64_t>{0, 8192, 12288}));
}

// The last trim has no write behind it: what it trimmed used to be expected all the same.
TEST(Verification, WhatWasTrimmedIsNotReadBackUntilItIsWritten) {
    IoGenerator generator{instance_of(
        "rw=randtrimwrite\nnorandommap\nsize=16k\nio_size=1m\nnumber_ios=65\nverify=crc32c\n")};
    std::set<std::uint64_t> written;
    std::set<std::uint64_t> read_back;
    IoRequest request;
    while (generator.next(0, request) == IoGenerator::Step::kIssue) {
        if (request.op == Op::kWrite) written.insert(request.offset);
        if (request.op == Op::kTrim) written.erase(request.offset);
        if (request.read_back) read_back.insert(request.offset);
        generator.complete(request, true, 0);
    }
    EXPECT_EQ(read_back, written);
    EXPECT_EQ(written.size(), 3u);
}

TEST(Verification, ReadBackIsLeftOutWithDoVerify0AndAfterStop) {
    Runner silent{instance_of("rw=write\nsize=16k\nverify=crc32c\ndo_verify=0\n")};
    silent.run();
    EXPECT_EQ(silent.issued.size(), 4u);
    EXPECT_TRUE(check_verify_block(silent.disk.data(), 4096, 0).header) << "still checkable";
    Runner stopped{instance_of("rw=write\nsize=1m\nverify=crc32c\n")};
    stopped.run(5);
    stopped.generator.stop();
    stopped.run();
    EXPECT_EQ(stopped.issued.size(), 5u);
}

}  // namespace
}  // namespace platform
