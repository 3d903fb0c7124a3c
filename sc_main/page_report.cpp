// SPDX-License-Identifier: Apache-2.0
#include "sc_main/page_report.h"

#include <filesystem>
#include <stdexcept>
#include <system_error>

#include "models/util/ends_in.h"
#include "traces/analysis/report_json.h"
#include "traces/analysis/trace_input.h"
#include "traces/page/trace_page.h"

namespace nvme_vp {

bool is_page(const std::string& path) {
    return util::ends_in(path, ".html");
}

PageReport::PageReport(const std::string& path)
    : path_(path), events_(path + ".events"), page_(path) {
    if (!page_.problem().empty()) throw std::runtime_error(page_.problem());
    if (std::error_code ignored; std::filesystem::exists(events_, ignored))
        throw std::runtime_error("report = \"" + path_ + "\": \"" + events_ +
                                 "\" is there, where the events go while the run lasts");
    trace_ = std::make_unique<observe::BinaryTrace>(events_, observe::TraceDetail::kAll);
}

PageReport::~PageReport() {
    if (trace_ == nullptr) return;
    std::error_code ignored;
    std::filesystem::remove(events_, ignored);
}

std::string PageReport::close() {
    if (std::string wrong = trace_->close(); !wrong.empty()) return wrong;
    analysis::Analysis analysis;
    if (std::string wrong = analysis::analyse(events_, {}, analysis); !wrong.empty()) return wrong;
    analysis.file = std::filesystem::path(path_).filename().string();
    if (page_.commit(traces::trace_page(analysis::report_json(analysis)))) return {};
    return page_.problem();
}

}  // namespace nvme_vp
