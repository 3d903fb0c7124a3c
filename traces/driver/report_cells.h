// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "traces/driver/driver_report.h"

/// The tables of a driver's report, for all forms that people read.
namespace driver {

struct Cells {
    std::string title;
    std::vector<std::string> head;
    std::vector<std::vector<std::string>> rows;
    std::size_t words = 1;  ///< the first so many columns are words
};

[[nodiscard]] std::vector<Cells> cells_of(const DriverReport& report);
/// A line of the most important numbers.
[[nodiscard]] std::string summary_of(const DriverReport& report);
/// Text as it stands in XML and HTML, in an element or in an attribute. What XML 1.0 has no
/// character for becomes a question mark.
[[nodiscard]] std::string escaped(std::string_view text);

}  // namespace driver
