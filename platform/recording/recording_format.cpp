// SPDX-License-Identifier: Apache-2.0
#include "platform/recording/recording_format.h"

#include <algorithm>
#include <sstream>

#include "platform/recording/formats/formats.h"

namespace platform {

namespace {

constexpr int kGoodEnough = 50;

int score_of_lines(const RecordingFormat& format, std::string_view head) {
    RecordingInput input;
    input.add(std::make_unique<std::istringstream>(std::string{head}));
    const std::unique_ptr<RecordingReader> reader = format.open(input, {});
    std::uint64_t requests = 0, others = 0, damaged = 0;
    Recorded recorded;
    for (;;) {
        switch (reader->next(recorded)) {
            case RecordingReader::Step::kRequest:
                ++requests;
                break;
            case RecordingReader::Step::kCompletion:
                ++others;
                break;
            case RecordingReader::Step::kDamage:
                ++damaged;
                break;
            case RecordingReader::Step::kEnd:
                if (requests == 0) return 0;
                return static_cast<int>((requests + others) * 100 / (requests + others + damaged));
        }
    }
}

}  // namespace

const std::vector<RecordingFormat>& recording_formats() {
    static const std::vector<RecordingFormat> formats{
        iolog_format(),  blktrace_format(), blkparse_format(), msr_format(),
        systor_format(), alibaba_format(),  tencent_format(),  disksim_format(),
        ftrace_format(), spdk_format(),     spdk_json_format()};
    return formats;
}

const RecordingFormat* find_format(std::string_view name) {
    const std::vector<RecordingFormat>& formats = recording_formats();
    const auto found = std::find_if(formats.begin(), formats.end(),
                                    [&](const RecordingFormat& f) { return f.name == name; });
    return found == formats.end() ? nullptr : &*found;
}

std::string format_names() {
    std::string names;
    for (const RecordingFormat& format : recording_formats())
        names.append(names.empty() ? "" : ", ").append(format.name);
    return names;
}

const RecordingFormat* detect_format(std::string_view head) {
    const RecordingFormat* best = nullptr;
    int most = kGoodEnough - 1;
    for (const RecordingFormat& format : recording_formats()) {
        const int score =
            format.score != nullptr ? format.score(head) : score_of_lines(format, head);
        if (score <= most) continue;
        most = score;
        best = &format;
    }
    return best;
}

}  // namespace platform
