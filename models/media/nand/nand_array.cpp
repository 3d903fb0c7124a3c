// SPDX-License-Identifier: Apache-2.0
#include "models/media/nand/nand_array.h"

#include <algorithm>

namespace media {

using util::later;
using util::TimePs;

namespace {

/// The times of the pages of a word line: lsb; lsb, msb; lsb, csb, msb; lsb, csb, msb, top.
std::vector<TimePs> word_line(Cell cell, std::uint64_t lsb, std::uint64_t csb, std::uint64_t msb,
                              std::uint64_t top) {
    std::vector<std::uint64_t> ns{lsb};
    if (cell >= Cell::kTlc) ns.push_back(csb);
    if (cell >= Cell::kMlc) ns.push_back(msb);
    if (cell >= Cell::kQlc) ns.push_back(top);
    std::vector<TimePs> times;
    for (std::size_t i = 0; i != ns.size(); ++i) {
        if (ns[i] == 0 && i != 0) ns[i] = ns[i - 1];
        times.push_back(util::from_ns(ns[i]));
    }
    return times;
}

unsigned count_planes(const Stripe& stripe) {
    return static_cast<unsigned>(__builtin_popcount(stripe.planes));
}

}  // namespace

NandArray::NandArray(const NandParams& p)
    : params_(p),
      command_time_(util::from_ns(p.command_ns)),
      ecc_time_(util::from_ns(p.ecc_ns)),
      erase_time_(util::from_ns(p.erase_ns)),
      slc_read_time_(util::from_ns(p.slc_read_ns)),
      slc_program_time_(util::from_ns(p.slc_program_ns)),
      read_times_(word_line(p.cell, p.read_lsb_ns, p.read_csb_ns, p.read_msb_ns, p.read_top_ns)),
      program_times_(word_line(p.cell, p.program_lsb_ns, p.program_csb_ns, p.program_msb_ns,
                               p.program_top_ns)),
      channels_(p.channels),
      dies_(dies_of(p), Die(p)) {}

/// Of `bytes` with their share of the spare area.
TimePs NandArray::transfer_time(std::uint64_t bytes) const {
    const std::uint64_t whole = bytes + bytes * params_.spare_bytes / params_.page_bytes;
    return whole * util::kPsPerUs / params_.channel_mts;
}

/// Sends what the die has at `ready`. `end`: the last byte has left. The command, which went the
/// other way before, found room between transfers; the time that it took of the channel counts
/// here, behind that.
NandArray::Sent NandArray::send(std::uint32_t die, TimePs ready, std::uint64_t bytes) {
    const TimePs transfer = transfer_time(bytes);
    const TimePs begin = channel_of(die).take(now_, ready, later(transfer, command_time_));
    return {begin, later(begin, transfer)};
}

TimePs NandArray::read_lane(TimePs start, const Stripe& s, unsigned lane, std::uint64_t bytes,
                            std::uint32_t retries) {
    Die& die = dies_[s.die];
    const TimePs length = read_time(s);
    for (bool again = false;; again = true) {
        const Die::Read read =
            die.read(now_, later(start, command_time_), length, lane, id_of(s), s.planes, again);
        const Sent sent = send(s.die, read.loaded, bytes);
        const TimePs kept = die.transferred(read, sent.end, lane);
        tell(DieNews::Work::kRead, s.die, read.begin, kept, sent.begin,
             later(sent.end, command_time_));
        free_at_ = std::max(free_at_, die.free_at());
        start = later(sent.end, ecc_time_);
        // What is still in the register has been read well.
        if (read.begin == read.loaded) return start;
        pages_read_ += count_planes(s);
        if (retries-- == 0) return start;
    }
}

TimePs NandArray::read(TimePs start, const Stripe& stripe, std::uint64_t bytes,
                       std::uint32_t retries) {
    if (!params_.plane_reads) return read_lane(start, stripe, 0, bytes, retries);
    TimePs end = start;
    for (std::uint32_t plane = 0; plane != params_.planes; ++plane) {
        Stripe one = stripe;
        one.planes &= 1u << plane;
        if (one.planes == 0) continue;
        end = std::max(end, read_lane(start, one, plane, bytes / count_planes(stripe), retries));
    }
    return end;
}

TimePs NandArray::read_later(TimePs start, const Stripe& s, std::uint64_t bytes,
                             std::uint32_t retries) {
    if (timeless_) return start;
    pages_read_ += std::uint64_t{retries + 1} * count_planes(s);
    const TimePs length = util::times(retries + 1, read_time(s));
    const TimePs begin =
        dies_[s.die].add(now_, start, length, Die::Work::kRead, id_of(s), s.planes);
    free_at_ = std::max(free_at_, dies_[s.die].free_at());
    const TimePs loaded = later(begin, length);
    const Sent sent = send(s.die, loaded, bytes);
    tell(DieNews::Work::kCollectorRead, s.die, begin, loaded, sent.begin,
         later(sent.end, command_time_));
    return later(sent.end, ecc_time_);
}

TimePs NandArray::program(TimePs start, const Stripe& s) {
    if (timeless_) return start;
    Die& die = dies_[s.die];
    const TimePs length = program_time(s);
    const TimePs transfer =
        later(command_time_, transfer_time(std::uint64_t{count_planes(s)} * params_.page_bytes));
    const TimePs sent = channel_of(s.die).take(now_, std::max(start, die.accepts()), transfer);
    const TimePs begin =
        die.add(now_, later(sent, transfer), length, Die::Work::kProgram, id_of(s), s.planes);
    free_at_ = std::max(free_at_, die.free_at());
    const TimePs end = later(begin, length);
    tell(DieNews::Work::kProgram, s.die, begin, end, sent, later(sent, transfer));
    return end;
}

TimePs NandArray::erase(TimePs start, std::uint32_t die, std::uint32_t block) {
    if (timeless_) return start;
    const TimePs begin =
        dies_[die].add(now_, start, erase_time_, Die::Work::kErase, id_of({die, block, 0, 0}), 0);
    free_at_ = std::max(free_at_, dies_[die].free_at());
    const TimePs end = later(begin, erase_time_);
    tell(DieNews::Work::kErase, die, begin, end, begin, begin);
    return end;
}

void NandArray::clear() {
    free_at_ = 0;
    for (Channel& channel : channels_) channel.clear();
    for (Die& die : dies_) die.clear();
}

}  // namespace media
