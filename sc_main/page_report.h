// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <memory>
#include <string>

#include "models/observe/binary_trace.h"
#include "platform/config/output_file.h"

namespace nvme_vp {

/// Whether a report of this name is the page of the trace, and not JSON.
[[nodiscard]] bool is_page(const std::string& path);

/// The page of one controller's trace, as nvme-trace makes it: the run writes an event trace with
/// all details beside it, which is gone when the page is there.
class PageReport {
public:
    /// Throws std::runtime_error when one of the two files cannot be written.
    explicit PageReport(const std::string& path);
    ~PageReport();
    PageReport(const PageReport&) = delete;
    PageReport& operator=(const PageReport&) = delete;

    [[nodiscard]] observe::TraceSink& sink() { return *trace_; }
    /// Makes the page. Empty, or why there is none.
    [[nodiscard]] std::string close();

private:
    const std::string path_, events_;
    platform::OutputFile page_;
    std::unique_ptr<observe::BinaryTrace> trace_;
};

}  // namespace nvme_vp
