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
#include "models/nvme/module/attachment.h"
#include "models/nvme/module/local_clock.h"
#include "models/nvme/module/tlm_host_memory.h"
#include "models/nvme/params/params.h"
#include "models/pcie/decoupled_writes.h"
#include "models/util/sc_time_ps.h"
#include "models/util/sysc_compat.h"

namespace nvme {

/// The NVMe controller with processes and sockets, and without a bus: NvmeController puts a PCI
/// Express function before it, PlatformNvme attaches it to a bus as it is.
///
/// Processes: one coordinator (enable, reset, shutdown), one admin, and one for each I/O completion
/// queue, created when the queue is first used and kept. None is created per command. Accesses to
/// regs never wait; DMA may, if the target does.
class ControllerModule : public sc_core::sc_module,
                         private Clock,
                         private Environment,
                         private FaultTarget {
public:
    static constexpr std::uint32_t kRegisterBytes = 64 * 1024;

    /// Controller properties from 0000h, doorbells from 1000h. Addresses are offsets. A read may
    /// carry a pcie::ReadAhead.
    tlm_utils::simple_target_socket<ControllerModule> regs{"regs"};
    /// Every access to host memory. Transactions carry a pcie::DmaExtension.
    tlm_utils::simple_initiator_socket<ControllerModule> dma{"dma"};

    /// `params` are complete(). `subsystem` may be null: it gets one of its own. `attachment` must
    /// outlive the simulation.
    ControllerModule(const sc_core::sc_module_name& name, const ControllerParams& params,
                     std::shared_ptr<Subsystem> subsystem, Attachment& attachment);

    /// `params` with the identity that follows from `name` where they leave it open. Bad ones:
    /// SC_ERROR (/nvme/config) that lists all problems.
    [[nodiscard]] static ControllerParams complete(const ControllerParams& params, const char* name,
                                                   const Subsystem* subsystem);

    [[nodiscard]] Controller& core() { return core_; }
    [[nodiscard]] const Controller& core() const { return core_; }
    [[nodiscard]] const ControllerParams& params() const { return params_; }
    [[nodiscard]] const std::shared_ptr<Subsystem>& subsystem() const { return subsystem_; }
    [[nodiscard]] TlmHostMemory& memory() { return memory_; }
    [[nodiscard]] const TlmHostMemory& memory() const { return memory_; }
    /// How often one of the processes has run.
    [[nodiscard]] std::uint64_t activations() const { return activations_; }

    /// False: registers are out of reach and refuse every access, as they do without power.
    void set_reachable(bool reachable) { reachable_ = reachable; }
    /// What the answer to a write would be; a refusal is recorded.
    [[nodiscard]] bool accepts_write(std::uint32_t offset, unsigned size);
    void record_refusal(std::uint32_t offset, unsigned size, bool write,
                        observe::AccessRefusal why);
    void set_faults(FaultHooks* faults);
    void set_trace(observe::TraceSink* sink);
    /// Also of FaultTarget.
    void retrain_link(pcie::LinkSpeed speed, util::TimePs duration) override;

private:
    struct Thread {
        Process process;
        sc_core::sc_event wake;
        bool wanted = false, spawned = false;
        Thread(Process p, const std::string& name) : process(p), wake(name.c_str()) {}
    };

    // Target; called in the initiator's process, never waiting.
    void regs_transport(tlm::tlm_generic_payload& tx, sc_core::sc_time& delay);
    unsigned regs_debug(tlm::tlm_generic_payload& tx);
    [[nodiscard]] tlm::tlm_response_status access(tlm::tlm_generic_payload& tx, util::TimePs at);
    [[nodiscard]] std::optional<std::uint64_t> read(const tlm::tlm_generic_payload& tx,
                                                    util::TimePs at);
    [[nodiscard]] bool reachable() const { return reachable_ && core_.powered(); }
    // What a write does, at its time.
    void take(pcie::HostWrite write);
    void take_due();

    void invalidate_dmi(sc_dt::uint64 first, sc_dt::uint64 last);

    // Clock
    [[nodiscard]] util::TimePs now() const override { return time_.now(); }
    // Environment
    void wake(Process process, util::TimePs at) override;
    [[nodiscard]] bool go_ahead(util::TimePs at) override;
    void raise_interrupt(std::uint16_t vector) override { attachment_.raise_interrupt(vector); }
    void withdraw_interrupts() override { attachment_.withdraw_interrupts(); }
    void update_intx() override {
        core_.record_intx();
        attachment_.level_changed();
    }
    void on_conventional_reset() override { attachment_.on_conventional_reset(); }
    [[nodiscard]] bool dma_enabled() const override { return attachment_.requests_allowed(); }
    // FaultTarget
    [[nodiscard]] util::TimePs fault_time() const override { return now(); }
    void wake_for_faults(util::TimePs at) override;
    void send_interrupt(std::uint16_t vector) override { attachment_.send_interrupt(vector); }
    void fail() override { core_.fail(); }
    void set_link(bool up) override { attachment_.set_link(up); }
    void set_power(bool on) override { subsystem_->set_power(on); }
    void raise_event(spec::AsyncEventType type, std::uint8_t info, spec::LogId log) override {
        core_.raise_event(type, info, log);
    }
    void announce_namespace(std::uint32_t nsid) override { core_.announce_namespace(nsid); }
    void change_health(const HealthChange& change) override;
    void record_fault(const observe::FaultInjected& event) override;

    void end_of_elaboration() override;
    void warn_of_doubles() const;
    [[nodiscard]] std::string confused_with(const ControllerModule& other) const;
    /// What the user has named: the module that this one is a part of.
    [[nodiscard]] std::string owner() const;
    void run(Thread& thread);
    void spawn(Thread& thread, const std::string& name);
    void spawn_io_threads();

    const ControllerParams params_;
    LocalClock time_;
    Attachment& attachment_;
    TlmHostMemory memory_;
    const std::shared_ptr<Subsystem> subsystem_;
    Controller core_;

    Thread coordinator_, admin_;
    std::vector<std::unique_ptr<Thread>> io_;  // index CQID - 1
    sc_core::sc_event spawn_wanted_{"spawn_wanted"};
    pcie::DecoupledWrites under_way_;  // writes whose time has not come
    sc_core::sc_event write_due_{"write_due"};
    bool reachable_ = true;
    std::uint64_t activations_ = 0;
};

}  // namespace nvme
