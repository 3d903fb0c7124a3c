// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cstdint>

#include "models/nvme/controller/register_file.h"
#include "models/nvme/engine/admin_queue.h"
#include "models/nvme/engine/queue_set.h"
#include "models/nvme/engine/shared.h"
#include "models/observe/device_events.h"

namespace nvme {

using observe::ResetKind;

/// CSTS as a reset leaves it at once. [NVMe-Base-2.0 3.7.2 Controller Level Reset]
[[nodiscard]] spec::Csts csts_after(ResetKind kind, spec::Csts before);

/// The CC / CSTS state machine: enable, ready, shutdown, reset. Register writes only note what is
/// wanted; step(), run by the coordinator process, does it when its time has come.
class Lifecycle final : public FatalListener {
public:
    Lifecycle(Shared& shared, RegisterFile& registers, AdminQueue& admin, QueueSet& queues);

    void on_cc_written(spec::Cc before, spec::Cc after, util::TimePs at);
    /// The gate to the host closes at once; the rest follows when no process is in a step.
    void reset(ResetKind kind, util::TimePs at);
    void power_on(util::TimePs at);
    void fatal(const CommandError& error) override;
    /// CSTS.CFS = 1, and nothing more is fetched.
    void fail();

    [[nodiscard]] bool powered() const { return powered_; }
    [[nodiscard]] bool ready() const { return state_ == State::kReady; }
    /// Nothing is on its way: no reset, no enable, no shutdown.
    [[nodiscard]] bool settled() const;

    util::TimePs step();

private:
    enum class State : std::uint8_t {
        kDisabled,
        kDraining,   ///< a reset waits for processes that are inside a step
        kDisabling,  ///< until CSTS.RDY = 0
        kEnabling,   ///< until CSTS.RDY = 1
        kReady,
        kRefused,  ///< CC.EN = 1 with a configuration that is not supported: CSTS.CFS = 1
    };
    enum class Shutdown : std::uint8_t { kNone, kDraining, kFlushing, kComplete };

    [[nodiscard]] bool may_enable() const;
    void begin_enable(util::TimePs at);
    void finish_enable();
    void tear_down();
    void begin_shutdown(spec::Shn kind, util::TimePs at);
    bool step_shutdown(util::TimePs now);
    bool step_state(util::TimePs now);
    [[nodiscard]] util::TimePs ready_change(bool ready, util::TimePs at) const;
    [[nodiscard]] CommandError configuration_error() const;
    void expire_keep_alive();
    [[nodiscard]] util::TimePs step_timers(util::TimePs now);
    void set_csts(spec::Csts csts);
    void wake(util::TimePs at);

    Shared& shared_;
    ControllerState& controller_;
    RegisterFile& registers_;
    AdminQueue& admin_;
    QueueSet& queues_;
    State state_ = State::kDisabled;
    util::TimePs until_ = 0;       // end of kDisabling, kEnabling
    util::TimePs disable_at_ = 0;  // when the reset was asked for
    util::TimePs enable_at_ = 0;   // when CC.EN was set
    Shutdown shutdown_ = Shutdown::kNone;
    bool shutdown_normal_ = false;
    util::TimePs shutdown_until_ = 0;
    bool powered_ = true;
};

}  // namespace nvme
