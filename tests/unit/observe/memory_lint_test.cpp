// SPDX-License-Identifier: Apache-2.0
#include "models/observe/memory_lint.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <vector>

namespace observe {
namespace {

/// What the lint has to say, by looking at each range.
class PlainLint {
public:
    struct Range {
        std::uint64_t first, last;
        std::uint32_t owner;
        bool to_host;
    };
    MemoryLint::Meets add(const Range& added) {
        const auto overlaps = [&](const Range& r) {
            return r.first <= added.last && r.last >= added.first;
        };
        auto meets = MemoryLint::Meets::kNothing;
        for (const Range& r : buffers)
            if (overlaps(r) && r.owner != added.owner && (r.to_host || added.to_host))
                meets = MemoryLint::Meets::kBuffer;
        for (const Range& r : queues)
            if (overlaps(r)) meets = MemoryLint::Meets::kQueue;
        buffers.push_back(added);
        return meets;
    }
    void remove(std::uint32_t owner) {
        const auto is_its = [owner](const Range& r) { return r.owner == owner; };
        buffers.erase(std::remove_if(buffers.begin(), buffers.end(), is_its), buffers.end());
    }
    std::vector<Range> queues, buffers;
};

TEST(MemoryLintTest, AgreesWithAPlainListForBuffersOfAllLengths) {
    constexpr std::uint32_t kCommands = 40;
    std::mt19937_64 random(11);
    MemoryLint lint;
    PlainLint plain;
    std::vector<MemoryLint::Chain> chains(kCommands, MemoryLint::kNoBuffers);
    for (std::uint32_t key = 0; key < 3; ++key) {
        const std::uint64_t base = random() % (16 << 20);
        (void)lint.add_queue(key, base, 4096);
        plain.queues.push_back({base, base + 4095, key, true});
    }
    unsigned met[3] = {};
    for (unsigned step = 0; step < 60'000; ++step) {
        const auto command = static_cast<std::uint32_t>(random() % kCommands);
        if (random() % 4 == 0) {
            lint.remove_buffers(chains[command]);
            plain.remove(command);
            continue;
        }
        // Mostly within one granule, some over many, few so long that they are kept apart.
        const auto bytes = static_cast<std::uint32_t>(1 + random() % (512u << random() % 14));
        const std::uint64_t gpa = random() % (64 << 20);
        const bool to_host = random() % 2 != 0;
        const auto expected = plain.add({gpa, gpa + bytes - 1, command, to_host});
        ASSERT_EQ(lint.add_buffer(chains[command], command, gpa, bytes, to_host), expected) << step;
        ++met[static_cast<unsigned>(expected)];
    }
    EXPECT_GT(*std::min_element(met, met + 3), 100u) << "each answer was wanted";
}

TEST(MemoryLintTest, EndsWithTheAddressSpace) {
    MemoryLint lint;
    MemoryLint::Chain a = MemoryLint::kNoBuffers, b = a;
    EXPECT_EQ(lint.add_buffer(a, 1, ~0ull - 10, 4096, true), MemoryLint::Meets::kNothing);
    EXPECT_EQ(lint.add_buffer(b, 2, ~0ull, 1, true), MemoryLint::Meets::kBuffer);
    EXPECT_EQ(lint.add_buffer(b, 2, 0, 1, true), MemoryLint::Meets::kNothing);
    EXPECT_EQ(lint.add_buffer(b, 2, ~0ull - 5, 0xffff'ffff, true), MemoryLint::Meets::kBuffer);
    lint.remove_buffers(a);
    lint.remove_buffers(b);
    EXPECT_EQ(lint.add_buffer(a, 1, ~0ull, 1, true), MemoryLint::Meets::kNothing);
}

}  // namespace
}  // namespace observe
