// SPDX-License-Identifier: Apache-2.0
// Scatter Gather Lists: the walk alone, and through commands.
#include "models/nvme/transport/sgl.h"

#include <gtest/gtest.h>

#include <random>

#include "tests/support/core_harness.h"

namespace nvme::test {
namespace {

using spec::NvmOpcode;
using spec::SglDescriptor;
using spec::SglIdentifier;
using spec::SglType;
using spec::StatusCode;

SglDescriptor sgl(SglType type, std::uint64_t address, std::uint32_t length,
                  std::uint32_t subtype = 0) {
    SglDescriptor d{};
    d.address = address;
    d.length = length;
    d.identifier =
        SglIdentifier{}.with<SglIdentifier::Type>(type).with<SglIdentifier::Subtype>(subtype).raw;
    return d;
}
SglDescriptor data(std::uint64_t address, std::uint32_t length) {
    return sgl(SglType::kDataBlock, address, length);
}
SglDescriptor bucket(std::uint32_t length) {
    return sgl(SglType::kBitBucket, 0, length);
}

class SglWalk : public ::testing::Test {
protected:
    SglWalk() { dma.open(); }
    /// Puts descriptors at an address, and returns one that leads there.
    SglDescriptor segment(std::uint64_t at, const std::vector<SglDescriptor>& all,
                          SglType type = SglType::kLastSegment) {
        for (std::size_t i = 0; i < all.size(); ++i) memory.put(at + i * 16, all[i]);
        return sgl(type, at, static_cast<std::uint32_t>(all.size() * 16));
    }
    StatusCode walk(const SglDescriptor& first, std::size_t len, bool to_host = true) {
        const auto done = walk_sgl(dma, 0, first, len, to_host, out);
        return done ? StatusCode::kSuccess : done.error().code;
    }
    std::vector<std::pair<std::uint64_t, std::uint32_t>> extents() const {
        std::vector<std::pair<std::uint64_t, std::uint32_t>> all;
        for (const Extent& e : out) all.emplace_back(e.discard ? ~0ull : e.gpa, e.len);
        return all;
    }
    using Extents = std::vector<std::pair<std::uint64_t, std::uint32_t>>;

