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

std::uint64_t buffer_units(const FtlParams& params, const Layout& layout) {
    if (params.buffer_bytes != 0) return params.buffer_bytes / params.unit_bytes;
    return std::uint64_t{2} * layout.dies * layout.stripe_units;
}

}  // namespace

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

/// What a command wants of a namespace that has shrunk or gone meanwhile takes no time.
RequestUnits Ftl::units_of(const MediaRequest& r) const {
    const std::uint64_t most = mapping_.bytes(r.nsid);
    if (r.offset >= most) return {};
    const std::uint64_t end = r.offset + std::min(r.bytes, most - r.offset);
    return {r.offset / params_.unit_bytes, divide_up(end, params_.unit_bytes), r.offset, end,
            params_.unit_bytes};
}

MediaTiming::Span Ftl::schedule(TimePs start, const MediaRequest& r) {
    use_idle_time();
    array_.set_now(now());
    const Span span = serve(start, r);
    if (listener_ != nullptr) tell_free_blocks();
    return span;
}

MediaTiming::Span Ftl::serve(TimePs start, const MediaRequest& r) {
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

void Ftl::set_nand_listener(NandListener* listener) {
    listener_ = listener;
    array_.set_listener(listener);
    told_ = false;
    if (listener != nullptr) tell_free_blocks();
}

void Ftl::tell_free_blocks() {
    const Mapping::FreeBlocks free = mapping_.free_blocks();
    if (told_ && free.blocks == told_free_.blocks && free.slc == told_free_.slc) return;
    told_free_ = free;
    told_ = true;
    listener_->on_free_blocks({free.blocks, free.slc, layout_.dies, nand_.channels});
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
    const RequestUnits units = units_of(r);
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

void Ftl::deallocate(const MediaRequest& r) {
    const RequestUnits units = units_of(r);
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
