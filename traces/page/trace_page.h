// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

namespace traces {

/// The page that shows a report, as one HTML file: it needs no other file and no network.
///
/// `report_json` is the report as one JSON object. Names and texts in it come from a trace, so from
/// a guest or from a file that anybody may have written: no text can end the element that holds the
/// report. What is not JSON gives a page that says so. Size: the report's, and about 250 KB.
std::string trace_page(std::string_view report_json);

}  // namespace traces
