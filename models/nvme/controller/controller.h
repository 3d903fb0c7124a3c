// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cstdint>
#include <optional>

#include "models/nvme/controller/lifecycle.h"
#include "models/nvme/controller/register_file.h"
#include "models/nvme/controller/status.h"
#include "models/nvme/engine/admin_queue.h"
#include "models/nvme/engine/queue_set.h"
#include "models/nvme/engine/shared.h"

namespace nvme {

/// An NVMe controller without SystemC: properties and doorbells in, host memory accesses and
/// interrupts out, and one step function a process. ControllerModule gives it sockets and threads;
/// unit tests and fuzzers call it directly.
class Controller final : private RegisterEvents, private SubsystemMember {
public:
    /// All references must outlive the controller. `params` must be valid.
    Controller(const ControllerParams& params, Subsystem& subsystem, HostMemory& memory,
               const Clock& clock, Environment& environment);
    ~Controller() override;
    Controller(const Controller&) = delete;
    Controller& operator=(const Controller&) = delete;

    /// BAR0. Empty / false: the access is not one that the specification defines. Reads have no
    /// side effects. A write takes effect now, a doorbell at `at`, now or later.
    [[nodiscard]] std::optional<std::uint64_t> read(std::uint64_t offset, unsigned size) const {
        return read(offset, size, registers_);
    }
    [[nodiscard]] bool write(std::uint64_t offset, unsigned size, std::uint64_t value,
                             util::TimePs at);

    /// What write() says of an access, without doing it.
    [[nodiscard]] static bool write_ok(std::uint64_t offset, unsigned size);

    /// The same as read(), by the host: a fault plan may show it something else. `shown` are the
    /// properties as the host sees them, perhaps ahead of time (RegisterPreview).
    [[nodiscard]] std::optional<std::uint64_t> read_by_host(std::uint64_t offset, unsigned size,
                                                            const RegisterFile& shown);

    /// The processes. Each returns when it wants to run again; kNever: when woken.
    util::TimePs step(Process process);

    /// Function Level Reset, PERST#.
    void reset(ResetKind kind);

    /// Bus Master Enable or the power state changed.
    void dma_enable_changed();
    /// The host has written ASPM Control of the link.
    void set_aspm(unsigned control) { shared_.link.set_aspm(shared_.now(), control); }
    /// The link is trained anew: pcie::Link::retrain(). Returns the speed that it has from now on.
    pcie::LinkSpeed retrain_link(pcie::LinkSpeed speed, util::TimePs duration);
    /// The level that the pin-based interrupt should have: a completion queue with interrupts
    /// enabled holds entries that the host has not acknowledged, and INTMS does not mask its
    /// vector.
    [[nodiscard]] bool intx_level() const;
    /// Tells the trace of it, if it is not what it was.
    void record_intx();

    /// An internal error or a diagnostic failure: an entry of the Error Information log and an
    /// error event. A persistent one also sets CSTS.CFS, and no more commands are fetched.
    void report_error(spec::AsyncErrorInfo info, const CommandError& error);
    /// Faults from now on; null: none any more. Must outlive the controller.
    void set_faults(FaultHooks* faults);
    // What a fault plan makes happen.
    void fail();  ///< CSTS.CFS
    void raise_event(spec::AsyncEventType type, std::uint8_t info, spec::LogId log);
    void announce_namespace(std::uint32_t nsid) { on_namespace_changed(nsid); }
    /// Every process looks anew at what there is to do.
    void wake_all();

    /// Something is being done for the host, which waits for it: a command, a reset, a shutdown.
    /// What waits itself is no work: event requests, completions without room, commands that cannot
    /// be fetched.
    [[nodiscard]] bool working() const;
    /// When the Keep Alive Timer expires; kNever while it is not active.
    [[nodiscard]] util::TimePs keep_alive_deadline() const { return state_.keep_alive.deadline(); }
    /// It does not expire before `until`.
    void postpone_keep_alive(util::TimePs until) { state_.keep_alive.postpone(until); }
    /// How it stands with the controller now, for people.
    [[nodiscard]] ControllerStatus status() const;

    /// What the platform adds, before a host asks for it.
    [[nodiscard]] Extensions& extensions() { return shared_.extensions; }

    void set_trace(observe::TraceSink* sink);
    [[nodiscard]] const ControllerState& state() const { return state_; }
    /// Null: there is no fault plan.
    [[nodiscard]] FaultHooks* faults() const { return shared_.faults; }
    [[nodiscard]] const RegisterFile& registers() const { return registers_; }
    /// What the SMART / Health Information log would say now.
    [[nodiscard]] spec::SmartLog smart() const { return state_.smart_log(); }
    [[nodiscard]] bool powered() const { return lifecycle_.powered(); }

private:
    // RegisterEvents
    void on_cc_written(spec::Cc before, spec::Cc after, util::TimePs at) override;
    void on_subsystem_reset_requested(util::TimePs at) override;
    void on_interrupt_mask_changed() override;
    // SubsystemMember
    void on_namespace_changed(std::uint32_t nsid) override;
    void on_subsystem_reset() override;
    void on_power(bool on) override;
    // HostPort
    [[nodiscard]] std::uint16_t controller_id() const override {
        return state_.params.controller_id;
    }
    [[nodiscard]] const HostIdentity& host() const override { return state_.host; }
    void on_reservation_notice(std::uint32_t nsid, spec::ReservationNotice type) override;
    void abort_commands(Namespace& ns) override;
    void on_aborts_ended() override;
    void on_health_changed() override;
    [[nodiscard]] std::uint64_t nanojoules() const override { return state_.nanojoules(); }
    [[nodiscard]] bool idle() const override { return state_.health.idle_since().has_value(); }
    [[nodiscard]] bool wants_media() const override { return state_.details != nullptr; }
    void on_media_access(const media::MediaRequest& r, media::MediaTiming::Span span) override;
    void on_media_block(const media::BlockNews& news) override;
    void on_cache_fill(std::uint32_t nsid, std::uint64_t dirty_bytes) override;
    void on_die(const media::DieNews& news) override;
    void on_free_blocks(const media::FreeBlockNews& news) override;

    [[nodiscard]] static std::optional<std::uint64_t> read(std::uint64_t offset, unsigned size,
                                                           const RegisterFile& shown);
    bool write_doorbell(std::uint64_t offset, unsigned size, std::uint64_t value, util::TimePs at);
    [[nodiscard]] util::TimePs crossed(util::TimePs at);
    DoorbellFault ring_sq(std::uint16_t qid, std::uint16_t tail, util::TimePs at);
    DoorbellFault ring_cq(std::uint16_t qid, std::uint16_t head, util::TimePs at);
    void release_pin(CompletionQueue& cq, util::TimePs at);
    [[nodiscard]] bool doorbell_exists(std::uint16_t qid, bool completion) const;
    void wake(Process::Kind kind, util::TimePs at, std::uint16_t cqid = 0);

    // status.cpp
    [[nodiscard]] FetchWait fetch_wait() const;
    void add_admin_queues(ControllerStatus& s) const;
    void add_io_queues(ControllerStatus& s) const;

    ControllerState state_;
    Shared shared_;
    QueueSet queues_;
    AdminQueue admin_;
    RegisterFile registers_;
    Lifecycle lifecycle_;
    bool recorded_intx_ = false;  // what the trace knows
};

}  // namespace nvme
