// SPDX-License-Identifier: Apache-2.0
#include "models/pcie/decoupled_writes.h"

#include <vector>

#include <gtest/gtest.h>

namespace pcie {
namespace {

HostWrite write(util::TimePs at, std::uint64_t value, Space space = Space::kConfig) {
    return {at, space, 4, 8, value};
}

TEST(DecoupledWritesTest, ComeOutInOrderOfEffectAndOfOneTimeAsTheyWentIn) {
    DecoupledWrites writes;
    EXPECT_TRUE(writes.empty());
    EXPECT_EQ(writes.next(), util::kNever);
    for (const HostWrite& w : {write(50, 1), write(10, 2), write(50, 3), write(20, 4, Space::kBar0),
                               write(10, 5, Space::kBar4)})
        writes.add(w);
    std::vector<std::uint64_t> values;
    for (; !writes.empty(); values.push_back(writes.take().value)) {
    }
    EXPECT_EQ(values, (std::vector<std::uint64_t>{2, 5, 4, 1, 3}));
}

TEST(DecoupledWritesTest, TellsWhatOneSpaceHasSeenAtATime) {
    DecoupledWrites writes;
    for (const HostWrite& w : {write(10, 1), write(20, 2, Space::kBar0), write(30, 3)})
        writes.add(w);
    const auto seen = [&](util::TimePs at, Space space) {
        std::vector<std::uint64_t> values;
        const bool any =
            writes.until(at, space, [&](const HostWrite& w) { values.push_back(w.value); });
        EXPECT_EQ(any, !values.empty());
        return values;
    };
    using Values = std::vector<std::uint64_t>;
    EXPECT_EQ(seen(9, Space::kConfig), Values{});
    EXPECT_EQ(seen(10, Space::kConfig), Values{1});
    EXPECT_EQ(seen(99, Space::kConfig), (Values{1, 3}));
    EXPECT_EQ(seen(19, Space::kBar0), Values{});
    EXPECT_EQ(seen(20, Space::kBar0), Values{2});
    EXPECT_EQ(seen(99, Space::kBar4), Values{});
}

TEST(DecoupledWritesTest, KnowsTheLastOneToARegister) {
    DecoupledWrites writes;
    writes.add(write(30, 1));
    writes.add(write(10, 2));
    EXPECT_EQ(writes.last(Space::kConfig, 8), 30u);
    EXPECT_EQ(writes.last(Space::kConfig, 12), 0u);
    EXPECT_EQ(writes.last(Space::kBar0, 8), 0u);
}

}  // namespace
}  // namespace pcie
