// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cstddef>
#include <memory>
#include <string>

#include "models/observe/driver_lint.h"
#include "models/observe/text_trace.h"
#include "models/observe/trace_fanout.h"
#include "models/observe/vcd_file.h"
#include "models/observe/vcd_trace.h"
#include "platform/config/program_config.h"

namespace nvme_vp {

/// The event trace, the waveform and the driver lint that the user asked for.
class Observers {
public:
    /// Before the simulation starts; the waveform shows `io_queues` queue pairs. Empty, or which
    /// file cannot be written.
    [[nodiscard]] std::string open(const platform::ProgramConfig& config, std::size_t io_queues);
    /// Null when nothing is to be observed: then tracing costs nothing.
    [[nodiscard]] observe::TraceSink* sink();
    /// Completes the files. Empty, or what is wrong with them.
    [[nodiscard]] std::string close();
    /// Null: nobody asked for it.
    [[nodiscard]] const observe::DriverLint* lint() const { return lint_.get(); }

private:
    std::unique_ptr<observe::TextTrace> text_;
    std::unique_ptr<observe::VcdFile> vcd_file_;
    std::unique_ptr<observe::VcdTrace> vcd_;
    std::unique_ptr<observe::DriverLint> lint_;
    observe::TraceFanout all_;
};

}  // namespace nvme_vp
