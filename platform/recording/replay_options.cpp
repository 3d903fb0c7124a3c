// SPDX-License-Identifier: Apache-2.0
#include "platform/recording/replay_options.h"

#include <algorithm>
#include <utility>

#include "platform/recording/text_values.h"

namespace platform {

namespace {

/// As fio calls what a log may have.
constexpr std::pair<std::string_view, Op> kSkippable[]{{"read", Op::kRead},
                                                       {"write", Op::kWrite},
                                                       {"trim", Op::kTrim},
                                                       {"sync", Op::kFlush},
                                                       {"zero", Op::kWriteZeroes}};

/// Without the blanks around them.
std::vector<std::string> words_of(std::string_view list, char separator) {
    std::vector<std::string> words;
    while (!list.empty()) {
        const std::size_t end = list.find(separator);
        words.emplace_back(without_blanks(list.substr(0, end)));
        list.remove_prefix(end == std::string_view::npos ? list.size() : end + 1);
    }
    return words;
}

const Op* find_op(std::string_view name) {
    for (const auto& [word, op] : kSkippable)
        if (word == name) return &op;
    return nullptr;
}

}  // namespace

std::vector<std::string> check_replay_options(const ReplayOptions& options) {
    std::vector<std::string> problems;
    if (!options.format.empty() && find_format(options.format) == nullptr)
        problems.push_back("replay_format = \"" + options.format + "\": must be one of " +
                           format_names());
    if (options.align != 0 && !util::is_power_of_two(options.align))
        problems.push_back("replay_align = " + std::to_string(options.align) +
                           ": must be a power of 2, or 0");
    for (const std::string& word : words_of(options.skip, ','))
        if (find_op(word) == nullptr)
            problems.push_back("replay_skip = \"" + options.skip + "\": \"" + word +
                               "\" is none of read, write, trim, sync or zero");
    if (options.to_ns && *options.to_ns <= options.from_ns)
        problems.push_back("replay_to_ns = " + std::to_string(*options.to_ns) +
                           ": must be after replay_from_ns = " + std::to_string(options.from_ns));
    return problems;
}

std::array<bool, kOpCount> skipped_ops(const ReplayOptions& options) {
    std::array<bool, kOpCount> skipped{};
    for (const std::string& word : words_of(options.skip, ','))
        if (const Op* op = find_op(word)) skipped[index_of(*op)] = true;
    return skipped;
}

std::vector<std::string> chosen_devices(const ReplayOptions& options) {
    // Linux' numbers have a comma: "8,0".
    std::vector<std::string> names = words_of(options.device, ' ');
    names.erase(std::remove(names.begin(), names.end(), std::string{}), names.end());
    return names;
}

}  // namespace platform
