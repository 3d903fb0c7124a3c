// SPDX-License-Identifier: Apache-2.0
#include "models/media/ftl/ftl.h"

#include <algorithm>

#include "models/media/ftl/idle_turns.h"
#include "models/util/divide.h"
#include "models/util/mix64.h"

namespace media {

using util::divide_up;
using util::later;
using util::TimePs;

namespace {

bool planes_first(Striping striping) {
    return striping == Striping::kPlaneChannelWay || striping == Striping::kPlaneWayChannel;
}
bool ways_before_channels(Striping striping) {
    return striping == Striping::kPlaneWayChannel || striping == Striping::kWayChannelPlane;
}

/// A unit takes about 20 bytes of memory.
constexpr std::uint64_t kMostPreconditioned = std::uint64_t{1} << 40;

std::uint64_t buffer_units(const FtlParams& params, const Layout& layout) {
    if (params.buffer_bytes != 0) return params.buffer_bytes / params.unit_bytes;
    return std::uint64_t{2} * layout.dies * layout.stripe_units;
}

}  // namespace

std::vector<std::string> validate(const FtlParams& params, const NandParams& nand) {
    util::ParamProblems problems;
    FtlParams::visit(params, problems.check_ranges());
    problems.require(
        "ftl_unit_bytes", params.unit_bytes,
        util::is_power_of_two(params.unit_bytes) && params.unit_bytes <= nand.page_bytes,
        "must be a power of 2 and at most nand_page_bytes (" + std::to_string(nand.page_bytes) +
            ")");
    // Every die may have a stripe that is not full.
    const std::uint64_t stripe = std::uint64_t{nand.page_bytes} * nand.planes;
    const std::uint64_t least = stripe * (planes_first(params.striping) ? 2 : dies_of(nand) + 1);
    problems.require("ftl_buffer_bytes", params.buffer_bytes,
                     params.buffer_bytes == 0 || params.buffer_bytes >= least,
                     "must be 0, or at least " + std::to_string(least));
    return problems.take();
}

/// The units that a request touches.
struct Ftl::Units {
    std::uint64_t first = 0, end = 0;
    std::uint64_t begin_byte = 0, end_byte = 0;  // of the request
    std::uint32_t unit_bytes = 0;

