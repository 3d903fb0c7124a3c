// SPDX-License-Identifier: Apache-2.0
#include "platform/uml/vhost_user.h"

#include <cstring>

#include "tests/unit/uml/guest_memory.h"

namespace platform::uml {
namespace {

using test::GuestMemory;

template <typename T>
void append(VhostMessage& message, const T& part) {
    const auto* bytes = reinterpret_cast<const std::uint8_t*>(&part);
    message.payload.insert(message.payload.end(), bytes, bytes + sizeof part);
}

template <typename... Parts>
VhostMessage message(VhostRequest request, const Parts&... parts) {
    VhostMessage message;
    (append(message, parts), ...);
    message.header = {static_cast<std::uint32_t>(request), kVhostVersion | kVhostNeedReply,
                      static_cast<std::uint32_t>(message.payload.size())};
    return message;
}

MemoryRegion region(std::uint64_t address = GuestMemory::kBase,
                    std::uint64_t bytes = GuestMemory::kBytes) {
    return {address, bytes, address, 0};
}

class VhostUserTest : public ::testing::Test {
protected:
    VhostUser::Answer handle(VhostMessage asked) { return vhost_.handle(asked); }
    VhostUser::Answer map(const MemoryRegion& one, std::size_t descriptors = 1) {
        VhostMessage asked = message(VhostRequest::kSetMemTable, MemoryTable{1, 0}, one);
        for (std::size_t i = 0; i < descriptors; ++i) asked.fds.push_back(guest_.another_fd());
        return vhost_.handle(asked);
    }

