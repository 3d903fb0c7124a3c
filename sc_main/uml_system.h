// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cstddef>
#include <memory>
#include <string>
#include <vector>

#include <nlohmann/json_fwd.hpp>

#include "models/faults/injector.h"
#include "models/nvme/module/nvme_controller.h"
#include "platform/timeline/timeline.h"
#include "platform/uml/calendar.h"
#include "platform/vfio_user/shutdowns.h"
#include "sc_main/observers.h"
#include "sc_main/prepared_run.h"
#include "sc_main/report.h"
#include "sc_main/uml_guests.h"

namespace nvme_vp {

/// All controllers of the configuration as PCI devices of guests, each with its fault plan, and
/// the timelines of their subsystems.
class UmlSystem {
public:
    /// What cannot be is added to `problems`.
    UmlSystem(const platform::ProgramConfig& config, PreparedRun& prepared,
              std::vector<std::string>& problems);
    ~UmlSystem();

    /// Before the simulation.
    void observe(Observers& observers);
    void connect(platform::uml::Calendar& calendar, UmlGuests& guests,
                 std::chrono::milliseconds patience);

    /// How it stands with all controllers, in words.
    [[nodiscard]] std::string status_text() const;
    /// All guests are at their end, and with it the power; what is volatile in the write caches is
    /// completed before. Empty, or which namespaces have not taken all of it.
    [[nodiscard]] std::string power_off();
    /// The power of guest and disks has gone: what is volatile is lost.
    void cut_power();
    [[nodiscard]] const Timelines& timelines() const { return timelines_; }
    [[nodiscard]] bool expectations_met() const;
    /// What people are told in the end; empty when there is nothing to say.
    [[nodiscard]] std::string summary_text(const Observers& observers) const;
    /// The same, and more, for programs: the members of the report that are about controllers.
    [[nodiscard]] nlohmann::ordered_json report(const Observers& observers) const;

private:
    struct Attached {
        Attached(unsigned number, const platform::ControllerSpec& spec,
                 std::shared_ptr<nvme::Subsystem> subsystem);
        nvme::NvmeController controller;
        platform::uml::PciDevice device;
        sc_core::sc_signal<bool> intx;
        faults::Injector plan;
        platform::Shutdowns shutdowns;
        unsigned guest;  // that it belongs to
    };
    void add(const platform::SubsystemSpec& spec, PreparedSubsystem& prepared,
             std::vector<std::string>& problems);

    std::vector<std::unique_ptr<Attached>> all_;
    Timelines timelines_;
};

}  // namespace nvme_vp
