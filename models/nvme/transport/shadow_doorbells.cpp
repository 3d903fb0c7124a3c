// SPDX-License-Identifier: Apache-2.0
#include "models/nvme/transport/shadow_doorbells.h"

#include <algorithm>
#include <atomic>

namespace nvme {
using util::TimePs;
using Kind = ShadowDoorbells::Look::Kind;

namespace {

/// Reading memory takes time, even on a link that takes none: entries and data that a command
/// writes may lie in the shadow buffer, and a host that made such a circle must not hold the
/// simulated time.
constexpr TimePs kShortestLook = 1'000;

std::uint64_t place(std::uint64_t buffer, std::size_t doorbell) {
    return buffer + 4 * doorbell;
}

}  // namespace

ShadowDoorbells::ShadowDoorbells(Dma& dma, std::uint32_t queues)
    : dma_(dma), slots_(2 * (std::size_t{queues} + 1)) {}

ShadowDoorbells::Configured ShadowDoorbells::configure(std::uint64_t shadow,
                                                       std::uint64_t event_idx,
                                                       const std::vector<std::uint32_t>& values) {
    const std::size_t bytes = values.size() * sizeof values[0];
    if (!dma_.write(0, event_idx, values.data(), bytes, {})) return Configured::kNoEventIdx;
    if (!dma_.write(0, shadow, values.data(), bytes, {})) return Configured::kNoShadow;
    ++generation_;
    active_ = true;
    shadow_ = shadow;
    event_idx_ = event_idx;
    std::fill(slots_.begin(), slots_.end(), Slot{});
    for (std::size_t i = 0; i < values.size(); ++i)
        slots_[i].seen = slots_[i].event_idx = static_cast<std::uint16_t>(values[i]);
    return Configured::kDone;
}

bool ShadowDoorbells::clear(std::size_t doorbell) {
    if (!active_) return true;
    slots_[doorbell] = {};
    return write(event_idx_, doorbell, 0, 0) && write(shadow_, doorbell, 0, 0);
}

void ShadowDoorbells::forget(std::size_t doorbell) {
    ++generation_;
    slots_[doorbell] = {};
}

void ShadowDoorbells::drop() {
    ++generation_;
    active_ = false;
}

bool ShadowDoorbells::kick(std::size_t doorbell, TimePs at) {
    if (!active_ || slots_[doorbell].lost) return false;
    look_at(doorbell, at);
    return slots_[doorbell].hosts;
}

void ShadowDoorbells::look_at(std::size_t doorbell, TimePs at) {
    if (active_ && !slots_[doorbell].lost)
        slots_[doorbell].look = std::min(slots_[doorbell].look, at);
}

ShadowDoorbells::Look ShadowDoorbells::look(std::size_t doorbell, std::uint16_t current,
                                            bool announce, TimePs now) {
    // An access may suspend the process. The buffers that the rest is about may be gone by then.
    const std::uint32_t generation = generation_;
    Slot& slot = slots_[doorbell];
    slot.look = util::kNever;
    const Look first = read(doorbell, now);
    if (!valid(doorbell, generation)) return {};
    if (first.kind != Kind::kSame) return first;
    if (!slot.hosts && slot.seen != current) {
        // The host rang BAR 0 alone. What others read in the buffer shall be true all the same.
        const bool written = write(shadow_, doorbell, current, now);
        if (!valid(doorbell, generation)) return {};
        if (!written) return failed(doorbell, shadow_);
        slot.seen = current;
    }
    if (!announce || slot.event_idx == current) return {};
    const bool written = write(event_idx_, doorbell, current, now);
    if (!valid(doorbell, generation)) return {};
    if (!written) return failed(doorbell, event_idx_);
    slot.event_idx = current;
    // The host writes its shadow, then reads EventIdx; we write EventIdx, then read the shadow. One
    // of us sees the other's write. Host memory may be shared with a running processor, so the
    // order has to be told to ours.
    std::atomic_thread_fence(std::memory_order_seq_cst);
    const Look second = read(doorbell, now);
    return valid(doorbell, generation) ? second : Look{};
}

bool ShadowDoorbells::valid(std::size_t doorbell, std::uint32_t generation) {
    if (generation_ == generation) return true;
    look_at(doorbell, 0);
    return false;
}

ShadowDoorbells::Look ShadowDoorbells::read(std::size_t doorbell, TimePs now) {
    const std::uint32_t generation = generation_;
    std::uint32_t raw = 0;
    const DmaResult r = dma_.read(now, place(shadow_, doorbell), &raw, sizeof raw, {});
    std::atomic_thread_fence(std::memory_order_acquire);  // before the entries it announces
    if (generation_ != generation) return {};
    if (!r) return failed(doorbell, shadow_);
    Slot& slot = slots_[doorbell];
    const auto value = static_cast<std::uint16_t>(raw);  // bits 31:16 are reserved
    if (value == slot.seen) return {};
    slot.seen = value;
    slot.hosts = true;
    return {Kind::kMoved, value, std::max(r.done, util::later(now, kShortestLook)), 0};
}

bool ShadowDoorbells::write(std::uint64_t buffer, std::size_t doorbell, std::uint32_t value,
                            TimePs now) {
    return static_cast<bool>(dma_.write(now, place(buffer, doorbell), &value, sizeof value, {}));
}

ShadowDoorbells::Look ShadowDoorbells::failed(std::size_t doorbell, std::uint64_t buffer) {
    slots_[doorbell].lost = true;
    return {Kind::kFailed, 0, 0, place(buffer, doorbell)};
}

}  // namespace nvme
