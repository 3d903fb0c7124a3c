// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <memory>
#include <string>
#include <vector>

#include <nlohmann/json_fwd.hpp>

#include "models/faults/injector.h"
#include "platform/control/commands.h"
#include "platform/timeline/timeline.h"
#include "platform/vfio_user/serve_loop.h"
#include "platform/vfio_user/server.h"
#include "sc_main/live_findings.h"
#include "sc_main/narrator.h"
#include "sc_main/observers.h"
#include "sc_main/prepared_run.h"
#include "sc_main/report.h"

namespace nvme_vp {

/// All controllers that `serve` serves, each with its bridge and its fault plan, and the timelines
/// of their subsystems.
class ServedSystem {
public:
    /// `record` may be null. What cannot be is added to `problems`.
    ServedSystem(const platform::ProgramConfig& config, PreparedRun& prepared,
                 platform::SessionWriter* record, std::vector<std::string>& problems);
    ~ServedSystem();

    /// All begin to listen, or there are problems. `narrator`, which must outlive it, tells what
    /// clients are refused.
    void listen(platform::ServeLoop& loop, const Narrator& narrator,
                std::vector<std::string>& problems);
    /// Before the simulation. What the lint finds is told when it is found.
    void observe(Observers& observers, const Narrator& narrator);
    /// Answers how it stands with all of them.
    void tell_status(const Narrator& narrator) const;
    /// For who does something to them.
    [[nodiscard]] std::vector<platform::Controlled> controlled() const;

    [[nodiscard]] const Timelines& timelines() const { return timelines_; }
    [[nodiscard]] bool expectations_met() const;
    /// What people are told in the end; empty when there is nothing to say.
    [[nodiscard]] std::string summary_text(const Observers& observers) const;
    /// The same, and more, for programs: the members of the report that are about controllers.
    [[nodiscard]] nlohmann::ordered_json report(const Observers& observers) const;

private:
    struct Served {
        Served(const platform::VfioUserServerOptions& options, const std::vector<faults::Rule>& p)
            : socket(options.socket_path), server(options), plan(p) {}
        const std::string socket;
        platform::VfioUserServer server;
        faults::Injector plan;
        std::unique_ptr<LiveFindings> findings;
    };
    void add(const platform::SubsystemSpec& spec, PreparedSubsystem& prepared,
             platform::VfioUserServerOptions options, std::vector<std::string>& problems);

    std::vector<std::unique_ptr<Served>> all_;
    Timelines timelines_;
};

}  // namespace nvme_vp
