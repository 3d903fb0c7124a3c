// SPDX-License-Identifier: Apache-2.0
#include "traces/driver/report_forms.h"

#include "models/util/ends_in.h"

namespace driver {

bool is_report_name(const std::string& path) {
    using util::ends_in;
    return path == "-" || ends_in(path, ".json") || ends_in(path, ".html") ||
           ends_in(path, ".xml") || ends_in(path, ".txt");
}

std::string driver_report_as(const std::string& path, const DriverReport& report) {
    using util::ends_in;
    if (ends_in(path, ".json")) return driver_json(report);
    if (ends_in(path, ".html")) return driver_html(report);
    if (ends_in(path, ".xml")) return driver_junit(report);
    return driver_text(report);
}

}  // namespace driver
