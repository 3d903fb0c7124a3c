// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <string_view>

namespace platform {

/// Text of traces/default.fio, part of the program so that it runs without any file at hand.
[[nodiscard]] std::string_view default_job_file();

/// The same for a namespace whose content is somebody's: reads only.
[[nodiscard]] std::string_view default_read_job_file();

}  // namespace platform
