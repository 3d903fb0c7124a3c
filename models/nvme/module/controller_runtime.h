// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "models/nvme/module/controller_module.h"

namespace nvme {

/// What the platform around a controller does to it, whatever attaches it to its host. May be
/// called from any SystemC process.
class ControllerRuntime {
public:
    ControllerRuntime(const ControllerRuntime&) = delete;
    ControllerRuntime& operator=(const ControllerRuntime&) = delete;

    /// Namespaces come and go at any time; hosts that asked for it are told. The first and the last
    /// return an empty string, or what is wrong.
    std::string add_namespace(const NamespaceConfig& ns, std::unique_ptr<media::BlockStore> store);
    bool remove_namespace(std::uint32_t nsid);
    std::string resize_namespace(std::uint32_t nsid, std::uint64_t bytes);

    /// The condition of the NVM subsystem: temperatures, spare, and what is a critical warning.
    /// Hosts that asked for it are told of changes. An empty string, or what is wrong. This is what
    /// the platform has said; logs have in it, too, what has become of the media's blocks.
    [[nodiscard]] const HealthState& health() const { return module_.subsystem()->stated_health(); }
    std::string set_health(const HealthState& health);
    /// What the media of the subsystem has done; of a model that has blocks and pages.
    [[nodiscard]] media::MediaStatistics media_statistics() const {
        return module_.subsystem()->media_statistics();
    }
    /// What the controller has consumed, by power state; nothing where the parameters do not say
    /// what it consumes (idlp and actp in power_states, nand_*_nj).
    [[nodiscard]] Energy energy() const { return module_.core().state().consumed(); }
    /// The controller found an internal error, or a diagnostic failure, that belongs to no command:
    /// an error event and an entry of the Error Information log. Ignored while it is not ready.
    void report_error(spec::AsyncErrorInfo info);

    /// The power of the NVM subsystem fails now, and with it that of all its controllers: all that
    /// is volatile is lost, every access is refused until power_on().
    void power_cut();
    void power_on();
    /// As when somebody switches the machine off and on whose disk this is: what is volatile in the
    /// write caches is completed before power goes. Returns the NSIDs of the namespaces whose store
    /// did not take all of it. Without power only that.
    std::vector<std::uint32_t> power_cycle();

    /// The link is trained anew, to this generation (1 to 6) and width (1, 2, 4, 8 or 16 lanes),
    /// but not beyond what the parameters say, and carries nothing for so long; 0 of either: as
    /// much as they say. An empty string, or what is wrong. A link of generation 0 stays as it is.
    std::string retrain_link(unsigned gen, unsigned lanes, std::uint64_t retrain_ns = 0);

    /// For who knows that the host's clock is behind simulated time: the Keep Alive Timer, if it is
    /// active, does not expire before `until`.
    void postpone_keep_alive(util::TimePs until) { module_.core().postpone_keep_alive(until); }

    /// A fault plan (models/faults), before or during the simulation; it must outlive it. Null: no
    /// faults any more; what the plan holds then stays held. One plan a controller.
    void set_faults(FaultHooks* faults) { module_.set_faults(faults); }

    /// Vendor specific commands, log pages and features of this controller: the platform's own,
    /// best added before the simulation. See nvme::Extensions.
    [[nodiscard]] Extensions& extensions() { return module_.core().extensions(); }

    /// `sink` must outlive the simulation; null turns tracing off.
    void set_trace(observe::TraceSink* sink) { module_.set_trace(sink); }
    [[nodiscard]] const Controller& model() const { return module_.core(); }
    [[nodiscard]] const ControllerParams& params() const { return module_.params(); }
    [[nodiscard]] Subsystem& subsystem() { return *module_.subsystem(); }
    /// For another controller of the same subsystem.
    [[nodiscard]] const std::shared_ptr<Subsystem>& shared_subsystem() const {
        return module_.subsystem();
    }
    /// How often one of the controller's processes has run: what a simulation costs, whatever the
    /// host computer.
    [[nodiscard]] std::uint64_t activations() const { return module_.activations(); }

protected:
    /// `module` may be built later, but must be before any call.
    explicit ControllerRuntime(ControllerModule& module) : module_(module) {}
    ~ControllerRuntime() = default;

private:
    ControllerModule& module_;
};

}  // namespace nvme
