// SPDX-License-Identifier: Apache-2.0
#include "traces/driver/life_watch.h"

#include "models/nvme/spec/admin_commands.h"
#include "models/nvme/spec/features.h"

namespace driver {
using nvme::spec::AdminOpcode;
using nvme::spec::Cap;
using nvme::spec::Cc;
using nvme::spec::Csts;
using nvme::spec::FeatureId;
using util::kNever;
namespace offset = nvme::spec::offset;

namespace {

constexpr std::uint16_t kCommandRegister = 0x04;
constexpr std::uint32_t kSqEntryLog2 = 6, kCqEntryLog2 = 4;  // 64 and 16 bytes

}  // namespace

void LifeWatch::take(const observe::ConfigWrite& e) {
    if (e.offset == kCommandRegister) command_ = static_cast<std::uint16_t>(e.value);
    // Behind the last command drivers take Bus Master Enable away.
    if (!has_commands_) life_.command = command_;
}

void LifeWatch::take(const observe::RegisterWrite& e) {
    if (e.offset == offset::kAqa) aqa_ = true;
    if (e.offset == offset::kAsq || e.offset == offset::kAsq + 4) asq_ = true;
    if (e.offset == offset::kAcq || e.offset == offset::kAcq + 4) acq_ = true;
}

void LifeWatch::take(const observe::RegisterRead& e) {
    life_.details = true;
    if (e.offset <= offset::kCap + 4 && e.offset % 4 == 0) {
        // Many drivers read it in two halves.
        const std::uint64_t before = life_.cap ? life_.cap->raw : 0;
        const unsigned shift = e.offset * 8;
        const std::uint64_t bits = e.size == 8 ? ~std::uint64_t{0} : std::uint64_t{0xffff'ffff};
        life_.cap = Cap::from((before & ~(bits << shift)) | (e.value & bits) << shift);
    }
    if (e.offset != offset::kCsts) return;
    ++life_.status_reads;
    const bool ready = Csts::from(static_cast<std::uint32_t>(e.value)).get<Csts::Rdy>();
    if (life_.enabled == kNever)
        life_.saw_not_ready |= !ready;
    else
        life_.saw_ready |= ready;
}

void LifeWatch::take(const observe::StateChange& e) {
    const Cc cc = Cc::from(e.cc);
    const Csts csts = Csts::from(e.csts);
    if (e.other_properties) aqa_ = asq_ = acq_ = false;
    if (!cc.get<Cc::En>()) {
        if (life_.enabled != kNever && !csts.get<Csts::Rdy>()) close(e.ps);
        return;
    }
    if (life_.enabled == kNever) {
        life_.enabled = e.ps;
        life_.cc = cc;
        life_.ready_at_enable = csts.get<Csts::Rdy>();
        life_.aqa = aqa_;
        life_.asq = asq_;
        life_.acq = acq_;
    }
    cc_ = cc;
    if (csts.get<Csts::Rdy>() && life_.ready == kNever) life_.ready = e.ps;
    if (csts.get<Csts::Cfs>()) life_.fatal = true;
    if (cc.get<Cc::Shn>() != nvme::spec::Shn::kNone) life_.shutdown = cc.get<Cc::Shn>();
    if (csts.get<Csts::Shst>() == nvme::spec::Shst::kComplete) life_.shutdown_complete = true;
}

void LifeWatch::take(const observe::Reset& e) {
    if (life_.enabled != kNever) life_.reset = e.kind;
}

void LifeWatch::take(const observe::Doorbell& e) {
    if (e.why == observe::DoorbellRefusal::kNotReady) life_.early_doorbell = true;
    if (e.blocked != 0) life_.blocked_doorbell = true;
}

void LifeWatch::take(const observe::CommandFetched& e) {
    using Identify = nvme::spec::IdentifyCdw10;
    using Set = nvme::spec::SetFeaturesCdw10;
    has_commands_ = true;
    if (e.sqid != 0) {
        if (life_.first_io == kNever) life_.first_io = e.ps;
        return;
    }
    switch (static_cast<AdminOpcode>(e.opcode())) {
        case AdminOpcode::kIdentify:
            life_.identified.set(Identify::from(e.sqe.cdw10).get<Identify::Cns>());
            return;
        case AdminOpcode::kSetFeatures:
            switch (static_cast<FeatureId>(Set::from(e.sqe.cdw10).get<Set::Fid>())) {
                case FeatureId::kNumberOfQueues:
                    life_.asked_for_queues = true;
                    return;
                case FeatureId::kAsyncEventConfig:
                    life_.event_config = e.sqe.cdw11;
                    return;
                default:
                    return;
            }
        case AdminOpcode::kAsyncEventRequest:
            life_.event_requests = true;
            return;
        default:
            return;
    }
}

void LifeWatch::take(const Landing& landing) {
    if (landing.good()) return;
    const Flight& flight = landing.flight;
    if (flight.is(AdminOpcode::kCreateIoCq) || flight.is(AdminOpcode::kCreateIoSq))
        ++life_.refused_queues;
}

void LifeWatch::take(const observe::QueueChange& e) {
    if (!e.created || e.qid == 0) return;
    if (cc_.get<Cc::Iosqes>() != kSqEntryLog2 || cc_.get<Cc::Iocqes>() != kCqEntryLog2)
        life_.other_entry_sizes = true;
    ++(e.completion ? life_.completion_queues : life_.submission_queues);
    if (e.completion && e.vector == observe::kNoId) ++life_.polled_queues;
}

void LifeWatch::take(const observe::Interrupt&) {
    life_.msix = true;
}

void LifeWatch::take(const observe::IntxChange& e) {
    if (e.asserted) life_.intx = true;
}

void LifeWatch::take(const observe::InterruptHeld& e) {
    life_.held = e.why;
}

void LifeWatch::finish() {
    if (life_.enabled != kNever) close(kNever);
}

void LifeWatch::close(util::TimePs ps) {
    life_.end = ps;
    ++count_;
    if (life_.was_ready()) {
        ++ready_count_;
        if (reset_when_ready_) ++recovered_;
        reset_when_ready_ = life_.reset == observe::ResetKind::kController &&
                            life_.shutdown == nvme::spec::Shn::kNone;
    }
    steps_.add(life_);
    if (lives_.size() < kMostLives) lives_.push_back(life_);
    Life next;
    next.begin = ps;
    next.details = life_.details;
    next.cap = life_.cap;
    next.command = command_;
    life_ = next;
    has_commands_ = false;
}

}  // namespace driver
