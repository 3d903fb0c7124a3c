// SPDX-License-Identifier: Apache-2.0
#include "platform/workload/access_pattern.h"

#include <algorithm>

namespace platform {

namespace {

// Separate streams: changing the mix does not move the places, and the other way round.
constexpr std::uint64_t kMixStream = 1;
constexpr std::uint64_t kPlaceStream = 2;
constexpr std::uint64_t kLengthStream = 3;
constexpr std::uint64_t kScatterStream = 4;

BlockSizes sizes_of(const Job& job, std::size_t direction) {
    return {job.block_size[direction], job.largest_block(static_cast<Op>(direction)),
            job.split[direction]};
}

bool same_sizes(const Job& job) {
    const auto bytes = [](const SizeShare& a, const SizeShare& b) {
        return a.bytes == b.bytes && a.percent == b.percent;
    };
    const SizeShares& reads = job.split[index_of(Op::kRead)];
    const SizeShares& writes = job.split[index_of(Op::kWrite)];
    return job.block_size[0] == job.block_size[1] && job.range_end[0] == job.range_end[1] &&
           job.align[0] == job.align[1] && job.random_percent[0] == job.random_percent[1] &&
           std::equal(reads.begin(), reads.end(), writes.begin(), writes.end(), bytes);
}

/// Places of a random request.
std::uint64_t places_of(const JobInstance& instance, std::size_t direction, std::uint32_t align) {
    const Job& job = instance.job;
    const std::uint64_t span = job.zone_size != 0 ? job.zone_range : instance.size;
    const std::uint32_t smallest = job.block_size[direction];
    if (span < smallest || !job.pattern.uses(static_cast<Op>(direction))) return 0;
    return std::max<std::uint64_t>((span - smallest) / align + 1, 1);
}

std::uint32_t align_of(const Job& job, std::size_t direction) {
    return job.align[direction] != 0 ? job.align[direction] : job.block_size[direction];
}

/// Of places that have to be remembered when they are touched.
bool needs_map(const Job& job, std::size_t direction, std::uint64_t places) {
    return job.pattern.random && places != 0 && job.distribution.uniform() &&
           !sizes_of(job, direction).fixed() &&
           align_of(job, direction) == job.block_size[direction] && !job.norandommap &&
           BlockMap::fits(places);
}

}  // namespace

OpMix::OpMix(const JobInstance& instance)
    : pattern_(instance.job.pattern),
      read_percent_(instance.job.read_percent),
      random_(mix64(instance.seed, kMixStream)) {}

Op OpMix::next() {
    if (pattern_.trims) {
        trimmed_ = pattern_.writes && !trimmed_;
        return trimmed_ || !pattern_.writes ? Op::kTrim : Op::kWrite;
    }
    if (!pattern_.mixed()) return pattern_.reads ? Op::kRead : Op::kWrite;
    return random_.below(100) < read_percent_ ? Op::kRead : Op::kWrite;
}

AccessPattern::Direction::Direction(const JobInstance& instance, std::size_t direction)
    : sizes(sizes_of(instance.job, direction)),
      align(align_of(instance.job, direction)),
      blocks(places_of(instance, direction, align)),
      random_percent(instance.job.random_percent[direction]) {
    const Job& job = instance.job;
    if (blocks != 0 && job.pattern.random && !job.distribution.uniform())
        draw.emplace(job.distribution, direction, blocks, align,
                     mix64(instance.seed, kScatterStream));
    if (needs_map(job, direction, blocks)) map.emplace(blocks);
}

std::uint64_t AccessPattern::map_bytes(const JobInstance& instance) {
    std::uint64_t bytes = 0;
    for (const Op op : {Op::kRead, Op::kWrite, Op::kTrim}) {
        const std::size_t direction = index_of(op);
        const std::uint64_t places =
            places_of(instance, direction, align_of(instance.job, direction));
        if (needs_map(instance.job, direction, places)) bytes += places / 8;
    }
    return bytes;
}

AccessPattern::AccessPattern(const JobInstance& instance)
    : pattern_(instance.job.pattern),
      no_map_(instance.job.norandommap),
      random_run_(instance.job.random_run),
      identical_(instance.job.sequencer == Job::Sequencer::kIdentical),
      step_(instance.job.sequential_step),
      offset_(instance.offset),
      size_(instance.size),
      zone_size_(instance.job.zone_size),
      zone_range_(instance.job.zone_range),
      zone_skip_(instance.job.zone_skip),
      places_(mix64(instance.seed, kPlaceStream)),
      lengths_(mix64(instance.seed, kLengthStream)),
      shared_(pattern_.random && pattern_.mixed() && same_sizes(instance.job)),
      directions_{Direction{instance, 0}, Direction{instance, 1}, Direction{instance, 2}} {}

AccessPattern::Place AccessPattern::next(Op op) {
    if (pattern_.trims_before_writes() && op == Op::kWrite) return trimmed_;
    Direction& direction = direction_of(op);
    if (zone_size_ != 0) enter_zone();
    Place place{};
    if (!draws(direction)) {
        place.offset = next_in_line(direction);
        place.length = direction.sizes.draw(lengths_, span() - place.offset);
    } else if (direction.map) {
        place = draw_unused(direction);
    } else {
        place.offset = random_block(direction) * direction.align;
        place.length = direction.sizes.draw(lengths_, span() - place.offset);
    }
    direction.last = place.offset;
    direction.position = place.offset + place.length;
    zone_bytes_ += place.length;
    place.offset += offset_ + zone_;
    if (op == Op::kTrim) trimmed_ = place;
    return place;
}

/// Whether the next request is drawn: the first of each run of a random pattern, and where the end
/// leaves no room behind the one before.
bool AccessPattern::draws(Direction& direction) {
    if (!pattern_.random) return false;
    direction.run = direction.run < random_run_ ? direction.run + 1 : 1;
    if (direction.run == 1 &&
        (direction.random_percent == 100 || places_.below(100) < direction.random_percent))
        return true;
    return !identical_ && direction.position + direction.sizes.smallest() > span();
}

std::uint64_t AccessPattern::random_block(Direction& direction) {
    if (direction.draw) return direction.draw->draw(places_);
    if (no_map_) return places_.below(direction.blocks);
    if (direction.drawn >= direction.blocks) direction.drawn = 0;
    if (direction.drawn == 0) {
        direction.order.emplace(direction.blocks, places_.next());
        if (direction.map) direction.map->clear();
    }
    return (*direction.order)(direction.drawn++);
}

/// A request of any size ends where another one has been, so that each block is touched once.
AccessPattern::Place AccessPattern::draw_unused(Direction& direction) {
    std::uint64_t block = random_block(direction);
    while (direction.map->touched(block)) block = random_block(direction);
    const std::uint32_t unit = direction.align;
    const std::uint32_t length = direction.sizes.draw(lengths_, span() - block * unit);
    const std::uint64_t free = direction.map->touch(block, (length + unit - 1) / unit) * unit;
    return {block * unit, static_cast<std::uint32_t>(std::min<std::uint64_t>(length, free))};
}

/// [fio 3.33 io_u.c, get_next_seq_offset()]
std::uint64_t AccessPattern::next_in_line(const Direction& direction) const {
    if (pattern_.random && identical_) return direction.last;
    const std::uint64_t last = span() - direction.sizes.smallest();
    std::uint64_t position = direction.position;
    if (step_ < 0 && position != 0) {
        const auto back = static_cast<std::uint64_t>(-step_);
        position = position >= back ? position - back : span() - std::min(back, span());
        return std::min(position, last);
    }
    if (position != 0) position += static_cast<std::uint64_t>(step_);
    return position > last ? 0 : position;
}

bool AccessPattern::at_end(Op op) const {
    if (step_ <= 0) return false;
    const Direction& direction = directions_[index_of(op)];
    const std::uint64_t position = direction.position + static_cast<std::uint64_t>(step_);
    // Where the gap reaches beyond the end, the pattern starts over instead.
    return direction.position >= size_ ||
           (position < size_ && position + direction.sizes.smallest() > size_);
}

/// A zone that has had its bytes makes room for the next one, the last one for the first. [fio 3.33
/// io_u.c, setup_strided_zone_mode()]
void AccessPattern::enter_zone() {
    if (zone_bytes_ < zone_size_) return;
    zone_bytes_ = 0;
    zone_ += zone_range_ + zone_skip_;
    if (zone_ >= size_ || size_ - zone_ < zone_range_) zone_ = 0;
    for (Direction& direction : directions_) direction.position = direction.last = 0;
}

void AccessPattern::rewind() {
    if (pattern_.random) return;
    zone_ = zone_bytes_ = 0;
    for (Direction& direction : directions_) direction.position = direction.last = 0;
}

}  // namespace platform
