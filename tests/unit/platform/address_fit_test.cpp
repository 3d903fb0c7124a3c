// SPDX-License-Identifier: Apache-2.0
#include "platform/recording/address_fit.h"

#include <gtest/gtest.h>

#include "platform/workload/random.h"

namespace platform {
namespace {

using Result = AddressFit::Result;

struct Fitted {
    Result result;
    std::uint64_t offset;
};

Fitted fit(const AddressFit& fit, std::uint64_t offset, std::uint32_t length) {
    ReplayRequest request;
    request.offset = offset;
    request.length = length;
    const Result result = fit.fit(request);
    return {result, request.offset};
}

ReplayOptions with(Beyond beyond, std::uint64_t align = 0) {
    ReplayOptions options;
    options.beyond = beyond;
    options.align = align;
    return options;
}

TEST(AddressFit, WhatFitsStays) {
    for (const Beyond beyond : {Beyond::kRefuse, Beyond::kWrap, Beyond::kScale}) {
        const AddressFit whole(1 << 20, 512, 1 << 20, with(beyond));
        EXPECT_FALSE(whole.is_needed(0xfffe00));
        EXPECT_EQ(fit(whole, (1 << 20) - 4096, 4096).result, Result::kFits);
        EXPECT_EQ(fit(whole, (1 << 20) - 4096, 4096).offset, (1u << 20) - 4096);
    }
}

TEST(AddressFit, WhatIsNotInWholeBlocksIsNeverMoved) {
    const AddressFit blocks(1 << 20, 4096, 1 << 30, with(Beyond::kWrap));
    EXPECT_TRUE(blocks.is_needed(512));
    EXPECT_EQ(fit(blocks, 512, 4096).result, Result::kUnaligned);
    EXPECT_EQ(fit(blocks, 1 << 21, 512).result, Result::kUnaligned);
}

TEST(AddressFit, WhatLiesBeyondIsRefusedWrappedOrScaled) {
    const std::uint64_t end = 1 << 22;
    const AddressFit refuse(1 << 20, 512, end, with(Beyond::kRefuse));
    EXPECT_TRUE(refuse.is_needed(512));
    EXPECT_EQ(fit(refuse, 1 << 20, 512).result, Result::kBeyond);
    EXPECT_EQ(fit(refuse, ~std::uint64_t{511}, 512).result, Result::kBeyond);
    const AddressFit wrap(1 << 20, 512, end, with(Beyond::kWrap));
    EXPECT_EQ(fit(wrap, (3 << 20) + 8192, 512).offset, 8192u);
    EXPECT_EQ(fit(wrap, 8192, 512).result, Result::kFits);
    // Across the end: moved back.
    EXPECT_EQ(fit(wrap, (1 << 20) - 512, 4096).offset, (1u << 20) - 4096);
    const AddressFit scale(1 << 20, 512, end, with(Beyond::kScale));
    EXPECT_EQ(fit(scale, 8192, 512).offset, 2048u);
    EXPECT_EQ(fit(scale, end - 4096, 4096).offset, (1u << 20) - 4096);
    EXPECT_EQ(fit(scale, 0, 512).result, Result::kFits);
}

TEST(AddressFit, WhatIsLargerThanTheNamespaceIsRefused) {
    const AddressFit wrap(1 << 20, 512, 1 << 22, with(Beyond::kWrap));
    EXPECT_EQ(fit(wrap, 0, (1 << 20) + 512).result, Result::kTooLong);
    const AddressFit none(512, 512, 1 << 22, with(Beyond::kScale, 4096));
    EXPECT_EQ(fit(none, 4096, 4096).result, Result::kTooLong);
    EXPECT_EQ(none.room(), 0u);
    EXPECT_EQ(fit(none, 4096, 0).result, Result::kTooLong);
}

TEST(AddressFit, AFlushHasNoAddress) {
    ReplayRequest request;
    request.op = Op::kFlush;
    EXPECT_EQ(AddressFit(512, 512, 1 << 20, with(Beyond::kRefuse)).fit(request), Result::kFits);
}

TEST(AddressFit, WhatWasMovedLiesInTheNamespaceAndIsAlignedAsItWas) {
    RandomStream random{3};
    for (int i = 0; i < 20'000; ++i) {
        const std::uint64_t align = random.below(2) == 0 ? 0 : 512u << random.below(6);
        const std::uint64_t unit = std::max<std::uint64_t>(align, 512);
        const std::uint64_t bytes = 512 * (1 + random.below(4096));
        const std::uint64_t end = unit * (1 + random.below(~std::uint64_t{0} / unit / 2));
        const Beyond beyond = random.below(2) == 0 ? Beyond::kWrap : Beyond::kScale;
        const AddressFit place(bytes, 512, end, with(beyond, align));
        const auto length = static_cast<std::uint32_t>(
            unit * (1 + random.below(std::min<std::uint64_t>(end / unit, 64))));
        const std::uint64_t offset = unit * random.below((end - length) / unit + 1);
        const Fitted fitted = fit(place, offset, length);
        if (fitted.result == Result::kTooLong) {
            EXPECT_GT(length, bytes - bytes % unit);
            continue;
        }
        EXPECT_LE(fitted.offset + length, bytes);
        EXPECT_EQ(fitted.offset % unit, 0u);
        EXPECT_EQ(fitted.result == Result::kMoved, fitted.offset != offset);
    }
}

}  // namespace
}  // namespace platform
