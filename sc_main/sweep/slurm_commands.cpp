// SPDX-License-Identifier: Apache-2.0
#include "sc_main/sweep/slurm_commands.h"

#include <algorithm>
#include <charconv>

namespace nvme_vp {

namespace {

constexpr std::string_view kDigits = "0123456789";

/// A number and nothing else.
std::optional<std::size_t> number(std::string_view text) {
    std::size_t value = 0;
    const char* end = text.data() + text.size();
    const auto [stop, error] = std::from_chars(text.data(), end, value);
    if (error != std::errc{} || stop != end) return std::nullopt;
    return value;
}

/// Takes the text before `separator`, or all of it, out of `text`, and the separator.
std::string_view take(std::string_view& text, char separator) {
    const std::size_t end = std::min(text.find(separator), text.size());
    const std::string_view part = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    return part;
}

}  // namespace

std::vector<SlurmArray> arrays_of(const std::vector<std::size_t>& points, std::size_t size) {
    std::vector<SlurmArray> arrays;
    for (const std::size_t point : points) {
        const std::size_t base = point - point % size;
        if (arrays.empty() || arrays.back().base != base) arrays.push_back({base, {}});
        arrays.back().points.push_back(point);
    }
    return arrays;
}

std::string indices_of(const SlurmArray& array) {
    std::string text;
    const std::vector<std::size_t>& points = array.points;
    for (std::size_t begin = 0; begin != points.size();) {
        std::size_t end = begin + 1;
        while (end != points.size() && points[end] == points[end - 1] + 1) ++end;
        text += (begin == 0 ? "" : ",") + std::to_string(points[begin] - array.base);
        if (end - begin > 1) text += "-" + std::to_string(points[end - 1] - array.base);
        begin = end;
    }
    return text;
}

std::size_t max_array_size(std::string_view config) {
    constexpr std::string_view kName = "MaxArraySize";
    while (!config.empty()) {
        std::string_view line = take(config, '\n');
        if (line.substr(0, kName.size()) != kName) continue;
        line.remove_prefix(std::min(line.find_first_of(kDigits), line.size()));
        return number(line.substr(0, line.find_last_of(kDigits) + 1)).value_or(0);
    }
    return 0;
}

std::string job_of(std::string_view answer) {
    std::string_view line = take(answer, '\n');
    const std::string_view job = take(line, ';');  // a cluster may follow
    return number(job) ? std::string{job} : std::string{};
}

SlurmQueue queue_of(std::string_view lines, std::string_view name) {
    SlurmQueue queue;
    while (!lines.empty()) {
        std::string_view line = take(lines, '\n');
        const std::string_view job = take(line, ' ');
        const auto index = number(take(line, ' '));
        if (!number(job) || !index || line.substr(0, name.size()) != name) continue;
        line.remove_prefix(name.size());
        if (!take(line, '.').empty()) continue;
        const auto base = number(line);
        if (!base) continue;
        queue.jobs.emplace(job);
        queue.points.insert(*base + *index);
    }
    return queue;
}

CommandAnswer slurm(const std::vector<std::string>& words) {
    return answer_of(words, {"SQUEUE_", "SCANCEL_", "SBATCH_WAIT="});
}

}  // namespace nvme_vp
