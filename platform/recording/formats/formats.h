// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "platform/recording/recording_format.h"

namespace platform {

// Each is in the file of its name, and a row of recording_formats().
[[nodiscard]] RecordingFormat alibaba_format();
[[nodiscard]] RecordingFormat blkparse_format();
[[nodiscard]] RecordingFormat blktrace_format();
[[nodiscard]] RecordingFormat disksim_format();
[[nodiscard]] RecordingFormat ftrace_format();
[[nodiscard]] RecordingFormat iolog_format();
[[nodiscard]] RecordingFormat msr_format();
[[nodiscard]] RecordingFormat spdk_format();
[[nodiscard]] RecordingFormat spdk_json_format();
[[nodiscard]] RecordingFormat systor_format();
[[nodiscard]] RecordingFormat tencent_format();

/// RecordingFormat::open of a format that needs its first file only.
template <typename Reader>
std::unique_ptr<RecordingReader> open_as(const RecordingInput& input, const FormatOptions&) {
    return std::make_unique<Reader>(input.first());
}

}  // namespace platform
