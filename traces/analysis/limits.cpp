// SPDX-License-Identifier: Apache-2.0
#include "traces/analysis/limits.h"

#include <algorithm>

#include "traces/analysis/words.h"

namespace analysis {

namespace {

constexpr double kBusy = 0.85;     // of its time: it has no room for more
constexpr double kShallow = 1.5;   // commands in flight: one after another
constexpr double kSlowHost = 0.5;  // of the time from the fetch to the answer of the host

std::string percent(double fraction) {
    return fixed(fraction * 100, 0) + " %";
}

double stage(const Group& all, Stage s) {
    return std::max(0.0, all.stage_mean_ns[static_cast<std::size_t>(s)]);
}

std::string use_of(const Use& use) {
    std::string text = "link to the host " + percent(use.link_up) + " busy, from the host " +
                       percent(use.link_down);
    if (use.decoder >= 0) text += ", decoder " + percent(use.decoder);
    if (use.media >= 0)
        text += ", media " + fixed(use.media_accesses, 1) + " of at most " +
                fixed(use.most_media_accesses, 0) + " accesses at a time";
    return text;
}

/// Where commands of a trace with details spend most of the time that they are with the controller.
Stage longest(const Group& all) {
    Stage found = Stage::kFetch;
    for (const Stage s : {Stage::kDecode, Stage::kMedia, Stage::kData, Stage::kCompletion})
        if (stage(all, s) > stage(all, found)) found = s;
    return found;
}

/// The host's own part: from the completion to its answer, and how deep it keeps the queues.
std::string host_part(const Analysis& analysis, const Group& all) {
    const double answer = stage(all, Stage::kInterrupt) + stage(all, Stage::kHost);
    std::string text = fixed(analysis.little.mean_depth, 1) + " commands are in flight on average";
    if (all.stage_mean_ns[static_cast<std::size_t>(Stage::kHost)] >= 0)
        text += ", the host answers a completion after " + in_ns(answer);
    return text;
}

std::string verdict(const Analysis& analysis, const Group& all) {
    const Use& use = analysis.use;
    if (use.link_up >= kBusy) return "The link to the host: it has no room for more. ";
    if (use.link_down >= kBusy) return "The link from the host: it has no room for more. ";
    if (use.decoder >= kBusy) return "The decoder of commands: it has no room for more. ";
    const double answer = stage(all, Stage::kInterrupt) + stage(all, Stage::kHost);
    if (answer > kSlowHost * (answer + all.mean_ns))
        return "The host: it takes longer to see a completion than the controller takes for a "
               "command. ";
    if (analysis.little.mean_depth < kShallow)
        return "The host: it waits for one command before it gives the next. ";
    if (!analysis.details) return "The controller, at this depth. ";
    const Stage most = longest(all);
    const std::string name(kStageNames[static_cast<std::size_t>(most)]);
    const double share = all.mean_ns > 0 ? stage(all, most) / all.mean_ns : 0;
    return "The stage \"" + name + "\": " + percent(share) +
           " of the time that a command is with "
           "the controller. ";
}

}  // namespace

std::string what_limits(const Analysis& analysis) {
    const Group* const all = all_io(analysis);
    if (all == nullptr) return "There are no I/O commands in this trace.";
    std::string text = verdict(analysis, *all) + host_part(analysis, *all);
    if (analysis.details) return text + "; " + use_of(analysis.use) + ".";
    return text + ". A trace with trace_detail = all says where in the controller.";
}

}  // namespace analysis
