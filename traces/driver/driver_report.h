// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "traces/driver/driver_profile.h"
#include "traces/driver/verdict.h"

namespace driver {

/// A rule of the driver lint, and how often it was broken.
struct LintItem {
    std::string_view rule, says, section;
    bool hint = false;
    std::uint64_t count = 0;
    std::string first;  ///< when, where and why the first time
};

/// A number, for the kinds of use that make a driver fast or slow.
struct Figure {
    std::string_view id, says, unit;
    double value = 0;
    bool known = true;  ///< false: the trace has no details
};

/// All that is told of a driver, as plain data.
struct DriverReport {
    std::string file;
    std::string note;  ///< what is missing of the trace, or empty
    std::uint64_t events = 0;
    bool details = false;
    std::vector<Item> initialization, behaviours;
    std::vector<LintItem> lint;
    std::vector<UsageRow> usage;
    std::vector<ErrorPath> errors;
    std::vector<Figure> figures;
    std::map<std::uint16_t, QueueFigures> queues;
    std::vector<Life> lives;
    std::uint64_t life_count = 0;  ///< of more than are kept, the others are left out

    /// Steps, behaviours and rules of the lint that were done wrong.
    [[nodiscard]] std::uint64_t wrong() const;
    /// Of steps and behaviours.
    [[nodiscard]] std::uint64_t with(Verdict verdict) const;
    /// The identifiers of what every driver has to master, and this one had no occasion for.
    [[nodiscard]] std::string never_exercised() const;
};

[[nodiscard]] DriverReport make_report(const DriverProfile& profile);

/// How a life ended: "shutdown", "reset: function", "still enabled" ...
[[nodiscard]] std::string end_of(const Life& life);

}  // namespace driver
