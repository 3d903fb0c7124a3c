// SPDX-License-Identifier: Apache-2.0
#include "traces/analysis/difference.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <vector>

#include "models/nvme/spec/status.h"
#include "traces/analysis/report_text.h"
#include "traces/analysis/story.h"
#include "traces/analysis/table.h"
#include "traces/analysis/words.h"

namespace analysis {

namespace {

/// Commands, and marks, that are shown before a divergence.
constexpr std::size_t kBefore = 3;
/// Standard errors on each side of a mean that hold 95 % of what chance makes of it.
constexpr double kConfidence95 = 1.96;

using Pairs = std::vector<std::pair<std::size_t, std::size_t>>;

/// The nth of each queue of `a` with the nth of the same queue of `b`, in the order of `a`.
struct Matched {
    Pairs pairs;
    std::optional<std::size_t> only_a, only_b;  ///< the first without another
};
Matched match(const Analysis& a, const Analysis& b) {
    std::map<std::uint16_t, std::vector<std::size_t>> of_queue;
    for (std::size_t i = 0; i < b.commands.size(); ++i) of_queue[b.commands[i].sqid].push_back(i);
    std::map<std::uint16_t, std::size_t> next;
    Matched matched;
    for (std::size_t i = 0; i < a.commands.size(); ++i) {
        const std::uint16_t sqid = a.commands[i].sqid;
        const std::vector<std::size_t>& others = of_queue[sqid];
        const std::size_t n = next[sqid]++;
        if (n < others.size())
            matched.pairs.emplace_back(i, others[n]);
        else if (!matched.only_a)
            matched.only_a = i;
    }
    for (const auto& [sqid, others] : of_queue)
        if (const std::size_t n = next[sqid]; n < others.size())
            matched.only_b = std::min(matched.only_b.value_or(others[n]), others[n]);
    return matched;
}

bool same_work(const Command& x, const Command& y) {
    return x.opcode == y.opcode && x.nsid == y.nsid && x.slba == y.slba && x.blocks == y.blocks &&
           x.bytes == y.bytes && x.completed() == y.completed() &&
           (!x.completed() || x.status == y.status);
}

std::string ending(const Command& c) {
    if (!c.completed()) return "never completed";
    return nvme::spec::status_name(static_cast<nvme::spec::StatusCode>(c.status));
}

std::string when(util::TimePs ps) {
    return fixed(static_cast<double>(ps) / 1e9, 6) + " ms";
}

/// What a run did before one of its commands: its last commands of the same queue, and marks.
std::string before(const Analysis& run, std::size_t index) {
    const Command& at = run.commands[index];
    std::vector<std::size_t> commands{index};
    for (std::size_t i = index; i-- > 0 && commands.size() <= kBefore;)
        if (run.commands[i].sqid == at.sqid) commands.push_back(i);
    std::reverse(commands.begin(), commands.end());
    std::string text = run.file + ", what led to it:\n" + commands_text(run, commands);
    const util::TimePs until = at.completed() ? at.end_ps : at.fetched_ps;
    auto end = std::find_if(run.marks.begin(), run.marks.end(),
                            [&](const Mark& mark) { return mark.ps > until; });
    auto begin = end - std::min<std::ptrdiff_t>(end - run.marks.begin(), kBefore);
    for (; begin != end; ++begin)
        text += "  mark at " + when(begin->ps) + "  " + begin->kind + ": " + begin->text + "\n";
    return text;
}

std::string divergence(const Analysis& a, const Analysis& b, const Matched& matched) {
    for (const auto& [i, j] : matched.pairs) {
        const Command& x = a.commands[i];
        const Command& y = b.commands[j];
        if (same_work(x, y)) continue;
        return "first divergence: command " + std::to_string(i) + "\n  " + a.file + ": " +
               describe(x) + ": " + ending(x) + "\n  " + b.file + ": " + describe(y) + ": " +
               ending(y) + "\n" + before(a, i) + before(b, j);
    }
    if (matched.only_a)
        return "first divergence: only " + a.file + " has the " +
               describe(a.commands[*matched.only_a]) + "\n" + before(a, *matched.only_a);
    if (matched.only_b)
        return "first divergence: only " + b.file + " has the " +
               describe(b.commands[*matched.only_b]) + "\n" + before(b, *matched.only_b);
    return {};
}

/// The first stage, in the order of fetch and of stages, that takes another time.
std::string first_other_time(const Analysis& a, const Analysis& b, const Pairs& pairs) {
    for (const auto& [i, j] : pairs) {
        const Command& x = a.commands[i];
        const Command& y = b.commands[j];
        for (std::size_t s = 0; s < kStages; ++s)
            if (x.stage_ns[s] >= 0 && y.stage_ns[s] >= 0 && x.stage_ns[s] != y.stage_ns[s])
                return "first other time: stage " + std::string(kStageNames[s]) + " of the " +
                       describe(x) + " at " + when(x.fetched_ps) + ": " +
                       in_ns(static_cast<double>(x.stage_ns[s])) + ", then " +
                       in_ns(static_cast<double>(y.stage_ns[s])) + "\n";
        if (x.completed() && y.completed() && x.latency_ps() != y.latency_ps())
            return "first other time: latency of the " + describe(x) + " at " + when(x.fetched_ps) +
                   ": " + in_time(x.latency_ps()) + ", then " + in_time(y.latency_ps()) + "\n";
    }
    return "all commands take the same times\n";
}

/// Mean of the differences of pairs, and how far off it may be by chance.
class Shift {
public:
    void add(double x, double y) {
        sum_x_ += x;
        sum_y_ += y;
        const double difference = y - x;
        ++count_;
        const double from_mean = difference - mean_;
        mean_ += from_mean / static_cast<double>(count_);
        squares_ += from_mean * (difference - mean_);
    }
    [[nodiscard]] std::uint64_t count() const { return count_; }
    [[nodiscard]] double mean_x() const { return sum_x_ / static_cast<double>(count_); }
    [[nodiscard]] double mean_y() const { return sum_y_ / static_cast<double>(count_); }
    [[nodiscard]] double mean() const { return mean_; }
    [[nodiscard]] double confidence() const {
        if (count_ < 2) return 0;
        const double n = static_cast<double>(count_);
        return kConfidence95 * std::sqrt(squares_ / (n - 1) / n);
    }

private:
    std::uint64_t count_ = 0;
    double sum_x_ = 0, sum_y_ = 0, mean_ = 0, squares_ = 0;
};

util::TimePs percentile(std::vector<util::TimePs>& latencies, double percent) {
    const auto rank = static_cast<std::size_t>(
        std::ceil(percent / 100 * static_cast<double>(latencies.size()) * (1 - 1e-12)));
    const auto nth =
        latencies.begin() + static_cast<std::ptrdiff_t>(std::max<std::size_t>(rank, 1)) - 1;
    std::nth_element(latencies.begin(), nth, latencies.end());
    return *nth;
}

std::string signed_percent(double fraction) {
    return (fraction >= 0 ? "+" : "") + fixed(fraction * 100, 2) + " %";
}
std::string signed_ns(double ns) {
    return (ns >= 0 ? "+" : "") + in_ns(ns);
}

class Shifts {
public:
    Shifts(const Analysis& a, const Analysis& b, const Pairs& pairs) {
        for (const auto& [i, j] : pairs) {
            const Command& x = a.commands[i];
            const Command& y = b.commands[j];
            if (!x.is_io() || !x.completed() || !y.completed()) continue;
            latency_.add(to_ns(x.latency_ps()), to_ns(y.latency_ps()));
            x_.push_back(x.latency_ps());
            y_.push_back(y.latency_ps());
            for (std::size_t s = 0; s < kStages; ++s)
                if (x.stage_ns[s] >= 0 && y.stage_ns[s] >= 0)
                    stages_[s].add(static_cast<double>(x.stage_ns[s]),
                                   static_cast<double>(y.stage_ns[s]));
        }
    }

