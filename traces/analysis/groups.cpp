// SPDX-License-Identifier: Apache-2.0
#include "traces/analysis/groups.h"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <map>

#include "models/nvme/spec/command_formats.h"
#include "models/observe/latency_histogram.h"
#include "models/util/wide.h"
#include "traces/analysis/words.h"

namespace analysis {
using util::TimePs;

namespace {

constexpr std::size_t kMostSizes = 64;
constexpr std::size_t kMostEdges = 64;

/// For each of kPercentiles the smallest latency that so many of all do not exceed. Puts them into
/// another order.
std::array<TimePs, kPercentiles.size()> percentiles_of(std::vector<TimePs>& latencies) {
    std::array<TimePs, kPercentiles.size()> found{};
    auto end = latencies.end();
    for (std::size_t p = kPercentiles.size(); p-- > 0;) {
        const double exact = kPercentiles[p] * static_cast<double>(latencies.size()) / 100;
        const auto rank = static_cast<std::size_t>(std::ceil(exact * (1 - 1e-12)));
        const auto nth =
            latencies.begin() +
            static_cast<std::ptrdiff_t>(std::clamp<std::size_t>(rank, 1, latencies.size()) - 1);
        // What is behind the one before is not smaller.
        if (nth < end) std::nth_element(latencies.begin(), nth, end);
        found[p] = *nth;
        end = nth;
    }
    return found;
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

/// Between which edges a value is: most are found at once, by the first bits of the number.
class Buckets {
public:
    explicit Buckets(const std::vector<double>& edges) : edges_(edges), first_(key(edges[0])) {
        std::size_t below = 0;
        for (std::uint64_t k = first_; k <= key(edges.back()); ++k) {
            while (below + 2 < edges.size() && key(edges[below + 1]) < k) ++below;
            starts_.push_back(static_cast<std::uint32_t>(below));
        }
    }
    [[nodiscard]] std::size_t of(double value) const {
        if (value < edges_[1]) return 0;
        const auto at = static_cast<std::size_t>(key(value) - first_);
        std::size_t bucket = starts_[std::min(at, starts_.size() - 1)];
        while (bucket + 2 < edges_.size() && edges_[bucket + 1] <= value) ++bucket;
        return bucket;
    }

private:
    /// Of a positive number its exponent and four bits behind: in the order of the numbers.
    static std::uint64_t key(double value) {
        std::uint64_t bits = 0;
        std::memcpy(&bits, &value, sizeof bits);
        return bits >> 48;
    }

    const std::vector<double>& edges_;
    const std::uint64_t first_;
    std::vector<std::uint32_t> starts_;  // by key: the bucket of the smallest such number
};

using Members = std::vector<std::uint32_t>;

class Builder {
public:
    Builder(const std::vector<Command>& commands, std::size_t most_exact)
        : commands_(commands), most_exact_(most_exact) {}

    Group build(std::string by, std::string key, const Members& members) const {
        Group group;
        group.by = std::move(by);
        group.key = std::move(key);
        group.count = members.size();
        std::vector<TimePs> latencies;
        observe::LatencyHistogram histogram;
        const bool exact = members.size() <= most_exact_;
        latencies.reserve(exact ? members.size() : 0);
        std::array<double, kStages> sums{};
        std::array<std::uint64_t, kStages> known{};
        util::UInt128 sum = 0;
        group.min_ps = util::kNever;
        for (const std::uint32_t i : members) {
            const Command& command = commands_[i];
            const TimePs latency = command.latency_ps();
            group.errors += command.status != 0 ? 1 : 0;
            group.bytes += command.bytes;
            group.min_ps = std::min(group.min_ps, latency);
            group.max_ps = std::max(group.max_ps, latency);
            sum += latency;
            if (exact)
                latencies.push_back(latency);
            else
                histogram.record(latency);
            for (std::size_t s = 0; s < kStages; ++s)
                if (command.stage_ns[s] >= 0) {
                    sums[s] += static_cast<double>(command.stage_ns[s]);
                    ++known[s];
                }
        }
        group.mean_ns = static_cast<double>(sum) / static_cast<double>(members.size()) / 1e3;
        for (std::size_t s = 0; s < kStages; ++s)
            group.stage_mean_ns[s] = known[s] == 0 ? -1 : sums[s] / static_cast<double>(known[s]);
        make_edges(group);
        const Buckets buckets(group.edges_ns);
        for (const std::uint32_t i : members)
            ++group.counts[buckets.of(to_ns(commands_[i].latency_ps()))];
        if (exact) group.percentiles = percentiles_of(latencies);
        for (std::size_t p = 0; p < kPercentiles.size() && !exact; ++p)
            group.percentiles[p] = histogram.percentile(kPercentiles[p]);
        return group;
    }

private:
    const std::vector<Command>& commands_;
    const std::size_t most_exact_;
};

/// Completed commands by what they have in common.
struct Parts {
    explicit Parts(const std::vector<Command>& commands) {
        for (std::size_t i = 0; i < commands.size(); ++i) {
            const Command& c = commands[i];
            if (!c.completed()) continue;
            const auto index = static_cast<std::uint32_t>(i);
            queues[c.sqid].push_back(index);
            (c.is_io() ? opcodes : admin)[c.opcode].push_back(index);
            if (!c.is_io()) continue;
            all.push_back(index);
            namespaces[c.nsid].push_back(index);
            if (c.bytes != 0) sizes[c.bytes].push_back(index);
        }
        while (sizes.size() > kMostSizes)
            sizes.erase(std::min_element(
                sizes.begin(), sizes.end(),
                [](const auto& a, const auto& b) { return a.second.size() < b.second.size(); }));
    }

    Members all;  // I/O
    std::map<std::uint32_t, Members> opcodes, admin, queues, namespaces, sizes;
};

std::string opcode_name(std::uint16_t sqid, std::uint32_t opcode) {
    const auto byte = static_cast<std::uint8_t>(opcode);
    std::string text(nvme::spec::command_name(sqid, byte));
    return nvme::spec::format_of(sqid, byte) != nullptr ? text : text + " " + hex(opcode);
}

}  // namespace

std::vector<Group> groups_of(const std::vector<Command>& commands, std::size_t most_exact) {
    const Parts parts(commands);
    const Builder builder(commands, most_exact);
    std::vector<Group> groups;
    const auto add = [&](const char* by, std::string key, const Members& members) {
        // With one queue, namespace or size its group is that of all.
        if (!groups.empty() && members == parts.all) {
            Group same = groups.front();
            same.by = by;
            same.key = std::move(key);
            groups.push_back(std::move(same));
        } else {
            groups.push_back(builder.build(by, std::move(key), members));
        }
    };
    if (!parts.all.empty()) add("all", "I/O", parts.all);
    for (const auto& [opcode, members] : parts.opcodes)
        add("opcode", opcode_name(1, opcode), members);
    for (const auto& [opcode, members] : parts.admin) add("admin", opcode_name(0, opcode), members);
    for (const auto& [sqid, members] : parts.queues) add("queue", std::to_string(sqid), members);
    for (const auto& [nsid, members] : parts.namespaces)
        add("namespace", std::to_string(nsid), members);
    for (const auto& [bytes, members] : parts.sizes) add("size", std::to_string(bytes), members);
    return groups;
}

}  // namespace analysis
