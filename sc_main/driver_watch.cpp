// SPDX-License-Identifier: Apache-2.0
#include "sc_main/driver_watch.h"

#include <filesystem>
#include <stdexcept>

#include "traces/driver/driver_report.h"
#include "traces/driver/report_forms.h"

namespace nvme_vp {

DriverWatch::DriverWatch(const std::string& path) : path_(path), file_(path) {
    if (!driver::is_report_name(path_))
        throw std::runtime_error("driver_report = \"" + path_ +
                                 "\": must end in .json, .xml, .html or .txt, or be -");
    if (!file_.problem().empty()) throw std::runtime_error(file_.problem());
}

std::string DriverWatch::close() {
    profile_.finish();
    driver::DriverReport report = driver::make_report(profile_);
    report.file = std::filesystem::path(path_).filename().string();
    return file_.commit(driver::driver_report_as(path_, report)) ? std::string() : file_.problem();
}

}  // namespace nvme_vp
