// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cstddef>
#include <cstdint>
#include <deque>
#include <memory>
#include <string>
#include <vector>

#include "models/observe/binary_trace.h"
#include "models/observe/command_statistics.h"
#include "models/observe/driver_lint.h"
#include "models/observe/text_trace.h"
#include "models/observe/trace_fanout.h"
#include "models/observe/trace_filter.h"
#include "models/observe/vcd/vcd_trace.h"
#include "models/observe/vcd_file.h"
#include "platform/config/program_config.h"
#include "sc_main/driver_watch.h"
#include "sc_main/page_report.h"

namespace nvme_vp {

/// The event traces, the waveform and the driver lint that the user asked for. Controllers are
/// counted through all subsystems, from 0.
class Observers {
public:
    Observers();
    ~Observers();

    /// Before the simulation starts; the waveform shows at most `queues` queue pairs of each
    /// controller. Empty, or which file cannot be written.
    [[nodiscard]] std::string open(const platform::ProgramConfig& config, std::size_t queues);
    /// Null when nothing is to be observed: then tracing costs nothing.
    [[nodiscard]] observe::TraceSink* sink(std::size_t controller);
    /// It is `now`, even if nothing happens: the lints find what has lasted too long.
    void look(util::TimePs now);
    /// For who has them look while nothing happens.
    [[nodiscard]] std::vector<observe::DriverLint*> lints();
    /// `sink` hears what the lint of the controller finds; not where there is none. After open(),
    /// before sink().
    void tell_findings(std::size_t controller, observe::TraceSink& sink);
    /// Others see the event traces up to now in their files.
    void flush();
    /// Is there any?
    [[nodiscard]] bool has_traces() const;
    /// Completes the files. Empty, or what is wrong with them.
    [[nodiscard]] std::string close();
    /// Null: nobody asked for it.
    [[nodiscard]] const observe::DriverLint* lint(std::size_t controller) const {
        return all_[controller]->lint.get();
    }
    /// Null: there is no report.
    [[nodiscard]] const observe::CommandStatistics* statistics(std::size_t controller) const {
        return all_[controller]->statistics.get();
    }
    [[nodiscard]] std::size_t controllers() const { return all_.size(); }
    /// Of all controllers together.
    [[nodiscard]] std::uint64_t lint_findings() const;

private:
    struct OfController {
        std::unique_ptr<observe::TextTrace> text;
        std::unique_ptr<observe::BinaryTrace> binary;
        std::deque<observe::TraceFilter> filters;  // of these two
        std::unique_ptr<PageReport> page;
        std::unique_ptr<DriverWatch> driver;
        std::unique_ptr<observe::VcdTrace> vcd;
        std::unique_ptr<observe::CommandStatistics> statistics;
        std::unique_ptr<observe::DriverLint> lint;
        observe::TraceFanout fanout;
    };
    void add(const platform::ProgramConfig& config, const nvme::ControllerParams& params,
             std::size_t queues);
    void check_signals(const std::string& patterns) const;

    std::unique_ptr<observe::VcdFile> vcd_file_;
    std::vector<std::unique_ptr<OfController>> all_;
};

/// What `json_of(number)` says of the controller; of several, a list.
template <typename JsonOf>
[[nodiscard]] auto of_each_controller(const Observers& observers, JsonOf json_of) {
    if (observers.controllers() == 1) return json_of(0);
    auto list = decltype(json_of(0))::array();
    for (std::size_t i = 0; i < observers.controllers(); ++i) list.push_back(json_of(i));
    return list;
}

inline constexpr std::size_t kAllQueues = ~std::size_t{0};

/// Where a controller's part of `path` goes: each of several has its own file. Empty: nowhere.
[[nodiscard]] std::string path_of_controller(const std::string& path,
                                             const platform::ProgramConfig& config,
                                             std::size_t controller);
/// The same, with the end of the name, which says what it is, at its end: x.nvme1.html.
[[nodiscard]] std::string named_for_controller(const std::string& path,
                                               const platform::ProgramConfig& config,
                                               std::size_t controller);

}  // namespace nvme_vp
