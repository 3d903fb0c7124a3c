// SPDX-License-Identifier: Apache-2.0
#include "sc_main/observers.h"

#include <algorithm>
#include <cstdint>
#include <stdexcept>

namespace nvme_vp {

namespace {

/// Every traced signal costs host time in every time step, and nobody looks at hundreds of them.
constexpr std::size_t kMostQueuesShown = 16;

}  // namespace

std::string Observers::open(const platform::ProgramConfig& config, std::size_t io_queues) {
    const platform::RunOptions& run = config.run;
    try {
        if (!run.trace.empty()) {
            text_ = std::make_unique<observe::TextTrace>(run.trace);
            all_.add(*text_);
        }
        if (!run.vcd.empty()) {
            observe::VcdOptions options;
            options.io_queues = static_cast<std::uint16_t>(std::min(io_queues, kMostQueuesShown));
            vcd_file_ = std::make_unique<observe::VcdFile>("vcd", run.vcd);
            vcd_ = std::make_unique<observe::VcdTrace>("waves", *vcd_file_, options);
            all_.add(*vcd_);
        }
    } catch (const std::runtime_error& error) {
        return error.what();
    }
    if (run.lint) {
        // Behind the others: a finding follows the event that it is about.
        lint_ = std::make_unique<observe::DriverLint>(
            observe::DriverLint::Options{config.controller.write_cache_bytes != 0}, &all_);
        all_.add(*lint_);
    }
    return {};
}

observe::TraceSink* Observers::sink() {
    return text_ || vcd_ || lint_ ? &all_ : nullptr;
}

std::string Observers::close() {
    if (vcd_file_) vcd_file_->close();
    return text_ ? text_->close() : std::string{};
}

}  // namespace nvme_vp
