// SPDX-License-Identifier: Apache-2.0
#include "models/media/store/chunk_index.h"

#include <gtest/gtest.h>

#include <map>
#include <random>
#include <set>

namespace media::test {
namespace {

TEST(ChunkIndex, AgreesWithAMapOverManyInsertionsAndRemovals) {
    std::mt19937_64 random(5);
    ChunkIndex index;
    std::map<std::uint64_t, std::uint64_t> model;
    for (std::uint64_t step = 0; step < 100'000; ++step) {
        const std::uint64_t chunk = random() % 3000;
        // Phases of growth and of decay, so that the table does both.
        if (random() % 8 < (step / 10'000 % 2 == 0 ? 7u : 4u)) {
            if (model.count(chunk) == 0) index.insert(chunk, step);
            model.emplace(chunk, step);
        } else {
            const std::uint64_t end = chunk + random() % (random() % 200 == 0 ? 10'000 : 8);
            std::multiset<std::uint64_t> out, expected;
            index.remove(chunk, end, [&out](std::uint64_t slot) { out.insert(slot); });
            const auto from = model.lower_bound(chunk), to = model.lower_bound(end);
            for (auto it = from; it != to; ++it) expected.insert(it->second);
            model.erase(from, to);
            ASSERT_EQ(out, expected) << "step " << step;
        }
        ASSERT_EQ(index.size(), model.size());
        const auto found = model.find(step % 3000);
        ASSERT_EQ(index.find(step % 3000),
                  found == model.end() ? ChunkIndex::kNone : found->second);
    }
}

}  // namespace
}  // namespace media::test
