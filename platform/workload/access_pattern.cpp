// SPDX-License-Identifier: Apache-2.0
#include "platform/workload/access_pattern.h"

namespace platform {

namespace {

// Separate streams: changing the mix does not move the places, and the other way round.
constexpr std::uint64_t kMixStream = 1;
constexpr std::uint64_t kPlaceStream = 2;

}  // namespace

OpMix::OpMix(const JobInstance& instance)
    : pattern_(instance.job.pattern),
      read_percent_(instance.job.read_percent),
      random_(mix64(instance.seed, kMixStream)) {}

Op OpMix::next() {
    if (pattern_.trims) return Op::kTrim;
    if (!pattern_.mixed()) return pattern_.reads ? Op::kRead : Op::kWrite;
    return random_.below(100) < read_percent_ ? Op::kRead : Op::kWrite;
}

AccessPattern::AccessPattern(const JobInstance& instance)
    : pattern_(instance.job.pattern),
      no_map_(instance.job.norandommap),
      offset_(instance.offset),
      places_(mix64(instance.seed, kPlaceStream)),
      shared_(pattern_.random && pattern_.mixed() &&
              instance.job.block_size[index_of(Op::kRead)] ==
                  instance.job.block_size[index_of(Op::kWrite)]) {
    for (std::size_t i = 0; i < directions_.size(); ++i) {
        directions_[i].block = instance.job.block_size[i];
        directions_[i].blocks = instance.size / instance.job.block_size[i];
    }
}

AccessPattern::Place AccessPattern::next(Op op) {
    Direction& direction = directions_[shared_ ? index_of(Op::kRead) : index_of(op)];
    return {offset_ + draw_block(direction) * direction.block, direction.block};
}

void AccessPattern::rewind() {
    if (pattern_.random) return;
    for (Direction& direction : directions_) direction.position = 0;
}

std::uint64_t AccessPattern::draw_block(Direction& direction) {
    if (pattern_.random && no_map_) return places_.below(direction.blocks);
    if (direction.position >= direction.blocks) direction.position = 0;
    if (!pattern_.random) return direction.position++;
    if (direction.position == 0) direction.order.emplace(direction.blocks, places_.next());
    return (*direction.order)(direction.position++);
}

}  // namespace platform
