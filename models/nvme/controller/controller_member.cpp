// SPDX-License-Identifier: Apache-2.0
// What a controller hears of its subsystem, and what it tells a trace.
#include "models/nvme/controller/controller.h"

namespace nvme {
using Kind = Process::Kind;

// A host that enables the controller later identifies what there is by then.
void Controller::on_namespace_changed(std::uint32_t nsid) {
    const std::shared_ptr<Namespace>& ns = state_.subsystem.find(nsid);
    state_.record([&] {
        return observe::NamespaceChange{shared_.now(), nsid, ns ? ns->blocks() : 0};
    });
    if (!ns) {
        state_.features.forget_namespace(nsid);
        shared_.background.on_namespace_removed(nsid);
    }
    if (!lifecycle_.ready()) return;
    state_.events.namespace_changed(nsid);
    wake(Kind::kAdmin, shared_.now());
}

void Controller::on_reservation_notice(std::uint32_t nsid, spec::ReservationNotice type) {
    if (!lifecycle_.ready() || state_.features.reservation_notice_masked(nsid, type)) return;
    state_.reservation_log.add(type, nsid);
    state_.events.raise_reservation_notice();
    wake(Kind::kAdmin, shared_.now());
}

void Controller::abort_commands(Namespace& ns) {
    queues_.for_each_cq([&](std::uint16_t cqid, IoWorker& worker) {
        worker.abort_preempted(ns);
        wake(Kind::kIo, shared_.now(), cqid);
    });
}

void Controller::on_aborts_ended() {
    queues_.for_each_cq([this](std::uint16_t cqid, IoWorker& worker) {
        if (worker.retry_waiting()) wake(Kind::kIo, shared_.now(), cqid);
    });
}

void Controller::on_health_changed() {
    state_.temperature_changed(shared_.now(), powered());
    state_.record_health();
    if (lifecycle_.ready()) state_.update_critical_warning();
    // The temperature may be on its way again.
    if (state_.subsystem.heats()) wake(Kind::kCoordinator, shared_.now());
}

void Controller::on_subsystem_reset() {
    lifecycle_.reset(ResetKind::kSubsystem, shared_.now());
    state_.environment.on_conventional_reset();
}

void Controller::on_power(bool on) {
    if (on) return lifecycle_.power_on(shared_.now());
    lifecycle_.reset(ResetKind::kPowerOff, shared_.now());
    state_.environment.on_conventional_reset();
}

void Controller::set_trace(observe::TraceSink* sink) {
    state_.set_trace(sink);
    shared_.dma.set_trace(state_.details);
    state_.subsystem.members_listen();
}

void Controller::record_intx() {
    if (state_.trace == nullptr || !state_.params.intx || intx_level() == recorded_intx_) return;
    recorded_intx_ = !recorded_intx_;
    state_.trace->record(observe::IntxChange{shared_.now(), recorded_intx_});
}

// The same words for the same things, in the same order.
static_assert(static_cast<int>(media::MediaOperation::kRead) ==
                  static_cast<int>(observe::MediaUse::kRead) &&
              static_cast<int>(media::MediaOperation::kDeallocate) ==
                  static_cast<int>(observe::MediaUse::kDeallocate));

void Controller::on_media_access(const media::MediaRequest& r, media::MediaTiming::Span span) {
    state_.record_detail([&] {
        return observe::MediaAccess{shared_.now(), static_cast<observe::MediaUse>(r.operation),
                                    r.nsid,        r.offset,
                                    r.bytes,       span.begin,
                                    span.end};
    });
}

static_assert(static_cast<int>(media::BlockNews::Cause::kCollected) ==
                  static_cast<int>(observe::BlockCause::kCollected) &&
              static_cast<int>(media::BlockNews::Cause::kWornOut) ==
                  static_cast<int>(observe::BlockCause::kWornOut));

void Controller::on_media_block(const media::BlockNews& news) {
    state_.record_detail([&] {
        return observe::MediaBlock{shared_.now(), static_cast<observe::BlockCause>(news.cause),
                                   news.die,      news.block,
                                   news.units,    news.end};
    });
}

void Controller::on_cache_fill(std::uint32_t nsid, std::uint64_t dirty_bytes) {
    state_.record_detail([&] { return observe::CacheFill{shared_.now(), nsid, dirty_bytes}; });
}

static_assert(static_cast<int>(media::DieNews::Work::kRead) ==
                  static_cast<int>(observe::DieWork::kRead) &&
              static_cast<int>(media::DieNews::Work::kErase) ==
                  static_cast<int>(observe::DieWork::kErase));

void Controller::on_die(const media::DieNews& news) {
    state_.record_detail([&] {
        return observe::NandWork{shared_.now(), static_cast<observe::DieWork>(news.work),
                                 news.die,      news.channel,
                                 news.begin,    news.end,
                                 news.transfer, news.freed};
    });
}

void Controller::on_free_blocks(const media::FreeBlockNews& news) {
    state_.record_detail([&] {
        return observe::FreeBlocks{shared_.now(), news.blocks, news.slc, news.dies, news.channels};
    });
}

}  // namespace nvme
