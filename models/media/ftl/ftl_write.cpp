// SPDX-License-Identifier: Apache-2.0
// What the host writes: where it goes, and when it is taken and durable.
#include <algorithm>

#include "models/media/ftl/ftl.h"

namespace media {

using util::later;
using util::TimePs;

MediaTiming::Span Ftl::write(TimePs start, const MediaRequest& r, bool durable) {
    const RequestUnits units = units_of(r);
    TimePs taken = start, programmed = start;
    written_to_.clear();
    for (std::uint64_t unit = units.first; unit != units.end; ++unit) {
        const std::uint64_t owner = Mapping::owner(r.nsid, unit);
        if (unit == units.first || unit % MapCache::kUnits == 0)
            (void)map_flash_.look_up(start, owner, true);  // nobody waits for it
        const TimePs whole = read_rest(start, r.nsid, unit, units.bytes_in(unit));
        const Put done = put(start, whole, owner);
        taken = std::max(taken, done.taken);
        programmed = std::max(programmed, done.programmed);
        if (written_to_.empty() || written_to_.back() != done.die) written_to_.push_back(done.die);
    }
    if (!durable) return {taken, taken};
    if (params_.power_loss_protection) return {taken, later(taken, buffer_time(r.bytes))};
    for (const std::uint32_t die : written_to_)
        programmed = std::max(programmed, program_waiting(die, taken));
    return {taken, programmed};
}

/// A unit comes at `start` and is `whole` later.
Ftl::Put Ftl::put(TimePs start, TimePs whole, std::uint64_t owner) {
    return slc_.exists() && slc_has_room(start) ? put_slc(start, whole, owner)
                                                : put_direct(start, whole, owner);
}

Ftl::Put Ftl::put_slc(TimePs start, TimePs whole, std::uint64_t owner) {
    const std::uint32_t die = die_of_turn();
    const TimePs room = buffer_.take(start);
    ++statistics_.units_written;
    const TimePs end =
        account(slc_.put(die, owner, std::max(room, whole), statistics_.units_written));
    end_turn(slc_.fill(die));
    return {room, end, die};
}

Ftl::Put Ftl::put_direct(TimePs start, TimePs whole, std::uint64_t owner) {
    const std::uint32_t die = die_with_room(start);
    const TimePs room = buffer_.take(start);
    ++statistics_.units_written;
    const TimePs end = account_direct(
        die, room, host_.put(die, owner, std::max(room, whole), statistics_.units_written));
    end_turn(host_.fill(die));
    return {room, end, die};
}

/// The buffer gets its room back. Returns the end of the program; 0: there is none.
TimePs Ftl::account(const std::optional<WritePoint::Program>& program) {
    if (!program) return 0;
    buffer_.leave(program->end, program->units);
    programs_end_ = std::max(programs_end_, program->end);
    statistics_.pages_programmed += program->pages;
    return program->end;
}

/// The same, and the die collects as much as the program has taken of it.
TimePs Ftl::account_direct(std::uint32_t die, TimePs start,
                           const std::optional<WritePoint::Program>& program) {
    const TimePs end = account(program);
    if (program) collector_.pay(die, start, program->pages * layout_.page_units);
    return end;
}

/// The die whose turn it is can take a unit into the region, or the first behind it that can.
bool Ftl::slc_has_room(TimePs start) {
    for (std::uint32_t i = 0; i != layout_.dies; ++i) {
        const std::uint32_t die = die_of_turn();
        if (slc_.has_room(die, start)) return true;
        if (params_.slc.when_full == SlcFull::kFold && slc_.may_fold(die)) {
            while (!slc_.has_room(die, start)) fold(die, start);
            return true;
        }
        pass_turn();
    }
    return false;
}

/// The die that the next unit goes to: that whose turn it is, or the first behind it that has room.
/// One of them has, because set_size() leaves all of them together more blocks than they need.
std::uint32_t Ftl::die_with_room(TimePs start) {
    while (!host_.is_open(die_of_turn()) && !collector_.make_room(die_of_turn(), start))
        pass_turn();
    return die_of_turn();
}

std::uint32_t Ftl::die_of_turn() const {
    if (!ways_before_channels(params_.striping)) return turn_;
    const std::uint32_t ways = layout_.dies / nand_.channels;
    return turn_ % ways * nand_.channels + turn_ / ways;
}

void Ftl::pass_turn() {
    turn_ = turn_ + 1 == layout_.dies ? 0 : turn_ + 1;
}

/// Programs what the host has put into the die, with the rest of its page empty; the turn is
/// another die's then. Returns the end; 0: nothing waits.
TimePs Ftl::program_waiting(std::uint32_t die, TimePs start) {
    const std::uint64_t written = statistics_.units_written;
    TimePs end = account_direct(die, start, host_.pad(die, start, written));
    if (slc_.exists()) end = std::max(end, account(slc_.pad(die, start, written)));
    if (end != 0 && die == die_of_turn()) pass_turn();
    return end;
}

/// Returns the end of the programs of all that the host has written.
TimePs Ftl::flush(TimePs start) {
    if (params_.power_loss_protection) return start;
    for (std::uint32_t die = 0; die != layout_.dies; ++die) (void)program_waiting(die, start);
    return std::max(start, programs_end_);
}

}  // namespace media