    GuestMemory guest_;
    VhostUser vhost_;
};

TEST_F(VhostUserTest, OffersWhatItNeeds) {
    EXPECT_EQ(handle(message(VhostRequest::kGetFeatures)).reply, 0x1'4000'0000u);
    EXPECT_EQ(handle(message(VhostRequest::kGetProtocolFeatures)).reply, 0x4028u);
    EXPECT_EQ(handle(message(VhostRequest::kSetFeatures, 0x1'4000'0000ull)).problem, "");
    EXPECT_EQ(handle(message(VhostRequest::kSetProtocolFeatures, 0x4028ull)).reply, 0u);
    EXPECT_NE(handle(message(VhostRequest::kSetProtocolFeatures, 0x4020ull)).problem, "");
    EXPECT_NE(handle(message(VhostRequest::kSetProtocolFeatures, 0x4029ull)).problem, "");
    EXPECT_NE(handle(message(VhostRequest::kSetFeatures, 0ull)).problem, "");
    EXPECT_NE(handle(message(VhostRequest::kSetFeatures, std::uint8_t{1})).problem, "");
}

TEST_F(VhostUserTest, AnswersOnlyWhoWantsAnAnswer) {
    VhostMessage owner = message(VhostRequest::kSetOwner);
    owner.header.flags = kVhostVersion;
    EXPECT_FALSE(vhost_.handle(owner).reply);
    EXPECT_EQ(handle(message(VhostRequest::kSetOwner)).reply, 0u);
}

TEST_F(VhostUserTest, FindsTheGuestsMemory) {
    EXPECT_EQ(map(region()).problem, "");
    guest_.put(GuestMemory::kData, std::uint8_t{0x77});
    const auto* mapping = vhost_.memory().find(GuestMemory::kData);
    ASSERT_NE(mapping, nullptr);
    EXPECT_EQ(*mapping->at(GuestMemory::kData), std::byte{0x77});
    // A new table replaces the old one.
    EXPECT_EQ(map(region(0x40000)).problem, "");
    EXPECT_EQ(vhost_.memory().find(GuestMemory::kData), nullptr);
}

TEST_F(VhostUserTest, RefusesMemoryThatIsNone) {
    EXPECT_NE(map(region(), 0).problem, "");
    EXPECT_NE(map(region(), 2).problem, "");
    EXPECT_NE(map(region(GuestMemory::kBase, 0)).problem, "");
    EXPECT_NE(map(region(GuestMemory::kBase + 1)).problem, "");
    EXPECT_NE(map(region(~0ull - 0xfff, 0x2000)).problem, "");
    EXPECT_NE(handle(message(VhostRequest::kSetMemTable)).problem, "");
    EXPECT_NE(handle(message(VhostRequest::kSetMemTable, MemoryTable{9, 0})).problem, "");
    EXPECT_NE(handle(message(VhostRequest::kSetMemTable, MemoryTable{~0u, 0})).problem, "");
    VhostMessage twice = message(VhostRequest::kSetMemTable, MemoryTable{2, 0}, region(), region());
    twice.fds.push_back(guest_.another_fd());
    twice.fds.push_back(guest_.another_fd());
    EXPECT_NE(vhost_.handle(twice).problem, "");
}

TEST_F(VhostUserTest, SetsUpAQueueAsLinuxDoes) {
    ASSERT_EQ(map(region()).problem, "");
    EXPECT_EQ(handle(message(VhostRequest::kSetVringNum, VringState{1, 8})).reply, 0u);
    EXPECT_EQ(handle(message(VhostRequest::kSetVringBase, VringState{1, 0})).reply, 0u);
    const VringAddr addresses{
        1, 0, GuestMemory::kDescriptors, GuestMemory::kUsed, GuestMemory::kAvailable, 0};
    EXPECT_EQ(handle(message(VhostRequest::kSetVringAddr, addresses)).reply, 0u);
    EXPECT_EQ(handle(message(VhostRequest::kSetVringEnable, VringState{1, 1})).reply, 0u);
    EXPECT_EQ(guest_.get<std::uint16_t>(GuestMemory::kUsed), 1) << "no kicks for interrupts";
    guest_.describe(0, GuestMemory::kData, 20, GuestMemory::kWrite);
    guest_.offer(0, 8);
    EXPECT_TRUE(vhost_.queue(VhostUser::kInterruptQueue).pop());
}

TEST_F(VhostUserTest, TellsWhichQueueWasKicked) {
    EXPECT_EQ(handle(message(VhostRequest::kVringKick, VringState{0, 0})).kicked, 0u);
    EXPECT_NE(handle(message(VhostRequest::kVringKick, VringState{2, 0})).problem, "");
    EXPECT_NE(handle(message(VhostRequest::kVringKick)).problem, "");
}

TEST_F(VhostUserTest, RefusesQueuesThatItHasNot) {
    for (const auto request :
         {VhostRequest::kSetVringNum, VhostRequest::kSetVringBase, VhostRequest::kSetVringEnable}) {
        EXPECT_NE(handle(message(request, VringState{2, 1})).problem, "");
        EXPECT_NE(handle(message(request, std::uint32_t{0})).problem, "");
    }
    EXPECT_NE(handle(message(VhostRequest::kSetVringAddr, VringAddr{7})).problem, "");
    EXPECT_NE(handle(message(VhostRequest::kSetVringNum, VringState{0, 3})).problem, "");
}

TEST_F(VhostUserTest, TakesOneWayBack) {
    EXPECT_NE(handle(message(VhostRequest::kSetBackendReqFd)).problem, "");
    VhostMessage back = message(VhostRequest::kSetBackendReqFd);
    back.fds.push_back(guest_.another_fd());
    EXPECT_EQ(vhost_.handle(back).problem, "");
    EXPECT_TRUE(vhost_.backend());
    EXPECT_TRUE(vhost_.take_backend());
    EXPECT_FALSE(vhost_.backend());
}

TEST_F(VhostUserTest, RefusesWhatItDoesNotKnow) {
    for (const std::uint32_t request : {0u, 4u, 12u, 13u, 24u, 36u, ~0u})
        EXPECT_NE(handle(message(static_cast<VhostRequest>(request), VringState{})).problem, "");
    EXPECT_FALSE(receivable({1, 0, 0}));
    EXPECT_FALSE(receivable({1, 2, 0}));
    EXPECT_FALSE(receivable({1, kVhostVersion, kMaxVhostPayload + 1}));
    EXPECT_TRUE(receivable({1, kVhostVersion | kVhostNeedReply, kMaxVhostPayload}));
}

TEST_F(VhostUserTest, KnowsTheReplyToACall) {
    std::array<std::uint8_t, kCallReplyBytes> reply{};
    const auto good = reply_bytes(4, 0);
    ASSERT_EQ(good.size(), reply.size());
    std::memcpy(reply.data(), good.data(), good.size());
    EXPECT_TRUE(is_good_call_reply(reply));
    for (const std::size_t byte : {0u, 4u, 8u, 12u}) {
        auto bad = reply;
        bad[byte] = 0xf0;
        EXPECT_FALSE(is_good_call_reply(bad)) << byte;
    }
    EXPECT_EQ(call_bytes(1), (std::vector<std::uint8_t>{4, 0, 0, 0, 9, 0, 0, 0, 8, 0,
                                                        0, 0, 1, 0, 0, 0, 0, 0, 0, 0}));
}

}  // namespace
}  // namespace platform::uml
