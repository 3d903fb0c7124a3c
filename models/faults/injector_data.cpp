// SPDX-License-Identifier: Apache-2.0
// Rules about bytes on their way: between host memory and the controller, and of the media.
#include <algorithm>
#include <cstring>
#include <utility>

#include "models/faults/injector.h"
#include "models/faults/match.h"

namespace faults {

using nvme::DmaResult;
using nvme::DmaUse;
using util::TimePs;
using Kind = DmaUse::Kind;

namespace {

bool changes_data(const Rule& rule) {
    return rule.action == Action::kReplaceData || rule.action == Action::kFlipData;
}

}  // namespace

bool Injector::refuses(DmaUse use, bool write, std::size_t len) {
    if (use.kind == Kind::kCompletionEntry) return std::exchange(lose_next_entry_, false);
    if (use.kind == Kind::kSubmissionEntry) {
        for (const Index index : at(Place::kFetch)) {
            Live& live = rules_[index];
            if (!active_ || !matches_queue(live.rule, use.qid) || !fires(live)) continue;
            note(live, nullptr);
            return true;
        }
        return false;
    }
    if (running_ == nullptr || running_->data == 0) return false;
    Live& live = rules_[running_->data - 1u];
    const Rule& rule = live.rule;
    if (rule.action != Action::kDmaError) return false;
    const bool list = use.kind == Kind::kPrpList;
    const DmaAccess access = list    ? DmaAccess::kPrpList
                             : write ? DmaAccess::kDataWrite
                                     : DmaAccess::kDataRead;
    const bool there = list || running_->moved + len > rule.set_offset;
    if (rule.dma != access || !there) return false;
    note(live, running_);
    return true;
}

// The access may suspend the process, and others run meanwhile: what is known of the command is
// kept on this process's stack.
DmaResult Injector::read(nvme::HostMemory& memory, DmaUse use, TimePs at, std::uint64_t gpa,
                         void* dst, std::size_t len) {
    if (refuses(use, false, len)) return {};
    nvme::CommandFaults* const mine = std::exchange(running_, nullptr);
    const DmaResult result = memory.read(at, gpa, dst, len);
    running_ = mine;
    if (mine == nullptr || use.kind != Kind::kData) return result;
    if (mine->data != 0 && changes_data(rules_[mine->data - 1u].rule)) {
        Live& live = rules_[mine->data - 1u];
        if (patch(static_cast<std::byte*>(dst), mine->moved, len, live.rule.set_offset,
                  live.rule.set, live.rule.set_mask, live.rule.action == Action::kFlipData))
            note(live, mine);
    }
    mine->moved += len;
    return result;
}

DmaResult Injector::write(nvme::HostMemory& memory, DmaUse use, TimePs at, std::uint64_t gpa,
                          const void* src, std::size_t len) {
    if (refuses(use, true, len)) return {};
    nvme::CommandFaults* const mine = std::exchange(running_, nullptr);
    std::vector<std::byte> changed;
    if (mine != nullptr && use.kind == Kind::kData) {
        if (mine->data != 0 && changes_data(rules_[mine->data - 1u].rule)) {
            Live& live = rules_[mine->data - 1u];
            const auto* from = static_cast<const std::byte*>(src);
            changed.assign(from, from + len);
            if (patch(changed.data(), mine->moved, len, live.rule.set_offset, live.rule.set,
                      live.rule.set_mask, live.rule.action == Action::kFlipData))
                note(live, mine);
            src = changed.data();
        }
        mine->moved += len;
    }
    const DmaResult result = memory.write(at, gpa, src, len);
    running_ = mine;
    return result;
}

bool Injector::media_fails(Place place, const media::MediaRange& range) {
    if (!active_) return false;
    for (const Index index : at(place)) {
        Live& live = rules_[index];
        if (!live.bad.touches(live.rule, range) || !fires(live)) continue;
        note(live, running_);
        return true;
    }
    return false;
}

bool Injector::read_fails(const media::MediaRange& range) {
    return media_fails(Place::kMediaRead, range);
}

bool Injector::write_fails(const media::MediaRange& range) {
    return media_fails(Place::kMediaWrite, range);
}

void Injector::rewritten(const media::MediaRange& range) {
    for (const Index index : at(Place::kMediaRead))
        rules_[index].bad.heal(rules_[index].rule, range);
}

}  // namespace faults