    /// Bytes of the request that lie in a unit.
    [[nodiscard]] std::uint64_t bytes_in(std::uint64_t unit) const {
        return std::min(end_byte, (unit + 1) * unit_bytes) -
               std::max(begin_byte, unit * unit_bytes);
    }
};

Ftl::Ftl(const FtlParams& params, const NandParams& nand)
    : params_(params),
      nand_(nand),
      layout_(params, nand),
      wear_(nand.wear),
      turn_units_(planes_first(params.striping) ? layout_.stripe_units : layout_.page_units),
      array_(nand),
      mapping_(layout_, wear_),
      map_flash_(params.map_cache_bytes, layout_, array_, statistics_),
      host_(layout_, 0, mapping_, array_),
      slc_(layout_, wear_, mapping_, array_, statistics_),
      collector_(params, layout_, wear_, mapping_, array_, statistics_),
      buffer_(buffer_units(params, layout_)) {
    statistics_.unit_bytes = params.unit_bytes;
    statistics_.page_bytes = nand.page_bytes;
    statistics_.spare_blocks = std::uint64_t{nand.wear.spare_blocks} * layout_.dies;
    constexpr std::uint64_t kMostBlocks = 1u << 18;  // with bad and spare ones a Place has room
    most_blocks_ = kMostBlocks;
    if (nand.blocks != 0) make_blocks();
}

/// The number of blocks is given: bad ones, spare ones and those with one bit in each cell are
/// among them.
void Ftl::make_blocks() {
    std::uint64_t all = 0;
    for (std::uint32_t die = 0; die != layout_.dies; ++die) {
        const std::uint32_t good = wear_.good_blocks(die, nand_.blocks);
        const std::uint32_t used =
            good - std::min(good, nand_.wear.spare_blocks + layout_.slc_blocks);
        mapping_.pool(die).resize(used);
        all += used;
    }
    most_blocks_ = all / layout_.dies;
}

/// Blocks of a die that units need, with what lies idle at any time.
std::uint64_t Ftl::blocks_for(std::uint64_t units) const {
    const std::uint64_t room = units + units / 100 * params_.over_provisioning +
                               units % 100 * params_.over_provisioning / 100;
    constexpr std::uint64_t kOpen = 2;  // for the host and for the collector
    return divide_up(room, std::uint64_t{layout_.dies} * layout_.block_units) +
           params_.gc_free_blocks + kOpen;
}

/// With what dies have lost and nothing has replaced.
bool Ftl::has_room_for(std::uint64_t units) const {
    const std::uint64_t each = blocks_for(units);
    if (each > most_blocks_) return false;
    std::uint64_t lost = 0;
    for (std::uint32_t die = 0; die != layout_.dies; ++die) lost += mapping_.pool(die).lost();
    const std::uint64_t all = (nand_.blocks != 0 ? most_blocks_ : each) * layout_.dies;
    return all >= mapping_.blocks_needed(units) + lost;
}

std::string Ftl::set_size(std::uint32_t nsid, std::uint64_t bytes) {
    const std::uint64_t units = divide_up(bytes, params_.unit_bytes);
    const std::uint64_t before = mapping_.units(nsid);
    const std::uint64_t others = mapping_.units() - before;
    const std::uint64_t all = others + units;
    if (units >= Mapping::kMostUnits || all >= Mapping::kMostUnits ||
        (units > before && !has_room_for(all)))
        return "the NAND flash has no room for " + std::to_string(bytes) + " bytes more than " +
               std::to_string(others * params_.unit_bytes);
    const bool fills = units > before && params_.precondition != Precondition::kNone;
    if (fills && bytes > kMostPreconditioned)
        return "ftl_precondition is for up to " + std::to_string(kMostPreconditioned) + " bytes";
    mapping_.resize(nsid, units, bytes);
    if (nand_.blocks == 0) mapping_.resize_pools(static_cast<std::uint32_t>(blocks_for(all)));
    if (fills) precondition(nsid, before, units);
    return {};
}

/// Units [first, units) of a namespace are new. By the same steps as a host would do it, but for
/// the time.
void Ftl::precondition(std::uint32_t nsid, std::uint64_t first, std::uint64_t units) {
    const MediaStatistics before = statistics_;
    array_.set_timeless(true);
    for (std::uint64_t unit = first; unit != units; ++unit)
        (void)put_direct(0, 0, Mapping::owner(nsid, unit));
    if (params_.precondition == Precondition::kRandom)
        for (std::uint64_t i = 2 * first; i != 2 * units; ++i)
            (void)put_direct(0, 0, Mapping::owner(nsid, util::mix64(i) % units));
    array_.set_timeless(false);
    preconditioned_ += statistics_ - before;
}

/// What a command wants of a namespace that has shrunk or gone meanwhile takes no time.
Ftl::Units Ftl::units_of(const MediaRequest& r) const {
    const std::uint64_t most = mapping_.bytes(r.nsid);
    if (r.offset >= most) return {};
    const std::uint64_t end = r.offset + std::min(r.bytes, most - r.offset);
    return {r.offset / params_.unit_bytes, divide_up(end, params_.unit_bytes), r.offset, end,
            params_.unit_bytes};
}

MediaTiming::Span Ftl::schedule(TimePs start, const MediaRequest& r) {
    use_idle_time();
    array_.set_now(now());
    switch (r.operation) {
        case MediaOperation::kRead:
            return {start, read(start, r)};
        case MediaOperation::kProgram:
            return write(start, r, true);
        case MediaOperation::kDestage:
            return write(start, r, false);
        case MediaOperation::kCacheAccess:
            return {start, later(start, buffer_time(r.bytes))};
        case MediaOperation::kFlush:
            return {start, flush(start)};
        case MediaOperation::kDeallocate:
            deallocate(r);
            return {start, later(start, util::from_ns(params_.deallocate_ns))};
    }
    return {start, start};
}

/// Of the time since the last work, if there was any with power.
void Ftl::use_idle_time() {
    if (params_.gc_idle_blocks == 0 && !slc_.exists()) return;
    const TimePs idle = util::from_ns(params_.gc_idle_ns);
    const TimePs from = later(array_.free_at(), idle);
    if (from < now() && !was_off_) {
        if (slc_.exists()) fold_idle(from);
        if (params_.gc_idle_blocks != 0 && array_.free_at() < now())
            collector_.use_idle(std::max(from, array_.free_at()), now());
    }
    was_off_ = false;
}

/// From then on until now, in the order of time.
void Ftl::fold_idle(TimePs from) {
    IdleTurns turns(layout_.dies, from);
    while (const auto turn = turns.next(now())) {
        if (!slc_.may_fold(turn->die)) continue;
        array_.set_now(turn->at);
        fold(turn->die, turn->at);
        turns.again(turn->die, std::max(turn->at, array_.free_at(turn->die)));
    }
    array_.set_now(now());
}

/// A stripe of the die's oldest block with one bit in each cell.
void Ftl::fold(std::uint32_t die, TimePs start) {
    slc_.fold(die, start, [&](std::uint64_t owner, TimePs there) {
        // Its own die, as long as that has room.
        std::uint32_t to = die;
        while (!collector_.make_room(to, there)) to = to + 1 == layout_.dies ? 0 : to + 1;
        collector_.take(to, owner, there);
    });
}

TimePs Ftl::buffer_time(std::uint64_t bytes) const {
    return util::times(divide_up(bytes, 4096), util::from_ns(params_.buffer_ns));
}

/// Units that lie in one stripe are read together, those that wait in the buffer by themselves.
TimePs Ftl::read(TimePs start, const MediaRequest& r) {
    const Units units = units_of(r);
    TimePs done = start;
    TimePs known = start;  // where the units lie
    Run run;
    const auto end_run = [&] {
        if (run.bytes != 0) done = std::max(done, read_run(known, run));
        run = {};
    };
    for (std::uint64_t unit = units.first; unit != units.end; ++unit) {
        if (unit == units.first || unit % MapCache::kUnits == 0) {
            end_run();
            known = map_flash_.look_up(start, Mapping::owner(r.nsid, unit), false);
            done = std::max(done, known);
        }
        const std::uint64_t raw = mapping_.find(r.nsid, unit);
        if (raw == Mapping::kNone) continue;
        const Place place{raw};
        const bool waits = this->waits(place);
        if (place.stripe() != run.place.stripe() || waits != run.waits) end_run();
        run.place = place;
        run.waits = waits;
        run.planes |= layout_.plane_of(place);
        run.bytes += units.bytes_in(unit);
    }
    end_run();
    return done;
}

TimePs Ftl::read_run(TimePs start, const Run& run) {
    const Stripe stripe = layout_.stripe(run.place, run.planes);
    if (run.waits || array_.is_programming(start, stripe)) {
        ++statistics_.stripes_buffered;
        return later(start, buffer_time(run.bytes));
    }
    ++statistics_.stripes_read;
    BlockPool& pool = mapping_.pool(run.place.region());
    const std::uint32_t retries = wear_.retries(stripe, pool.erases(stripe.block));
    statistics_.retries += retries;
    statistics_.bytes_read += run.bytes * (retries + 1);
    const TimePs done = array_.read(start, stripe, run.bytes, retries);
    const std::uint32_t limit = wear_.params().read_limit;
    if (limit != 0 && !stripe.slc)
        collector_.on_read(stripe.die, start, stripe.block, pool.count_read(stripe.block) >= limit);
    return done;
}

/// A write of less than the unit has, of a unit that has been written: when the rest has been read.
TimePs Ftl::read_rest(TimePs start, std::uint32_t nsid, std::uint64_t unit, std::uint64_t bytes) {
    const std::uint64_t all = std::min<std::uint64_t>(
        params_.unit_bytes, mapping_.bytes(nsid) - unit * params_.unit_bytes);
    const std::uint64_t before = mapping_.find(nsid, unit);
    if (before == Mapping::kNone || bytes == all) return start;
    ++statistics_.partial_writes;
    const Place at{before};
    return read_run(start, {at, waits(at), layout_.plane_of(at), all});
}

MediaTiming::Span Ftl::write(TimePs start, const MediaRequest& r, bool durable) {
    const Units units = units_of(r);
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

void Ftl::deallocate(const MediaRequest& r) {
    const Units units = units_of(r);
    const std::uint64_t first = divide_up(units.begin_byte, params_.unit_bytes);
    const bool to_the_end = units.end_byte == mapping_.bytes(r.nsid);
    const std::uint64_t end = to_the_end ? units.end : units.end_byte / params_.unit_bytes;
    if (first < end) mapping_.forget(r.nsid, first, end);
}

/// What waits is programmed with the last of the power, or was not acknowledged as durable.
void Ftl::reset() {
    for (std::uint32_t die = 0; die != layout_.dies; ++die) (void)program_waiting(die, 0);
    array_.clear();
    buffer_.clear();
    map_flash_.clear();
    was_off_ = true;
    programs_end_ = 0;
}

MediaStatistics Ftl::statistics() const {
    MediaStatistics now = statistics_ - preconditioned_;
    now.least_erases = ~std::uint64_t{0};
    for (std::uint32_t die = 0; die != layout_.dies; ++die) {
        const BlockPool& pool = mapping_.pool(die);
        now.blocks += pool.present();
        now.blocks_free += pool.free();
        now.spares_left += pool.spares();
        now.most_erases = std::max<std::uint64_t>(now.most_erases, pool.most_erases());
        now.least_erases = std::min<std::uint64_t>(now.least_erases, pool.least_erases());
    }
    now.blocks_failed = statistics_.blocks_failed;
    now.pages_read = array_.pages_read();
    const WearParams& wear = nand_.wear;
    if (wear.endurance != 0 && now.blocks != 0)
        now.used_percent =
            100.0 * static_cast<double>(now.blocks_erased + now.blocks * wear.initial_erases) /
            static_cast<double>(now.blocks * wear.endurance);
    return now;
}

}  // namespace media
