// SPDX-License-Identifier: Apache-2.0
// What follows from all that was learned.
#include <algorithm>
#include <cmath>

#include "traces/analysis/groups.h"
#include "traces/analysis/ledger.h"
#include "traces/analysis/limits.h"
#include "traces/analysis/words.h"

namespace analysis {
using util::TimePs;

namespace {

std::vector<double> scaled(std::vector<double> values, double by) {
    for (double& value : values) value *= by;
    return values;
}

/// Of the time; what is estimated may be a little more than all.
std::vector<double> as_fraction(std::vector<double> values, double of) {
    for (double& value : values) value = of > 0 ? std::min(value / of, 1.0) : 0;
    return values;
}

}  // namespace

const Group* all_io(const Analysis& analysis) {
    for (const Group& group : analysis.groups)
        if (group.by == "all") return &group;
    return nullptr;
}

const Phase* phase(const Analysis& analysis, std::string_view name) {
    for (const Phase& each : analysis.phases)
        if (each.name == name) return &each;
    return nullptr;
}

/// The host's work begins with the first I/O command, and ends with the last.
void Ledger::make_phases() {
    TimePs begin = util::kNever;
    TimePs end = 0;
    for (const Command& command : result_.commands) {
        if (!command.is_io()) continue;
        begin = std::min(begin, command.begin_ps);
        end = std::max(end, command.completed() ? command.end_ps : command.fetched_ps);
    }
    if (begin == util::kNever) {
        if (result_.events != 0) result_.phases = {{"bring-up", result_.begin_ps, result_.end_ps}};
        return;
    }
    result_.phases = {{"bring-up", std::min(result_.begin_ps, begin), begin}, {"run", begin, end}};
    if (result_.end_ps > end) result_.phases.push_back({"shutdown", end, result_.end_ps});
    for (const Phase& each : result_.phases)
        result_.marks.push_back({each.begin_ps, "phase", each.name + " begins"});
}

void Ledger::make_series() {
    const std::initializer_list<const TimeSeries*> all{
        &ended_,     &read_,      &written_,     &depth_,        &rung_,
        &signalled_, &up_.busy(), &down_.busy(), &media_.busy(), &decoder_.commands()};
    TimePs step = 0;
    for (const TimeSeries* series : all)
        if (!series->empty()) step = std::max(step, series->step());
    if (step == 0) return;
    const TimePs length = since_begin(result_.end_ps);
    const auto steps =
        static_cast<std::size_t>(std::min<TimePs>(length / step + 1, TimeSeries::kMostSteps));
    Series& to = result_.series;
    to.step_ps = step;
    const double ps = static_cast<double>(step);
    const double per_s = static_cast<double>(util::kPsPerS) / ps;
    to.iops = scaled(ended_.over(step, steps), per_s);
    to.read_mb_s = scaled(read_.over(step, steps), per_s / 1e6);
    to.write_mb_s = scaled(written_.over(step, steps), per_s / 1e6);
    to.depth = scaled(depth_.over(step, steps), 1 / ps);
    to.doorbells = scaled(rung_.over(step, steps), per_s);
    to.interrupts = scaled(signalled_.over(step, steps), per_s);
    if (!up_.busy().empty() || !down_.busy().empty()) {
        to.link_up = as_fraction(up_.busy().over(step, steps), ps);
        to.link_down = as_fraction(down_.busy().over(step, steps), ps);
    }
    if (media_.most() != 0)
        to.media =
            as_fraction(media_.busy().over(step, steps), ps * static_cast<double>(media_.most()));
    if (!decoder_.commands().empty())
        to.decoder = as_fraction(decoder_.commands().over(step, steps),
                                 ps / std::max(1.0, static_cast<double>(decoder_.least())));
}

/// While there is I/O.
void Ledger::make_use() {
    const Phase* const run = phase(result_, "run");
    if (run == nullptr || !result_.details) return;
    const TimePs begin = since_begin(run->begin_ps);
    const TimePs end = since_begin(run->end_ps);
    const auto mean = [&](const TimeSeries& series) {
        const TimeSeries::Part part = series.between(begin, end);
        return part.length == 0 ? 0 : part.sum / static_cast<double>(part.length);
    };
    Use& use = result_.use;
    if (!up_.busy().empty() || !down_.busy().empty()) {
        use.link_up = std::min(1.0, mean(up_.busy()));
        use.link_down = std::min(1.0, mean(down_.busy()));
    }
    if (media_.most() != 0) {
        use.media_accesses = mean(media_.busy());
        use.most_media_accesses = static_cast<double>(media_.most());
        use.media = std::min(1.0, use.media_accesses / use.most_media_accesses);
    }
    use.channels = channels_.between(begin, end);
    use.dies = dies_.between(begin, end);
    if (!decoder_.commands().empty())
        use.decoder =
            std::min(1.0, mean(decoder_.commands()) * static_cast<double>(decoder_.least()));
}

/// The depth is what the queues said of themselves, rate and latency what commands did: that they
/// fit together says that the trace is whole and the run in balance.
void Ledger::make_little() {
    const Phase* const run = phase(result_, "run");
    const Group* const all = all_io(result_);
    if (run == nullptr || all == nullptr || run->end_ps <= run->begin_ps) return;
    const TimePs length = run->end_ps - run->begin_ps;
    Little& little = result_.little;
    const bool told = !levels_over_time_.empty();
    const TimeSeries::Part part =
        (told ? levels_over_time_ : depth_)
            .between(since_begin(run->begin_ps), since_begin(run->end_ps));
    if (part.length == 0) return;
    little.mean_depth = part.sum / static_cast<double>(part.length);
    little.iops = static_cast<double>(all->count) * static_cast<double>(util::kPsPerS) /
                  static_cast<double>(length);
    little.mean_latency_ns = all->mean_ns;
    little.product = little.iops * little.mean_latency_ns / 1e9;
    if (little.mean_depth > 0) little.off_by = std::abs(little.product / little.mean_depth - 1);
}

Analysis Ledger::close() {
    const bool cut = full();
    media_.finish();
    // A queue of which there was nothing but a number in a command that failed.
    for (auto it = result_.queues.begin(); it != result_.queues.end();)
        it = it->second.commands == 0 && it->second.size == 0 ? result_.queues.erase(it)
                                                              : std::next(it);
    make_phases();
    result_.groups = groups_of(result_.commands);
    make_series();
    make_use();
    make_little();
    result_.limits = what_limits(result_);
    std::stable_sort(result_.marks.begin(), result_.marks.end(),
                     [](const Mark& a, const Mark& b) { return a.ps < b.ps; });
    if (!buffers_ && std::any_of(result_.commands.begin(), result_.commands.end(),
                                 [](const Command& c) { return c.bytes != 0; }))
        result_.note = "bytes follow from blocks of " + std::to_string(options_.block_bytes) +
                       " bytes (--block-size): the trace has no buffers";
    if (cut) {
        const std::string note = "only the first " + std::to_string(options_.most_commands) +
                                 " commands are told of, up to " +
                                 fixed(static_cast<double>(result_.end_ps) / 1e9, 6) +
                                 " ms (--most-commands)";
        result_.note = note + (result_.note.empty() ? "" : "; " + result_.note);
    }
    return std::move(result_);
}

}  // namespace analysis
