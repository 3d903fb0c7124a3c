// SPDX-License-Identifier: Apache-2.0
#include "models/media/nand/wear.h"

#include <algorithm>

#include "models/util/mix64.h"

namespace media {

namespace {

/// What is asked about, so that the answers to different questions have nothing in common.
enum class Question : std::uint64_t { kBad = 1, kLife = 2, kRead = 3 };

/// A number from 0 up to 1, that differs from block to block.
double chance(std::uint64_t seed, Question question, std::uint64_t die, std::uint64_t block,
              std::uint64_t rest = 0) {
    const std::uint64_t of_block =
        util::mix64(seed ^ static_cast<std::uint64_t>(question) << 56) ^ (die << 32 | block);
    constexpr double kOne = 9007199254740992.0;  // 2^53
    return static_cast<double>(util::mix64(util::mix64(of_block) ^ rest) >> 11) / kOne;
}

}  // namespace

bool Wear::is_bad(std::uint32_t die, std::uint32_t block) const {
    return params_.bad_blocks != 0 &&
           chance(params_.seed, Question::kBad, die, block) * 1000 < params_.bad_blocks;
}

std::uint32_t Wear::good_blocks(std::uint32_t die, std::uint32_t blocks) const {
    if (params_.bad_blocks == 0) return blocks;
    std::uint32_t good = 0;
    for (std::uint32_t block = 0; block != blocks; ++block) good += is_bad(die, block) ? 0 : 1;
    return good;
}

bool Wear::fails(std::uint32_t die, std::uint32_t block, std::uint32_t erases) const {
    if (params_.block_life == 0) return false;
    const double off = 2 * chance(params_.seed, Question::kLife, die, block) - 1;
    return erases > params_.block_life * (1 + off * params_.block_life_spread / 100);
}

std::uint32_t Wear::retries_of_worst(const Stripe& s, std::uint32_t erases) const {
    double worst = 1;
    for (std::uint32_t plane = 0, rest = s.planes; rest != 0; ++plane, rest >>= 1) {
        if ((rest & 1) == 0) continue;
        const std::uint64_t page =
            std::uint64_t{s.page} << 40 | std::uint64_t{plane} << 32 | erases;
        worst = std::min(worst, chance(params_.seed, Question::kRead, s.die, s.block, page));
    }
    const double life = static_cast<double>(erases) / params_.endurance;
    const double part = params_.retry_percent / 100.0 * life * life;
    std::uint32_t count = 0;
    for (double beyond = part; worst < beyond && count != params_.retry_limit; beyond *= part)
        ++count;
    return count;
}

}  // namespace media
