// SPDX-License-Identifier: Apache-2.0
#include "models/media/store/sector_map.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <vector>

#include "models/media/cache/write_cache.h"
#include "models/media/store/ram_store.h"

namespace media::test {
namespace {

TEST(SectorMapTest, AgreesWithAPlainVectorWhateverIsDone) {
    constexpr std::uint64_t kMost = 300 * 512;
    std::mt19937_64 random(4);
    SectorMap map;
    std::uint64_t size = kMost;
    std::vector<bool> model(300);
    ASSERT_TRUE(map.resize(size));
    for (unsigned i = 0; i < 200'000; ++i) {
        const std::uint64_t offset = random() % (size + 1);
        const std::uint64_t length = random() % (size - offset + 1);
        const std::uint64_t end = offset + length;
        switch (random() % 4) {
            case 0:
                map.mark(offset, length);
                if (length != 0)
                    std::fill(model.begin() + static_cast<long>(offset / 512),
                              model.begin() + static_cast<long>((end - 1) / 512 + 1), true);
                break;
            case 1: {
                map.forget(offset, length);
                const std::uint64_t first = (offset + 511) / 512;
                const std::uint64_t last = end == size ? (end + 511) / 512 : end / 512;
                for (std::uint64_t s = first; s < last; ++s) model[s] = false;
                break;
            }
            case 2: {
                if (random() % 20 != 0) break;
                const std::uint64_t next = 1 + random() % kMost;
                ASSERT_TRUE(map.resize(next));
                for (std::uint64_t s = (next + 511) / 512; s < model.size(); ++s) model[s] = false;
                size = next;
                break;
            }
            default:
                break;
        }
        const std::uint64_t at = random() % size, count = 1 + random() % (size - at);
        const bool all = std::all_of(model.begin() + static_cast<long>(at / 512),
                                     model.begin() + static_cast<long>((at + count - 1) / 512 + 1),
                                     [](bool marked) { return marked; });
        ASSERT_EQ(map.marked(at, count), all) << i;
    }
}

TEST(SectorMapTest, LargeStoreIsForgottenAtOnce) {
    SectorMap map;
    constexpr std::uint64_t kSize = 1ull << 44;
    ASSERT_TRUE(map.resize(kSize));
    map.mark(kSize / 2, 512);
    EXPECT_TRUE(map.marked(kSize / 2, 512));
    map.forget(0, kSize);
    EXPECT_FALSE(map.marked(kSize / 2, 512));
}

/// The cache's view: what it holds, over what the store holds.
class WrittenInCache : public testing::Test {
protected:
    IoStatus write(std::uint64_t offset, std::size_t length) {
        const std::vector<std::byte> data(length, std::byte{1});
        return cache.write(offset, data.data(), length);
    }
    RamStore store{64 << 10};
    WriteCache cache{store, 32 << 10};
};

TEST_F(WrittenInCache, CountsWhatIsCachedUntilAPowerCutTakesIt) {
    EXPECT_TRUE(cache.knows_written());
    EXPECT_FALSE(cache.written(0, 512));
    ASSERT_EQ(write(512, 1024), IoStatus::kOk);
    EXPECT_TRUE(cache.written(512, 1024));
    EXPECT_FALSE(cache.written(0, 1024));
    EXPECT_FALSE(cache.written(1024, 1024));
    cache.power_cut();
    EXPECT_FALSE(cache.written(512, 512)) << "it was never written as far as anybody can tell";
    ASSERT_EQ(write(512, 1024), IoStatus::kOk);
    ASSERT_EQ(cache.flush(), IoStatus::kOk);
    cache.power_cut();
    EXPECT_TRUE(cache.written(512, 1024));
}

TEST_F(WrittenInCache, SeesOneRangeAcrossCachedAndDurableSectors) {
    ASSERT_EQ(write(0, 8192), IoStatus::kOk);
    ASSERT_EQ(cache.flush(), IoStatus::kOk);
    ASSERT_EQ(write(8192, 4096), IoStatus::kOk);
    EXPECT_TRUE(cache.written(0, 12288));
    EXPECT_FALSE(cache.written(0, 12289));
    ASSERT_EQ(cache.deallocate(4096, 512), IoStatus::kOk);
    EXPECT_FALSE(cache.written(0, 12288));
    EXPECT_TRUE(cache.written(0, 4096));
    EXPECT_TRUE(cache.written(4608, 7680));
    ASSERT_EQ(cache.write_zeroes(4096, 512), IoStatus::kOk);
    EXPECT_TRUE(cache.written(0, 12288));
}

TEST_F(WrittenInCache, FlushOfARangeMakesItDurableAndWritesNothingElse) {
    ASSERT_EQ(write(4096, 512), IoStatus::kOk);
    ASSERT_EQ(write(16384, 512), IoStatus::kOk);
    ASSERT_EQ(cache.flush_range(0, 8192), IoStatus::kOk);
    cache.power_cut();
    EXPECT_TRUE(cache.written(4096, 512));
    EXPECT_FALSE(cache.written(0, 512));
    EXPECT_FALSE(cache.written(16384, 512)) << "outside of the range";
}

}  // namespace
}  // namespace media::test
