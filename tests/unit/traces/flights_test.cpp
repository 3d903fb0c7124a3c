// SPDX-License-Identifier: Apache-2.0
#include "traces/analysis/flights.h"

#include <map>
#include <random>

#include <gtest/gtest.h>

namespace analysis {
namespace {

/// Whatever the keys are, and in whatever order they come and go.
TEST(Flights, AreThoseOfAMap) {
    std::mt19937 random(3);
    for (const std::uint32_t keys : {40u, 700u, 100'000u}) {
        Flights<int> flights;
        std::map<std::uint32_t, int> expected;
        for (int i = 0; i < 50'000; ++i) {
            const auto key = static_cast<std::uint32_t>(random() % keys << (random() % 3 * 8));
            if (random() % 2 == 0) {
                flights.take(key, i);
                expected[key] = i;
            } else {
                flights.erase(key);
                expected.erase(key);
            }
            const auto other = static_cast<std::uint32_t>(random() % keys);
            const auto found = expected.find(other);
            const int* const value = flights.find(other);
            ASSERT_EQ(value != nullptr, found != expected.end());
            if (value != nullptr) {
                ASSERT_EQ(*value, found->second);
            }
        }
        flights.clear();
        for (const auto& [key, value] : expected) EXPECT_EQ(flights.find(key), nullptr);
    }
}

}  // namespace
}  // namespace analysis
