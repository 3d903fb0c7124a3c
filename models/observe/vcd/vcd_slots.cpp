// SPDX-License-Identifier: Apache-2.0
#include "models/observe/vcd/vcd_slots.h"

#include <algorithm>

namespace observe {

VcdSlots::VcdSlots(const VcdScope& scope, std::size_t lanes)
    : VcdAlarm(scope.writer().agenda()),
      writer_(scope.writer()),
      without_lane_(scope.wire("without_slot", 16)),
      lanes_(lanes),
      queue_(lanes) {
    for (std::size_t i = 0; i < lanes; ++i) {
        const VcdScope inside = scope.inside("slots.s" + std::to_string(i));
        Lane& lane = lanes_[i];
        lane.step = inside.wire("step", 3);
        lane.opcode = inside.wire("opcode", 8);
        lane.cid = inside.wire("cid", 16);
        lane.nsid = inside.wire("nsid", 32);
        lane.lba = inside.wire("lba", 64);
        lane.blocks = inside.wire("blocks", 17);
        lane.status = inside.wire("status", 11);
        free(lane);
    }
}

void VcdSlots::show(Lane& lane, VcdStep step) {
    if (lane.now == step) return;
    lane.now = step;
    ++lane.changes;
    writer_.set(lane.step, static_cast<std::uint64_t>(step));
}

void VcdSlots::free(Lane& lane) {
    lane.now = VcdStep::kNone;
    ++lane.changes;
    lane.id = kNoCid;
    for (const VcdSignal signal :
         {lane.step, lane.opcode, lane.cid, lane.nsid, lane.lba, lane.blocks, lane.status})
        writer_.clear(signal);
}

VcdSlots::Lane* VcdSlots::find(std::uint16_t cid) {
    if (lanes_.empty()) return nullptr;
    std::uint16_t& hint = hints_[cid % kHints];
    if (lanes_[hint].id == cid) return &lanes_[hint];
    const auto lane =
        std::find_if(lanes_.begin(), lanes_.end(), [cid](const Lane& l) { return l.id == cid; });
    if (lane == lanes_.end()) return nullptr;
    hint = static_cast<std::uint16_t>(lane - lanes_.begin());
    return &*lane;
}

/// A completed command that the host has not taken gives its lane up when there is no other one.
VcdSlots::Lane* VcdSlots::find_free() {
    Lane* ended = nullptr;
    for (Lane& lane : lanes_) {
        if (lane.now == VcdStep::kNone) return &lane;
        if (lane.now == VcdStep::kInterrupt && ended == nullptr) ended = &lane;
    }
    if (ended == nullptr) return nullptr;
    --ended_;
    free(*ended);
    return ended;
}

void VcdSlots::place_waiting() {
    while (unplaced_ != 0) {
        Lane* const lane = find_free();
        if (lane == nullptr) break;
        queue_[(first_ + waiting_++) % queue_.size()] =
            static_cast<std::uint16_t>(lane - lanes_.data());
        show(*lane, VcdStep::kDoorbell);
        --unplaced_;
    }
    writer_.set(without_lane_, unplaced_);
}

void VcdSlots::submit(std::uint32_t count) {
    unplaced_ += count;
    if (count != 0) place_waiting();
}

/// Entries are fetched in the order in which the host told of them.
VcdSlots::Lane* VcdSlots::next_fetched() {
    if (waiting_ == 0) {
        if (unplaced_ != 0) writer_.set(without_lane_, --unplaced_);
        return find_free();
    }
    Lane* const lane = &lanes_[queue_[first_]];
    first_ = (first_ + 1) % queue_.size();
    --waiting_;
    return lane;
}

void VcdSlots::record(const CommandFetched& e) {
    Lane* const lane = next_fetched();
    if (lane == nullptr) return;
    lane->id = e.cid();
    lane->code = e.opcode();
    hints_[e.cid() % kHints] = static_cast<std::uint16_t>(lane - lanes_.data());
    const bool on_its_way = arrival_ > e.ps;
    show(*lane, on_its_way ? VcdStep::kFetch : VcdStep::kDecode);
    if (on_its_way) show_at(arrival_, *lane, VcdStep::kDecode);
    writer_.set(lane->opcode, e.opcode());
    writer_.set(lane->cid, e.cid());
    writer_.set(lane->nsid, e.sqe.nsid);
    if (e.sqid == 0 || !nvme::spec::names_blocks(e.opcode())) return;
    writer_.set(lane->lba, nvme::spec::slba_of(e.sqe));
    writer_.set(lane->blocks, nvme::spec::blocks_of(e.sqe));
}

void VcdSlots::record(const CommandStepped& e) {
    Lane* const lane = find(e.cid);
    if (lane == nullptr || lane->now == VcdStep::kInterrupt) return;
    if (e.next == "start" && lane->now == VcdStep::kFetch) return;  // it has not arrived
    if (e.at <= e.ps && e.next == "post") return show(*lane, VcdStep::kCompletion);
    show(*lane, vcd_step_before(e.next, lane->code));
    if (e.next == "post") show_at(e.at, *lane, VcdStep::kCompletion);
}

// In the payload of an alarm: the lane, the step, and how many steps the lane had shown: when it
// has shown another one in between, that is the one.
void VcdSlots::show_at(util::TimePs at, Lane& lane, VcdStep step) {
    writer_.call_at(at, *this,
                    static_cast<std::uint64_t>(&lane - lanes_.data()) |
                        static_cast<std::uint64_t>(step) << 16 | std::uint64_t{lane.changes} << 32);
}

void VcdSlots::due(std::uint64_t payload) {
    Lane& lane = lanes_[payload & 0xffff];
    if (lane.changes == payload >> 32) show(lane, static_cast<VcdStep>(payload >> 16 & 0xffff));
}

void VcdSlots::record(const CommandCompleted& e) {
    Lane* const lane = find(e.cid);
    if (lane == nullptr) return;
    lane->id = kNoCid;  // the host may use it again
    lane->cqid = e.cqid;
    ++ended_;
    show(*lane, VcdStep::kInterrupt);
    writer_.set(lane->status, static_cast<std::uint64_t>(e.status));
    place_waiting();
}

void VcdSlots::release_completed(std::uint16_t cqid) {
    if (ended_ == 0) return;
    for (Lane& lane : lanes_) {
        if (lane.now != VcdStep::kInterrupt || lane.cqid != cqid) continue;
        free(lane);
        if (--ended_ == 0) break;
    }
    place_waiting();
}

void VcdSlots::forget() {
    for (Lane& lane : lanes_)
        if (lane.now != VcdStep::kNone) free(lane);
    first_ = waiting_ = ended_ = 0;
    unplaced_ = 0;
    writer_.set(without_lane_, 0);
}

}  // namespace observe
