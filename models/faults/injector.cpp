// SPDX-License-Identifier: Apache-2.0
#include "models/faults/injector.h"

#include <algorithm>

namespace faults {

using util::TimePs;

Injector::Injector() {
    agenda_.reserve(kMostDeeds);
}

Injector::Injector(const std::vector<Rule>& plan) : Injector() {
    for (const Rule& rule : plan) (void)add(rule);
}

std::string Injector::add(const Rule& wanted) {
    Rule rule = wanted;
    for (std::size_t n = rules_.size(); rule.name.empty(); ++n)
        if (const std::string free = "rule_" + std::to_string(n); find(free) == nullptr)
            rule.name = free;
    std::string wrong;
    for (const RuleProblem& problem : validate(rule)) {
        if (!wrong.empty()) wrong += '\n';
        wrong += rule.name + ": " + std::string{problem.field} + ": " + problem.text;
    }
    if (find(rule.name) != nullptr) wrong = rule.name + ": there is a rule of this name";
    if (rules_.size() >= kMostRules)
        wrong = rule.name + ": a plan has at most " + std::to_string(kMostRules) + " rules";
    if (!wrong.empty()) return wrong;

    const auto index = static_cast<Index>(rules_.size());
    rules_.emplace_back(rule, index);
    const Place place = place_of(rule);
    places_[static_cast<std::size_t>(place)].push_back(index);
    const bool timed = is_event(rule.action) && rule.at_ns;
    if (place <= Place::kCompletion || (place == Place::kEvent && !timed))
        arrivals_.push_back(index);
    if (timed && target_ != nullptr)
        schedule({util::from_ns(*rule.at_ns), Deed::Kind::kRule, index, 0});
    return {};
}

std::string Injector::inject(const Rule& wanted) {
    if (!is_event(wanted.action))
        return std::string{name_of(wanted.action)} + " does not happen by itself";
    if (target_ == nullptr) return "there is no controller yet";
    Rule rule = wanted;
    rule.at_ns = now() / util::kPsPerNs;
    return add(rule);
}

Injector::Live* Injector::find(std::string_view name) {
    const auto it = std::find_if(rules_.begin(), rules_.end(),
                                 [&](const Live& live) { return live.rule.name == name; });
    return it == rules_.end() ? nullptr : &*it;
}

bool Injector::set_enabled(std::string_view name, bool enabled) {
    Live* live = find(name);
    if (live != nullptr) live->rule.enabled = enabled;
    return live != nullptr;
}

bool Injector::release(std::string_view name) {
    Live* live = find(name);
    if (live == nullptr) return false;
    ++live->releases;
    ++releases_;
    if (target_ != nullptr) target_->wake_for_faults(now());
    return true;
}

TimePs Injector::now() const {
    return target_ == nullptr ? 0 : target_->fault_time();
}

void Injector::note(Live& live, const nvme::CommandFaults* command) {
    ++live.applied;
    observe::FaultInjected event{now(), live.rule.name, name_of(live.rule.action)};
    if (command != nullptr) {
        event.sqid = command->sqid;
        event.cid = command->cid;
    }
    if (target_ != nullptr) target_->record_fault(event);
    if (listener_) listener_(event);
}

std::vector<RuleResult> Injector::results() const {
    std::vector<RuleResult> results;
    for (const Live& live : rules_) {
        const Rule& r = live.rule;
        results.push_back({r.name, r.action, live.trigger.matched(), live.applied, r.at_least,
                           r.at_most, r.enabled});
    }
    return results;
}

RuleResult Injector::result(std::string_view name) const {
    for (RuleResult& result : results())
        if (result.name == name) return result;
    return {};
}

std::string describe(const RuleResult& result) {
    std::string text = result.name + ": " + std::string{name_of(result.action)} + ", " +
                       std::to_string(result.matched) + " matched";
    if (result.action != Action::kExpect)
        return text + ", applied " + std::to_string(result.applied) + " times";
    text += ", expected at least " + std::to_string(result.at_least);
    if (result.at_most) text += " and at most " + std::to_string(*result.at_most);
    return text + (result.met() ? "" : ": NOT MET");
}

}  // namespace faults
