// SPDX-License-Identifier: Apache-2.0
#include "platform/recording/recording_reader.h"

#include <algorithm>
#include <utility>

namespace platform {

std::string Damage::text(std::string_view file_name) const {
    std::string result{file_name};
    result += place + ": " + problem;
    return allowed.empty() ? result : result + "; allowed: " + allowed;
}

void count_left_out(std::vector<LeftOut>& all, std::string_view reason) {
    const auto known = std::find_if(all.begin(), all.end(),
                                    [&](const LeftOut& other) { return other.reason == reason; });
    if (known != all.end())
        ++known->count;
    else
        all.push_back({std::string{reason}, 1});
}

RecordingReader::Step RecordingReader::next(Recorded& recorded) {
    Step step = Step::kRequest;
    recorded = {};
    if (follower_)
        recorded = *std::exchange(follower_, std::nullopt);
    else
        step = read(recorded);
    const bool of_a_disk =
        recorded.length <= kLongest && recorded.offset + recorded.length >= recorded.offset;
    if (step == Step::kRequest && !of_a_disk)
        step = damaged("offset " + std::to_string(recorded.offset) + " and length " +
                           std::to_string(recorded.length) + " are of no disk",
                       "a length of up to 2^32 - 1 bytes, an end of up to 2^64 - 1");
    if (step == Step::kDamage) damage_.place = place_of(recorded);
    return step;
}

std::string RecordingReader::place_of(const Recorded& recorded) const {
    return ":" + std::to_string(recorded.place);
}

RecordingReader::Step RecordingReader::damaged(std::string problem, std::string allowed) {
    damage_.problem = std::move(problem);
    damage_.allowed = std::move(allowed);
    return Step::kDamage;
}

std::optional<std::uint32_t> RecordingReader::device(std::string_view name) {
    const auto known = numbers_.find(name);
    if (known != numbers_.end()) return known->second;
    if (devices_.size() == kMaxDevices) {
        damaged("more than " + std::to_string(kMaxDevices) + " devices", "");
        return std::nullopt;
    }
    const auto number = static_cast<std::uint32_t>(devices_.size());
    devices_.emplace_back(name);
    numbers_.emplace(name, number);
    return number;
}

}  // namespace platform
