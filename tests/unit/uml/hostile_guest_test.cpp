// SPDX-License-Identifier: Apache-2.0
// Messages and memory at random: whatever a guest sends, it gets an answer or a line.
#include <cstring>
#include <random>

#include "platform/uml/pcidev_message.h"
#include "platform/uml/vhost_user.h"
#include "tests/unit/uml/guest_memory.h"

namespace platform::uml {
namespace {

using test::GuestMemory;

class HostileGuest : public ::testing::Test {
protected:
    std::uint32_t any(std::uint32_t below) { return static_cast<std::uint32_t>(random_() % below); }
    /// Mostly numbers that mean something.
    std::uint64_t number() {
        constexpr std::uint64_t kSome[]{0,
                                        1,
                                        2,
                                        256,
                                        4096,
                                        GuestMemory::kBase,
                                        GuestMemory::kUsed,
                                        GuestMemory::kBytes,
                                        ~0ull,
                                        1ull << 63};
        return any(3) != 0 ? kSome[any(std::size(kSome))] : random_();
    }
    VhostMessage message() {
        VhostMessage message;
        message.header.request = any(40);
        message.header.flags = kVhostVersion | (any(2) != 0 ? kVhostNeedReply : 0);
        message.payload.resize(any(kMaxVhostPayload + 1));
        for (std::size_t at = 0; at + 8 <= message.payload.size(); at += 4) {
            const std::uint64_t value = number();
            std::memcpy(message.payload.data() + at, &value, sizeof value);
        }
        message.header.size = static_cast<std::uint32_t>(message.payload.size());
        for (std::uint32_t i = any(3); i != 0; --i) message.fds.push_back(guest_.another_fd());
        return message;
    }

    std::mt19937_64 random_{1};
    GuestMemory guest_;
};

TEST_F(HostileGuest, CannotHurtBySendingAnyMessages) {
    VhostUser vhost;
    for (int i = 0; i < 20'000; ++i) {
        VhostMessage sent = message();
        const VhostUser::Answer answer = vhost.handle(sent);
        EXPECT_TRUE(answer.problem.empty() || answer.problem.size() < 200);
        EXPECT_LT(answer.kicked.value_or(0), 2u);
        for (std::uint32_t queue = 0; queue < 2; ++queue)
            if (auto chain = vhost.queue(queue).pop()) vhost.queue(queue).push(*chain, 1);
    }
}

TEST_F(HostileGuest, CannotHurtByAnyQueue) {
    vfio_user::DmaMap map;
    vfio_user::DmaMapRequest request;
    request.flags = vfio_user::kDmaReadable | vfio_user::kDmaWritable;
    request.address = GuestMemory::kBase;
    request.size = GuestMemory::kBytes;
    ASSERT_EQ(map.map(request, guest_.fd()), 0);
    for (int round = 0; round < 2'000; ++round) {
        Virtqueue queue(map);
        ASSERT_TRUE(queue.set_size(1u << any(11)));
        queue.set_addresses(GuestMemory::kBase + any(GuestMemory::kBytes),
                            GuestMemory::kBase + any(GuestMemory::kBytes),
                            GuestMemory::kBase + any(GuestMemory::kBytes));
        queue.enable(true);
        for (std::uint64_t at = 0; at < GuestMemory::kBytes; at += 8) {
            const std::uint64_t value =
                any(2) != 0 ? number() : GuestMemory::kBase + any(GuestMemory::kBytes);
            std::memcpy(guest_.bytes() + at, &value, sizeof value);
        }
        for (int i = 0; i < 64; ++i) {
            const auto chain = queue.pop();
            if (!chain) break;
            auto access = decode_access(chain->readable, chain->room());
            if (access) chain->write(access->data.data(), access->data.size());
            queue.push(*chain, 0);
        }
    }
}

TEST_F(HostileGuest, CannotHurtByAnyAccess) {
    for (int i = 0; i < 200'000; ++i) {
        std::vector<std::uint8_t> bytes(any(40));
        for (std::uint8_t& byte : bytes) byte = static_cast<std::uint8_t>(any(any(2) ? 256 : 6));
        const auto access = decode_access(bytes, any(64));
        if (!access) continue;
        EXPECT_EQ(access->data.size(), access->size);
        EXPECT_LE(access->size, kMaxPcidevAccess);
    }
}

}  // namespace
}  // namespace platform::uml
