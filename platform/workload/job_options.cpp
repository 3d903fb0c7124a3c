// SPDX-License-Identifier: Apache-2.0
#include "platform/workload/job_options.h"

#include <algorithm>
#include <limits>
#include <vector>

#include "platform/workload/device_name.h"
#include "platform/workload/units.h"

namespace platform {

namespace {

using Problem = std::optional<std::string>;
using Use = JobOption::Use;

constexpr std::size_t kMaxNames = 1024;
constexpr std::uint64_t kNoLimit = std::numeric_limits<std::uint64_t>::max();

constexpr Pattern kPatterns[] = {
    // name        random reads  writes trims
    {"read", false, true, false, false},    {"write", false, false, true, false},
    {"randread", true, true, false, false}, {"randwrite", true, false, true, false},
    {"rw", false, true, true, false},       {"readwrite", false, true, true, false},
    {"randrw", true, true, true, false},    {"trim", false, false, false, true},
    {"randtrim", true, false, false, true},
};

template <typename T>
Problem number_into(T& target, const Job& job, std::string_view value, std::uint64_t low,
                    std::uint64_t high) {
    const ParsedNumber parsed = parse_number(value, job.kb_base);
    if (const auto* problem = std::get_if<std::string>(&parsed)) return *problem;
    const std::uint64_t number = std::get<std::uint64_t>(parsed);
    if (number < low || number > high) return "is out of range";
    target = static_cast<T>(number);
    return std::nullopt;
}

template <auto Member, std::uint64_t Low = 0, std::uint64_t High = kNoLimit>
Problem number(Job& job, std::string_view value) {
    return number_into(job.*Member, job, value, Low, High);
}

template <auto Member>
Problem flag(Job& job, std::string_view value) {
    if (value != "0" && value != "1") return "is neither 0 nor 1";
    job.*Member = value == "1";
    return std::nullopt;
}

template <auto Member>
Problem text(Job& job, std::string_view value) {
    job.*Member = std::string{value};
    return std::nullopt;
}

template <auto Member, util::TimePs DefaultUnit>
Problem time(Job& job, std::string_view value) {
    const ParsedNumber parsed = parse_time(value, DefaultUnit);
    if (const auto* problem = std::get_if<std::string>(&parsed)) return *problem;
    job.*Member = std::get<std::uint64_t>(parsed);
    return std::nullopt;
}

template <auto Member, std::uint64_t Low>
Problem amount(Job& job, std::string_view value) {
    Amount result{Amount::Kind::kBytes, 0};
    Problem problem;
    if (!value.empty() && value.back() == '%') {
        result.kind = Amount::Kind::kPercent;
        value.remove_suffix(1);
        problem = number_into(result.value, job, value, Low, 100);
    } else {
        problem = number_into(result.value, job, value, Low, kNoLimit);
    }
    if (!problem) job.*Member = result;
    return problem;
}

/// "4k", "4k,8k", ",8k", "4k,8k,": a value also holds for the directions after it, unless a comma
/// follows it; what is left out keeps its value. [fio 3.33 fio(1) blocksize]
template <auto Member, std::uint64_t Low, std::uint64_t High>
Problem per_direction(Job& job, std::string_view value) {
    auto result = job.*Member;
    if (value.empty()) return "a value is missing";
    for (std::size_t direction = 0; direction < result.size(); ++direction) {
        const std::size_t comma = value.find(',');
        const std::string_view part = value.substr(0, comma);
        if (!part.empty()) {
            Problem problem = number_into(result[direction], job, part, Low, High);
            if (problem) return problem;
        }
        if (comma == std::string_view::npos) {
            for (std::size_t rest = direction + 1; rest < result.size() && !part.empty(); ++rest) {
                result[rest] = result[direction];
            }
            value = {};
            break;
        }
        value.remove_prefix(comma + 1);
    }
    if (!value.empty()) return "has more than three values";
    job.*Member = result;
    return std::nullopt;
}

Problem pattern(Job& job, std::string_view value) {
    for (const Pattern& candidate : kPatterns) {
        if (candidate.name != value) continue;
        job.pattern = candidate;
        return std::nullopt;
    }
    return "is not a supported pattern";
}

Problem rwmixwrite(Job& job, std::string_view value) {
    unsigned percent = 0;
    Problem problem = number_into(percent, job, value, 0, 100);
    if (!problem) job.read_percent = 100 - percent;
    return problem;
}

Problem kb_base(Job& job, std::string_view value) {
    if (value != "1000" && value != "1024") return "is neither 1000 nor 1024";
    job.kb_base = value == "1000" ? 1000 : 1024;
    return std::nullopt;
}

Problem verify(Job& job, std::string_view value) {
    if (value != "0" && value != "crc32c") return "is not a supported kind of verification";
    job.verify = value == "crc32c";
    return std::nullopt;
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

Problem ignored(Job&, std::string_view) {
    return std::nullopt;
}

/// Accepts only the value that describes what happens here anyway.
template <char Only>
Problem only(Job&, std::string_view value) {
    if (value.size() != 1 || value.front() != Only) return "contradicts the simulation";
    return std::nullopt;
}

constexpr std::uint64_t kMaxBlock = std::uint64_t{1} << 30;
constexpr std::string_view kSize = "bytes with k, m, g, t, p (4k = 4096), or 1..100%";
constexpr std::string_view kCount = "a number";
constexpr std::string_view kBool = "0 or 1";
constexpr std::string_view kTime = "a time with us, ms, s, m, h or d";

constexpr JobOption kOptions[] = {
    // name, alias, use, bare, allowed, default, meaning, apply
    {"name", "", Use::kHonoured, false, "text", "the section", "name of the job in reports",
     &text<&Job::name>},
    {"description", "", Use::kHonoured, false, "text", "", "free text", &text<&Job::description>},
    {"rw", "readwrite", Use::kHonoured, false,
     "read, write, randread, randwrite, rw (readwrite), randrw, trim or randtrim", "read",
     "access pattern; random patterns touch every block once before they repeat one", &pattern},
    {"rwmixread", "", Use::kHonoured, false, "0..100", "50", "percentage of reads in rw and randrw",
     &number<&Job::read_percent, 0, 100>},
    {"rwmixwrite", "", Use::kHonoured, false, "0..100", "50",
     "percentage of writes in rw and randrw; the later of the two keys counts", &rwmixwrite},
    {"bs", "blocksize", Use::kHonoured, false, "1 to 1g, also as read,write,trim", "4k",
     "bytes of a request; a multiple of the logical block size",
     &per_direction<&Job::block_size, 1, kMaxBlock>},
    {"size", "", Use::kHonoured, false, kSize, "to the end of the namespace",
     "length of the region; without io_size also the amount of data", &amount<&Job::size, 1>},
    {"offset", "", Use::kHonoured, false, "bytes with k, m, g, t, p (4k = 4096), or 0..100%", "0",
     "start of the region; a percentage is rounded up to a multiple of bs",
     &amount<&Job::offset, 0>},
    {"offset_increment", "", Use::kHonoured, false,
     "bytes with k, m, g, t, p (4k = 4096), or 0..100%",
     "0; with writes and verify the length of the region",
     "distance between the regions of the clones that numjobs makes",
     &amount<&Job::offset_increment, 0>},
    {"io_size", "io_limit", Use::kHonoured, false, kSize, "size",
     "bytes to transfer in one loop; more than size starts over, a percentage is of size",
     &amount<&Job::io_size, 1>},
    {"number_ios", "", Use::kHonoured, false, kCount, "0 (no limit)",
     "end after this many requests times loops; flushes do not count, reads of earlier read-backs "
     "do",
     &number<&Job::number_ios>},
    {"loops", "", Use::kHonoured, false, "1 or more", "1", "repeat the job, read-back included",
     &number<&Job::loops, 1>},
    {"iodepth", "", Use::kHonoured, false, "1..65534", "1", "requests kept in flight",
     &number<&Job::iodepth, 1, 65534>},
    {"numjobs", "", Use::kHonoured, false, "1..65535", "1",
     "clones of the job, each with a queue pair of its own", &number<&Job::numjobs, 1, 65535>},
    {"rate_iops", "", Use::kHonoured, false, "a number, also as read,write,trim", "0 (no limit)",
     "requests per simulated second, of each direction on its own: in a mix the one whose time has "
     "not come lets the other go first, whatever rwmixread says; read-back is not limited",
     &per_direction<&Job::rate_iops, 0, kNoLimit>},
    {"thinktime", "", Use::kHonoured, false, kTime, "0",
     "pause after a completion (a bare number: us); effectively iodepth=1",
     &time<&Job::thinktime, util::kPsPerUs>},
    {"runtime", "timeout", Use::kHonoured, false, kTime, "0 (no limit)",
     "issue nothing new after this simulated time (a bare number: s); read-back still runs",
     &time<&Job::runtime, util::kPsPerS>},
    {"time_based", "", Use::kHonoured, true, kBool, "0", "start over until runtime has passed",
     &flag<&Job::time_based>},
    {"fsync", "", Use::kHonoured, false, kCount, "0 (never)",
     "a Flush after every so many writes, before the request that follows", &number<&Job::fsync>},
    {"fdatasync", "", Use::kHonoured, false, kCount, "0 (never)",
     "same as fsync: NVMe has one Flush", &number<&Job::fdatasync>},
    {"end_fsync", "", Use::kHonoured, false, kBool, "0", "a Flush when all writes have completed",
     &flag<&Job::end_fsync>},
    {"verify", "", Use::kHonoured, false, "crc32c or 0", "0",
     "write blocks that can be checked, read them back and check them", &verify},
    {"do_verify", "", Use::kHonoured, false, kBool, "1",
     "0: write checkable blocks, but do not read them back", &flag<&Job::do_verify>},
    {"verify_fatal", "", Use::kHonoured, false, kBool, "0",
     "end the job at the first block that is wrong", &flag<&Job::verify_fatal>},
    {"norandommap", "", Use::kHonoured, true, kBool, "0",
     "random blocks may repeat before all were touched", &flag<&Job::norandommap>},
    {"randseed", "", Use::kHonoured, false, kCount, "0x89",
     "seed of everything random; each clone of each job has its own stream",
     &number<&Job::randseed>},
    {"stonewall", "wait_for_previous", Use::kHonoured, true, kBool, "0",
     "start when all jobs above have ended", &flag<&Job::stonewall>},
    {"kb_base", "", Use::kHonoured, false, "1000 or 1024", "1024",
     "1024: 4k = 4096 and 4ki = 4000; 1000: the other way round", &kb_base},
    {"filename", "", Use::kHonoured, false, "names, separated by :", "",
     "namespaces to run on, see above; each line adds some, `\\:` is a colon in a name", &filename},
    {"ioengine", "", Use::kIgnored, false, "any", "", "the engine is the NVMe driver", &ignored},
    {"direct", "", Use::kIgnored, false, "1", "1", "there is no page cache", &only<'1'>},
    {"buffered", "", Use::kIgnored, false, "0", "0", "there is no page cache", &only<'0'>},
    {"invalidate", "", Use::kIgnored, false, "any", "", "there is no page cache", &ignored},
    {"thread", "", Use::kIgnored, true, "any", "", "clones are simulated processes", &ignored},
    {"group_reporting", "", Use::kIgnored, true, "any", "", "jobs and their sum are both reported",
     &ignored},
    {"randrepeat", "", Use::kIgnored, false, "1", "1", "runs are always repeatable", &only<'1'>},
    {"refill_buffers", "", Use::kIgnored, true, "any", "", "every write has data of its own",
     &ignored},
};

unsigned edit_distance(std::string_view a, std::string_view b) {
    std::vector<unsigned> row(b.size() + 1);
    for (std::size_t j = 0; j <= b.size(); ++j) row[j] = static_cast<unsigned>(j);
    for (std::size_t i = 1; i <= a.size(); ++i) {
        unsigned diagonal = row[0];
        row[0] = static_cast<unsigned>(i);
        for (std::size_t j = 1; j <= b.size(); ++j) {
            const unsigned replace = diagonal + (a[i - 1] == b[j - 1] ? 0 : 1);
            diagonal = row[j];
            row[j] = std::min({replace, row[j] + 1, row[j - 1] + 1});
        }
    }
    return row[b.size()];
}

}  // namespace

JobOptionTable job_options() {
    return {std::begin(kOptions), std::end(kOptions)};
}

const JobOption* find_job_option(std::string_view key) {
    for (const JobOption& option : kOptions) {
        if (option.name == key || (!option.alias.empty() && option.alias == key)) return &option;
    }
    return nullptr;
}

std::string_view nearest_job_option(std::string_view key) {
    constexpr std::size_t longest = 32;  // no key is nearly as long, and the work stays bounded
    if (key.size() > longest) return {};
    std::string_view best;
    auto best_distance = static_cast<unsigned>(key.size() / 3 + 1);
    for (const JobOption& option : kOptions) {
        for (const std::string_view name : {option.name, option.alias}) {
            if (name.empty() || edit_distance(key, name) >= best_distance) continue;
            best = name;
            best_distance = edit_distance(key, name);
        }
    }
    return best;
}

std::string job_options_markdown() {
    std::string result = "| Key | Allowed | Default | Meaning |\n|---|---|---|---|\n";
    for (const JobOption& option : kOptions) {
        result += "| `" + std::string{option.name} + "`";
        if (!option.alias.empty()) result += ", `" + std::string{option.alias} + "`";
        result += " | " + std::string{option.allowed} + (option.bare ? ", or no value" : "");
        result += " | " + std::string{option.preset} + " | ";
        if (option.use == Use::kIgnored) result += "accepted without effect: ";
        result += std::string{option.meaning} + " |\n";
    }
    return result;
}

}  // namespace platform