    FakeMemory memory;
    FakeClock clock;
    pcie::Link link{[] {
        pcie::LinkParams p;
        p.gen = 0;
        return p;
    }()};
    Dma dma{memory, link, clock};
    std::array<Extent, 4> storage;
    ExtentList out{storage.data(), storage.size()};
};

TEST_F(SglWalk, ADataBlockIsAList) {
    EXPECT_EQ(walk(data(0x1003, 777), 777), StatusCode::kSuccess);
    EXPECT_EQ(extents(), (Extents{{0x1003, 777}}));
    EXPECT_EQ(walk(data(0x1000, 1000), 777), StatusCode::kSuccess) << "more than is needed";
    EXPECT_EQ(extents(), (Extents{{0x1000, 777}}));
    EXPECT_EQ(walk(data(0x1000, 776), 777), StatusCode::kDataSglLengthInvalid);
    EXPECT_EQ(walk(data(0x1000, 0), 0), StatusCode::kSuccess);
}

TEST_F(SglWalk, SegmentsLeadToSegments) {
    const auto last = segment(0x30000, {data(5, 10), data(0x100, 20)});
    const auto middle = segment(0x20008, {data(1, 1), bucket(3), last}, SglType::kSegment);
    const auto first = segment(0x10000, {data(0x200, 4), middle}, SglType::kSegment);
    EXPECT_EQ(walk(first, 38), StatusCode::kSuccess);
    EXPECT_EQ(extents(), (Extents{{0x200, 4}, {1, 1}, {~0ull, 3}, {5, 10}, {0x100, 20}}));
    // To the controller a bit bucket is nothing.
    EXPECT_EQ(walk(first, 35, false), StatusCode::kSuccess);
    EXPECT_EQ(extents(), (Extents{{0x200, 4}, {1, 1}, {5, 10}, {0x100, 20}}));
    EXPECT_EQ(walk(first, 38, false), StatusCode::kDataSglLengthInvalid);
}

TEST_F(SglWalk, ManyDescriptorsNeedMoreRoomThanPrps) {
    std::vector<SglDescriptor> all;
    for (unsigned i = 0; i < 300; ++i) all.push_back(data(0x100000 + i * 64, 3));
    EXPECT_EQ(walk(segment(0x10000, all), 900), StatusCode::kSuccess);
    ASSERT_EQ(out.size(), 300u);
    EXPECT_EQ(out[299].gpa, 0x100000u + 299 * 64);
}

TEST_F(SglWalk, WhatIsWrongWithSegmentsIsSaid) {
    const auto one = segment(0x10000, {data(0, 8)});
    for (const std::uint32_t length : {0u, 1u, 15u, 17u}) {
        auto bad = one;
        bad.length = length;
        EXPECT_EQ(walk(bad, 8), StatusCode::kInvalidSglSegmentDescriptor) << length;
    }
    auto unaligned = one;
    unaligned.address += 4;
    EXPECT_EQ(walk(unaligned, 8), StatusCode::kInvalidSglSegmentDescriptor);
    EXPECT_EQ(walk(segment(0x20000, {data(0, 4), one}), 8),
              StatusCode::kInvalidSglSegmentDescriptor)
        << "behind the last";
    EXPECT_EQ(walk(segment(0x20000, {one, data(0, 4)}, SglType::kSegment), 8),
              StatusCode::kInvalidNumberOfSglDescriptors)
        << "not at the end";
    EXPECT_EQ(walk(segment(0x20000, {data(0, 4)}, SglType::kSegment), 8),
              StatusCode::kInvalidSglSegmentDescriptor)
        << "leads nowhere";
    memory.fail(0x10000, 16);
    EXPECT_EQ(walk(one, 8), StatusCode::kDataTransferError);
}

TEST_F(SglWalk, OtherDescriptorsAreRefused) {
    for (unsigned type = 0; type < 16; ++type)
        for (unsigned subtype = 0; subtype < 16; ++subtype) {
            if (subtype == 0 && type <= 3) continue;
            EXPECT_EQ(walk(sgl(static_cast<SglType>(type), 0x1000, 16, subtype), 16),
                      StatusCode::kSglDescriptorTypeInvalid)
                << type << " " << subtype;
        }
    EXPECT_EQ(walk(data(~0ull - 8, 16), 16), StatusCode::kDataTransferError) << "wraps around";
}

TEST_F(SglWalk, AListWithoutEndEnds) {
    const auto circle = segment(0x10000, {data(0, 0), data(0, 0)}, SglType::kSegment);
    memory.put(0x10010, circle);
    EXPECT_EQ(walk(circle, 4096), StatusCode::kInvalidNumberOfSglDescriptors);
    const auto long_one = sgl(SglType::kLastSegment, 0x40000, 0xffff'fff0);
    EXPECT_EQ(walk(long_one, 4096), StatusCode::kInvalidNumberOfSglDescriptors);
}

// Whatever a list says: the walk ends, and what it found is the data, no more.
TEST_F(SglWalk, RandomListsAreBounded) {
    std::mt19937_64 random{7};
    const auto number = [&](std::uint64_t below) { return random() % below; };
    for (int round = 0; round < 3'000; ++round) {
        for (unsigned i = 0; i < 32; ++i) {
            const auto type = static_cast<SglType>(number(20) == 0 ? number(16) : number(4));
            const bool leads = type == SglType::kSegment || type == SglType::kLastSegment;
            const std::uint64_t address = number(16) == 0 ? random() : 0x1000 + number(32) * 16;
            auto length = static_cast<std::uint32_t>(leads ? number(16) * 16 : number(600));
            if (number(16) == 0) length = static_cast<std::uint32_t>(random());
            memory.put(0x1000 + i * 16,
                       sgl(type, address, length, static_cast<std::uint32_t>(number(40) == 0)));
        }
        const std::size_t len = number(8192);
        const auto first = memory.get<SglDescriptor>(0x1000 + number(32) * 16);
        memory.forget();
        const StatusCode status = walk(first, len, number(2) == 0);
        ASSERT_LE(memory.accesses().size(), most_sgl_descriptors(len));
        if (status != StatusCode::kSuccess) continue;
        std::uint64_t sum = 0;
        for (const Extent& e : out) sum += e.len;
        ASSERT_EQ(sum, len);
    }
}

class SglCommands : public ::testing::Test {
protected:
    SglCommands() {
        h.add_namespace(1, 1 << 20);
        h.enable();
        q = h.create_queues(1, 8);
        list = h.alloc(4096);
        place = h.alloc(64 << 10);
    }
    spec::SubmissionEntry command(NvmOpcode opcode, const SglDescriptor& first,
                                  std::uint32_t blocks) const {
        auto sqe = io_command(opcode, 1, 0, blocks);
        sqe.cdw0 =
            spec::Cdw0::from(sqe.cdw0).with<spec::Cdw0::Psdt>(spec::kPsdtSglContiguousMetadata).raw;
        std::memcpy(&sqe.prp1, &first, 8);
        std::memcpy(&sqe.prp2, reinterpret_cast<const char*>(&first) + 8, 8);
        return sqe;
    }

    CoreHarness h;
    HostQueue q;
    std::uint64_t list = 0, place = 0;
};

TEST_F(SglCommands, DataGoesWhereTheListSays) {
    std::vector<std::uint8_t> bytes(2048);
    for (std::size_t i = 0; i < bytes.size(); ++i) bytes[i] = static_cast<std::uint8_t>(i * 7);
    h.memory.copy_in(place + 3, bytes.data(), 1000);
    h.memory.copy_in(place + 5000, bytes.data() + 1000, 1048);
    h.memory.put(list, data(place + 3, 1000));
    h.memory.put(list + 16, data(place + 5000, 1048));
    ASSERT_EQ(status_of(h.execute(
                  q, command(NvmOpcode::kWrite, sgl(SglType::kLastSegment, list, 32), 4))),
              StatusCode::kSuccess);
    EXPECT_EQ(status_of(h.execute(
                  q, command(NvmOpcode::kCompare, sgl(SglType::kLastSegment, list, 32), 4))),
              StatusCode::kSuccess);
    // Back, without the first 600 bytes and with a hole.
    h.memory.put(list, bucket(600));
    h.memory.put(list + 16, data(place + 20'000, 100));
    h.memory.put(list + 32, bucket(300));
    h.memory.put(list + 48, data(place + 30'001, 1048));
    ASSERT_EQ(
        status_of(h.execute(q, command(NvmOpcode::kRead, sgl(SglType::kLastSegment, list, 64), 4))),
        StatusCode::kSuccess);
    std::vector<std::uint8_t> back(1048);
    h.memory.copy_out(place + 20'000, back.data(), 100);
    EXPECT_TRUE(std::equal(back.begin(), back.begin() + 100, bytes.begin() + 600));
    h.memory.copy_out(place + 30'001, back.data(), 1048);
    EXPECT_TRUE(std::equal(back.begin(), back.end(), bytes.begin() + 1000));
}

TEST_F(SglCommands, WhatIsOfferedIsAnnouncedAndTheRestRefused) {
    auto identify = admin_command(spec::AdminOpcode::kIdentify);
    identify.cdw10 = 1;
    identify.prp1 = place;
    ASSERT_EQ(status_of(h.admin(identify)), StatusCode::kSuccess);
    const auto sgls = spec::Sgls::from(h.memory.get<spec::IdentifyController>(place).sgls);
    EXPECT_EQ(sgls.get<spec::Sgls::Supported>(), 1u);
    EXPECT_TRUE(sgls.get<spec::Sgls::BitBucket>());
    EXPECT_TRUE(sgls.get<spec::Sgls::Oversized>());
    for (const std::uint32_t psdt : {2u, 3u}) {
        auto sqe = command(NvmOpcode::kRead, data(place, 512), 1);
        sqe.cdw0 = spec::Cdw0::from(sqe.cdw0).with<spec::Cdw0::Psdt>(psdt).raw;
        EXPECT_EQ(status_of(h.execute(q, sqe)), StatusCode::kInvalidField) << psdt;
    }
    identify.cdw0 |= 1 << 14;
    EXPECT_EQ(status_of(h.admin(identify)), StatusCode::kInvalidField)
        << "admin commands have PRPs";
}

TEST_F(SglCommands, ABadListIsTheCommandsMistake) {
    EXPECT_EQ(status_of(h.execute(q, command(NvmOpcode::kRead, data(place, 511), 1))),
              StatusCode::kDataSglLengthInvalid);
    h.memory.fail(place + 512, 512);
    EXPECT_EQ(status_of(h.execute(q, command(NvmOpcode::kRead, data(place, 1024), 2))),
              StatusCode::kDataTransferError);
    EXPECT_EQ(status_of(h.execute(q, command(NvmOpcode::kWrite, data(place, 1024), 2))),
              StatusCode::kDataTransferError);
    h.memory.heal();
    h.expect_service(1);
}

}  // namespace
}  // namespace nvme::test
