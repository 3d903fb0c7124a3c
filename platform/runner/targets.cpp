// SPDX-License-Identifier: Apache-2.0
#include <set>
#include <utility>
#include <variant>

#include "platform/runner/workloads.h"
#include "platform/workload/device_name.h"
#include "platform/workload/units.h"

namespace platform {

namespace {

std::string name_of(const Target& target) {
    return "nvme" + std::to_string(target.controller) + "n" + std::to_string(target.nsid);
}

std::string names_of(const std::vector<Target>& targets) {
    constexpr std::size_t kMost = 8;
    std::string names;
    for (std::size_t i = 0; i < targets.size() && i < kMost; ++i)
        names += (names.empty() ? "" : ", ") + name_of(targets[i]);
    return names + (targets.size() > kMost ? " ..." : "");
}

/// Looks up the names of one job file.
class TargetChooser {
public:
    TargetChooser(const JobFile& file, const std::vector<Target>& targets, const Target& otherwise,
                  std::vector<std::string>& problems)
        : file_(file), targets_(targets), otherwise_(otherwise), problems_(problems) {}

    ChosenTargets choose(bool always) {
        ChosenTargets chosen;
        for (const Job& job : file_.jobs)
            chosen.of_jobs.push_back(always || job.filenames.empty() ? Targets{otherwise_}
                                                                     : targets_of(job));
        if (!files_.empty())
            chosen.note = file_.file_name + ": no namespace is named " + files_ +
                          ": what should run there runs on " + name_of(otherwise_);
        return chosen;
    }

private:
    using Targets = std::vector<Target>;

    Targets targets_of(const Job& job) {
        Targets chosen;
        bool twice = false;
        for (const std::string& text : job.filenames) {
            const DeviceName name = read_device_name(text);
            if (is_the_only_disk(job, text, name)) {
                add_file(text);
                chosen.push_back(targets_.front());
            } else if (const auto* unknown = std::get_if<UnknownDeviceName>(&name)) {
                refuse(job, text, unknown->problem + "; ");
            } else if (const auto* ns = std::get_if<NamespaceName>(&name)) {
                const Target* target = find(job, text, *ns);
                if (target == nullptr) continue;
                if (used_.insert({target->controller, target->nsid}).second) {
                    chosen.push_back(*target);
                } else if (!twice) {  // told once
                    refuse(job, text, "is named twice; ");
                    twice = true;
                }
            } else if (job.filenames.size() > 1) {
                refuse(job, text, "is a file, and only namespaces can be used side by side; ");
            } else {
                add_file(text);
                chosen.push_back(otherwise_);
            }
        }
        used_.clear();
        for (const Target& target : chosen)
            if (target.controller != chosen.front().controller) {
                refuse(job, name_of(target),
                       "a job has one queue pair, so all its namespaces must be of one "
                       "controller; ");
                break;
            }
        // A job that has a mistake is planned all the same, to find the others.
        if (chosen.empty()) chosen.push_back(otherwise_);
        return chosen;
    }

    /// Where there is one namespace, it is meant by whatever names a whole disk: the job file is
    /// from another machine.
    [[nodiscard]] bool is_the_only_disk(const Job& job, const std::string& text,
                                        const DeviceName& name) const {
        if (targets_.size() != 1 || job.filenames.size() != 1) return false;
        if (const auto* ns = std::get_if<NamespaceName>(&name))
            return ns->controller != targets_.front().controller ||
                   (ns->nsid != 0 && ns->nsid != targets_.front().nsid);
        const auto* unknown = std::get_if<UnknownDeviceName>(&name);
        return unknown != nullptr && (unknown->elsewhere || names_a_disk(text));
    }

    const Target* find(const Job& job, const std::string& text, const NamespaceName& name) {
        const Target* found = nullptr;
        for (const Target& target : targets_) {
            if (target.controller != name.controller) continue;
            if (name.nsid != 0 && target.nsid != name.nsid) continue;
            if (found != nullptr) {
                refuse(job, text, "is a controller with several namespaces; ");
                return nullptr;
            }
            found = &target;
        }
        if (found == nullptr) refuse(job, text, "");
        return found;
    }

    void refuse(const Job& job, const std::string& text, const std::string& why) {
        problems_.push_back(file_.file_name + ":" + std::to_string(job.line) + ": [" + job.name +
                            "]: filename=" + printable(text) + ": " + why + "must be one of " +
                            names_of(targets_) + ", or be overruled by the option nsid");
    }

    void add_file(const std::string& text) {
        constexpr std::size_t kMost = 8;
        if (!distinct_files_.insert(text).second || distinct_files_.size() > kMost + 1) return;
        if (!files_.empty()) files_ += ", ";
        files_ += distinct_files_.size() > kMost ? "..." : printable(text);
    }

    const JobFile& file_;
    const Targets& targets_;
    const Target& otherwise_;
    std::vector<std::string>& problems_;
    std::set<std::pair<std::size_t, std::uint32_t>> used_;  // by the job that is looked at
    std::set<std::string> distinct_files_;
    std::string files_;
};

}  // namespace

std::vector<Target> targets_of(const SystemSpec& system,
                               const std::vector<const std::vector<OpenNamespace>*>& namespaces) {
    std::vector<Target> targets;
    for_each_controller(system, [&](std::size_t controller, std::size_t subsystem,
                                    const ControllerSpec&) {
        for (const OpenNamespace& ns : *namespaces[subsystem])
            targets.push_back({controller, subsystem, ns.config.nsid, ns.bytes(),
                               ns.config.lba_size, ns.store->read_only(), ns.store->keeps_data()});
    });
    return targets;
}

ChosenTargets choose_targets(const JobFile& file, const std::vector<Target>& targets,
                             const Target& otherwise, bool always,
                             std::vector<std::string>& problems) {
    return TargetChooser{file, targets, otherwise, problems}.choose(always);
}

}  // namespace platform