    void tell(std::optional<double> max_shift, Difference& to) {
        if (latency_.count() == 0) return;
        Table table(
            {"I/O, both completed", "then", "now", "shift", "95 % confidence", "relative", ""});
        const auto row = [&](const std::string& name, double x, double y, double of,
                             const std::string& confidence) {
            const double relative = of > 0 ? (y - x) / of : 0;
            const bool beyond = max_shift && std::abs(relative) > *max_shift;
            to.shifted = to.shifted || beyond;
            table.add({name, in_ns(x), in_ns(y), signed_ns(y - x), confidence,
                       signed_percent(relative), beyond ? "beyond" : ""});
        };
        const double mean = latency_.mean_x();
        row("latency, mean", mean, latency_.mean_y(), mean, "+-" + in_ns(latency_.confidence()));
        for (const double percent : {50.0, 99.0}) {
            const double x = to_ns(percentile(x_, percent));
            row("latency, p" + fixed(percent, 0), x, to_ns(percentile(y_, percent)), x, "");
        }
        for (std::size_t s = 0; s < kStages; ++s)
            if (stages_[s].count() != 0)
                row("stage " + std::string(kStageNames[s]), stages_[s].mean_x(),
                    stages_[s].mean_y(), mean, "+-" + in_ns(stages_[s].confidence()));
        to.text += table.text();
    }

private:
    Shift latency_;
    std::array<Shift, kStages> stages_;
    std::vector<util::TimePs> x_, y_;
};

}  // namespace

Difference compare(const Analysis& a, const Analysis& b, std::optional<double> max_shift) {
    Difference difference;
    const Matched matched = match(a, b);
    const std::string where = divergence(a, b, matched);
    difference.diverges = !where.empty();
    difference.text = difference.diverges
                          ? where
                          : "the same " + std::to_string(matched.pairs.size()) + " commands\n";
    difference.text += first_other_time(a, b, matched.pairs);
    Shifts(a, b, matched.pairs).tell(max_shift, difference);
    return difference;
}

}  // namespace analysis
