// SPDX-License-Identifier: Apache-2.0
#include "models/observe/command_statistics.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <vector>

namespace observe {
namespace {
using nvme::spec::StatusCode;

CommandCompleted completed(std::uint16_t sqid, std::uint8_t opcode, util::TimePs fetched,
                           util::TimePs posted, StatusCode status = StatusCode::kSuccess) {
    return {posted, fetched, sqid, sqid, 0, opcode, status, 0};
}

TEST(CommandStatistics, CountsCommandsByQueueAndOpcode) {
    CommandStatistics statistics;
    statistics.record(completed(3, 2, 100, 150));
    statistics.record(completed(1, 2, 200, 230));
    statistics.record(completed(1, 0x81, 0, 7, StatusCode::kInvalidOpcode));
    statistics.record(completed(0, 2, 0, 1000));
    struct Seen {
        bool admin;
        unsigned opcode;
        std::uint64_t count, errors, mean;
        bool operator==(const Seen& o) const {
            return admin == o.admin && opcode == o.opcode && count == o.count &&
                   errors == o.errors && mean == o.mean;
        }
    };
    std::vector<Seen> seen;
    statistics.for_each([&](bool admin, std::uint8_t opcode, const auto& of) {
        seen.push_back({admin, opcode, of.latency.count(), of.errors, of.latency.mean()});
    });
    EXPECT_EQ(seen, (std::vector<Seen>{
                        {true, 2, 1, 0, 1000}, {false, 2, 2, 0, 40}, {false, 0x81, 1, 1, 7}}));
}

TEST(CommandStatistics, AddsUpWhatBuffersHold) {
    CommandStatistics statistics;
    statistics.record(DataBuffer{1, 1, 1, 0x1000, 4096, true});
    statistics.record(DataBuffer{2, 1, 2, 0x2000, 512, false});
    statistics.record(DataBuffer{3, 0, 3, 0x3000, 1024, true});
    EXPECT_EQ(statistics.bytes_to_host(), 5120u);
    EXPECT_EQ(statistics.bytes_from_host(), 512u);
}

TEST(CommandStatistics, KnowsNothingAtFirst) {
    const CommandStatistics statistics;
    statistics.for_each([](bool, std::uint8_t, const auto&) { FAIL(); });
    EXPECT_EQ(statistics.bytes_to_host() + statistics.bytes_from_host(), 0u);
}

}  // namespace
}  // namespace observe
