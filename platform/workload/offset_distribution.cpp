// SPDX-License-Identifier: Apache-2.0
#include "platform/workload/offset_distribution.h"

#include <algorithm>

#include "platform/workload/portable_math.h"

namespace platform {

namespace {

using Kind = OffsetDistribution::Kind;

/// In [0, 1).
double uniform(RandomStream& random) {
    return static_cast<double>(random.next() >> 11) * 0x1p-53;
}

/// 1 + 1/2^theta + ... + 1/n^theta. Behind the first terms the sum is the integral, to far more
/// digits than a draw can tell.
double zeta(std::uint64_t n, double theta) {
    constexpr std::uint64_t kExact = 10'000;
    double sum = 0;
    const std::uint64_t exact = std::min(n, kExact);
    for (std::uint64_t i = 1; i <= exact; ++i) sum += portable_pow(static_cast<double>(i), -theta);
    if (n == exact) return sum;
    const double from = static_cast<double>(exact);
    const double to = static_cast<double>(n);
    const double rest = 1 - theta;
    return sum + (portable_pow(to, rest) - portable_pow(from, rest)) / rest +
           (portable_pow(to, -theta) - portable_pow(from, -theta)) / 2;
}

std::uint64_t percent_of(std::uint64_t whole, std::uint64_t percent) {
    return static_cast<std::uint64_t>(UInt128{whole} * percent / 100);
}

}  // namespace

OffsetDraw::OffsetDraw(const OffsetDistribution& distribution, std::size_t direction,
                       std::uint64_t blocks, std::uint32_t block, std::uint64_t key)
    : kind_(distribution.kind),
      parameter_(distribution.parameter),
      centre_(distribution.centre),
      blocks_(std::max<std::uint64_t>(blocks, 1)),
      scattered_(blocks, key) {
    if (kind_ == Kind::kZipf) prepare_zipf();
    if (kind_ == Kind::kPareto) power_ = portable_log(parameter_) / portable_log(1 - parameter_);
    if (kind_ == Kind::kZoned || kind_ == Kind::kZonedBytes)
        add_zones(distribution.zones[direction], block);
}

void OffsetDraw::add_zones(const std::vector<OffsetZone>& zones, std::uint32_t block) {
    std::uint64_t end = 0;  // percent or bytes
    for (const OffsetZone& zone : zones) {
        const auto block_at = [&](std::uint64_t at) {
            return kind_ == Kind::kZoned ? percent_of(blocks_, std::min<std::uint64_t>(at, 100))
                                         : std::min(at / block, blocks_);
        };
        const std::uint64_t first = std::min(block_at(end), blocks_ - 1);
        end += zone.size;
        const std::uint64_t last = block_at(end);
        parts_.push_back({zone.access_percent, first, last > first ? last - first : 1});
    }
    if (parts_.empty()) parts_.push_back({100, 0, blocks_});
}

// The draw of [Gray et al., Quickly Generating Billion-Record Synthetic Databases, SIGMOD 1994],
// as in fio: exact for the two most frequent ranks, very near for the others, in constant time.
void OffsetDraw::prepare_zipf() {
    zeta_ = zeta(blocks_, parameter_);
    const double rest = 1 - parameter_;
    eta_ = (1 - portable_pow(2.0 / static_cast<double>(blocks_), rest)) /
           (1 - zeta(2, parameter_) / zeta_);
}

std::uint64_t OffsetDraw::rank_of_zipf(double u) const {
    const double weight = u * zeta_;
    if (weight < 1 || blocks_ < 2) return 0;
    if (weight < 1 + portable_pow(0.5, parameter_) || blocks_ < 3) return 1;
    const double part = portable_pow(eta_ * u - eta_ + 1, 1 / (1 - parameter_));
    return static_cast<std::uint64_t>(static_cast<double>(blocks_) * std::min(part, 1.0));
}

/// The mean of twelve uniform draws, moved by up to half the deviation to either side.
std::uint64_t OffsetDraw::rank_of_normal(RandomStream& random) const {
    constexpr int kDraws = 12;
    double sum = 0;
    for (int i = 0; i < kDraws; ++i) sum += uniform(random);
    const double shift = (uniform(random) - 0.5) * std::min(parameter_, 50.0) / 100;
    const double place = std::max(sum / kDraws + shift, 0.0);
    return static_cast<std::uint64_t>(place * static_cast<double>(blocks_));
}

std::uint64_t OffsetDraw::draw_zone(RandomStream& random) const {
    std::uint64_t hundredth = random.below(100);
    const Part* chosen = &parts_.back();
    for (const Part& part : parts_) {
        chosen = &part;
        if (hundredth < part.percent) break;
        hundredth -= part.percent;
    }
    return chosen->first + random.below(chosen->count);
}

std::uint64_t OffsetDraw::draw(RandomStream& random) const {
    std::uint64_t rank = 0;
    switch (kind_) {
        case Kind::kUniform:
            return random.below(blocks_);
        case Kind::kZoned:
        case Kind::kZonedBytes:
            return draw_zone(random);
        case Kind::kZipf:
            rank = rank_of_zipf(uniform(random));
            break;
        case Kind::kPareto:
            rank = static_cast<std::uint64_t>(static_cast<double>(blocks_) *
                                              portable_pow(uniform(random), power_));
            break;
        case Kind::kNormal:
            rank = rank_of_normal(random);
            break;
    }
    rank = std::min(rank, blocks_ - 1);
    if (!centre_) return scattered_(rank);
    // The middle of a normal distribution is its hottest rank, of the others it is the first.
    const double hottest = kind_ == Kind::kNormal ? *centre_ - 0.5 : *centre_;
    const double blocks = static_cast<double>(blocks_);
    const auto shift = static_cast<std::uint64_t>((hottest < 0 ? hottest + 1 : hottest) * blocks);
    return static_cast<std::uint64_t>((UInt128{rank} + shift) % blocks_);
}

}  // namespace platform
