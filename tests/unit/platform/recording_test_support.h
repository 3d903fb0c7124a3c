// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <memory>
#include <sstream>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "platform/recording/recording_format.h"

namespace platform::test {

/// All that a recording says.
struct Said {
    std::vector<Recorded> requests, completions;
    std::vector<std::string> damage;  ///< each with its place
    std::vector<std::string> devices;
    std::vector<std::string> left_out;  ///< "7 another event"
};

inline Said read_all(RecordingReader& reader) {
    Said said;
    Recorded recorded;
    for (;;) {
        switch (reader.next(recorded)) {
            case RecordingReader::Step::kRequest:
                said.requests.push_back(recorded);
                continue;
            case RecordingReader::Step::kCompletion:
                said.completions.push_back(recorded);
                continue;
            case RecordingReader::Step::kDamage:
                said.damage.push_back(reader.damage().text("file"));
                continue;
            case RecordingReader::Step::kEnd:
                break;
        }
        break;
    }
    EXPECT_EQ(reader.next(recorded), RecordingReader::Step::kEnd) << "what has ended goes on";
    said.devices = reader.devices();
    for (const LeftOut& left : reader.left_out())
        said.left_out.push_back(std::to_string(left.count) + " " + left.reason);
    return said;
}

inline Said read_text(std::string_view format, const std::string& text,
                      const FormatOptions& options = {}) {
    RecordingInput input;
    input.add(std::make_unique<std::istringstream>(text));
    return read_all(*find_format(format)->open(input, options));
}

inline std::string example(const std::string& name) {
    return NVME_TLM_TRACES_DIR "/recordings/" + name;
}

inline Said read_example(std::string_view format, const std::string& name,
                         const FormatOptions& options = {}) {
    const RecordingInput input(example(name));
    return read_all(*find_format(format)->open(input, options));
}

inline std::size_t count_of(const Said& said, Op op) {
    std::size_t count = 0;
    for (const Recorded& request : said.requests) count += request.op == op ? 1 : 0;
    return count;
}

}  // namespace platform::test
