// SPDX-License-Identifier: Apache-2.0
#include "models/nvme/controller/lifecycle.h"

#include <algorithm>

namespace nvme {
using spec::Cc;
using spec::Csts;
using spec::Shn;
using spec::Shst;
using spec::StatusCode;
using util::from_ns;
using util::kNever;
using util::later;
using util::TimePs;

namespace {

/// An AQA field of 0 would be a queue of one entry, which can never hold any. The smallest queue is
/// taken instead.
std::uint32_t admin_entries(std::uint32_t field_z) {
    return std::max(field_z, 1u) + 1;
}

}  // namespace

Csts csts_after(ResetKind kind, Csts before) {
    Csts csts;
    if (kind == ResetKind::kController) {
        // RDY falls when the controller can be enabled again; everything else at once.
        csts.set<Csts::Rdy>(before.get<Csts::Rdy>());
        csts.set<Csts::Nssro>(before.get<Csts::Nssro>());
        return csts;
    }
    const bool keeps_nssro = kind == ResetKind::kFunction && before.get<Csts::Nssro>();
    csts.set<Csts::Nssro>(kind == ResetKind::kSubsystem || keeps_nssro);
    return csts;
}

Lifecycle::Lifecycle(Shared& shared, RegisterFile& registers, AdminQueue& admin, QueueSet& queues)
    : shared_(shared),
      controller_(shared.state),
      registers_(registers),
      admin_(admin),
      queues_(queues) {
    controller_.health.power_on(shared_.now());
}

void Lifecycle::wake(TimePs at) {
    shared_.wake({Process::Kind::kCoordinator}, at);
}

void Lifecycle::set_csts(Csts csts) {
    if (csts.raw == registers_.csts().raw) return;
    registers_.set_csts(csts);
    controller_.record([&] {
        return observe::StateChange{shared_.now(), registers_.cc().raw, csts.raw};
    });
}

void Lifecycle::on_cc_written(Cc before, Cc after, TimePs at) {
    controller_.iosqes = after.get<Cc::Iosqes>();
    controller_.iocqes = after.get<Cc::Iocqes>();
    controller_.record([&] {
        return observe::StateChange{shared_.now(), after.raw, registers_.csts().raw};
    });
    const Shn shn = after.get<Cc::Shn>();
    const bool notified =
        before.get<Cc::Shn>() != shn && (shn == Shn::kNormal || shn == Shn::kAbrupt);
    if (before.get<Cc::En>() && !after.get<Cc::En>()) {
        reset(ResetKind::kController, at);
        if (!notified) return;
        // One write may ask for both, and then both happen. What the host wrote last stays to be
        // read. [NVMe-Base-2.0 3.1.3.5 CC, Shutdown Notification]
        registers_.set_shutdown_notification(shn);
        begin_shutdown(shn, at);
        return;
    }
    if (!before.get<Cc::En>() && after.get<Cc::En>()) {
        enable_at_ = at;
        wake(at);
    }
    if (notified && shutdown_ == Shutdown::kNone) begin_shutdown(shn, at);
}

void Lifecycle::reset(ResetKind kind, TimePs at) {
    shared_.dma.close();
    controller_.fetching = false;
    const Csts csts = csts_after(kind, registers_.csts());
    if (kind == ResetKind::kController)
        registers_.controller_reset();
    else
        registers_.full_reset();
    if (kind == ResetKind::kPowerOff) {
        if (powered_ && shutdown_ != Shutdown::kComplete)
            controller_.health.count_unsafe_shutdown();
        if (powered_) controller_.health.power_off(at);
        powered_ = false;
        controller_.temperature_changed(at, false);
        controller_.energy.power_off(at, controller_.busy_time());
    }
    controller_.iosqes = controller_.iocqes = 0;
    shutdown_ = Shutdown::kNone;
    state_ = State::kDraining;
    disable_at_ = at;
    shared_.background.on_reset();
    controller_.record([&] { return observe::Reset{shared_.now(), kind}; });
    registers_.set_csts(csts);  // recorded even if it is what it was: CC is not
    controller_.record([&] {
        return observe::StateChange{shared_.now(), registers_.cc().raw, csts.raw,
                                    kind != ResetKind::kController};
    });
    controller_.environment.withdraw_interrupts();
    controller_.environment.update_intx();
    wake(shared_.now());
}

void Lifecycle::power_on(TimePs at) {
    if (powered_) return;
    powered_ = true;
    controller_.health.power_on(at);
    controller_.temperature_changed(at, true);
    controller_.energy.power_on(at, controller_.busy_time());
    wake(at);
}

void Lifecycle::fatal(const CommandError& error) {
    controller_.errors.add({}, error);
    controller_.record([&] {
        return observe::ControllerError{shared_.now(), observe::kNoId, observe::kNoId, true,
                                        error.code,    error.reason,   error.detail};
    });
    fail();
}

void Lifecycle::fail() {
    controller_.fetching = false;
    controller_.keep_alive.stop();
    set_csts(registers_.csts().with<Csts::Cfs>(true));
}

TimePs Lifecycle::step() {
    const TimePs now = shared_.now();
    while (step_state(now) || step_shutdown(now)) {
    }
    TimePs due = kNever;
    if (state_ == State::kDisabling || state_ == State::kEnabling) due = until_;
    if (state_ == State::kDisabled && may_enable()) due = enable_at_;
    if (shutdown_ == Shutdown::kFlushing) due = std::min(due, shutdown_until_);
    return std::min(due, step_timers(now));
}

bool Lifecycle::settled() const {
    if (shutdown_ == Shutdown::kDraining || shutdown_ == Shutdown::kFlushing) return false;
    return state_ == State::kReady || state_ == State::kRefused ||
           (state_ == State::kDisabled && !may_enable());
}

/// The Keep Alive Timer, idle time that ends in another power state, and what goes on in the
/// background.
TimePs Lifecycle::step_timers(TimePs now) {
    if (state_ != State::kReady) return kNever;
    if (controller_.keep_alive.deadline() <= now) expire_keep_alive();
    TimePs due = std::min(controller_.keep_alive.deadline(),
                          controller_.power.step(now, controller_.health.idle_since()));
    controller_.energy.settle(now, controller_.busy_time());
    due = std::min(due, controller_.energy.settles_at());
    return controller_.fetching ? std::min(due, shared_.background.step()) : due;
}

// No command is processed any more, not even to its completion: the gate closes until a reset.
// [NVMe-Base-2.0 3.9 Keep Alive]
void Lifecycle::expire_keep_alive() {
    fatal({StatusCode::kKeepAliveTimerExpired, "no Keep Alive command came in time",
           controller_.features.keep_alive_timeout()});
    shared_.dma.close();
}

/// When CSTS.RDY changes.
TimePs Lifecycle::ready_change(bool ready, TimePs at) const {
    return shared_.faults == nullptr ? at : shared_.faults->on_ready_change(ready, at);
}

/// One transition, if one is due.
bool Lifecycle::step_state(TimePs now) {
    switch (state_) {
        case State::kDraining:
            if (shared_.busy_steps != 0) return false;  // the last one out wakes the coordinator
            tear_down();
            until_ = ready_change(false,
                                  later(disable_at_, from_ns(controller_.params.disable_time_ns)));
            state_ = State::kDisabling;
            return true;
        case State::kDisabling:
            if (now < until_) return false;
            set_csts(registers_.csts().with<Csts::Rdy>(false));
            state_ = State::kDisabled;
            return true;
        case State::kDisabled:
            if (!may_enable() || now < enable_at_) return false;
            begin_enable(std::max(now, enable_at_));
            return true;
        case State::kEnabling:
            if (now < until_) return false;
            finish_enable();
            return true;
        case State::kReady:
        case State::kRefused:
            return false;
    }
    return false;
}

void Lifecycle::tear_down() {
    shared_.shadow.drop();
    shared_.arbiter.reset(false);
    admin_.close();
    queues_.clear();
    controller_.events.reset();
    controller_.features.reset();
    controller_.record_health();  // the temperature thresholds are other ones
    shared_.coalescer.reset();
    controller_.events.set_config(controller_.features.async_event_config());
    controller_.timestamp.reset(shared_.now());
    controller_.reset_host();
    controller_.keep_alive.stop();
    controller_.data_path.reset();
    controller_.health.all_commands_ended(shared_.now());
    controller_.power.reset(shared_.now());
    controller_.energy.change(controller_.power.current(), shared_.now(), shared_.now(),
                              controller_.busy_time());
    // The host's thresholds are other ones.
    controller_.temperature_changed(shared_.now(), powered_);
    shared_.cores.reset();
}

/// kSuccess: the configuration can be enabled.
CommandError Lifecycle::configuration_error() const {
    const Cc cc = registers_.cc();
    const auto wrong = [](const char* what, std::uint64_t value) {
        return CommandError{StatusCode::kInvalidField, what, value};
    };
    const auto css = cc.get<Cc::Css>();
    if (cc.get<Cc::Mps>() > controller_.params.mps_max)
        return wrong("CC.MPS is out of range", cc.get<Cc::Mps>());
    if (css != spec::kCssNvm && css != spec::kCssAllSupported)
        return wrong("CC.CSS names no command set that the controller has", css);
    const auto ams = cc.get<Cc::Ams>();
    if (ams != spec::kAmsRoundRobin && ams != spec::kAmsWeightedRoundRobin)
        return wrong("CC.AMS names no arbitration that the controller has", ams);
    // Zero is "not yet set": a host may set the entry sizes after enabling, before it creates I/O
    // queues, which check them again.
    const auto sqes = cc.get<Cc::Iosqes>(), cqes = cc.get<Cc::Iocqes>();
    if (sqes != 0 && sqes != 6) return wrong("CC.IOSQES is neither 6 nor 0", sqes);
    if (cqes != 0 && cqes != 4) return wrong("CC.IOCQES is neither 4 nor 0", cqes);
    return CommandError{StatusCode::kSuccess, ""};
}

/// The host wants it, and no shutdown that it has taken back is still on its way.
/// [NVMe-Base-2.2 3.1.4.6 CSTS, Ready]
bool Lifecycle::may_enable() const {
    const Cc cc = registers_.cc();
    const bool shutting_down = shutdown_ == Shutdown::kDraining || shutdown_ == Shutdown::kFlushing;
    return powered_ && cc.get<Cc::En>() && !(shutting_down && cc.get<Cc::Shn>() == Shn::kNone);
}

void Lifecycle::begin_enable(TimePs at) {
    const CommandError error = configuration_error();
    if (error.code != StatusCode::kSuccess) {
        state_ = State::kRefused;
        fatal(error);
        return;
    }
    // A controller that was shut down while it was disabled has nothing to be reset from.
    if (shutdown_ == Shutdown::kComplete && registers_.cc().get<Cc::Shn>() == Shn::kNone) {
        shutdown_ = Shutdown::kNone;
        set_csts(registers_.csts().with<Csts::Shst>(Shst::kNormalOperation));
    }
    state_ = State::kEnabling;
    until_ = ready_change(true, later(at, from_ns(controller_.params.enable_time_ns)));
}

void Lifecycle::finish_enable() {
    const Cc cc = registers_.cc();
    controller_.page_size = 4096u << cc.get<Cc::Mps>();
    controller_.css = cc.get<Cc::Css>();
    shared_.arbiter.reset(cc.get<Cc::Ams>() == spec::kAmsWeightedRoundRobin);
    SubmissionQueue::Config sq;
    sq.base = registers_.asq();
    sq.size = admin_entries(registers_.aqa().get<spec::Aqa::Asqs>());
    CompletionQueue::Config cq;
    cq.base = registers_.acq();
    cq.size = admin_entries(registers_.aqa().get<spec::Aqa::Acqs>());
    cq.interrupts = true;
    shared_.dma.open();
    admin_.open(sq, cq);
    controller_.fetching = shutdown_ == Shutdown::kNone;
    state_ = State::kReady;
    set_csts(registers_.csts().with<Csts::Rdy>(true));
    // What is wrong already is news to a host that has just enabled the controller.
    controller_.update_critical_warning();
}

}  // namespace nvme
