// SPDX-License-Identifier: Apache-2.0
#include "platform/uml/virtqueue.h"

#include <numeric>
#include <ostream>
#include <utility>

#include "platform/uml/pcidev_message.h"
#include "tests/unit/uml/guest_memory.h"

namespace platform::uml {
namespace {

using test::GuestMemory;

class VirtqueueTest : public ::testing::Test {
protected:
    static constexpr std::uint16_t kSize = 8;

    VirtqueueTest() {
        vfio_user::DmaMapRequest request;
        request.flags = vfio_user::kDmaReadable | vfio_user::kDmaWritable;
        request.address = GuestMemory::kBase;
        request.size = GuestMemory::kBytes;
        EXPECT_EQ(map_.map(request, guest_.fd()), 0);
        EXPECT_TRUE(queue_.set_size(kSize));
        queue_.set_addresses(GuestMemory::kDescriptors, GuestMemory::kAvailable,
                             GuestMemory::kUsed);
        queue_.enable(true);
    }

    GuestMemory guest_;
    vfio_user::DmaMap map_;
    Virtqueue queue_{map_};
};

TEST_F(VirtqueueTest, GivesAChainWithTheBytesOfItsReadableParts) {
    guest_.put(GuestMemory::kData, std::uint32_t{0x04030201});
    guest_.put(GuestMemory::kData + 0x100, std::uint32_t{0x08070605});
    guest_.describe(3, GuestMemory::kData, 4, GuestMemory::kNext, 1);
    guest_.describe(1, GuestMemory::kData + 0x100, 4, GuestMemory::kNext, 6);
    guest_.describe(6, GuestMemory::kData + 0x200, 16, GuestMemory::kWrite);
    EXPECT_FALSE(queue_.pop());
    guest_.offer(3, kSize);
    const auto chain = queue_.pop();
    ASSERT_TRUE(chain);
    std::vector<std::uint8_t> wanted(8);
    std::iota(wanted.begin(), wanted.end(), 1);
    EXPECT_EQ(chain->readable, wanted);
    EXPECT_EQ(chain->room(), 16u);
    EXPECT_FALSE(queue_.pop());
    EXPECT_FALSE(queue_.broken());
}

TEST_F(VirtqueueTest, WritesAnAnswerIntoAllWritablePartsAndGivesTheChainBack) {
    guest_.describe(0, GuestMemory::kData, 4, GuestMemory::kNext | GuestMemory::kWrite, 2);
    guest_.describe(2, GuestMemory::kData + 0x100, 4, GuestMemory::kWrite);
    guest_.offer(0, kSize);
    const auto chain = queue_.pop();
    ASSERT_TRUE(chain);
    const std::uint8_t answer[]{1, 2, 3, 4, 5, 6};
    chain->write(answer, sizeof answer);
    queue_.push(*chain, sizeof answer);
    EXPECT_EQ(guest_.get<std::uint32_t>(GuestMemory::kData), 0x04030201u);
    EXPECT_EQ(guest_.get<std::uint32_t>(GuestMemory::kData + 0x100), 0x0605u);
    EXPECT_EQ(guest_.get<std::uint16_t>(GuestMemory::kUsed + 2), 1);
    EXPECT_EQ(guest_.get<std::uint32_t>(GuestMemory::kUsed + 4), 0u);
    EXPECT_EQ(guest_.get<std::uint32_t>(GuestMemory::kUsed + 8), sizeof answer);
}

TEST_F(VirtqueueTest, GoesRoundItsRings) {
    guest_.describe(5, GuestMemory::kData, 1);
    for (int i = 0; i < 3 * kSize + 1; ++i) {
        guest_.offer(5, kSize);
        const auto chain = queue_.pop();
        ASSERT_TRUE(chain) << i;
        queue_.push(*chain, 0);
    }
    EXPECT_EQ(guest_.get<std::uint16_t>(GuestMemory::kUsed + 2), 3 * kSize + 1);
}

TEST_F(VirtqueueTest, TakesNothingBeforeItIsEnabled) {
    guest_.describe(0, GuestMemory::kData, 1);
    guest_.offer(0, kSize);
    queue_.enable(false);
    EXPECT_FALSE(queue_.pop());
    EXPECT_FALSE(queue_.broken());
}

TEST_F(VirtqueueTest, TellsTheGuestThatItNeedNotKick) {
    queue_.suppress_kicks();
    EXPECT_EQ(guest_.get<std::uint16_t>(GuestMemory::kUsed), 1);
}

TEST_F(VirtqueueTest, HasSizesThatArePowersOfTwo) {
    for (const std::uint32_t size : {0u, 3u, 257u, 2048u, ~0u}) EXPECT_FALSE(queue_.set_size(size));
    for (const std::uint32_t size : {1u, 256u, 1024u}) EXPECT_TRUE(queue_.set_size(size));
}

struct BadChain {
    const char* what;
    std::uint64_t address;
    std::uint32_t bytes;
    std::uint16_t flags, next;
};
void PrintTo(const BadChain& bad, std::ostream* to) {
    *to << bad.what;
}
class BadChains : public VirtqueueTest, public ::testing::WithParamInterface<BadChain> {};

TEST_P(BadChains, BreakTheQueueAndNothingElse) {
    const BadChain& bad = GetParam();
    guest_.describe(0, bad.address, bad.bytes, bad.flags, bad.next);
    guest_.offer(0, kSize);
    EXPECT_FALSE(queue_.pop());
    EXPECT_TRUE(queue_.broken());
    EXPECT_FALSE(queue_.pop());
}
INSTANTIATE_TEST_SUITE_P(
    All, BadChains,
    ::testing::Values(BadChain{"circle", GuestMemory::kData, 1, GuestMemory::kNext, 0},
                      BadChain{"beyond_the_table", GuestMemory::kData, 1, GuestMemory::kNext, 8},
                      BadChain{"no_memory", 0x5, 1, 0, 0},
                      BadChain{"over_the_end", GuestMemory::kBase + GuestMemory::kBytes - 1, 2, 0,
                               0},
                      BadChain{"round_the_end", ~0ull, 2, 0, 0},
                      BadChain{"nothing", GuestMemory::kData, 0, 0, 0},
                      BadChain{"all", GuestMemory::kData, ~0u, 0, 0}),
    [](const auto& bad) { return bad.param.what; });

TEST_F(VirtqueueTest, IsBrokenByRingsThatAreNowhere) {
    using Places = std::pair<std::uint64_t, std::uint64_t>;
    for (const auto& [descriptors, available] :
         {Places{GuestMemory::kDescriptors, ~0ull}, Places{1, GuestMemory::kAvailable}}) {
        Virtqueue queue(map_);
        ASSERT_TRUE(queue.set_size(kSize));
        queue.set_addresses(descriptors, available, GuestMemory::kUsed);
        queue.enable(true);
        EXPECT_FALSE(queue.pop());
        EXPECT_TRUE(queue.broken());
    }
}

TEST_F(VirtqueueTest, IsBrokenByMoreThanItHasPlacesFor) {
    guest_.put(GuestMemory::kAvailable + 2, std::uint16_t{kSize + 1});
    EXPECT_FALSE(queue_.pop());
    EXPECT_TRUE(queue_.broken());
}

TEST_F(VirtqueueTest, IsBrokenByAHeadBeyondTheTable) {
    guest_.offer(kSize, kSize);
    EXPECT_FALSE(queue_.pop());
    EXPECT_TRUE(queue_.broken());
}

TEST_F(VirtqueueTest, IsBrokenWhenAnAnswerHasNowhereToGo) {
    guest_.describe(0, GuestMemory::kData, 1);
    guest_.offer(0, kSize);
    const auto chain = queue_.pop();
    ASSERT_TRUE(chain);
    queue_.set_addresses(GuestMemory::kDescriptors, GuestMemory::kAvailable, ~0ull);
    queue_.push(*chain, 0);
    queue_.suppress_kicks();
    EXPECT_TRUE(queue_.broken());
}

}  // namespace
}  // namespace platform::uml
