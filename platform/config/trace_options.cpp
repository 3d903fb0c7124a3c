// SPDX-License-Identifier: Apache-2.0
#include "platform/config/trace_options.h"

#include "models/util/time.h"
#include "platform/config/nearest_name.h"

namespace platform {

observe::TraceSelection trace_selection(const RunOptions& run, std::vector<std::string>& problems) {
    observe::TraceSelection selection;
    if (const std::string wrong = selection.choose_events(run.trace_events); !wrong.empty())
        problems.push_back("trace_events: \"" + wrong +
                           "\" is no event of docs/traces.md, which are separated by commas" +
                           suggestion(wrong, observe::TraceSelection::event_names()));
    if (const std::string wrong = selection.choose_queues(run.trace_queues); !wrong.empty())
        problems.push_back("trace_queues: \"" + wrong +
                           "\" is no queue, which are numbers from 0 to 65535 and ranges of them "
                           "such as 4-7, separated by commas");
    selection.from = util::from_ns(run.trace_from_ns);
    if (run.trace_to_ns) selection.to = util::from_ns(*run.trace_to_ns);
    if (selection.to < selection.from)
        problems.push_back(
            "trace_to_ns = " + std::to_string(*run.trace_to_ns) +
            ": must not be before trace_from_ns = " + std::to_string(run.trace_from_ns));
    return selection;
}

}  // namespace platform
