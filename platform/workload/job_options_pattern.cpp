// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <iterator>

#include "platform/workload/device_name.h"
#include "platform/workload/job_values.h"

namespace platform {

namespace {

using namespace values;
using Use = JobOption::Use;

constexpr std::size_t kMaxNames = 1024;
constexpr std::size_t kMaxShares = 64;

constexpr Pattern kPatterns[] = {
    // name             random reads  writes trims
    {"read", false, true, false, false},        {"write", false, false, true, false},
    {"randread", true, true, false, false},     {"randwrite", true, false, true, false},
    {"rw", false, true, true, false},           {"readwrite", false, true, true, false},
    {"randrw", true, true, true, false},        {"trim", false, false, false, true},
    {"randtrim", true, false, false, true},     {"trimwrite", false, false, true, true},
    {"randtrimwrite", true, false, true, true},
};

/// "randread", "read:8k", "read:-8k", "randwrite:4". [fio 3.33 fio(1) readwrite]
Problem pattern(Job& job, std::string_view value) {
    const std::string_view name = take_part(value, ':');
    const auto* found = std::find_if(std::begin(kPatterns), std::end(kPatterns),
                                     [&](const Pattern& pattern) { return pattern.name == name; });
    if (found == std::end(kPatterns)) return "is not a supported pattern";
    Problem problem;
    std::uint64_t number = found->random ? 1 : 0;
    const bool backwards = !value.empty() && value.front() == '-' && !found->random;
    if (backwards) value.remove_prefix(1);
    constexpr std::uint64_t kFarthest = std::uint64_t{1} << 62;
    if (!value.empty()) problem = number_into(number, job, value, found->random ? 1 : 0, kFarthest);
    if (problem) return problem;
    job.pattern = *found;
    job.random_run = found->random ? number : 1;
    const auto step = static_cast<std::int64_t>(found->random ? 0 : number);
    job.sequential_step = backwards ? -step : step;
    return std::nullopt;
}

Problem rwmixwrite(Job& job, std::string_view value) {
    unsigned percent = 0;
    Problem problem = number_into(percent, job, value, 0, 100);
    if (!problem) job.read_percent = 100 - percent;
    return problem;
}

Problem percentage_sequential(Job& job, std::string_view value) {
    PerDirection<unsigned> percent;
    for (std::size_t i = 0; i < percent.size(); ++i) percent[i] = 100 - job.random_percent[i];
    Problem problem = read_directions(percent, value, [&](std::string_view part, unsigned& target) {
        return number_into(target, job, part, 0, 100);
    });
    for (std::size_t i = 0; i < percent.size(); ++i) job.random_percent[i] = 100 - percent[i];
    return problem;
}

void forget_sizes(Job& job) {
    job.range_end = {0, 0, 0};
    job.split = {};
}

Problem block_size(Job& job, std::string_view value) {
    Problem problem = per_direction<&Job::block_size, 1, kMaxBlock>(job, value);
    if (!problem) forget_sizes(job);
    return problem;
}

/// "4k-8k", also with a colon. [fio 3.33 fio(1) blocksize_range]
Problem block_range(Job& job, std::string_view value) {
    using Range = std::pair<std::uint32_t, std::uint32_t>;
    PerDirection<Range> ranges;
    for (std::size_t i = 0; i < ranges.size(); ++i)
        ranges[i] = {job.block_size[i], job.block_size[i]};
    Problem problem = read_directions(ranges, value, [&](std::string_view part, Range& range) {
        const std::string_view low = take_part(part, part.find(':') < part.size() ? ':' : '-');
        Problem wrong = number_into(range.first, job, low, 1, kMaxBlock);
        if (!wrong) wrong = number_into(range.second, job, part, 1, kMaxBlock);
        if (!wrong && range.first > range.second) std::swap(range.first, range.second);
        return wrong;
    });
    if (problem) return problem;
    forget_sizes(job);
    for (std::size_t i = 0; i < ranges.size(); ++i) {
        job.block_size[i] = ranges[i].first;
        job.range_end[i] = ranges[i].second;
    }
    return std::nullopt;
}

/// "4k/10:64k/50:32k/40". [fio 3.33 fio(1) bssplit]
Problem read_shares(const Job& job, std::string_view text, SizeShares& shares) {
    std::vector<PercentOrRest> percents;
    shares.clear();
    while (!text.empty()) {
        if (shares.size() == kMaxShares) return "has more than 64 sizes";
        std::string_view part = take_part(text, ':');
        Problem problem =
            number_into(shares.emplace_back().bytes, job, take_part(part, '/'), 1, kMaxBlock);
        if (!problem) problem = read_percent(part, percents.emplace_back());
        if (problem) return problem;
    }
    if (Problem problem = share_the_rest(percents)) return problem;
    for (std::size_t i = 0; i < shares.size(); ++i) shares[i].percent = percents[i].percent;
    return std::nullopt;
}

Problem block_split(Job& job, std::string_view value) {
    PerDirection<SizeShares> split;
    Problem problem = read_directions(split, value, [&](std::string_view part, SizeShares& shares) {
        return read_shares(job, part, shares);
    });
    if (problem) return problem;
    forget_sizes(job);
    for (std::size_t i = 0; i < split.size(); ++i) {
        if (split[i].empty()) continue;
        const auto smaller = [](const SizeShare& a, const SizeShare& b) {
            return a.bytes < b.bytes;
        };
        job.block_size[i] = std::min_element(split[i].begin(), split[i].end(), smaller)->bytes;
    }
    job.split = std::move(split);
    return std::nullopt;
}

/// "60/10:30/20:10/", of zoned_abs with sizes in bytes. [fio 3.33 fio(1) random_distribution]
Problem read_zones(const Job& job, bool in_bytes, std::string_view text,
                   std::vector<OffsetZone>& zones) {
    std::vector<PercentOrRest> accesses;
    std::vector<PercentOrRest> sizes;
    zones.clear();
    while (!text.empty()) {
        if (zones.size() == kMaxShares) return "has more than 64 zones";
        std::string_view part = take_part(text, ':');
        OffsetZone& zone = zones.emplace_back();
        Problem problem = read_percent(take_part(part, '/'), accesses.emplace_back());
        if (!problem)
            problem = in_bytes ? number_into(zone.size, job, part, 1, kNoLimit >> 8)
                               : read_percent(part, sizes.emplace_back());
        if (problem) return problem;
    }
    if (Problem problem = share_the_rest(accesses)) return problem;
    if (Problem problem = in_bytes ? Problem{} : share_the_rest(sizes)) return problem;
    for (std::size_t i = 0; i < zones.size(); ++i) {
        zones[i].access_percent = accesses[i].percent;
        if (!in_bytes) zones[i].size = sizes[i].percent;
    }
    return std::nullopt;
}

struct DistributionName {
    std::string_view name;
    OffsetDistribution::Kind kind;
    double most;  // of the parameter; 0: it has none
    double preset;
};
constexpr DistributionName kDistributions[] = {
    {"random", OffsetDistribution::Kind::kUniform, 0, 0},
    {"zipf", OffsetDistribution::Kind::kZipf, 100, 1.1},
    {"pareto", OffsetDistribution::Kind::kPareto, 1, 0.2},
    {"normal", OffsetDistribution::Kind::kNormal, 100, 0},
    {"zoned", OffsetDistribution::Kind::kZoned, 0, 0},
    {"zoned_abs", OffsetDistribution::Kind::kZonedBytes, 0, 0},
};

Problem read_parameters(std::string_view text, const DistributionName& of,
                        OffsetDistribution& distribution) {
    using Kind = OffsetDistribution::Kind;
    distribution.parameter = of.preset;
    const std::string_view first = take_part(text, ':');
    Problem problem;
    if (!first.empty()) problem = read_decimal(first, distribution.parameter);
    const double value = distribution.parameter;
    if (!problem && (value > of.most || (of.kind == Kind::kZipf && (value <= 0 || value == 1)) ||
                     (of.kind == Kind::kPareto && (value <= 0 || value >= 1))))
        problem = "has a parameter that is out of range";
    if (problem || text.empty()) return problem;
    double centre = 0;
    problem = read_decimal(text, centre);
    if (!problem && centre > 1) problem = "has a centre beyond 1";
    if (!problem) distribution.centre = centre;
    return problem;
}

Problem random_distribution(Job& job, std::string_view value) {
    using Kind = OffsetDistribution::Kind;
    const std::string_view name = take_part(value, ':');
    for (const DistributionName& of : kDistributions) {
        if (of.name != name) continue;
        OffsetDistribution result;
        result.kind = of.kind;
        Problem problem;
        if (of.kind == Kind::kZoned || of.kind == Kind::kZonedBytes)
            problem = read_directions(result.zones, value, [&](std::string_view part, auto& zones) {
                return read_zones(job, of.kind == Kind::kZonedBytes, part, zones);
            });
        else if (of.most > 0)
            problem = read_parameters(value, of, result);
        if (!problem) job.distribution = std::move(result);
        return problem;
    }
    return "is no distribution that there is";
}

Problem zonemode(Job& job, std::string_view value) {
    if (value == "none" || value == "strided") {
        job.no_zones = value == "none";
        return std::nullopt;
    }
    return value == "zbd" ? Problem{"is for zoned disks, and no namespace is one"}
                          : Problem{"is none of these words"};
}

Problem filename(Job& job, std::string_view value) {
    if (has_bare_pci_address(value))
        return R"(is a PCI address, whose colons have to be escaped, as in 0000\:00\:01.0)";
    const std::vector<std::string> names = split_filename(value);
    if (names.empty()) return "names nothing";
    if (job.filenames.size() + names.size() > kMaxNames) return "makes more than 1024 names";
    job.filenames.insert(job.filenames.end(), names.begin(), names.end());
    return std::nullopt;
}

constexpr std::string_view kSequencers[] = {"sequential", "identical"};
constexpr char kSizeOrNone[] = "bytes with k, m, g, t, p (4k = 4096), 0, or 1..100%";
constexpr char kBytes[] = "bytes with k, m, g, t, p (4k = 4096)";
constexpr char kBlocks[] = "1 to 1g, also as read,write,trim";

constexpr JobOption kRows[] = {
    // name, alias, use, bare, allowed, default, meaning, apply
    {"rw", "readwrite", Use::kHonoured, false,
     "read, write, randread, randwrite, rw (readwrite), randrw, trim, randtrim, trimwrite or "
     "randtrimwrite; random ones with `:N`, others with `:bytes` or `:-bytes`",
     "read",
     "access pattern; random patterns touch every block once before they repeat one; of `:N` "
     "requests only the first is drawn; `:bytes` leaves a gap behind each, `:-bytes` goes back",
     &pattern},
    {"rw_sequencer", "", Use::kHonoured, false, "sequential or identical", "sequential",
     "with `:N`, the requests that are not drawn: behind the one before, or at its place",
     &word<&Job::sequencer, kSequencers, std::size(kSequencers)>},
    {"rwmixread", "", Use::kHonoured, false, "0..100", "50", "percentage of reads in rw and randrw",
     &number<&Job::read_percent, 0, 100>},
    {"rwmixwrite", "", Use::kHonoured, false, "0..100", "50",
     "percentage of writes in rw and randrw; the later of the two keys counts", &rwmixwrite},
    {"percentage_random", "", Use::kHonoured, false, "0..100, also as read,write,trim", "100",
     "of random patterns: so many requests are drawn, the others come behind the one before",
     &per_direction<&Job::random_percent, 0, 100>},
    {"percentage_sequential", "", Use::kHonoured, false, "0..100, also as read,write,trim", "0",
     "the rest of percentage_random", &percentage_sequential},
    {"bs", "blocksize", Use::kHonoured, false, kBlocks, "4k",
     "bytes of a request; a multiple of the logical block size", &block_size},
    {"bsrange", "blocksize_range", Use::kHonoured, false, "4k-64k, also as read,write,trim", "",
     "bytes of a request: any multiple of the smaller size up to the larger", &block_range},
    {"bssplit", "", Use::kHonoured, false, "4k/60:64k/40, also as read,write,trim", "",
     "bytes of a request, with the percentage of each; those without one share the rest",
     &block_split},
    {"blockalign", "ba", Use::kHonoured, false, kBlocks, "the smallest bs",
     "random places are multiples of this", &per_direction<&Job::align, 1, kMaxBlock>},
    {"size", "", Use::kHonoured, false, kSizeOrNone, "to the end of the namespace",
     "length of the region; without io_size also the amount of data; 0: the default",
     &amount<&Job::size, true>},
    {"offset", "fileoffset", Use::kHonoured, false, kSize, "0",
     "start of the region; a percentage is rounded up to a multiple of bs",
     &amount<&Job::offset, false>},
    {"offset_increment", "", Use::kHonoured, false, kSize,
     "0; with writes and verify the length of the region",
     "distance between the regions of the clones that numjobs makes",
     &amount<&Job::offset_increment, false>},
    {"io_size", "io_limit", Use::kHonoured, false, kSizeOrNone, "size",
     "bytes to transfer, times loops; more than size starts over, a percentage is of size",
     &amount<&Job::io_size, true>},
    {"number_ios", "", Use::kHonoured, false, kCount, "0 (no limit)",
     "end after this many requests times loops; flushes do not count, reads of earlier read-backs "
     "do",
     &number<&Job::number_ios>},
    {"loops", "", Use::kHonoured, false, "1 or more", "1", "repeat the job, read-back included",
     &number<&Job::loops, 1>},
    {"zonemode", "", Use::kHonoured, false, "none or strided", "strided, where there is a zonesize",
     "strided: the region in pieces, which zonesize, zonerange and zoneskip describe; none: they "
     "do "
     "not count",
     &zonemode},
    {"zonesize", "zone_size", Use::kHonoured, false, kBytes, "0 (one zone)",
     "bytes to transfer in one piece", &number<&Job::zone_size>},
    {"zonerange", "zone_range", Use::kHonoured, false, kBytes, "zonesize", "length of a piece",
     &number<&Job::zone_range>},
    {"zoneskip", "zone_skip", Use::kHonoured, false, kBytes, "0", "bytes between two pieces",
     &number<&Job::zone_skip>},
    {"norandommap", "", Use::kHonoured, true, kBool, "0",
     "random blocks may repeat before all were touched", &flag<&Job::norandommap>},
    {"random_distribution", "", Use::kHonoured, false,
     "random, zipf:theta, pareto:h, normal:percent, zoned:access/size:..., "
     "zoned_abs:access/bytes:...",
     "random",
     "where random requests go; zipf, pareto and normal also with `:centre`, without which the hot "
     "blocks are scattered; but for random, blocks may repeat",
     &random_distribution},
    {"randseed", "", Use::kHonoured, false, kCount, "0x89",
     "seed of everything random; each clone of each job has its own stream",
     &number<&Job::randseed>},
    {"filename", "", Use::kHonoured, false, "names, separated by :", "",
     "namespaces to run on, see above; each line adds some, `\\:` is a colon in a name", &filename},
};

}  // namespace

JobOptionRows pattern_options() {
    return {std::begin(kRows), std::end(kRows)};
}

}  // namespace platform
