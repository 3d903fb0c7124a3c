// SPDX-License-Identifier: Apache-2.0
#include "sc_main/sweep/sweep_plan.h"

#include <algorithm>
#include <initializer_list>
#include <optional>

#include "platform/config/nearest_name.h"
#include "platform/config/param_list.h"
#include "platform/config/program_config.h"
#include "platform/workload/job_options.h"

namespace nvme_vp {

namespace {

/// Calls word(text) for each part between separators that is not empty.
template <typename Word>
void split(std::string_view text, std::string_view separators, Word word) {
    while (!text.empty()) {
        const std::size_t end = std::min(text.find_first_of(separators), text.size());
        if (end != 0) word(text.substr(0, end));
        text.remove_prefix(std::min(end + 1, text.size()));
    }
}

bool is_one_of(std::string_view name, std::initializer_list<std::string_view> names) {
    return std::find(names.begin(), names.end(), name) != names.end();
}

/// What a run is told in another way, or does not know.
bool is_for_sweep(std::string_view name) {
    return is_option_of_sweep(name) || platform::is_output_option(name) ||
           is_one_of(name, {"socket", "job_set", "seed", "seeds", "perturbations", "fail_text",
                            "driver_timeout_ns"});
}

std::optional<SweepAxis::Kind> kind_of(std::string_view name) {
    nvme::ControllerParams controller;
    if (platform::find(platform::parameters_of(controller), name) != nullptr)
        return SweepAxis::Kind::kParameter;
    // The depth of a run is that of its jobs.
    if (name == "depth" || platform::find_job_option(name) != nullptr)
        return SweepAxis::Kind::kJobOption;
    platform::RunOptions run;
    if (platform::find(platform::parameters_of(run), name) != nullptr && !is_for_sweep(name))
        return SweepAxis::Kind::kOption;
    return std::nullopt;
}

/// What the axis varies, whatever it is called: job options may have two names.
std::string_view key_of(const SweepAxis& axis) {
    if (axis.kind != SweepAxis::Kind::kJobOption) return axis.name;
    return axis.name == "depth" ? "iodepth" : platform::find_job_option(axis.name)->name;
}

std::vector<std::string_view> known_names() {
    nvme::ControllerParams controller;
    platform::RunOptions run;
    std::vector<std::string_view> names = platform::names_of(platform::parameters_of(controller));
    for (const std::string_view name : platform::names_of(platform::parameters_of(run)))
        if (!is_for_sweep(name)) names.push_back(name);
    return names;
}

}  // namespace

bool is_option_of_sweep(std::string_view name) {
    return is_one_of(name, {"over", "out", "parallel", "engine", "slurm_patience_s"});
}

SweepPlan::SweepPlan(std::string_view over, std::vector<std::string>& problems) {
    split(over, " \t\n", [&](std::string_view word) { add(word, problems); });
    if (axes_.empty() && problems.empty())
        problems.emplace_back("sweep needs --over 'NAME=VALUE,VALUE... NAME=...'");
    std::size_t points = 1;
    for (const SweepAxis& axis : axes_) {
        points *= axis.values.size();
        if (points <= kMostPoints) continue;
        problems.push_back("over: has more than " + std::to_string(kMostPoints) + " combinations");
        return;
    }
}

void SweepPlan::add(std::string_view word, std::vector<std::string>& problems) {
    const std::string_view name = word.substr(0, word.find('='));
    const std::string where = "over: " + std::string{word};
    SweepAxis axis{std::string{name}, {}, {}};
    if (name.size() != word.size())
        split(word.substr(name.size() + 1), ",",
              [&](std::string_view value) { axis.values.emplace_back(value); });
    if (axis.values.empty()) {
        problems.push_back(where + ": must be NAME=VALUE,VALUE...");
        return;
    }
    const auto kind = kind_of(name);
    if (!kind) {
        problems.push_back(where + ": neither the controller, nor run, nor a job has \"" +
                           axis.name + "\"" + platform::suggestion(name, known_names()));
        return;
    }
    axis.kind = *kind;
    const auto is_same = [&](const SweepAxis& other) { return key_of(other) == key_of(axis); };
    if (std::any_of(axes_.begin(), axes_.end(), is_same))
        problems.push_back(where + ": stands there twice");
    axes_.push_back(std::move(axis));
}

std::size_t SweepPlan::points() const {
    std::size_t points = 1;
    for (const SweepAxis& axis : axes_) points *= axis.values.size();
    return points;
}

std::vector<std::string> SweepPlan::values(std::size_t point) const {
    std::vector<std::string> values(axes_.size());
    for (std::size_t i = axes_.size(); i-- != 0;) {
        values[i] = axes_[i].values[point % axes_[i].values.size()];
        point /= axes_[i].values.size();
    }
    return values;
}

std::vector<std::string> SweepPlan::arguments(std::size_t point,
                                              const std::vector<std::string>& base,
                                              const std::string& job_set) const {
    std::vector<std::string> words{"run"};
    words.insert(words.end(), base.begin(), base.end());
    std::string of_job = job_set;
    const std::vector<std::string> values = this->values(point);
    for (std::size_t i = 0; i != axes_.size(); ++i) {
        const std::string& name = axes_[i].name;
        switch (axes_[i].kind) {
            case SweepAxis::Kind::kParameter:
                words.insert(words.end(), {"--set", name + "=" + values[i]});
                break;
            case SweepAxis::Kind::kOption:
                words.push_back("--" + name + "=" + values[i]);
                break;
            case SweepAxis::Kind::kJobOption:
                of_job +=
                    (of_job.empty() ? "" : " ") + std::string{key_of(axes_[i])} + "=" + values[i];
                break;
        }
    }
    if (!of_job.empty()) words.push_back("--job_set=" + of_job);
    return words;
}

}  // namespace nvme_vp
