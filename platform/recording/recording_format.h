// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "platform/recording/recording_input.h"
#include "platform/recording/recording_reader.h"

namespace platform {

/// Which events of Linux's block layer are the requests: when the file system asked (Q), or when
/// the driver was given what became of that (D).
enum class BlockAction : std::uint8_t { kQueue, kIssue };

/// What formats leave open.
struct FormatOptions {
    BlockAction action = BlockAction::kQueue;
    std::uint32_t block_bytes = 512;  ///< where a format counts blocks and does not say how large
};

/// A format that recordings have. Each is a file of its own in formats/, and a row of the table.
struct RecordingFormat {
    std::string_view name;
    std::string_view what;
    /// How well the beginning of a file fits, 0 to 100. Null: so many of its lines, in percent, as
    /// the reader understands, when there is a request among them.
    int (*score)(std::string_view head) = nullptr;
    std::unique_ptr<RecordingReader> (*open)(const RecordingInput& input,
                                             const FormatOptions& options) = nullptr;
};

[[nodiscard]] const std::vector<RecordingFormat>& recording_formats();
/// Null: there is none of that name.
[[nodiscard]] const RecordingFormat* find_format(std::string_view name);
/// The names of all, for messages.
[[nodiscard]] std::string format_names();

/// The format that fits the beginning of a file best; null: none does.
[[nodiscard]] const RecordingFormat* detect_format(std::string_view head);

}  // namespace platform
