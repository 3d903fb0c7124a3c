// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "platform/workload/job.h"

namespace platform {

/// One key of a job file. The table of these drives the parser, its messages and the documentation.
struct JobOption {
    enum class Use : std::uint8_t {
        kHonoured,
        kIgnored,  ///< makes no difference to a simulated controller; accepted, job files have it
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

/// Rows that stand together in one file.
struct JobOptionRows {
    const JobOption* first;
    const JobOption* last;
    [[nodiscard]] const JobOption* begin() const { return first; }
    [[nodiscard]] const JobOption* end() const { return last; }
};
/// What is done, and where: rw, bs, size ...
[[nodiscard]] JobOptionRows pattern_options();
/// When it is done: iodepth, rate, thinktime, runtime ...
[[nodiscard]] JobOptionRows pace_options();
/// What is checked and what is told: verify, fsync, logs ...
[[nodiscard]] JobOptionRows result_options();
/// What makes no difference.
[[nodiscard]] JobOptionRows ignored_options();

/// All of them, in this order.
[[nodiscard]] const std::vector<JobOption>& job_options();

/// nullptr when there is no such key.
[[nodiscard]] const JobOption* find_job_option(std::string_view key);

/// A key of fio that would make a difference, but for what the model has not.
struct RefusedKey {
    std::string_view name;  ///< with a star at the end: all that begin so
    std::string_view why;
    std::string_view off{};  ///< fio's default, where it is neither 0 nor none
};
struct RefusedKeys {
    const RefusedKey* first;
    const RefusedKey* last;
    [[nodiscard]] const RefusedKey* begin() const { return first; }
    [[nodiscard]] const RefusedKey* end() const { return last; }
};
[[nodiscard]] RefusedKeys refused_keys();
/// nullptr when it is none of them.
[[nodiscard]] const RefusedKey* find_refused_key(std::string_view key);
/// With this value the key asks for nothing, and makes no difference.
[[nodiscard]] bool asks_for_nothing(const RefusedKey& key, std::string_view value);
/// Why a job of this engine (the key ioengine) cannot run on a namespace; empty: it can.
[[nodiscard]] std::string_view why_no_engine(std::string_view engine);
/// An engine that has one request in flight, whatever iodepth says. [fio 3.33 ioengines.c,
/// FIO_SYNCIO]
[[nodiscard]] bool waits_for_each_request(std::string_view engine);

/// The supported key that `key` most resembles; empty when none is near.
[[nodiscard]] std::string_view nearest_job_option(std::string_view key);

/// The tables for the documentation and for --list-parameters.
[[nodiscard]] std::string job_options_markdown();

}  // namespace platform
