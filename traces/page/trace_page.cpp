// SPDX-License-Identifier: Apache-2.0
#include "traces/page/trace_page.h"

#include <algorithm>

#include "traces/page/page_text.h"

namespace traces {

std::string trace_page(std::string_view report_json) {
    std::string page;
    page.reserve(kPageBefore.size() + report_json.size() + kPageAfter.size());
    page += kPageBefore;
    // A parser of HTML looks for '<' ("</script", "<!--") before one of JSON sees the text. Outside
    // of strings JSON has none, and within a string the escape means the same.
    for (std::size_t at = 0; at < report_json.size();) {
        const std::size_t next = std::min(report_json.find('<', at), report_json.size());
        page += report_json.substr(at, next - at);
        if (next < report_json.size()) page += "\\u003c";
        at = next + 1;
    }
    page += kPageAfter;
    return page;
}

}  // namespace traces
