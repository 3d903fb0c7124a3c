// SPDX-License-Identifier: Apache-2.0
// Two controllers of a platform that a host would take for one. Linux refuses the second with
// "Duplicate cntlid" or "globally duplicate IDs", or gives both the same names in /dev/disk.
#include "models/nvme/module/controller_module.h"
#include "models/util/report.h"

namespace nvme {

namespace {

void collect(const std::vector<sc_core::sc_object*>& objects,
             std::vector<const ControllerModule*>& found) {
    for (const sc_core::sc_object* object : objects) {
        if (const auto* controller = dynamic_cast<const ControllerModule*>(object))
            found.push_back(controller);
        else
            collect(object->get_child_objects(), found);
    }
}

bool same_namespace_ids(const Subsystem& a, const Subsystem& b) {
    bool same = false;
    a.for_each([&](const Namespace& x) {
        b.for_each([&](const Namespace& y) {
            const bool same_eui64 = x.config().eui64 && x.config().eui64 == y.config().eui64;
            same = same || x.nguid() == y.nguid() || same_eui64;
        });
    });
    return same;
}

}  // namespace

std::string ControllerModule::owner() const {
    const sc_core::sc_object* const parent = get_parent_object();
    return parent == nullptr ? name() : parent->name();
}

/// Empty: by nothing.
std::string ControllerModule::confused_with(const ControllerModule& other) const {
    const ControllerParams& a = params_;
    const ControllerParams& b = other.params_;
    if (subsystem_ == other.subsystem_) {
        if (a.controller_id != b.controller_id) return {};
        return "controller_id = " + std::to_string(a.controller_id);
    }
    if (a.subsystem_nqn == b.subsystem_nqn) return "subsystem_nqn = \"" + a.subsystem_nqn + "\"";
    if (a.serial_number == b.serial_number && a.model_number == b.model_number)
        return "serial_number = \"" + a.serial_number + "\"";
    return same_namespace_ids(*subsystem_, *other.subsystem_) ? "the NGUID or EUI-64 of a namespace"
                                                              : "";
}

/// Each pair once: with those that come before this one.
void ControllerModule::warn_of_doubles() const {
    const std::string& nqn = subsystem_->params().subsystem_nqn;
    if (params_.subsystem_nqn != nqn)
        SC_REPORT_WARNING(util::report::kConfig,
                          (owner() + ": subsystem_nqn = \"" + params_.subsystem_nqn +
                           "\": its subsystem is \"" + nqn + "\"")
                              .c_str());
    std::vector<const ControllerModule*> all;
    collect(sc_core::sc_get_top_level_objects(), all);
    for (const ControllerModule* other : all) {
        if (other == this) return;
        if (const std::string what = confused_with(*other); !what.empty())
            SC_REPORT_WARNING(util::report::kConfig,
                              (owner() + ": " + what + ": so has " + other->owner()).c_str());
    }
}

}  // namespace nvme
