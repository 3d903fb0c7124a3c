// SPDX-License-Identifier: Apache-2.0
// The write cache against two reference images: what must be visible, and what a power cut may
// show.
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <random>
#include <vector>

#include "models/media/cache/write_cache.h"
#include "tests/unit/media/bytes.h"
#include "tests/unit/media/recording_store.h"

namespace media::test {
namespace {

constexpr std::size_t kSector = 512;
constexpr std::size_t kSectors = 96;

/// One value fills a sector, so that an image is a vector of values and a mixture is noticed.
constexpr std::uint64_t kMixture = ~0ull;

class SectorModel : public testing::TestWithParam<unsigned> {
protected:
    std::size_t below(std::size_t limit) { return random_() % limit; }

    Bytes fresh(std::size_t sectors) {
        Bytes bytes(sectors * kSector);
        for (std::size_t i = 0; i < sectors; ++i) {
            const std::uint64_t value = ++last_value_;
            for (std::size_t at = 0; at < kSector; at += 8) {
                std::memcpy(&bytes[i * kSector + at], &value, 8);
            }
        }
        return bytes;
    }

    static std::uint64_t value_of(const std::byte* sector) {
        std::uint64_t first = 0;
        std::memcpy(&first, sector, 8);
        for (std::size_t at = 8; at < kSector; at += 8) {
            if (std::memcmp(sector, sector + at, 8) != 0) return kMixture;
        }
        return first;
    }

    static std::vector<std::uint64_t> values(BlockStore& store) {
        const Bytes bytes = content(store, 0, kSectors * kSector);
        std::vector<std::uint64_t> result;
        for (std::size_t i = 0; i < kSectors; ++i) {
            result.push_back(value_of(&bytes[i * kSector]));
        }
        return result;
    }

    void wrote(std::size_t first, const Bytes& bytes, bool durable) {
        for (std::size_t i = 0; i * kSector < bytes.size(); ++i) {
            set(first + i, value_of(&bytes[i * kSector]), durable);
        }
    }

    void set(std::size_t sector, std::uint64_t value, bool durable) {
        visible_[sector] = value;
        if (durable) allowed_[sector].clear();
        allowed_[sector].push_back(value);
    }

    void one_random_step();
    void power_cut();

    RecordingStore durable_{kSectors * kSector};
    WriteCache cache_{durable_, 3 * 4096};
    std::vector<std::uint64_t> visible_ = std::vector<std::uint64_t>(kSectors, 0);
    /// Per sector: the last value that had to be durable, and all values written since.
    std::vector<std::vector<std::uint64_t>> allowed_ =
        std::vector<std::vector<std::uint64_t>>(kSectors, {0});
    unsigned lost_sectors_ = 0;

private:
    std::mt19937 random_{GetParam()};
    std::uint64_t last_value_ = 0;
};

void SectorModel::one_random_step() {
    const std::size_t first = below(kSectors);
    const std::size_t count = std::min(kSectors - first, 1 + below(below(8) == 0 ? kSectors : 10));
    const unsigned action = static_cast<unsigned>(below(100));
    if (action < 70) {
        const Bytes bytes = fresh(count);
        ASSERT_EQ(put(cache_, first * kSector, bytes), IoStatus::kOk);
        wrote(first, bytes, false);
    } else if (action < 80) {
        const Bytes bytes = fresh(count);
        ASSERT_EQ(cache_.write_durable(first * kSector, bytes.data(), bytes.size()), IoStatus::kOk);
        wrote(first, bytes, true);
    } else if (action < 88) {
        ASSERT_EQ(cache_.deallocate(first * kSector, count * kSector), IoStatus::kOk);
        for (std::size_t i = 0; i < count; ++i) set(first + i, 0, true);
    } else if (action < 92) {
        ASSERT_EQ(cache_.flush(), IoStatus::kOk);
        EXPECT_EQ(cache_.dirty_bytes(), 0u);
        for (std::size_t i = 0; i < kSectors; ++i) set(i, visible_[i], true);
    } else if (action < 96) {
        power_cut();
    } else {
        // A destage that fails now and then must lose nothing.
        durable_.bad_write = first * kSector;
        const IoStatus status = cache_.flush();
        durable_.bad_write.reset();
        ASSERT_EQ(status != IoStatus::kOk, cache_.dirty_bytes() > 0);
    }
}

void SectorModel::power_cut() {
    cache_.power_cut();
    const std::vector<std::uint64_t> left = values(cache_);
    for (std::size_t i = 0; i < kSectors; ++i) {
        const auto& allowed = allowed_[i];
        ASSERT_NE(std::find(allowed.begin(), allowed.end(), left[i]), allowed.end())
            << "sector " << i << " shows value " << left[i] << ", last durable " << allowed[0];
        lost_sectors_ += left[i] != visible_[i] ? 1 : 0;
        set(i, left[i], true);
    }
}

TEST_P(SectorModel, ShowsTheLatestWriteAndAfterAPowerCutNothingOlderThanTheLastFlush) {
    for (int step = 0; step < 4'000; ++step) {
        one_random_step();
        if (HasFatalFailure()) return;
        ASSERT_EQ(values(cache_), visible_) << "step " << step;
    }
    EXPECT_GT(lost_sectors_, 0u);  // or else the cache is not volatile
    ASSERT_EQ(cache_.flush(), IoStatus::kOk);
    EXPECT_EQ(values(durable_), visible_);
}

INSTANTIATE_TEST_SUITE_P(Seeds, SectorModel, testing::Range(1u, 6u));

/// Offsets and lengths that respect nothing: the visible bytes must still be exact.
TEST(WriteCacheBytes, AreExactForArbitraryOffsetsAndLengths) {
    constexpr std::size_t kBytes = 40'123;
    RecordingStore durable(kBytes);
    WriteCache cache(durable, 4 * 4096);
    Bytes visible = filled(kBytes, 0);
    std::mt19937 random(42);
    for (int step = 0; step < 3'000; ++step) {
        const std::size_t offset = random() % kBytes;
        const std::size_t length = std::min<std::size_t>(kBytes - offset, random() % 6'000);
        const auto from = visible.begin() + static_cast<std::ptrdiff_t>(offset);
        const Bytes bytes = filled(length, random() % 256);
        switch (random() % 8) {
            case 0:
                ASSERT_EQ(cache.deallocate(offset, length), IoStatus::kOk);
                std::fill_n(from, length, std::byte{0});
                break;
            case 1:
                ASSERT_EQ(cache.write_durable(offset, bytes.data(), length), IoStatus::kOk);
                std::copy(bytes.begin(), bytes.end(), from);
                ASSERT_EQ(content(durable, offset, length), bytes);
                break;
            default:
                ASSERT_EQ(put(cache, offset, bytes), IoStatus::kOk);
                std::copy(bytes.begin(), bytes.end(), from);
                break;
        }
        ASSERT_EQ(content(cache, 0, kBytes), visible) << "step " << step;
    }
    ASSERT_EQ(cache.flush(), IoStatus::kOk);
    EXPECT_EQ(content(durable, 0, kBytes), visible);
}

}  // namespace
}  // namespace media::test
