// SPDX-License-Identifier: Apache-2.0
#include "traces/analysis/limits.h"

#include <algorithm>
#include <vector>

#include "traces/analysis/words.h"

namespace analysis {

namespace {

constexpr double kBusy = 0.85;     // of its time: it has no room for more
constexpr double kShallow = 1.5;   // commands in flight: one after another
constexpr double kFew = 0.25;      // of the dies: the load is not spread
constexpr double kSlowHost = 0.5;  // of the time from the fetch to the answer of the host

std::string percent(double fraction) {
    return fixed(fraction * 100, 0) + " %";
}

double stage(const Group& all, Stage s) {
    return std::max(0.0, all.stage_mean_ns[static_cast<std::size_t>(s)]);
}

/// Of a list of channels or dies: those that have no room for more, and how busy the others are.
struct Busiest {
    std::vector<std::size_t> full;
    double mean = 0, mean_full = 0, mean_others = 0;
};
Busiest busiest(const std::vector<double>& use) {
    Busiest found;
    double full = 0, all = 0;
    for (std::size_t i = 0; i < use.size(); ++i) {
        all += use[i];
        if (use[i] < kBusy) continue;
        found.full.push_back(i);
        full += use[i];
    }
    const auto ratio = [](double sum, std::size_t n) {
        return n == 0 ? 0 : sum / static_cast<double>(n);
    };
    found.mean = ratio(all, use.size());
    found.mean_full = ratio(full, found.full.size());
    found.mean_others = ratio(all - full, use.size() - found.full.size());
    return found;
}

/// "1", "1 and 5", "1, 5 and 4 others"
std::string numbers(const std::vector<std::size_t>& which) {
    constexpr std::size_t kNamed = 4;
    std::string text = std::to_string(which.front());
    const std::size_t named = std::min(which.size(), kNamed);
    for (std::size_t i = 1; i < named; ++i)
        text += (i + 1 == which.size() ? " and " : ", ") + std::to_string(which[i]);
    if (which.size() > named) text += " and " + std::to_string(which.size() - named) + " others";
    return text;
}

/// Empty: none of these limits.
std::string verdict_of(const std::vector<double>& use, const std::string& one,
                       const std::string& several) {
    const Busiest found = busiest(use);
    if (found.full.empty()) return {};
    if (found.mean >= kBusy)
        return "All " + several + " of the flash: they are busy " + percent(found.mean) +
               " of the time. ";
    const auto few = static_cast<double>(found.full.size());
    if (few > kFew * static_cast<double>(use.size())) return {};
    const bool single = found.full.size() == 1;
    return "The load is not spread: " + (single ? one + " " : several + " ") + numbers(found.full) +
           " of the flash " + (single ? "is" : "are") + " busy " + percent(found.mean_full) +
           " of the time, the others " + percent(found.mean_others) + ". ";
}

std::string use_of(const Use& use) {
    std::string text;
    if (use.link_up >= 0)
        text += ", link to the host " + percent(use.link_up) + " busy, from the host " +
                percent(use.link_down);
    if (use.decoder >= 0) text += ", decoder " + percent(use.decoder);
    if (use.media >= 0)
        text += ", media " + fixed(use.media_accesses, 1) + " of at most " +
                fixed(use.most_media_accesses, 0) + " accesses at a time";
    if (!use.channels.empty()) text += ", channels " + percent(busiest(use.channels).mean);
    if (!use.dies.empty()) text += ", dies " + percent(busiest(use.dies).mean);
    if (!text.empty()) text[0] = ';';
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
    if (const std::string text = verdict_of(use.channels, "channel", "channels"); !text.empty())
        return text;
    if (const std::string text = verdict_of(use.dies, "die", "dies"); !text.empty()) return text;
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
    if (analysis.details) return text + use_of(analysis.use) + ".";
    return text + ". A trace with trace_detail = all says where in the controller.";
}

}  // namespace analysis
