// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "platform/workload/job_file.h"

namespace platform {

/// One key of a job file. The table of these drives the parser, its messages and the documentation.
struct JobOption {
    enum class Use : std::uint8_t {
        kHonoured,
        kIgnored,  ///< has no meaning for a simulated controller; accepted, job files contain it
    };
    /// Stores the value. Returns nothing, or what is wrong with the value.
    using Apply = std::optional<std::string> (*)(Job&, std::string_view value);

    std::string_view name;
    std::string_view alias;  ///< empty: none
    Use use;
    bool bare;  ///< may stand without "=value", which then is 1
    std::string_view allowed;
    std::string_view preset;  ///< the default, as it would be written
    std::string_view meaning;
    Apply apply;
};

struct JobOptionTable {
    const JobOption* first;
    const JobOption* last;
    [[nodiscard]] const JobOption* begin() const { return first; }
    [[nodiscard]] const JobOption* end() const { return last; }
};

[[nodiscard]] JobOptionTable job_options();

/// nullptr when there is no such key.
[[nodiscard]] const JobOption* find_job_option(std::string_view key);

/// The supported key that `key` most resembles; empty when none is near.
[[nodiscard]] std::string_view nearest_job_option(std::string_view key);

/// The table for the documentation and for --help.
[[nodiscard]] std::string job_options_markdown();

}  // namespace platform
