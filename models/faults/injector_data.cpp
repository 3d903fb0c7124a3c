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

bool Injector::refuses(const DmaUse& use, bool write, std::size_t len) {
    if (use.kind == Kind::kCompletionEntry) return std::exchange(lose_next_entry_, false);
    if (use.kind == Kind::kSubmissionEntry) {
        for (const Index index : at(Place::kFetch)) {
            Live& live = rules_[index];
            const auto qid = static_cast<std::uint16_t>(use.qid);
            if (!active_ || !matches_queue(live.rule, qid) || !fires(live)) continue;
            note(live, nullptr);
            return true;
        }
        return false;
    }
    if (use.faults == nullptr || use.faults->data == 0) return false;
    Live& live = rules_[use.faults->data - 1u];
    const Rule& rule = live.rule;
    if (rule.action != Action::kDmaError) return false;
    const bool list = use.kind == Kind::kPrpList;
    const DmaAccess access = list    ? DmaAccess::kPrpList
                             : write ? DmaAccess::kDataWrite
                                     : DmaAccess::kDataRead;
    const bool there = list || use.faults->moved + len > rule.set_offset;
    if (rule.dma != access || !there) return false;
    note(live, use.faults);
    return true;
}

/// The rule that changes the data of the access, if one does.
Injector::Live* Injector::changer(const DmaUse& use) {
    if (use.faults == nullptr || use.faults->data == 0 || use.kind != Kind::kData) return nullptr;
    Live& live = rules_[use.faults->data - 1u];
    return changes_data(live.rule) ? &live : nullptr;
}

/// Data of the command are passing.
void Injector::pass(const DmaUse& use, Live* changer, std::byte* data, std::size_t len) {
    if (use.faults == nullptr || use.kind != Kind::kData) return;
    nvme::CommandFaults& command = *use.faults;
    if (changer != nullptr &&
        patch(data, command.moved, len, changer->rule.set_offset, changer->rule.set,
              changer->rule.set_mask, changer->rule.action == Action::kFlipData))
        note(*changer, &command);
    command.moved += len;
}

DmaResult Injector::read(nvme::HostMemory& memory, const DmaUse& use, const nvme::AccessTime& when,
                         std::uint64_t gpa, void* dst, std::size_t len) {
    if (refuses(use, false, len)) return {};
    const DmaResult result = memory.read(when, gpa, dst, len);
    pass(use, changer(use), static_cast<std::byte*>(dst), len);
    return result;
}

DmaResult Injector::write(nvme::HostMemory& memory, const DmaUse& use, const nvme::AccessTime& when,
                          std::uint64_t gpa, const void* src, std::size_t len) {
    if (refuses(use, true, len)) return {};
    std::vector<std::byte> changed;
    Live* const rule = changer(use);
    if (rule != nullptr) {
        const auto* from = static_cast<const std::byte*>(src);
        changed.assign(from, from + len);
        src = changed.data();
    }
    pass(use, rule, changed.data(), len);
    return memory.write(when, gpa, src, len);
}

// No command's: which one met it, if one did, is told by its completion.
bool Injector::media_fails(Place place, const media::MediaRange& range) {
    if (!active_) return false;
    for (const Index index : at(place)) {
        Live& live = rules_[index];
        if (!live.bad.touches(live.rule, range) || !fires(live)) continue;
        note(live, nullptr);
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
