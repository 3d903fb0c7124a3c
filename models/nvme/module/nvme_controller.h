// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <tlm_utils/simple_initiator_socket.h>
#include <tlm_utils/simple_target_socket.h>
#include <tlm>

#include "models/nvme/controller/controller.h"
#include "models/nvme/module/tlm_host_memory.h"
#include "models/nvme/params/params.h"
#include "models/pcie/config_space.h"
#include "models/pcie/decoupled_writes.h"
#include "models/pcie/msix.h"
#include "models/util/sc_time_ps.h"
#include "models/util/sysc_compat.h"

namespace nvme {

/// An NVMe 2.0 controller as a PCI Express endpoint: the component that a virtual platform
/// instantiates. Sockets and ports are the whole interface to the host; the methods below are for
/// the platform around it and may be called from any SystemC process.
///
/// Processes: one coordinator (enable, reset, shutdown), one admin, and one for each I/O completion
/// queue, created when the queue is first used and kept. None is created per command. Accesses to
/// bar0, bar4 and config never wait; DMA may, if the target does.
class NvmeController : public sc_core::sc_module,
                       private HostMemory,
                       private Clock,
                       private Environment,
                       private FaultTarget,
                       private pcie::ConfigEvents {
public:
    /// 64 KiB: controller properties from 0000h, doorbells from 1000h. Addresses are offsets.
    tlm_utils::simple_target_socket<NvmeController> bar0{"bar0"};
    /// MSI-X table and Pending Bit Array. Addresses are offsets.
    tlm_utils::simple_target_socket<NvmeController> bar4{"bar4"};
    /// 4 KiB PCI Express configuration space. Addresses are offsets.
    tlm_utils::simple_target_socket<NvmeController> config{"config"};
    /// Every access to host memory, and every MSI-X message as a write of 4 bytes. Transactions
    /// carry a pcie::DmaExtension.
    tlm_utils::simple_initiator_socket<NvmeController> dma{"dma"};
    /// Fundamental reset, low active. May stay unbound.
    sc_core::sc_port<sc_core::sc_signal_in_if<bool>, 1, sc_core::SC_ZERO_OR_MORE_BOUND> perst_n{
        "perst_n"};
    /// Pin-based interrupt, high active: used while MSI-X is disabled and only with params.intx.
    /// May stay unbound.
    sc_core::sc_port<sc_core::sc_signal_inout_if<bool>, 1, sc_core::SC_ZERO_OR_MORE_BOUND> intx{
        "intx"};

    /// A controller with an NVM subsystem of its own. Bad parameters: SC_ERROR (/nvme/config) that
    /// lists all of them. Who it is follows from its hierarchical name where the parameters do not
    /// say it; two that a host would take for one are an SC_WARNING at the end of elaboration.
    explicit NvmeController(const sc_core::sc_module_name& name,
                            const ControllerParams& params = {});
    /// One of several controllers of a subsystem.
    NvmeController(const sc_core::sc_module_name& name, const ControllerParams& params,
                   std::shared_ptr<Subsystem> subsystem);
    ~NvmeController() override;

    /// Namespaces come and go at any time; hosts that asked for it are told. The first and the last
    /// return an empty string, or what is wrong.
    std::string add_namespace(const NamespaceConfig& ns, std::unique_ptr<media::BlockStore> store);
    bool remove_namespace(std::uint32_t nsid);
    std::string resize_namespace(std::uint32_t nsid, std::uint64_t bytes);

    /// The condition of the NVM subsystem: temperatures, spare, and what is a critical warning.
    /// Hosts that asked for it are told of changes. An empty string, or what is wrong.
    [[nodiscard]] const HealthState& health() const { return subsystem_->health(); }
    std::string set_health(const HealthState& health);
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

    /// The link goes down or comes up. While it is down every access is refused and no DMA leaves;
    /// going down resets the function.
    void set_link(bool up) override;

    /// A fault plan (models/faults), before or during the simulation; it must outlive it. Null: no
    /// faults any more; what the plan holds then stays held. One plan a controller.
    void set_faults(FaultHooks* faults);

    /// Vendor specific commands, log pages and features of this controller: the platform's own,
    /// best added before the simulation. See nvme::Extensions.
    [[nodiscard]] Extensions& extensions() { return core_->extensions(); }

    /// `sink` must outlive the simulation; null turns tracing off.
    void set_trace(observe::TraceSink* sink) { core_->set_trace(sink); }
    [[nodiscard]] const Controller& model() const { return *core_; }
    [[nodiscard]] const ControllerParams& params() const { return params_; }
    [[nodiscard]] Subsystem& subsystem() { return *subsystem_; }
    /// For another controller of the same subsystem.
    [[nodiscard]] const std::shared_ptr<Subsystem>& shared_subsystem() const { return subsystem_; }
    [[nodiscard]] const pcie::ConfigSpace& config_space() const { return config_space_; }

    /// Transfers on `dma`, and how often one of the controller's processes has run: what a
    /// simulation costs, whatever the host computer.
    [[nodiscard]] const TlmHostMemory::Counters& dma_counters() const { return memory_.counters(); }
    [[nodiscard]] std::uint64_t activations() const { return activations_; }

    /// A subsystem to share. One without subsystem_nqn gets a name from where it is made.
    static std::shared_ptr<Subsystem> make_subsystem(const ControllerParams& params);

private:
    struct Thread {
        Process process;
        sc_core::sc_event wake;
        bool wanted = false, spawned = false;
        Thread(Process p, const std::string& name) : process(p), wake(name.c_str()) {}
    };

    // Targets; called in the initiator's process, never waiting.
    void bar0_transport(tlm::tlm_generic_payload& tx, sc_core::sc_time& delay);
    void record_refusal(const tlm::tlm_generic_payload& tx, observe::AccessRefusal why);
    [[nodiscard]] tlm::tlm_response_status bar0_access(tlm::tlm_generic_payload& tx,
                                                       util::TimePs at);
    void bar4_transport(tlm::tlm_generic_payload& tx, sc_core::sc_time& delay);
    void config_transport(tlm::tlm_generic_payload& tx, sc_core::sc_time& delay);
    std::uint32_t read_config(std::uint16_t offset, unsigned size, util::TimePs at);

    // What a write does, at its time. A host that is ahead of simulated time reads what it wrote.
    [[nodiscard]] util::TimePs arrival(const sc_core::sc_time& delay);
    void take(pcie::HostWrite write);
    void take_due();
    void apply(const pcie::HostWrite& write);
    [[nodiscard]] const pcie::ConfigSpace& config_space_at(util::TimePs at);
    [[nodiscard]] std::optional<std::uint64_t> read_bar0(std::uint64_t offset, unsigned size,
                                                         util::TimePs at);
    [[nodiscard]] std::uint64_t read_bar4(std::uint64_t offset, unsigned size, util::TimePs at);

    unsigned bar0_debug(tlm::tlm_generic_payload& tx);
    unsigned bar4_debug(tlm::tlm_generic_payload& tx);
    unsigned config_debug(tlm::tlm_generic_payload& tx);
    void invalidate_dmi(sc_dt::uint64 first, sc_dt::uint64 last);

    // HostMemory
    DmaResult read(util::TimePs at, std::uint64_t gpa, void* dst, std::size_t len) override;
    DmaResult write(util::TimePs at, std::uint64_t gpa, const void* src, std::size_t len) override;
    Direct direct(std::uint64_t gpa, std::size_t len, bool for_writing) override {
        return memory_.direct(gpa, len, for_writing);
    }
    // Clock
    [[nodiscard]] util::TimePs now() const override { return time_.now(); }
    // Environment
    void wake(Process process, util::TimePs at) override;
    void raise_interrupt(std::uint16_t vector) override;
    void withdraw_interrupts() override;
    void update_intx() override;
    void on_conventional_reset() override;
    [[nodiscard]] bool dma_enabled() const override;
    // FaultTarget
    [[nodiscard]] util::TimePs fault_time() const override { return now(); }
    void wake_for_faults(util::TimePs at) override;
    void send_interrupt(std::uint16_t vector) override;
    void fail() override { core_->fail(); }
    void set_power(bool on) override;
    void raise_event(spec::AsyncEventType type, std::uint8_t info, spec::LogId log) override {
        core_->raise_event(type, info, log);
    }
    void announce_namespace(std::uint32_t nsid) override { core_->announce_namespace(nsid); }
    void change_health(const HealthChange& change) override;
    void record_fault(const observe::FaultInjected& event) override;
    // pcie::ConfigEvents
    void on_function_level_reset() override;
    void on_config_changed() override;

    void end_of_elaboration() override;
    void warn_of_doubles() const;
    [[nodiscard]] std::string confused_with(const NvmeController& other) const;
    void run(Thread& thread);
    void notify_at(sc_core::sc_event& event, util::TimePs at);
    void spawn(Thread& thread, const std::string& name);
    void spawn_io_threads();
    void send_released_messages();
    void send(const pcie::Msix::Message& message);
    void drive_intx();
    void conventional_reset();
    void perst_changed();
    [[nodiscard]] bool responding() const { return core_->powered() && !in_reset_ && link_up_; }

    const ControllerParams params_;
    const util::ScTimePs time_;
    pcie::ConfigSpace config_space_;
    pcie::Msix msix_;
    TlmHostMemory memory_;
    std::shared_ptr<Subsystem> subsystem_;
    std::unique_ptr<Controller> core_;

    Thread coordinator_, admin_;
    std::vector<std::unique_ptr<Thread>> io_;  // index CQID - 1
    sc_core::sc_event intx_changed_{"intx_changed"};
    bool pin_wanted_ = false;    // the pin should be asserted,
    util::TimePs pin_from_ = 0;  // and is from then on
    sc_core::sc_event spawn_wanted_{"spawn_wanted"};
    pcie::DecoupledWrites under_way_;  // writes whose time has not come
    sc_core::sc_event write_due_{"write_due"};
    std::optional<pcie::ConfigSpace> config_preview_;
    bool in_reset_ = false;  // PERST# is low
    bool link_up_ = true;
    std::uint64_t activations_ = 0;
};

}  // namespace nvme
