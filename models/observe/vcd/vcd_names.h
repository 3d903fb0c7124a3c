// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <string>
#include <string_view>

/// Names in a VCD file.
namespace observe {

/// Empty, or why `path` cannot be in a file that every viewer reads: names of letters, digits and
/// _, not beginning with a digit, separated by dots. The standard has no escape, and readers differ
/// in what else they take. [IEEE-1364-2005 3.7 Identifiers, keywords, and system names]
[[nodiscard]] std::string vcd_name_problem(std::string_view path);

/// The identifier code of signal `index`, in printable characters, as short as possible.
/// [IEEE-1364-2005 18.2.1 Syntax of the four-state VCD file]
[[nodiscard]] std::string vcd_code(std::size_t index);

}  // namespace observe
