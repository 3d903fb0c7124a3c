// SPDX-License-Identifier: Apache-2.0
#include "traces/analysis/queue_clock.h"

namespace analysis {

namespace {

/// Of a queue whose size is not in the trace, and whose host takes nothing: what is remembered.
constexpr std::size_t kMostRemembered = 65536;

/// How far a pointer of a ring has moved.
std::uint32_t moved(std::uint16_t from, std::uint16_t to, std::uint32_t size) {
    return to >= from ? std::uint32_t{to} - from : to + size - from;
}

}  // namespace

void SubmissionClock::restart(std::uint32_t size) {
    *this = {};
    size_ = size;
}

void SubmissionClock::rung(std::uint16_t tail, util::TimePs at) {
    if (size_ == 0 || tail >= size_) return;
    told_ += moved(tail_, tail, size_);
    tail_ = tail;
    if (rings_.size() >= kMostRemembered) rings_.pop_front();
    rings_.push_back({told_, at});
}

std::optional<util::TimePs> SubmissionClock::fetched() {
    ++fetched_;
    while (!rings_.empty() && rings_.front().up_to < fetched_) rings_.pop_front();
    if (rings_.empty()) return {};
    return rings_.front().at;
}

void CompletionClock::restart(std::uint32_t size) {
    *this = {};
    size_ = size;
}

void CompletionClock::posted(std::size_t command, util::TimePs at) {
    if (waiting_.size() >= (size_ == 0 ? kMostRemembered : size_)) drop_first();
    waiting_.push_back({command, at, {}});
}

std::uint32_t CompletionClock::advance(std::uint16_t head) {
    if (size_ == 0 || head >= size_) return 0;
    const std::uint32_t entries = moved(head_, head, size_);
    head_ = head;
    return entries;
}

void CompletionClock::drop_first() {
    waiting_.pop_front();
    if (told_ != 0) --told_;
}

}  // namespace analysis
