// SPDX-License-Identifier: Apache-2.0
#include "traces/driver/driver_report.h"

#include <algorithm>

#include "models/observe/finding_text.h"
#include "traces/analysis/words.h"
#include "traces/driver/behaviours.h"

namespace driver {

namespace {

using observe::LintFinding;

std::string place_of(const LintFinding& finding) {
    return "at " + analysis::in_time(finding.ps) + observe::place_text(finding);
}

std::vector<LintItem> lint_items(const observe::DriverLint& lint) {
    std::vector<LintItem> items;
    for (std::size_t i = 0; i < observe::kLintRules; ++i) {
        const auto rule = static_cast<observe::LintRule>(i);
        const observe::LintRuleInfo& info = observe::lint_rule(rule);
        const auto& found = lint.of(rule);
        items.push_back({info.id, info.says, info.section, info.hint, found.count,
                         found.count != 0 ? place_of(found.first) : std::string()});
    }
    return items;
}

double ratio(std::uint64_t of, std::uint64_t to) {
    return to == 0 ? 0 : static_cast<double>(of) / static_cast<double>(to);
}
double to_us(util::TimePs ps) {
    return static_cast<double>(ps) / static_cast<double>(util::kPsPerUs);
}

std::vector<Figure> figures(const DriverProfile& p) {
    const Usage& usage = p.usage();
    std::uint64_t tails = 0, heads = 0, completions = 0, all_completions = 0, polled = 0;
    for (const auto& [qid, queue] : p.queues().queues()) {
        all_completions += queue.completions;
        polled += queue.polled ? 1 : 0;
        if (qid == 0) continue;
        tails += queue.tails;
        heads += queue.heads;
        completions += queue.completions;
    }
    const std::uint64_t io = usage.io_commands();
    const bool details = p.reactions().details;
    std::vector<Figure> figures{
        {"io_commands", "I/O commands", "", static_cast<double>(io)},
        {"admin_commands", "admin commands", "", static_cast<double>(usage.admin_commands())},
        {"tails_per_io", "tail doorbells for each I/O command", "", ratio(tails, io)},
        {"heads_per_io", "head doorbells for each I/O completion", "", ratio(heads, completions)},
        {"interrupts_per_completion", "interrupts for each completion, admin and I/O", "",
         ratio(p.queues().interrupts(), all_completions)},
        {"reads_per_io", "reads of properties during I/O, for each I/O command", "",
         ratio(usage.reads_during_io(), io), details},
        {"writes_per_io", "writes of properties during I/O, for each I/O command", "",
         ratio(usage.writes_during_io(), io)},
        {"status_reads", "reads of CSTS for each life of the controller (polling)", "",
         ratio(usage.status_reads(), p.lives().count()), details},
        {"config_writes", "writes of configuration space", "",
         static_cast<double>(usage.config_writes())},
        {"mean_depth", "I/O commands in flight, on average while there were any", "",
         p.queues().mean_depth()},
        {"polled_queues", "completion queues without interrupts", "", static_cast<double>(polled)},
        {"rejected_doorbells", "doorbells that the controller rejected", "",
         static_cast<double>(p.queues().rejected())},
        {"held_interrupts", "times that interrupts could not be sent", "",
         static_cast<double>(p.queues().held())},
        {"shadow_doorbells", "doorbells in host memory (1: yes)", "",
         p.queues().shadow_doorbells() ? 1.0 : 0.0},
    };
    const auto& lives = p.lives().lives();
    const auto first = std::find_if(lives.begin(), lives.end(), [](const Life& life) {
        return life.was_ready() && life.first_io != util::kNever;
    });
    if (first != lives.end()) {
        figures.push_back({"ready_us", "from CC.EN to CSTS.RDY, in the first life with I/O", "us",
                           to_us(first->ready - first->enabled)});
        figures.push_back({"probe_us", "from CSTS.RDY to the first I/O command", "us",
                           to_us(first->first_io - std::min(first->first_io, first->ready))});
    }
    return figures;
}

}  // namespace

std::string end_of(const Life& life) {
    using observe::ResetKind;
    if (life.end == util::kNever) return life.fatal ? "fatal" : "still enabled";
    const bool orderly = life.shutdown_complete;
    if (!life.reset || *life.reset == ResetKind::kController)
        return orderly ? "shutdown" : life.fatal ? "fatal, reset" : "reset";
    return std::string(orderly ? "shutdown, " : "") + std::string(observe::word_of(*life.reset));
}

DriverReport make_report(const DriverProfile& p) {
    DriverReport report;
    report.events = p.events();
    report.details = p.reactions().details;
    report.initialization = p.lives().steps().items();
    report.behaviours = behaviours(p);
    report.lint = lint_items(p.lint());
    report.usage = p.usage().rows();
    report.errors = p.errors().rows();
    report.figures = figures(p);
    report.queues = p.queues().queues();
    report.lives = p.lives().lives();
    report.life_count = p.lives().count();
    return report;
}

std::uint64_t DriverReport::wrong() const {
    const auto broken = std::count_if(lint.begin(), lint.end(), [](const LintItem& item) {
        return item.count != 0 && !item.hint;
    });
    return with(Verdict::kWrong) + static_cast<std::uint64_t>(broken);
}

std::uint64_t DriverReport::with(Verdict verdict) const {
    const auto is = [&](const Item& item) { return item.outcome.verdict == verdict; };
    return static_cast<std::uint64_t>(
        std::count_if(initialization.begin(), initialization.end(), is) +
        std::count_if(behaviours.begin(), behaviours.end(), is));
}

std::string DriverReport::never_exercised() const {
    std::string ids;
    for (const Item& item : behaviours)
        if (item.every_driver && item.outcome.verdict == Verdict::kNotExercised)
            ids += (ids.empty() ? "" : ", ") + std::string(item.id);
    return ids;
}

}  // namespace driver
