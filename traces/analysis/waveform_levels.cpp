// SPDX-License-Identifier: Apache-2.0
// How full queues are, and how busy the media, at each instant.
#include "traces/analysis/waveform.h"

namespace analysis {

bool Waveform::ready() const {
    return device(Wave::kCsts) == nullptr || (value(Wave::kCsts) & 1) != 0;
}

void Waveform::follow_queues() {
    const bool refused = changed(Wave::kRejected);
    // Of a queue that begins anew, the head is no step from the one before.
    for (const std::uint32_t index : changed_)
        if (signals_[index].wave == Wave::kSqSize)
            resize(queues_[signals_[index].place], signals_[index].value);
    for (const std::uint32_t index : changed_) {
        const Signal& signal = signals_[index];
        if (signal.wave == Wave::kInFlight) follow_level(queues_[signal.place], signal.value);
        if (signal.wave == Wave::kSqHead) follow_head(queues_[signal.place], signal.value);
        if (signal.wave == Wave::kSqDoorbell && !refused)
            ++result_.queues[queues_[signal.place].id].doorbells;
    }
}

void Waveform::resize(Queue& queue, std::uint64_t entries) {
    queue.size = entries;
    queue.head = 0;
    QueueFacts& facts = result_.queues[queue.id];
    facts.sqid = queue.id;
    if (entries != 0) facts.size = static_cast<std::uint32_t>(entries);
}

/// How many entries have been fetched, whether commands were seen or not.
void Waveform::follow_head(Queue& queue, std::uint64_t head) {
    if (ready() && head < queue.size)
        queue.fetched += head >= queue.head ? head - queue.head : head + queue.size - queue.head;
    queue.head = head;
}

void Waveform::follow_level(Queue& queue, std::uint64_t level) {
    if (queue.id != 0 && now_ > queue.level_since)
        levels_over_time_.add_interval(since_begin(queue.level_since), since_begin(now_),
                                       static_cast<double>(queue.level));
    queue.level = level;
    queue.level_since = now_;
}

void Waveform::follow_media() {
    std::uint64_t under_way = 0;
    for (auto wave = Wave::kMediaRead; wave <= Wave::kMediaDeallocate;
         wave = static_cast<Wave>(static_cast<int>(wave) + 1))
        under_way += value(wave);
    if (under_way == media_under_way_) return;
    media_.level(since_begin(media_since_), since_begin(now_), media_under_way_);
    media_under_way_ = under_way;
    media_since_ = now_;
}

}  // namespace analysis
