// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <string>

#include "models/observe/trace.h"
#include "platform/config/output_file.h"
#include "traces/driver/driver_profile.h"

namespace nvme_vp {

/// The report of the driver of one controller, while it runs.
class DriverWatch {
public:
    /// Throws std::runtime_error when the file cannot be written, or its name says no form.
    explicit DriverWatch(const std::string& path);

    [[nodiscard]] observe::TraceSink& sink() { return profile_; }
    /// Writes the report. Empty, or why there is none.
    [[nodiscard]] std::string close();

private:
    const std::string path_;
    platform::OutputFile file_;
    driver::DriverProfile profile_;
};

}  // namespace nvme_vp
