// SPDX-License-Identifier: Apache-2.0
#include "traces/analysis/groups.h"

#include <algorithm>
#include <numeric>
#include <random>

#include <gtest/gtest.h>

namespace analysis {
namespace {

Command read(util::TimePs latency, std::uint16_t queue = 1, std::uint32_t bytes = 4096) {
    Command command;
    command.opcode = 2;
    command.sqid = queue;
    command.nsid = 1;
    command.bytes = bytes;
    command.fetched_ps = 1000;
    command.end_ps = 1000 + latency;
    return command;
}

const Group& group(const std::vector<Group>& groups, const std::string& by,
                   const std::string& key) {
    const auto found = std::find_if(groups.begin(), groups.end(),
                                    [&](const Group& g) { return g.by == by && g.key == key; });
    EXPECT_NE(found, groups.end()) << by << " " << key;
    return *found;
}

TEST(Groups, HaveExactPercentilesByNearestRank) {
    std::vector<Command> commands;
    for (util::TimePs i = 1000; i >= 1; --i) commands.push_back(read(i * 1000));
    const auto groups = groups_of(commands);
    const Group& all = group(groups, "all", "I/O");
    EXPECT_EQ(all.count, 1000u);
    EXPECT_EQ(all.min_ps, 1000u);
    EXPECT_EQ(all.max_ps, 1'000'000u);
    EXPECT_EQ(all.mean_ns, 500.5);
    EXPECT_EQ(all.percentiles,
              (std::array<util::TimePs, 5>{500'000, 900'000, 990'000, 999'000, 1'000'000}));
    EXPECT_EQ(std::accumulate(all.counts.begin(), all.counts.end(), std::uint64_t{0}), 1000u);
    EXPECT_EQ(all.edges_ns.size(), all.counts.size() + 1);
    EXPECT_LE(all.edges_ns.front(), 1.0);
    EXPECT_GE(all.edges_ns.back(), 1000.0);
}

TEST(Groups, CountEachLatencyBetweenItsEdges) {
    std::mt19937_64 random(7);
    std::vector<Command> commands;
    for (int i = 0; i < 3000; ++i) commands.push_back(read(random() >> (random() % 64) >> 1));
    commands.push_back(read(0));
    const auto groups = groups_of(commands);
    const Group& all = group(groups, "all", "I/O");
    std::vector<std::uint64_t> counts(all.counts.size());
    for (const Command& command : commands) {
        const auto above = std::upper_bound(all.edges_ns.begin() + 1, all.edges_ns.end() - 1,
                                            to_ns(command.latency_ps()));
        ++counts[static_cast<std::size_t>(above - all.edges_ns.begin()) - 1];
    }
    EXPECT_EQ(all.counts, counts);
}

TEST(Groups, ThatAreTooLargeHavePercentilesOfAHistogram) {
    std::vector<Command> commands;
    for (util::TimePs i = 1; i <= 1000; ++i) commands.push_back(read(i * 1000));
    const auto groups = groups_of(commands, 999);
    const Group& all = group(groups, "all", "I/O");
    EXPECT_EQ(all.max_ps, 1'000'000u);
    EXPECT_EQ(all.mean_ns, 500.5);
    EXPECT_NEAR(static_cast<double>(all.percentiles[0]), 500'000, 500'000 / 64.0);
    EXPECT_NE(all.percentiles[0], 500'000u);
}

TEST(Groups, DivideByOpcodeQueueNamespaceAndSize) {
    std::vector<Command> commands{read(1000), read(2000, 2, 8192), read(3000)};
    commands[2].opcode = 1;
    commands[2].status = 0x281;
    commands.push_back(read(4000, 0, 0));
    commands[3].opcode = 6;
    commands.push_back(read(5000));
    commands[4].end_ps = util::kNever;  // never completed: in no group
    const auto groups = groups_of(commands);
    EXPECT_EQ(group(groups, "all", "I/O").count, 3u);
    EXPECT_EQ(group(groups, "opcode", "Read").count, 2u);
    EXPECT_EQ(group(groups, "opcode", "Write").errors, 1u);
    EXPECT_EQ(group(groups, "admin", "Identify").count, 1u);
    EXPECT_EQ(group(groups, "queue", "2").bytes, 8192u);
    EXPECT_EQ(group(groups, "size", "4096").count, 2u);
    EXPECT_EQ(group(groups, "namespace", "1").count, 3u);
}

TEST(Groups, TakeStagesOnlyWhereTheyAreKnown) {
    std::vector<Command> commands{read(1000), read(1000), read(1000)};
    commands[0].stage(Stage::kMedia) = 10;
    commands[2].stage(Stage::kMedia) = 30;
    const auto groups = groups_of(commands);
    const Group& all = group(groups, "all", "I/O");
    EXPECT_EQ(all.stage_mean_ns[static_cast<std::size_t>(Stage::kMedia)], 20);
    EXPECT_EQ(all.stage_mean_ns[static_cast<std::size_t>(Stage::kData)], -1);
}

TEST(Groups, OfEqualLatenciesHaveOneBucket) {
    const auto groups = groups_of({read(0), read(0)});
    EXPECT_EQ(group(groups, "all", "I/O").counts, (std::vector<std::uint64_t>{2}));
}

}  // namespace
}  // namespace analysis
