// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <string>

#include "traces/driver/driver_report.h"

/// How the report of a driver is written down.
namespace driver {

/// For a terminal.
[[nodiscard]] std::string driver_text(const DriverReport& report);
/// One JSON object (docs/driver-report.md).
[[nodiscard]] std::string driver_json(const DriverReport& report);
/// A page without scripts, that needs no other file.
[[nodiscard]] std::string driver_html(const DriverReport& report);
/// JUnit XML: a test suite each for initialisation, behaviours and the rules of the lint. What was
/// done wrong is a failure; what was not done, or not exercised, is skipped.
[[nodiscard]] std::string driver_junit(const DriverReport& report);

/// "-", or a name whose end says which form.
[[nodiscard]] bool is_report_name(const std::string& path);
[[nodiscard]] std::string driver_report_as(const std::string& path, const DriverReport& report);

}  // namespace driver
