// SPDX-License-Identifier: Apache-2.0
#include "traces/analysis/groups.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <numeric>

#include "models/nvme/spec/command_formats.h"
#include "models/observe/latency_histogram.h"
#include "models/util/wide.h"
#include "traces/analysis/words.h"

namespace analysis {
using util::TimePs;

namespace {

constexpr std::size_t kMostSizes = 64;
constexpr std::size_t kMostEdges = 64;

/// The smallest latency that `percent` of all do not exceed; sorted.
TimePs percentile(const std::vector<TimePs>& latencies, double percent) {
    const double exact = percent * static_cast<double>(latencies.size()) / 100;
    const auto rank = static_cast<std::size_t>(std::ceil(exact * (1 - 1e-12)));
    return latencies[std::clamp<std::size_t>(rank, 1, latencies.size()) - 1];
}

/// Edges that grow by the same factor each, so that a group's latencies fill them.
void make_edges(Group& group) {
    const double least = std::max(to_ns(group.min_ps), 0.001);
    const double most = std::max(to_ns(group.max_ps), least);
    const double factor = std::max(
        std::pow(2, 0.125), std::pow(most / least, 1.0 / static_cast<double>(kMostEdges - 1)));
    group.edges_ns = {least};
    do group.edges_ns.push_back(group.edges_ns.back() * factor);
    while (group.edges_ns.back() <= most && group.edges_ns.size() < 2 * kMostEdges);
    group.counts.assign(group.edges_ns.size() - 1, 0);
}

class Builder {
public:
    Builder(const std::vector<Command>& commands, std::size_t most_exact)
        : commands_(commands), most_exact_(most_exact) {}

    Group build(std::string by, std::string key, const std::vector<std::uint32_t>& members) const {
        Group group;
        group.by = std::move(by);
        group.key = std::move(key);
        group.count = members.size();
        std::vector<TimePs> latencies;
        observe::LatencyHistogram histogram;
        const bool exact = members.size() <= most_exact_;
        if (exact) latencies.reserve(members.size());
        std::array<double, kStages> sums{};
        std::array<std::uint64_t, kStages> known{};
        for (const std::uint32_t i : members) {
            const Command& command = commands_[i];
            group.errors += command.status != 0 ? 1 : 0;
            group.bytes += command.bytes;
            histogram.record(command.latency_ps());
            if (exact) latencies.push_back(command.latency_ps());
            for (std::size_t s = 0; s < kStages; ++s)
                if (command.stage_ns[s] >= 0) {
                    sums[s] += static_cast<double>(command.stage_ns[s]);
                    ++known[s];
                }
        }
        group.min_ps = histogram.min();
        group.max_ps = histogram.max();
        group.mean_ns = mean_ns(members);
        std::sort(latencies.begin(), latencies.end());
        for (std::size_t p = 0; p < kPercentiles.size(); ++p)
            group.percentiles[p] = exact ? percentile(latencies, kPercentiles[p])
                                         : histogram.percentile(kPercentiles[p]);
        for (std::size_t s = 0; s < kStages; ++s)
            group.stage_mean_ns[s] = known[s] == 0 ? -1 : sums[s] / static_cast<double>(known[s]);
        make_edges(group);
        for (const std::uint32_t i : members) {
            const auto above =
                std::upper_bound(group.edges_ns.begin() + 1, group.edges_ns.end() - 1,
                                 to_ns(commands_[i].latency_ps()));
            ++group.counts[static_cast<std::size_t>(above - group.edges_ns.begin()) - 1];
        }
        return group;
    }

private:
    [[nodiscard]] double mean_ns(const std::vector<std::uint32_t>& members) const {
        util::UInt128 sum = 0;
        for (const std::uint32_t i : members) sum += commands_[i].latency_ps();
        return static_cast<double>(sum) / static_cast<double>(members.size()) / 1e3;
    }

    const std::vector<Command>& commands_;
    const std::size_t most_exact_;
};

/// Groups members by a number, in the order of these.
template <typename Number, typename Wanted>
std::map<Number, std::vector<std::uint32_t>> divide(const std::vector<Command>& commands,
                                                    Wanted wanted,
                                                    Number (*number)(const Command&)) {
    std::map<Number, std::vector<std::uint32_t>> parts;
    for (std::size_t i = 0; i < commands.size(); ++i)
        if (commands[i].completed() && wanted(commands[i]))
            parts[number(commands[i])].push_back(static_cast<std::uint32_t>(i));
    return parts;
}

}  // namespace

std::vector<Group> groups_of(const std::vector<Command>& commands, std::size_t most_exact) {
    using Number = std::uint32_t;
    const Builder builder(commands, most_exact);
    std::vector<Group> groups;
    const auto io = [](const Command& c) { return c.is_io(); };
    const auto admin = [](const Command& c) { return !c.is_io(); };
    const auto any = [](const Command&) { return true; };
    const auto opcode = +[](const Command& c) { return Number{c.opcode}; };
    const auto name = [](std::uint16_t sqid, Number op) {
        const auto byte = static_cast<std::uint8_t>(op);
        std::string text(nvme::spec::command_name(sqid, byte));
        return nvme::spec::format_of(sqid, byte) != nullptr ? text : text + " " + hex(op);
    };
    for (const auto& [key, members] : divide<Number>(
             commands, io, +[](const Command&) -> Number { return 0; }))
        groups.push_back(builder.build("all", "I/O", members));
    for (const auto& [key, members] : divide<Number>(commands, io, opcode))
        groups.push_back(builder.build("opcode", name(1, key), members));
    for (const auto& [key, members] : divide<Number>(commands, admin, opcode))
        groups.push_back(builder.build("admin", name(0, key), members));
    for (const auto& [key, members] : divide<Number>(
             commands, any, +[](const Command& c) { return Number{c.sqid}; }))
        groups.push_back(builder.build("queue", std::to_string(key), members));
    for (const auto& [key, members] : divide<Number>(
             commands, io, +[](const Command& c) { return Number{c.nsid}; }))
        groups.push_back(builder.build("namespace", std::to_string(key), members));
    const auto with_data = [](const Command& c) { return c.is_io() && c.bytes != 0; };
    auto sizes = divide<Number>(
        commands, with_data, +[](const Command& c) { return Number{c.bytes}; });
    while (sizes.size() > kMostSizes)
        sizes.erase(std::min_element(sizes.begin(), sizes.end(), [](const auto& a, const auto& b) {
            return a.second.size() < b.second.size();
        }));
    for (const auto& [key, members] : sizes)
        groups.push_back(builder.build("size", std::to_string(key), members));
    return groups;
}

}  // namespace analysis
