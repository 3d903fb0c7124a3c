// SPDX-License-Identifier: Apache-2.0
#include "models/faults/match.h"

#include <algorithm>
#include <array>
#include <cstring>

#include "models/nvme/spec/command_formats.h"

namespace faults {
namespace {

using nvme::spec::Cdw0;
using nvme::spec::SubmissionEntry;

bool overlaps_blocks(const Rule& rule, std::uint16_t sqid, const SubmissionEntry& sqe) {
    const auto opcode = Cdw0::from(sqe.cdw0).get<Cdw0::Opcode>();
    if (sqid == 0 || !nvme::spec::names_blocks(opcode)) return false;
    const std::uint64_t first = nvme::spec::slba_of(sqe);
    const std::uint64_t nlb_z = sqe.cdw12 & 0xffff;
    // No end is computed: the sum of a guest's numbers may wrap.
    return first >= *rule.lba ? first - *rule.lba < rule.blocks : *rule.lba - first <= nlb_z;
}

bool matches_bytes(const Rule& rule, const SubmissionEntry& sqe) {
    std::array<std::uint8_t, sizeof sqe> bytes;
    std::memcpy(bytes.data(), &sqe, sizeof sqe);
    for (std::size_t i = 0; i < rule.match.size(); ++i) {
        const std::uint8_t mask = rule.match_mask.empty() ? 0xff : rule.match_mask[i];
        if (((bytes[rule.match_offset + i] ^ rule.match[i]) & mask) != 0) return false;
    }
    return true;
}

}  // namespace

bool matches_queue(const Rule& rule, std::uint16_t sqid) {
    if (rule.queue && *rule.queue != sqid) return false;
    return rule.queues == Queues::kAny || (rule.queues == Queues::kAdmin) == (sqid == 0);
}

bool matches_command(const Rule& rule, std::uint16_t sqid, const SubmissionEntry& sqe) {
    const auto cdw0 = Cdw0::from(sqe.cdw0);
    if (!matches_queue(rule, sqid)) return false;
    if (rule.opcode && *rule.opcode != cdw0.get<Cdw0::Opcode>()) return false;
    if (rule.nsid && *rule.nsid != sqe.nsid) return false;
    if (rule.cid && *rule.cid != cdw0.get<Cdw0::Cid>()) return false;
    if (rule.lba && !overlaps_blocks(rule, sqid, sqe)) return false;
    return rule.match.empty() || matches_bytes(rule, sqe);
}

bool patch(std::byte* to, std::uint64_t at, std::size_t length, std::uint64_t offset,
           const Bytes& bytes, const Bytes& mask, bool flip) {
    const std::uint64_t begin = std::max(at, offset);
    const std::uint64_t end = std::min<std::uint64_t>(at + length, offset + bytes.size());
    if (begin >= end) return false;
    for (std::uint64_t i = begin; i < end; ++i) {
        const std::byte value{bytes[i - offset]};
        const std::byte bits{mask.empty() ? std::uint8_t{0xff} : mask[i - offset]};
        std::byte& target = to[i - at];
        target = flip ? target ^ (value & bits) : (target & ~bits) | (value & bits);
    }
    return true;
}

}  // namespace faults
