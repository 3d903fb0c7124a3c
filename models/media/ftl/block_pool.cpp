// SPDX-License-Identifier: Apache-2.0
#include "models/media/ftl/block_pool.h"

#include <algorithm>

namespace media {

void BlockPool::resize(std::uint32_t blocks) {
    wanted_ = blocks;
    for (std::uint32_t i = 0; i != blocks_.size() && present_ + lost_ < wanted_; ++i) {
        if (blocks_[i].state != State::kGone) continue;
        blocks_[i].state = State::kFree;
        ++present_;
        ++free_;
    }
    if (const std::uint32_t there = present_ + lost_; there < wanted_) {
        blocks_.reserve(blocks_.size() + wanted_ - there);
        valid_.reserve(blocks_.capacity());
    }
    while (present_ + lost_ < wanted_) add_block();
    for (std::uint32_t i = 0; i != blocks_.size() && too_many(); ++i)
        if (blocks_[i].state == State::kFree) drop_free(i);
}

/// The next that the factory has not marked.
void BlockPool::add_block() {
    Block block;
    block.erases = wear_.params().initial_erases;
    block.state = State::kBad;
    while (wear_.is_bad(die_, static_cast<std::uint32_t>(blocks_.size())))
        blocks_.push_back(std::move(block));
    block.state = State::kFree;
    blocks_.push_back(std::move(block));
    valid_.resize(blocks_.size(), kNotClosed);
    if (blocks_.back().erases < least_erases_) with_least_ = 0;
    least_erases_ = blocks_.back().erases;
    ++with_least_;
    ++present_;
    ++free_;
}

void BlockPool::drop_free(std::uint32_t block) {
    blocks_[block].state = State::kGone;
    --present_;
    --free_;
}

std::unique_ptr<std::uint64_t[]> BlockPool::take_owners() {
    std::unique_ptr<std::uint64_t[]> owners;
    if (unused_.empty()) {
        owners = std::make_unique<std::uint64_t[]>(block_units_);
    } else {
        owners = std::move(unused_.back());
        unused_.pop_back();
    }
    std::fill_n(owners.get(), block_units_, kNobody);
    return owners;
}

std::uint32_t BlockPool::open() {
    std::uint32_t best = kNone;
    for (std::uint32_t i = 0; i != blocks_.size(); ++i) {
        if (blocks_[i].state != State::kFree) continue;
        if (best == kNone || blocks_[i].erases < blocks_[best].erases) best = i;
    }
    if (best == kNone) return best;
    blocks_[best].owners = take_owners();
    blocks_[best].state = State::kOpen;
    --free_;
    return best;
}

void BlockPool::close(std::uint32_t block, std::uint64_t now) {
    blocks_[block].state = State::kClosed;
    valid_[block] &= ~kNotClosed;
    blocks_[block].closed_at = now;
}

BlockPool::Erased BlockPool::give_back(std::uint32_t block, bool may_lose) {
    Block& erased = blocks_[block];
    unused_.push_back(std::move(erased.owners));
    valid_[block] = kNotClosed;
    const bool failed = fails_next(block);
    const bool retires = failed && (spares_ != 0 || (may_lose && free_ >= kKept));
    erased.state = retires ? State::kBad : State::kFree;
    count_erase(erased);
    if (retires) return replace();
    ++free_;
    if (too_many()) drop_free(block);
    return failed ? Erased::kKept : Erased::kWell;
}

void BlockPool::count_erase(Block& erased) {
    const bool had_least = erased.erases == least_erases_;
    most_erases_ = std::max(most_erases_, ++erased.erases);
    erased.reads = 0;
    if (had_least && --with_least_ == 0) count_least();
}

/// One block has become bad.
BlockPool::Erased BlockPool::replace() {
    --present_;
    if (spares_ == 0) {
        ++lost_;
        return Erased::kLost;
    }
    --spares_;
    add_block();
    return Erased::kReplaced;
}

void BlockPool::set(std::uint32_t block, std::uint32_t unit, std::uint64_t owner) {
    blocks_[block].owners[unit] = owner;
    ++valid_[block];
}

void BlockPool::invalidate(std::uint32_t block, std::uint32_t unit) {
    blocks_[block].owners[unit] = kNobody;
    --valid_[block];
}

std::uint32_t BlockPool::least_erased() const {
    std::uint32_t best = kNone;
    for (std::uint32_t i = 0; i != blocks_.size(); ++i)
        if (is_closed(i) && (best == kNone || erases(i) < erases(best))) best = i;
    return best;
}

/// Once for each erase of all of them, so that it costs nothing to speak of.
void BlockPool::count_least() {
    least_erases_ = most_erases_;
    with_least_ = 0;
    for (const Block& block : blocks_) {
        if (block.state == State::kBad || block.erases > least_erases_) continue;
        if (block.erases < least_erases_) with_least_ = 0;
        least_erases_ = block.erases;
        ++with_least_;
    }
}

std::uint32_t BlockPool::victim(GcPolicy policy, std::uint64_t now) const {
    return policy == GcPolicy::kGreedy ? emptiest() : worthiest(now);
}

/// That with the fewest valid units.
std::uint32_t BlockPool::emptiest() const {
    const auto best = std::min_element(valid_.begin(), valid_.end());
    if (best == valid_.end() || *best >= block_units_) return kNone;
    return static_cast<std::uint32_t>(best - valid_.begin());
}

/// That with the most of age * (1 - u) / 2u, u being the part that is valid: a block that changes
/// no more is worth moving even if it has little to give.
std::uint32_t BlockPool::worthiest(std::uint64_t now) const {
    std::uint32_t best = kNone;
    double most = 0;
    for (std::uint32_t i = 0; i != valid_.size(); ++i) {
        if (valid_[i] >= block_units_) continue;
        const double age = static_cast<double>(now - blocks_[i].closed_at) + 1;
        const double score = age * (block_units_ - valid_[i]) / (2.0 * valid_[i] + 1);
        if (score <= most) continue;
        most = score;
        best = i;
    }
    return best;
}

}  // namespace media
