// SPDX-License-Identifier: Apache-2.0
#include "sc_main/observers.h"

#include <stdexcept>

namespace nvme_vp {

std::string Observers::open(const platform::ProgramConfig& config) {
    try {
        if (!config.run.trace.empty()) {
            text_ = std::make_unique<observe::TextTrace>(config.run.trace);
            all_.add(*text_);
        }
        if (!config.run.vcd.empty()) {
            vcd_file_ = std::make_unique<observe::VcdFile>("vcd", config.run.vcd);
            vcd_ = std::make_unique<observe::VcdTrace>("waves", *vcd_file_);
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
