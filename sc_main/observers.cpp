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

std::string Observers::open(const platform::RunOptions& run, std::size_t io_queues) {
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
    return {};
}

observe::TraceSink* Observers::sink() {
    return text_ || vcd_ ? &all_ : nullptr;
}

std::string Observers::close() {
    if (vcd_file_) vcd_file_->close();
    return text_ ? text_->close() : std::string{};
}

}  // namespace nvme_vp
