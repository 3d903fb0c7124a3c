// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include <nlohmann/json.hpp>

#include "platform/config/input_file.h"
#include "platform/recording/line_reader.h"
#include "platform/recording/recorded_latency.h"
#include "platform/runner/workloads.h"

namespace platform {

namespace {

/// Why no format was found: the first line, if it is one.
std::string unknown(const std::string& path, const std::string& head) {
    const std::string_view line = std::string_view{head}.substr(0, head.find('\n'));
    const std::string where = path + ":1: ";
    if (line.size() > LineReader::kLongestLine)
        return where + "is longer than " + std::to_string(LineReader::kLongestLine) +
               " characters, and is no recording in a known format";
    return where + quoted(without_blanks(line)) +
           " begins no recording in a known format; allowed: " + format_names() +
           ", or a session; replay_format names the format where it is not recognised";
}

const RecordingFormat* format_of(const std::string& path, const ReplayOptions& options,
                                 std::vector<std::string>& problems) {
    if (!is_readable_file(path, problems)) return nullptr;
    if (!options.format.empty()) return find_format(options.format);
    const std::string head = RecordingInput::head_of(path);
    const RecordingFormat* format = detect_format(head);
    if (format == nullptr) problems.push_back(unknown(path, head));
    return format;
}

void add(const ReplayRequest& request, RecordingSummary& recording) {
    ++recording.requests;
    ++recording.of_queue[request.queue];
    recording.duration = request.not_before;
    recording.changes_data =
        recording.changes_data || (request.op != Op::kRead && request.op != Op::kFlush);
    if (request.op == Op::kRead || request.op == Op::kWrite)
        recording.largest = std::max(recording.largest, request.length);
    if (request.device >= recording.devices.size()) recording.devices.resize(request.device + 1);
    RecordingSummary::Device& device = recording.devices[request.device];
    device.end = std::max(device.end, request.offset + request.length);
    device.bits |= request.offset | request.length;
}

}  // namespace

RecordingSummary scan_recording(const std::string& path, const ReplayOptions& options,
                                std::vector<std::string>& problems) {
    RecordingSummary recording;
    recording.format = format_of(path, options, problems);
    if (recording.format == nullptr) return recording;
    recording.of_queue.resize(options.queues);
    recording.late = std::make_shared<Lateness>();
    ReplayReader reader(path, *recording.format, options);
    RecordedLatency latency;
    reader.set_on_completion([&](const Recorded& completion) { latency.end(completion); });
    while (const auto request = reader.next()) {
        add(*request, recording);
        latency.begin(reader.recorded());
    }
    const std::vector<std::string> names = reader.devices();
    recording.devices.resize(names.size());
    for (std::size_t i = 0; i < names.size(); ++i) recording.devices[i].name = names[i];
    recording.left_out = reader.left_out();
    recording.rounded = reader.rounded();
    if (reader.error().empty()) reader.read_completions([&] { return latency.open() != 0; });
    if (!latency.empty())
        recording.latency = std::make_shared<const IoStatistics>(latency.statistics());
    if (!reader.error().empty()) {
        problems.push_back(reader.error() +
                           (reader.damage_ended() ? "; replay_damaged = skip leaves it out" : ""));
    } else if (recording.requests == 0) {
        std::string why;
        for (const LeftOut& left : recording.left_out)
            why +=
                (why.empty() ? ": " : ", ") + std::to_string(left.count) + " times " + left.reason;
        problems.push_back(path + ": has no requests" + why);
    }
    return recording;
}

std::vector<std::string> notes_of(const RecordingSummary& recording) {
    std::vector<std::string> notes;
    const std::size_t devices = recording.devices.size();
    notes.push_back(std::to_string(recording.requests) + " requests to " + std::to_string(devices) +
                    (devices == 1 ? " device: " : " devices: ") +
                    std::string{recording.format->what});
    const auto times = [](std::uint64_t count) { return std::to_string(count) + " times "; };
    for (const LeftOut& left : recording.left_out) notes.push_back(times(left.count) + left.reason);
    if (recording.rounded != 0)
        notes.push_back(times(recording.rounded) + "replay_align made a request larger");
    if (recording.moved != 0)
        notes.push_back(times(recording.moved) + "replay_beyond moved a request");
    return notes;
}

std::string lateness_text(const RecordingSummary& recording) {
    if (recording.late->requests == 0) return {};
    return std::to_string(recording.late->requests) +
           " requests were sent later than recorded, by up to " +
           format_time(recording.late->most) +
           ": depth requests were in flight, or the host was busy\n";
}

nlohmann::ordered_json recording_json(const RecordingSummary& recording) {
    nlohmann::ordered_json json{
        {"format", std::string{recording.format->name}},
        {"requests", recording.requests},
        {"duration_ps", recording.duration},
        {"devices", nlohmann::ordered_json::array()},
        {"left_out", nlohmann::ordered_json::array()},
        {"rounded", recording.rounded},
        {"moved", recording.moved},
        {"late", {{"requests", recording.late->requests}, {"most_ps", recording.late->most}}}};
    for (const RecordingSummary::Device& device : recording.devices)
        json["devices"].push_back({{"name", device.name}, {"end_bytes", device.end}});
    for (const LeftOut& left : recording.left_out)
        json["left_out"].push_back({{"reason", left.reason}, {"count", left.count}});
    json["recorded"] = recording.latency ? recording.latency->to_json() : nullptr;
    return json;
}

}  // namespace platform
