// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

namespace traces {

// The page, but for the report: what stands before it and after it. Made from page.html.in by
// CMake.
extern const std::string_view kPageBefore;
extern const std::string_view kPageAfter;

}  // namespace traces
