// SPDX-License-Identifier: Apache-2.0
#include "models/media/store/null_store.h"

#include <gtest/gtest.h>

#include <vector>

namespace media::test {
namespace {

TEST(NullStore, TakesEverythingAndKeepsNothing) {
    constexpr std::uint64_t kSize = std::uint64_t{16} << 40;
    NullStore store(kSize);
    EXPECT_FALSE(store.keeps_data());
    std::vector<std::byte> data(4096, std::byte{7});
    EXPECT_EQ(store.write(kSize - 4096, data.data(), 4096), IoStatus::kOk);
    EXPECT_EQ(store.read(kSize - 4096, data.data(), 4096), IoStatus::kOk);
    EXPECT_EQ(data, std::vector<std::byte>(4096));
    EXPECT_EQ(store.deallocate(0, kSize), IoStatus::kOk);
    EXPECT_EQ(store.flush(), IoStatus::kOk);
}

TEST(NullStore, HasAnEnd) {
    NullStore store(4096);
    std::byte data[512];
    for (const std::uint64_t offset :
         {std::uint64_t{4096}, std::uint64_t{3585}, ~std::uint64_t{0}}) {
        EXPECT_EQ(store.read(offset, data, 512), IoStatus::kOutOfRange) << offset;
        EXPECT_EQ(store.write(offset, data, 512), IoStatus::kOutOfRange) << offset;
        EXPECT_EQ(store.deallocate(offset, 512), IoStatus::kOutOfRange) << offset;
    }
    EXPECT_EQ(store.resize(8192), IoStatus::kOk);
    EXPECT_EQ(store.read(4096, data, 512), IoStatus::kOk);
}

}  // namespace
}  // namespace media::test
